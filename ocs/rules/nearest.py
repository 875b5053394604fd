"""What somebody probably meant: the known word that is nearest to an unknown one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

# Nobody mistypes a longer word.
_LONGEST = 100
# Of more words with the same letters, those that begin alike are compared.
_MOST_COMPARED = 2000


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The word of *known* that is most like *word*, or None where none is alike."""
    from difflib import get_close_matches
    from heapq import nsmallest

    if len(word) > _LONGEST:
        return None
    # Who slips keeps most letters; looking at them first is far faster than comparing.
    letters = set(word)
    alike = [
        other
        for other in known
        if abs(len(other) - len(word)) <= max(3, len(word) // 3)
        and len(letters.symmetric_difference(other)) <= 2 + len(letters) // 3
    ]
    if len(alike) > _MOST_COMPARED:
        alike = nsmallest(_MOST_COMPARED, alike, lambda other: _beginning_apart(word, other))
    found = get_close_matches(word, alike, n=1, cutoff=0.7)
    return found[0] if found else None


def _beginning_apart(word: str, other: str) -> int:
    """Less, the longer the two words begin alike."""
    return next(
        (
            -number
            for number, pair in enumerate(zip(word, other, strict=False))
            if pair[0] != pair[1]
        ),
        -len(word),
    )


def did_you_mean(word: str, known: Iterable[str]) -> str | None:
    """`did you mean 'server1'?`, or None."""
    found = nearest(word, known)
    return f"did you mean '{found}'?" if found else None


def one_of(words: Iterable[str], most: int = 12) -> str:
    """`a, b or c`; only the first *most* of many."""
    every = list(words)
    if len(every) > most:
        return ", ".join(every[:most]) + f" and {len(every) - most} more"
    return listed(every, "or")


def listed(words: Sequence[str], last: str) -> str:
    """`a, b and c`, with *last* before the last one."""
    return f" {last} ".join(part for part in (", ".join(words[:-1]), *words[-1:]) if part)
