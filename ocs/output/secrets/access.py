"""Who can read what, as a table and for programs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ocs.model.access import AccessEntry
from ocs.output.console import Screen


def table(entries: Sequence[AccessEntry], screen: Screen) -> None:
    """A line for each."""
    heads = ["person", "secret", "until", "can read it", "why"]
    if entries:
        screen.table(
            heads, ([e.person, e.secret, str(e.until or "-"), _can(e), e.why] for e in entries)
        )
    else:
        screen.say("nothing")


def _can(entry: AccessEntry) -> str:
    """What the ciphertext says, and whether that is as it should be."""
    if entry.can is None:
        return "no ciphertext"
    if entry.can:
        return "yes" if entry.may else "yes, and should not"
    return "no, and should" if entry.may else "in git's history"


def as_json(entries: Sequence[AccessEntry]) -> dict[str, Any]:
    """The entries as a value of plain types."""
    return {
        "access": [
            {
                "person": each.person,
                "secret": each.secret,
                "why": each.why,
                "until": each.until.isoformat() if each.until else None,
                "may": each.may,
                "can": each.can,
            }
            for each in entries
        ]
    }
