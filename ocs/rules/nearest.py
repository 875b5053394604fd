"""The known word that somebody probably meant by an unknown one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import takewhile

# A longer word is pasted, not mistyped.
_LONGEST = 100
# Of more words with the same letters, those with the same beginning are compared.
_MOST_COMPARED = 2000


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The word of *known* that is most like *word*, or None where none is alike."""
    from difflib import get_close_matches
    from heapq import nlargest

    if len(word) > _LONGEST:
        return None
    # A mistyped word keeps most letters; comparing these first is far faster.
    letters = set(word)
    alike = [
        other
        for other in known
        if abs(len(other) - len(word)) <= max(3, len(word) // 3)
        and len(letters.symmetric_difference(other)) <= 2 + len(letters) // 3
    ]
    if len(alike) > _MOST_COMPARED:
        alike = nlargest(_MOST_COMPARED, alike, lambda other: _beginning(word, other))
    return next(iter(get_close_matches(word, alike, n=1, cutoff=0.7)), None)


def nearest_id(id: str, known: Sequence[str]) -> str | None:
    """The id that is most like this one, or the shortest one with a part that begins so."""
    having = (other for other in known if len(id) >= 3 and f"-{id}" in f"-{other}")
    return nearest(id, known) or min(having, key=len, default=None)


def _beginning(word: str, other: str) -> int:
    """How many letters two words have in common from their beginning on."""
    pairs = zip(word, other, strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))


def did_you_mean(word: str, known: Iterable[str]) -> str | None:
    """`did you mean 'server1'?`, or None."""
    near = nearest(word, known)
    return f"did you mean '{near}'?" if near else None


def one_of(words: Iterable[str], most: int = 12, last: str = "or") -> str:
    """`a, b or c`, or with another *last* word; only the first *most* of many."""
    every = list(words)
    if len(every) > most:
        return ", ".join(every[:most]) + f" and {len(every) - most} more"
    return listed(every, last)


def many(number: int, noun: str) -> str:
    """`1 day`, `2 days`."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


def listed(words: Sequence[str], last: str) -> str:
    """`a, b and c`, with *last* before the last one."""
    return f" {last} ".join(part for part in (", ".join(words[:-1]), *words[-1:]) if part)
