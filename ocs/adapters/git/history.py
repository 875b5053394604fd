"""What was committed when, and by whom."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from ocs.adapters.git.program import GitError, ask


def commits_to(folder: Path, paths: Sequence[str], most: int) -> list[tuple[str, date]]:
    """The newest commits that changed these files below *folder*, newest first, with the day
    of each.

    Empty where there is no repository, or nothing was committed.
    """
    fields = _log(folder, f"--max-count={most}", "--format=%H %cs", "--", *paths)
    return [
        (commit, date.fromisoformat(day))
        for commit, _, day in (line.partition(" ") for line in fields)
    ]


def last_commits(folder: Path) -> dict[str, date]:
    """The day on which each mail address, in small letters, last wrote a commit."""
    found: dict[str, date] = {}
    for line in _log(folder, "--format=%as %ae"):
        day, _, mail = line.partition(" ")
        found.setdefault(mail.casefold(), date.fromisoformat(day))
        found[mail.casefold()] = max(found[mail.casefold()], date.fromisoformat(day))
    return found


def _log(folder: Path, *arguments: str) -> list[str]:
    try:
        return ask(folder, "log", *arguments).splitlines()
    except GitError:
        return []
