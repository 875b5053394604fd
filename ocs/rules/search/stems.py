"""The stems of a text's words: without their endings, and without words so common that they
tell nothing.
"""

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
# The last five are what is left of can't and doesn't where words end at the apostrophe.
_WITHOUT_STEM = STOP_WORDS | {"t", "s", "can", "don", "doesn"}
# Words that lie further apart than this, common ones not counted, do not stand beside each
# other.
_BESIDE = 2


def stems(text: str) -> list[str]:
    """The stems of a text's words, in their order."""
    return list(filter(None, map(stem_of_folded, WORD.findall(fold(text)))))


@cache
def stem_of_folded(word: str) -> str:
    """The stem of a folded word; empty for a common one."""
    if word in _WITHOUT_STEM:
        return ""
    stem = _ENDINGS.sub("", word)
    return stem if len(stem) >= _SHORTEST_STEM else word


def neighbours(stems: Sequence[str]) -> set[tuple[str, str]]:
    """The pairs of stems that stand beside each other, in their order."""
    return {
        pair
        for distance in range(1, _BESIDE + 1)
        for pair in zip(stems, stems[distance:], strict=False)
    }
