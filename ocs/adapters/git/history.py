"""When something was committed, and who wrote it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from ocs.adapters.git.program import GitError, ask


def commits_to(folder: Path, paths: Sequence[str], most: int) -> list[tuple[str, date]]:
    """The newest commits that changed these files below *folder*, with the day of each."""
    lines = _log(folder, f"--max-count={most}", "--format=%H %cs", "--", *paths)
    return [(commit, date.fromisoformat(day)) for commit, day in map(str.split, lines)]


def last_commits(folder: Path) -> dict[str, date]:
    """The day on which each mail address, in small letters, last wrote a commit."""
    days: dict[str, date] = {}
    for line in _log(folder, "--format=%as %ae"):
        day, _, mail = line.partition(" ")
        key, written = mail.casefold(), date.fromisoformat(day)
        days[key] = max(days.get(key, written), written)
    return days


def _log(folder: Path, *arguments: str) -> list[str]:
    try:
        return ask(folder, "log", *arguments).splitlines()
    except GitError:
        return []
