"""The roots of a text's words: without their endings, and without words so common that they
tell nothing.
"""

from __future__ import annotations

import re

from ocs.rules.search.query import STOP_WORDS
from ocs.rules.search.typos import fold

WORD = re.compile(r"[^\W_]+")
_ENDINGS = re.compile(
    r"(?:ations?|ating|ated|ates?|ions?|ings?|ers?|ies|ied|ed|es|en|ly|s|e|y)$"
)
_SHORTEST_ROOT = 3
# What is left of can't and doesn't where words end at the apostrophe.
_CUT_OFF = frozenset(["t", "s", "can", "don", "doesn"])


class Roots(dict[str, str | None]):
    """Each word and its root, found when it is first asked for; common words have none."""

    def __init__(self) -> None:
        super().__init__(dict.fromkeys(STOP_WORDS | _CUT_OFF))

    def __missing__(self, word: str) -> str:
        root = _ENDINGS.sub("", word)
        self[word] = root = root if len(root) >= _SHORTEST_ROOT else word
        return root

    def of(self, text: str) -> list[str]:
        """The roots of a text's words that tell something."""
        return [
            root
            for root in map(self.__getitem__, WORD.findall(fold(text)))
            if root is not None
        ]
