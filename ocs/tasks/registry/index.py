"""Keeping the index up to date: before each question it reads again what changed on disk."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from pathlib import Path
from typing import TypeVar

from ocs.adapters.files import Entry, Files
from ocs.adapters.git.worktree import WorkTree
from ocs.adapters.store.database import StoreUnusableError
from ocs.adapters.store.index import Basis, Index, Row
from ocs.errors import OcsError, UnreadableError
from ocs.model.kinds import RECORD_FOLDERS

T = TypeVar("T")
# To look at so many files takes less time than to start git.
MANY = 4000
_MOST_WATCHED = 20_000

# Reads what changed: its rows for the index.
Reader = Callable[[Sequence[Entry]], Iterable[Row]]


def ask(
    question: Callable[[Index], T],
    folders: Sequence[Path],
    files: Files,
    read: Reader,
    *,
    tree: WorkTree | None = None,
    now_ns: int = 0,
    notes: Path | None = None,
) -> T:
    """The answer to a question to an index that is up to date.

    The index lies in the first of *folders* that can hold it, else in memory. The folder *notes*
    says whether it is the one that ocs wrote. Where that is faster than to look at every file,
    git says what changed in *tree*; `now_ns` is the time in nanoseconds.
    """
    for folder in folders:
        for broken_before in (False, True):
            try:
                index = Index.on_disk(folder, files.root, notes)
                try:
                    return _answer(question, index, files, read, tree, now_ns)
                finally:
                    index.close()
            except StoreUnusableError as error:
                if broken_before or not error.is_broken:
                    break
                Index.discard(folder, files.root)
    index = Index.in_memory()
    refresh(index, files, read)
    return question(index)


def _answer(
    question: Callable[[Index], T],
    index: Index,
    files: Files,
    read: Reader,
    tree: WorkTree | None,
    now_ns: int,
) -> T:
    """The answer. The question is put to the index while git looks whether anything changed."""
    basis = index.basis() if tree else None
    status = tree.begin_differing(basis.commit) if tree and basis else None
    if tree and basis and status:
        try:
            answer = question(index)
        except StoreUnusableError:
            status.drop()
            raise
        except OcsError:
            if _holds(basis, tree.differing(status), files):
                raise
        else:
            if _holds(basis, tree.differing(status), files):
                return answer
    refresh(index, files, read, tree, now_ns)
    return question(index)


def _holds(basis: Basis, differing: Collection[str] | None, files: Files) -> bool:
    """Is everything as it was?"""
    return differing == basis.differing and all(
        stamp == (entry.stamp if (entry := files.looks(path)) else None)
        for path, stamp in basis.watched.items()
    )


def refresh(
    index: Index, files: Files, read: Reader, tree: WorkTree | None = None, now_ns: int = 0
) -> None:
    """Read again what changed since the index saw it, and forget what is gone."""
    # A process that writes at the same time has done some of the work, or all of it.
    while not _refreshed(index, files, read, tree, now_ns):
        pass


def _refreshed(
    index: Index, files: Files, read: Reader, tree: WorkTree | None, now_ns: int
) -> bool:
    """Is the index up to date now? Else another process has written into it."""
    known = index.stamps()
    # Git looks first, so that it reports the next time what changes from here on.
    commit = tree.head() if tree and len(known) > MANY else None
    differing = tree.differing(tree.begin_differing(commit)) if tree and commit else None
    looked_into = [""]
    entries = files.records(RECORD_FOLDERS, looked_into)
    for entry in entries:
        if entry.what == "unlisted":
            raise UnreadableError(
                f"cannot list {entry.path}",
                "allow reading it; without it no answer is complete",
            )
    present = [entry for entry in entries if entry.what == "file"]
    changed = [entry for entry in present if known.pop(entry.path, None) != entry.stamp]
    gone = known.keys()
    if (changed or gone) and not index.update(read(changed), gone):
        return False
    if tree and commit and differing is not None:
        tracked = tree.tracked() or frozenset()
        untracked = [entry.path for entry in present if entry.path not in tracked]
        watched = _watched([*looked_into, *untracked, *differing], files, now_ns)
        if watched is not None:
            index.remember(Basis(commit, frozenset(differing), watched))
    return True


def _watched(paths: Sequence[str], files: Files, now_ns: int) -> dict[str, int | None] | None:
    """How these files and folders look; None for too many, or where a change may not show."""
    if len(paths) > _MOST_WATCHED:
        return None
    entries = {path: files.looks(path) for path in paths}
    if any(entry is not None and not entry.stamp_at(now_ns) for entry in entries.values()):
        return None
    return {path: entry.stamp if entry else None for path, entry in entries.items()}
