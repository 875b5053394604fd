"""The stems of a text's words: words without their endings, and no stop words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from ocs.rules.fold import fold
from ocs.rules.search.query import STOP_WORDS

WORD = re.compile(r"[^\W_]+")
_ENDINGS = re.compile(
    r"(?:ations?|ating|ated|ates?|ions?|ings?|ers?|ies|ied|ed|es|en|ly|s|e|y)$"
)
_SHORTEST_STEM = 3
# The last five are left of can't, it's and doesn't where words end at the apostrophe.
_WITHOUT_STEM = STOP_WORDS | {"t", "s", "can", "don", "doesn"}
# How far apart neighbours may lie, stop words not counted.
_BESIDE = 2


def stems(text: str) -> list[str]:
    """The stems of a text's words, in their order."""
    return list(filter(None, map(stem_of_folded, WORD.findall(fold(text)))))


@cache
def stem_of_folded(word: str) -> str:
    """The stem of a folded word; empty for a stop word."""
    if word in _WITHOUT_STEM:
        return ""
    stem = _ENDINGS.sub("", word)
    return stem if len(stem) >= _SHORTEST_STEM else word


def neighbours(stems: Sequence[str]) -> set[tuple[str, str]]:
    """The pairs of stems that stand side by side, in their order."""
    return {
        pair
        for distance in range(1, _BESIDE + 1)
        for pair in zip(stems, stems[distance:], strict=False)
    }
