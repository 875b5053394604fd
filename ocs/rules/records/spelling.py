"""Letters that nobody sees, or that people take for others."""

from __future__ import annotations

import unicodedata
from bisect import bisect_right
from collections.abc import Iterator

# The code points with the property Default_Ignorable_Code_Point, first and last of each range.
# Source: Unicode 15.1, DerivedCoreProperties.txt.
_IGNORABLE = (
    *((0x00AD, 0x00AD), (0x034F, 0x034F), (0x061C, 0x061C), (0x115F, 0x1160)),
    *((0x17B4, 0x17B5), (0x180B, 0x180F), (0x200B, 0x200F), (0x202A, 0x202E)),
    *((0x2060, 0x206F), (0x3164, 0x3164), (0xFE00, 0xFE0F), (0xFEFF, 0xFEFF)),
    *((0xFFA0, 0xFFA0), (0xFFF0, 0xFFF8), (0x1BCA0, 0x1BCA3), (0x1D173, 0x1D17A)),
    (0xE0000, 0xE0FFF),
)
_STARTS = [first for first, _ in _IGNORABLE]
# Spaces and hyphens that look like the plain ones, and a Braille cell without dots.
_DISGUISED = frozenset("\u00a0\u2007\u202f\u2010\u2011\u2012\u2013\u2212\ufe63\uff0d\u2800")
# Scripts whose letters look like one another, by how the names of their letters begin.
_ALIKE = ("LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE", "COPTIC", "LISU", "GEORGIAN")


def is_ignorable(letter: str) -> bool:
    """Does a character leave no mark on a screen, by its Unicode property?"""
    if letter < "\u00ad":
        return False
    number = bisect_right(_STARTS, ord(letter)) - 1
    return number >= 0 and ord(letter) <= _IGNORABLE[number][1]


def ignorable_ranges() -> tuple[tuple[int, int], ...]:
    """The first and last code point of each range of such characters."""
    return _IGNORABLE


def scripts(word: str) -> set[str]:
    """The scripts of a word among those whose letters look like one another."""
    found = set()
    for letter in word:
        if letter.isalpha() and not letter.isascii():
            name = unicodedata.name(letter, "")
            found |= {script for script in _ALIKE if name.startswith(script)}
        elif letter.isalpha():
            found.add("LATIN")
    return found


def disguises(text: str) -> Iterator[str]:
    """How a text is not what it looks like, in words; a word mixes no scripts."""
    hidden = dict.fromkeys(letter for letter in text if is_ignorable(letter))
    for letter in hidden:
        yield f"it has the invisible character U+{ord(letter):04X}"
    for letter in dict.fromkeys(letter for letter in text if letter in _DISGUISED):
        yield f"it has U+{ord(letter):04X}, which looks like another character"
    for word in text.split():
        mixed = scripts(word)
        if len(mixed) > 1:
            names = " and ".join(sorted(script.title() for script in mixed))
            yield f"it mixes letters of {names}"
            return
