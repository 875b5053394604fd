"""Using the reports that were kept of files; a broken store of them is made anew."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

from ocs.adapters.store.database import StoreUnusableError
from ocs.adapters.store.reports import ReportStore

T = TypeVar("T")


def with_judgements(
    question: Callable[[ReportStore | None], T],
    folders: Sequence[Path],
    registry: Path,
    edition: int,
    notes: Path | None = None,
) -> T:
    """The answer, with the reports kept in the first of *folders* that can hold them.

    The folder *notes* says whether they are those that ocs wrote.
    """
    for folder in folders:
        try:
            kept = ReportStore.on_disk(folder, registry, edition, notes)
        except StoreUnusableError:
            continue
        try:
            return question(kept)
        except StoreUnusableError as error:
            if error.is_broken:
                ReportStore.discard(folder, registry)
            break
        finally:
            kept.close()
    return question(None)
