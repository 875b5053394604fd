"""Who can read what, as a table and for programs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ocs.model.access import AccessEntry
from ocs.output.console import Screen


def table(entries: Sequence[AccessEntry], screen: Screen) -> None:
    heads = ["person", "secret", "until", "can read it", "why"]
    if entries:
        screen.table(heads, map(_row, entries))
    else:
        screen.say("no access found")


def _row(entry: AccessEntry) -> list[str]:
    until = str(entry.until or "-")
    return [entry.person, entry.secret, until, _can(entry), entry.why]


def _can(entry: AccessEntry) -> str:
    """What the ciphertext says, and whether that is as it should be."""
    if entry.can is None:
        return "no ciphertext"
    if entry.can:
        return "yes" if entry.may else "yes, but should not"
    return "no, but should" if entry.may else "in git's history"


def as_json(entries: Sequence[AccessEntry]) -> dict[str, Any]:
    """The entries as a value of plain types."""
    return {
        "access": [
            {
                "person": entry.person,
                "secret": entry.secret,
                "why": entry.why,
                "until": entry.until.isoformat() if entry.until else None,
                "may": entry.may,
                "can": entry.can,
            }
            for entry in entries
        ]
    }
