"""Ids that people take for one another."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

_ALIKE = str.maketrans({"0": "o", "1": "l", "i": "l", "5": "s", "8": "b", "2": "z", "-": None})


def alike(id: str, known: Iterable[str]) -> str | None:
    """The id of *known* that reads like this one without being it, or None."""
    seen = seen_as(id)
    same = (other for other in sorted(known) if other != id and seen_as(other) == seen)
    return next(same, None)


def swapped(id: str) -> Iterator[str]:
    """The ids that come of swapping two neighbouring characters."""
    for here in range(len(id) - 1):
        if id[here] != id[here + 1]:
            yield f"{id[:here]}{id[here + 1]}{id[here]}{id[here + 2 :]}"


def seen_as(id: str) -> str:
    """What the eye makes of an id."""
    return id.translate(_ALIKE).replace("rn", "m").replace("vv", "w").replace("cl", "d")
