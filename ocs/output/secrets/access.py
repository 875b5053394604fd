"""Who can read what, as a table and for programs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Protocol

from ocs.output.console import Screen


class Entry(Protocol):
    """A person and a secret."""

    @property
    def person(self) -> str: ...
    @property
    def secret(self) -> str: ...
    @property
    def why(self) -> str: ...
    @property
    def until(self) -> date | None: ...
    @property
    def may(self) -> bool: ...
    @property
    def can(self) -> bool | None: ...


def table(entries: Sequence[Entry], screen: Screen) -> None:
    """A line for each."""
    heads = ["person", "secret", "until", "can read it", "why"]
    if entries:
        screen.table(
            heads, ([e.person, e.secret, str(e.until or "-"), _can(e), e.why] for e in entries)
        )
    else:
        screen.say("nothing")


def _can(entry: Entry) -> str:
    """What the ciphertext says, and whether that is as it should be."""
    if entry.can is None:
        return "no ciphertext"
    if entry.can:
        return "yes" if entry.may else "yes, and should not"
    return "no, and should" if entry.may else "in git's history"


def as_json(entries: Sequence[Entry]) -> dict[str, Any]:
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
