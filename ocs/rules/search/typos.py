"""Words that an unknown one may be meant to be: one letter more, less or other, or two swapped."""

from __future__ import annotations

import re

from ocs.rules.fold import fold

_LETTERS = "abcdefghijklmnopqrstuvwxyz"
# In a shorter word a wrong letter makes another word; nobody looks for a longer one.
_LENGTHS = range(4, 31)


def one_slip_away(word: str) -> list[str]:
    """Every word from which one slip makes this one, likelier slips first."""
    word = fold(word)
    if len(word) not in _LENGTHS or not re.fullmatch("[a-z]+", word):
        return []
    parts = [(word[:place], word[place:]) for place in range(len(word) + 1)]
    left_out = [start + letter + end for start, end in parts for letter in _LETTERS]
    swapped = [start + end[1] + end[0] + end[2:] for start, end in parts if len(end) > 1]
    mistaken = [start + letter + end[1:] for start, end in parts if end for letter in _LETTERS]
    doubled = [start + end[1:] for start, end in parts if end]
    slips = dict.fromkeys([*swapped, *left_out, *doubled, *mistaken])
    return [slip for slip in slips if slip != word]
