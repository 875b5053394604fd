"""Writing and deleting files of the registry: all of them whole, or none, whenever it may be interrupted.

What is to be done is written down first, in the file `.ocs-unfinished`: begun while the new files are written
beside their places, and decided once all of them are there. Whoever finds it later undoes what was only
begun, and finishes what was decided. One process at a time writes; one that is killed keeps nobody waiting.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import hashlib
import json
import os
import re
import secrets
import stat
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, TypeVar

from ocs.errors import OcsError

T = TypeVar("T")

UNFINISHED = ".ocs-unfinished"
_BEING_NOTED = f"{UNFINISHED}.new"
_MOST_TOLD = 10
# From so many files on, and so many at a time.
_MANY, _AT_A_TIME = 10, 8
_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC
_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_OLD = os.O_WRONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC


@dataclass(frozen=True, slots=True)
class Replacement:
    """A file with what is to be in it, and what was in it before; None where it is not there."""

    path: str
    data: bytes | None
    before: bytes | None = None


def present(path: Path) -> bytes | None:
    """What is in a file that is to be written anew; None where there is none.

    Raises OcsError where something else lies there, such as a link, which would lead to another file.
    """
    if not path.parent.is_dir():
        raise OcsError(f"there is no folder {path.parent}", "make it first")
    try:
        return _content(os.fspath(path))
    except OSError as error:
        why = "it is a link" if error.errno == errno.ELOOP else error.strerror
        raise OcsError(f"cannot write {path}: {why}", "name another file") from error


class _Step(NamedTuple):
    """What becomes of one file: the name of what lies beside it, None where it is deleted; and digests."""

    path: str
    beside: str | None
    before: str | None
    after: str | None


def replace_all(root: Path, replacements: Sequence[Replacement]) -> None:
    """Write and delete all of the files, in folders of the registry at *root*, or none of them.

    Every file is first written whole beside its place and flushed; then all are renamed, and deleting comes
    last. Raises OcsError where one changed meanwhile, or where anything cannot be written.
    """
    with contextlib.ExitStack() as stack:
        top = _alone(root, stack)
        _tell(_finished(root, top, stack))
        folders = _folders(root, [each.path for each in replacements], stack)
        token = secrets.token_hex(4)
        steps = [_step(each, token) for each in replacements]
        try:
            for each in replacements:
                with _about(each.path):
                    _check_unchanged(each, folders)
            _prepare(top, replacements, steps, folders)
            for step in steps:
                with _about(step.path):
                    _carry_out(step, folders)
            _with_each(os.fsync, list(folders.values()))
            os.unlink(UNFINISHED, dir_fd=top)
        except OSError as error:
            what = error.filename or "the files"
            raise OcsError(
                f"cannot write {what}: {error.strerror}", "nothing was lost; run it again"
            ) from error


@contextlib.contextmanager
def _about(path: str) -> Iterator[None]:
    """Whatever fails fails for this file."""
    try:
        yield
    except OSError as error:
        error.filename = path
        raise


def finish(root: Path) -> None:
    """Finish what was interrupted while files of the registry at *root* were written.

    Raises OcsError that tells what was finished: whatever was read before is no longer so.
    """
    if os.path.lexists(root / UNFINISHED):
        with contextlib.ExitStack() as stack:
            _tell(_finished(root, _alone(root, stack), stack))


@contextlib.contextmanager
def at_rest(root: Path) -> Iterator[bool]:
    """Nobody begins to write into the registry at *root* meanwhile; False where somebody is writing."""
    with contextlib.ExitStack() as stack:
        try:
            fcntl.flock(_folder(root, "", stack), fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        except (OSError, OcsError):  # some file systems have no locks
            pass
        yield True


def _tell(finished: Sequence[str]) -> None:
    if finished:
        more = len(finished) - _MOST_TOLD
        raise OcsError(
            f"what was interrupted before is finished now: {', '.join(finished[:_MOST_TOLD])}"
            + (f" and {more} more" if more > 0 else ""),
            "see with `git diff` what it was, and commit it; then run this again",
        )


def _alone(root: Path, stack: contextlib.ExitStack) -> int:
    """The root, opened, while no other process writes into it."""
    top = _folder(root, "", stack)
    with contextlib.suppress(OSError):  # some file systems have no locks
        fcntl.flock(top, fcntl.LOCK_EX)
    return top


def _prepare(
    top: int, replacements: Sequence[Replacement], steps: Sequence[_Step], folders: Mapping[str, int]
) -> None:
    """Write all new files beside their places, and that they are to be in their places."""
    try:
        _note(top, steps, is_decided=False)
        pairs = list(zip(replacements, steps, strict=True))
        _with_each(lambda pair: _write_beside(*pair, folders), pairs)
        _note(top, steps, is_decided=True)
    except BaseException:
        _undo(top, steps, folders)
        raise


def _with_each(do: Callable[[T], None], items: Sequence[T]) -> None:
    """Do it with each of the items; of many with some at a time: a disk flushes several as one."""
    if len(items) < _MANY:
        for item in items:
            do(item)
        return
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(_AT_A_TIME) as threads:
        for _ in threads.map(do, items):
            pass


def _step(each: Replacement, token: str) -> _Step:
    beside = None if each.data is None else f".{_split(each.path)[1]}.{token}"
    return _Step(each.path, beside, _digest(each.before), _digest(each.data))


def _digest(data: bytes | None) -> str | None:
    return None if data is None else hashlib.sha256(data).hexdigest()


def _carry_out(step: _Step, folders: Mapping[str, int]) -> None:
    folder, name = _split(step.path)
    if step.beside is not None:
        os.rename(step.beside, name, src_dir_fd=folders[folder], dst_dir_fd=folders[folder])
    else:
        os.unlink(name, dir_fd=folders[folder])


def _undo(top: int, steps: Sequence[_Step], folders: Mapping[str, int]) -> None:
    for step in steps:
        if step.beside is not None:
            with contextlib.suppress(OSError):
                os.unlink(step.beside, dir_fd=folders[_split(step.path)[0]])
    for note in (UNFINISHED, _BEING_NOTED):
        with contextlib.suppress(OSError):
            os.unlink(note, dir_fd=top)


def _note(top: int, steps: Sequence[_Step], *, is_decided: bool) -> None:
    """Write down what is to be done; lastingly where several files depend on it."""
    with contextlib.suppress(FileNotFoundError):
        os.unlink(_BEING_NOTED, dir_fd=top)
    with os.fdopen(os.open(_BEING_NOTED, _NEW, 0o666, dir_fd=top), "wb") as file:
        file.write(json.dumps({"decided": is_decided, "steps": steps}).encode())
        file.flush()
        if is_decided and len(steps) > 1:
            os.fsync(file.fileno())
    os.rename(_BEING_NOTED, UNFINISHED, src_dir_fd=top, dst_dir_fd=top)


def _finished(root: Path, top: int, stack: contextlib.ExitStack) -> list[str]:
    """Undo what was begun, finish what was decided; the files that are others now."""
    try:
        note = _content(UNFINISHED, top)
        if note is None:
            return []
        is_decided, steps = _read(note)
        folders = _folders(root, [step.path for step in steps], stack)
        left = [step for step in steps if is_decided and _is_left(step, folders)]
        for step in left:
            _carry_out(step, folders)
        _undo(top, steps, folders)
    except (OSError, ValueError, TypeError, LookupError, AttributeError, RecursionError) as error:
        raise OcsError(
            f"what was interrupted before cannot be finished: {error}",
            f"see with `git status` what changed; then delete {root / UNFINISHED}",
        ) from error
    return [step.path for step in steps] if is_decided else []


def _read(note: bytes) -> tuple[bool, list[_Step]]:
    """What was written down. Raises ValueError or TypeError where it is not as ocs writes it."""
    read = json.loads(note)
    steps = [_Step(*step) for step in read["steps"]] if isinstance(read, dict) and "steps" in read else []
    for step in steps:
        folder, name = _split(step.path)
        # Whoever wrote it, nothing outside of the registry and nothing of git is touched.
        is_inside = all(each and not each.startswith(".") for each in folder.split("/") if folder)
        is_own = step.beside is None or re.fullmatch(rf"\.{re.escape(name)}\.[0-9a-f]{{8}}", step.beside)
        if not (is_inside and is_own and name and (folder or not name.startswith("."))):
            raise ValueError(f"it names {step.path}")
    return bool(read["decided"]), steps


def _is_left(step: _Step, folders: Mapping[str, int]) -> bool:
    """Is this still to be done? Raises ValueError where the file was changed meanwhile."""
    folder, name = _split(step.path)
    now = _digest(_content(name, folders[folder]))
    waiting = _digest(_content(step.beside, folders[folder])) if step.beside else step.after
    is_left = now is not None if step.beside is None else waiting is not None
    if is_left and (waiting != step.after or now not in (step.before, step.after)):
        raise ValueError(f"{step.path} changed meanwhile")
    return is_left


def _folders(root: Path, paths: Sequence[str], stack: contextlib.ExitStack) -> Mapping[str, int]:
    return {name: _folder(root, name, stack) for name in {_split(path)[0] for path in paths}}


def _split(path: str) -> tuple[str, str]:
    folder, _, name = path.rpartition("/")
    return folder, name


def _folder(root: Path, name: str, stack: contextlib.ExitStack) -> int:
    """The folder, made where it is missing, and opened so that no step to it follows a link."""
    try:
        descriptor = os.open(root, _FOLDER)
        stack.callback(os.close, descriptor)
        for step in name.split("/") if name else ():
            with contextlib.suppress(FileExistsError):
                os.mkdir(step, dir_fd=descriptor)
            descriptor = os.open(step, _FOLDER | os.O_NOFOLLOW, dir_fd=descriptor)
            stack.callback(os.close, descriptor)
    except OSError as error:
        raise OcsError(
            f"cannot write into {name or root}: {error.strerror}",
            "make it a plain folder, in which you may write",
        ) from error
    return descriptor


def _check_unchanged(wanted: Replacement, folders: Mapping[str, int]) -> None:
    folder, name = _split(wanted.path)
    if _content(name, folders[folder]) != wanted.before:
        raise OcsError(f"{wanted.path} changed meanwhile", "run it again")
    if wanted.before is not None:
        # Whoever protects a file does not want it replaced; and one that cannot be would be found too late.
        os.close(os.open(name, _OLD, dir_fd=folders[folder]))


def _content(path: str, folder: int | None = None) -> bytes | None:
    """What is in a file; None where there is none. Raises OSError where it is no plain file."""
    try:
        descriptor = os.open(path, _FILE, dir_fd=folder)
    except FileNotFoundError:
        return None
    with os.fdopen(descriptor, "rb") as file:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise OSError(errno.EINVAL, "it is no plain file")
        return file.read()


def _write_beside(wanted: Replacement, step: _Step, folders: Mapping[str, int]) -> None:
    if wanted.data is None or step.beside is None:
        return
    name_of_folder, name = _split(wanted.path)
    folder = folders[name_of_folder]
    with (
        _about(wanted.path),
        os.fdopen(os.open(step.beside, _NEW, 0o666, dir_fd=folder), "wb") as file,
    ):
        if wanted.before is not None:
            status = os.stat(name, dir_fd=folder, follow_symlinks=False)
            os.fchmod(file.fileno(), stat.S_IMODE(status.st_mode))
        file.write(wanted.data)
        file.flush()
        os.fsync(file.fileno())
