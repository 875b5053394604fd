"""What becomes of a file of the registry."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Change:
    """A file with what was in it and what is to be in it. `was` is the path from which it moves here."""

    file: str
    before: bytes
    after: bytes
    was: str | None = None
