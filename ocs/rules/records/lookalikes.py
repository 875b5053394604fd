"""Ids that people take for one another."""

from __future__ import annotations

from collections.abc import Iterable

_ALIKE = str.maketrans({"0": "o", "1": "l", "i": "l", "5": "s", "8": "b", "2": "z", "-": None})


def alike(id: str, known: Iterable[str]) -> str | None:
    """The id of *known* that reads like this one without being it, or None."""
    seen = _seen(id)
    same = (other for other in sorted(known) if other != id and _seen(other) == seen)
    return next(same, None)


def _seen(id: str) -> str:
    """What the eye makes of an id."""
    return id.translate(_ALIKE).replace("rn", "m").replace("vv", "w").replace("cl", "d")
