"""The first commits of a history: what all clones of a repository have in common."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from ocs.adapters.git import top_folder
from ocs.adapters.git.program import GitError, answer, begin


class Roots(NamedTuple):
    """The commit that the first parents lead to, and every commit without a parent."""

    first: str
    all: tuple[str, ...]


def roots(folder: Path) -> Roots | None:
    """Where the history of HEAD begins; None without commits, or in a shallow clone."""
    if top_folder(folder) is None:
        return None
    try:
        if _ask(folder, "rev-parse", "--is-shallow-repository") != ["false"]:
            return None
        first = _ask(folder, "rev-list", "--first-parent", "--max-parents=0", "HEAD", "--")
        every = _ask(folder, "rev-list", "--max-parents=0", "HEAD", "--")
    except GitError:
        return None
    return Roots(first[0], tuple(every)) if first else None


def _ask(folder: Path, *arguments: str) -> list[str]:
    return answer(begin(folder, *arguments), arguments[0]).decode().split()
