"""Which stretch of a line stands in a record as well.

What a program says is known word by word where the problem is known; what stands around it is
not. So the stretch is looked for whose words stand beside each other in the record, too, and
tell most by that. Words that no record has cost nothing.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from ocs.rules.search.stems import WORD, Roots
from ocs.rules.search.typos import fold

# Beside two words that stand beside each other as in the record: two that do not, a word
# alone, words that a sign joins (`text/html`), a number. Chosen by `python -m benchmarks
# likeness`.
_LOST, _ALONE, _JOINED, _NUMBER = 0.5, 0.2, 0.3, 0.2
# A second stretch of a line is another one if it tells so much of what the first does.
_NEAR = 0.5
_SPACE = re.compile(r"\s")


class Stretch(NamedTuple):
    """A part of a line, how much it tells, and what share that is of what the line could."""

    said: str
    tells: float
    share: float


class RecordWords(NamedTuple):
    """What a record says: its words, and which of them stand beside each other."""

    words: frozenset[str]
    pairs: frozenset[tuple[str, str]]

    @classmethod
    def in_text(cls, text: str, roots: Roots) -> RecordWords:
        words = roots.of(text)
        beside = itertools.chain(
            itertools.pairwise(words), zip(words, words[2:], strict=False)
        )
        return cls(frozenset(words), frozenset(beside))


class _Word(NamedTuple):
    """A word of a line; `beside` is what it tells that it stands behind the one before it."""

    root: str
    start: int
    end: int
    tells: float
    beside: float


class _Run(NamedTuple):
    """What some words tell, from the first to before the last."""

    tells: float = 0.0
    first: int = 0
    last: int = 0


def stretches(
    line: str, tells: Mapping[str, float], records: Sequence[RecordWords], roots: Roots
) -> list[Stretch]:
    """The stretches of a line that one of the records says, too; *tells* is by the words'
    roots.
    """
    words = _words(line, tells, roots)
    best = _best(words, records)
    if not best.tells:
        return []
    runs = [best]
    for part, place in ((words[: best.first], 0), (words[best.last :], best.last)):
        run = _best(part, records)
        if run.tells >= _NEAR * best.tells:
            runs.append(_Run(run.tells, run.first + place, run.last + place))
    most = _most(words)
    return [
        Stretch(
            line[words[run.first].start : words[run.last - 1].end], run.tells, run.tells / most
        )
        for run in sorted(runs, key=lambda run: run.first)
    ]


def could_tell(line: str, tells: Mapping[str, float], roots: Roots) -> float:
    """How much a line tells if a record says all of it."""
    return _most(_words(line, tells, roots))


def _most(words: Sequence[_Word]) -> float:
    return sum(word.tells * _ALONE + word.beside for word in words)


def _words(line: str, tells: Mapping[str, float], roots: Roots) -> list[_Word]:
    """The words of a line that some record has."""
    words: list[_Word] = []
    for found in WORD.finditer(line):
        root = roots[fold(found[0])]
        if root is None or not tells.get(root):
            continue
        telling = tells[root] * (_NUMBER if root.isdecimal() else 1)
        beside = 0.0
        if words:
            is_joined = not _SPACE.search(line, words[-1].end, found.start())
            beside = (words[-1].tells + telling) * (_JOINED if is_joined else 1)
        words.append(_Word(root, found.start(), found.end(), telling, beside))
    return words


def _best(words: Sequence[_Word], records: Sequence[RecordWords]) -> _Run:
    return max((_best_in(words, said) for said in records), default=_Run())


def _best_in(words: Sequence[_Word], said: RecordWords) -> _Run:
    """The run of words that tells most of this record: one ends where it has lost what it had
    told.
    """
    best, tells, first = _Run(), 0.0, 0
    for place, word in enumerate(words):
        if tells <= 0:
            tells, first = 0.0, place
        else:
            is_beside = (words[place - 1].root, word.root) in said.pairs
            tells += word.beside * (1 if is_beside else -_LOST)
        tells += word.tells * (_ALONE if word.root in said.words else -_ALONE)
        if tells > best.tells:
            best = _Run(tells, first, place + 1)
    return best
