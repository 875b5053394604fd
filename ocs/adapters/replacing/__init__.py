"""Writing and deleting files of the registry: all of them or none, even when interrupted.

A journal, the file `.ocs-unfinished`, is written first: "begun" while the new files are
written beside their places, and "decided" once all of them are there. The next process that
finds it undoes what was only begun, and finishes what was decided. One process at a time
writes; one that is killed keeps nobody waiting.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

from ocs.adapters.replacing import journal
from ocs.adapters.replacing.journal import UNFINISHED
from ocs.adapters.replacing.places import about, content, folder_at, folders_of, split
from ocs.adapters.replacing.steps import (
    Step,
    carry_out,
    check_twins,
    check_unchanged,
    is_left,
    step_of,
    write_beside,
)
from ocs.errors import OcsError
from ocs.model.change import Replacement

__all__ = ["UNFINISHED", "at_rest", "finish", "present", "replace_all"]

T = TypeVar("T")

_MOST_LISTED = 10
# From so many files on, so many at a time.
_MANY, _AT_A_TIME = 10, 8


def replace_all(root: Path, replacements: Sequence[Replacement]) -> None:
    """Write and delete all of the files, in folders of the registry at *root*, or none of them.

    Every file is first written whole beside its place and flushed; then all are renamed, and
    deleting comes last. Raises OcsError where one changed meanwhile, or cannot be written.
    """
    with contextlib.ExitStack() as stack:
        top = _alone(root, stack)
        _report(_finished(root, top, stack))
        folders = folders_of(root, [replacement.path for replacement in replacements], stack)
        token = secrets.token_hex(4)
        steps = [step_of(replacement, token) for replacement in replacements]
        try:
            check_twins(replacements, folders)
            for replacement in replacements:
                with about(replacement.path):
                    check_unchanged(replacement, folders)
            _prepare(top, replacements, steps, folders)
            for step in steps:
                with about(step.path):
                    carry_out(step, folders)
            _for_all(os.fsync, list(folders.values()))
            os.unlink(UNFINISHED, dir_fd=top)
        except OSError as error:
            what = error.filename or "the files"
            raise OcsError(
                f"cannot write {what}: {error.strerror}", "nothing was lost; run it again"
            ) from error


def finish(root: Path) -> None:
    """Finish an interrupted write. Raises OcsError then: what the caller has read is outdated."""
    if os.path.lexists(root / UNFINISHED):
        with contextlib.ExitStack() as stack:
            _report(_finished(root, _alone(root, stack), stack))


@contextlib.contextmanager
def at_rest(root: Path) -> Iterator[bool]:
    """Nobody begins to write into the registry meanwhile; False where somebody is writing."""
    with contextlib.ExitStack() as stack:
        try:
            fcntl.flock(folder_at(root, "", stack), fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        except (OSError, OcsError):  # some file systems have no locks
            pass
        yield True


def present(path: Path) -> bytes | None:
    """The bytes of a file to replace, if it exists. Raises OcsError where it is no plain file."""
    if not path.parent.is_dir():
        raise OcsError(f"there is no folder {path.parent}", "create it first")
    try:
        return content(os.fspath(path))
    except OSError as error:
        why = "it is a link" if error.errno == errno.ELOOP else error.strerror
        raise OcsError(f"cannot write {path}: {why}", "name another file") from error


def _report(finished: Sequence[str]) -> None:
    if finished:
        more = len(finished) - _MOST_LISTED
        raise OcsError(
            f"ocs has finished an interrupted write: {', '.join(finished[:_MOST_LISTED])}"
            + (f" and {more} more" if more > 0 else ""),
            "check it with `git diff` and commit it; then run this again",
        )


def _alone(root: Path, stack: contextlib.ExitStack) -> int:
    """The root, opened, while no other process writes into it."""
    top = folder_at(root, "", stack)
    with contextlib.suppress(OSError):  # some file systems have no locks
        fcntl.flock(top, fcntl.LOCK_EX)
    return top


def _prepare(
    top: int,
    replacements: Sequence[Replacement],
    steps: Sequence[Step],
    folders: Mapping[str, int],
) -> None:
    """Write all new files beside their places, and the journal."""
    try:
        journal.write(top, steps, is_decided=False)
        pairs = list(zip(replacements, steps, strict=True))
        _for_all(lambda pair: write_beside(*pair, folders), pairs)
        journal.write(top, steps, is_decided=True)
    except BaseException:
        _undo(top, steps, folders)
        raise


def _for_all(do: Callable[[T], None], items: Sequence[T]) -> None:
    """Do it for all items, several at a time if there are many: a disk flushes them as one."""
    if len(items) < _MANY:
        for item in items:
            do(item)
        return
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(_AT_A_TIME) as threads:
        for _ in threads.map(do, items):
            pass


def _finished(root: Path, top: int, stack: contextlib.ExitStack) -> list[str]:
    """Undo what was begun, finish what was decided; the files that changed by it."""
    try:
        data = content(UNFINISHED, top)
        if data is None:
            return []
        is_decided, steps = journal.read(data)
        folders = folders_of(root, [step.path for step in steps], stack)
        left = [step for step in steps if is_decided and is_left(step, folders)]
        for step in left:
            carry_out(step, folders)
        _undo(top, steps, folders)
    except (OSError, *journal.BROKEN) as error:
        raise OcsError(
            f"cannot finish an interrupted write: {error}",
            f"check with `git status` what changed; then delete {root / UNFINISHED}",
        ) from error
    return [step.path for step in steps] if is_decided else []


def _undo(top: int, steps: Sequence[Step], folders: Mapping[str, int]) -> None:
    for step in steps:
        if step.beside is not None:
            with contextlib.suppress(OSError):
                os.unlink(step.beside, dir_fd=folders[split(step.path)[0]])
    journal.forget(top)
