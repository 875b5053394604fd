"""What becomes of a file of the registry."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Change:
    """A file with what was in it and what is to be in it; a new one was empty. `was` is its path before."""

    file: str
    before: bytes
    after: bytes
    was: str | None = None
