"""Keeping the index true: before each question, what changed on disk is read again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TypeVar

from ocs.adapters.files import Entry, Files
from ocs.adapters.store.database import StoreUnusableError
from ocs.adapters.store.index import Index, Row
from ocs.errors import UnreadableError
from ocs.model.kinds import RECORD_FOLDERS

T = TypeVar("T")

# Reads what changed: its rows for the index.
Reader = Callable[[Sequence[Entry]], Iterable[Row]]


def ask(question: Callable[[Index], T], folders: Sequence[Path], files: Files, read: Reader) -> T:
    """The answer to a question to an index that is true now.

    The index is kept in the first of *folders* where that can be done, else in memory.
    """
    for folder in folders:
        for broken_before in (False, True):
            try:
                index = Index.on_disk(folder, files.root)
                try:
                    refresh(index, files, read)
                    return question(index)
                finally:
                    index.close()
            except StoreUnusableError as error:
                if broken_before or not error.is_broken:
                    break
                Index.discard(folder, files.root)
    index = Index.in_memory()
    refresh(index, files, read)
    return question(index)


def refresh(index: Index, files: Files, read: Reader) -> None:
    """Read again what changed since the index saw it, and forget what is gone."""
    known = index.stamps()
    entries = files.records(RECORD_FOLDERS)
    for entry in entries:
        if entry.what == "unlisted":
            raise UnreadableError(f"cannot list {entry.path}", "permit reading it; else no answer is whole")
    present = [entry for entry in entries if entry.what == "file"]
    changed = [entry for entry in present if known.pop(entry.path, None) != entry.stamp]
    gone = known.keys()
    if changed or gone:
        index.update(read(changed), gone)
