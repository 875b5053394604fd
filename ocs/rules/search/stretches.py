"""Which stretch of a log's line stands in a record as well.

A record of a known problem has the program's message word by word, but not what stands around
it in a log. So the best stretch is the heaviest whose words are neighbours in the record, too.
Words that no record has cost nothing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from ocs.rules.fold import fold
from ocs.rules.search.stems import WORD, neighbours, stem_of_folded, stems

# Two neighbours as in the record weigh 1; here: two that are none there, a word alone, words
# that a sign joins (`text/html`), a number. Chosen by `python -m benchmarks likeness`.
_LOST, _ALONE, _JOINED, _NUMBER = 0.5, 0.2, 0.3, 0.2
# A second stretch of a line counts if it has at least this share of the first one's weight.
_NEAR = 0.5
_SPACE = re.compile(r"\s")


class Stretch(NamedTuple):
    """A part of a line, its weight, and what share that is of the whole line's."""

    text: str
    weight: float
    share: float


class RecordStems(NamedTuple):
    """The stems of a record's words, and which of them stand side by side."""

    stems: frozenset[str]
    pairs: frozenset[tuple[str, str]]

    @classmethod
    def in_text(cls, text: str) -> RecordStems:
        in_order = stems(text)
        return cls(frozenset(in_order), frozenset(neighbours(in_order)))


class _Word(NamedTuple):
    """A word of a line; `beside` is the weight of standing behind the one before it."""

    stem: str
    start: int
    end: int
    weight: float
    beside: float


class _Run(NamedTuple):
    """The weight of some words, from `first` to before `last`."""

    weight: float = 0.0
    first: int = 0
    last: int = 0


def could_tell(line: str, weights: Mapping[str, float]) -> float:
    """The weight of a line if a record has all of it; *weights* is by stems."""
    return _most(_known_words(line, weights))


def _known_words(line: str, weights: Mapping[str, float]) -> list[_Word]:
    """The words of a line that some record has."""
    words: list[_Word] = []
    for match in WORD.finditer(line):
        stem = stem_of_folded(fold(match[0]))
        if not weights.get(stem):
            continue
        weight = weights[stem] * (_NUMBER if stem.isdecimal() else 1)
        beside = 0.0
        if words:
            is_joined = not _SPACE.search(line, words[-1].end, match.start())
            beside = (words[-1].weight + weight) * (_JOINED if is_joined else 1)
        words.append(_Word(stem, match.start(), match.end(), weight, beside))
    return words


def _most(words: Sequence[_Word]) -> float:
    """The weight of these words where a record has all of them in this order."""
    return sum(word.weight * _ALONE + word.beside for word in words)


def stretches(
    line: str, weights: Mapping[str, float], records: Sequence[RecordStems]
) -> list[Stretch]:
    """The stretches of a line that one of the records has, too; *weights* is by stems."""
    words = _known_words(line, weights)
    best = _best(words, records)
    if not best.weight:
        return []
    runs = [best]
    for part, place in ((words[: best.first], 0), (words[best.last :], best.last)):
        run = _best(part, records)
        if run.weight >= _NEAR * best.weight:
            runs.append(_Run(run.weight, run.first + place, run.last + place))
    most = _most(words)
    return [
        Stretch(
            line[words[run.first].start : words[run.last - 1].end],
            run.weight,
            run.weight / most,
        )
        for run in sorted(runs, key=lambda run: run.first)
    ]


def _best(words: Sequence[_Word], records: Sequence[RecordStems]) -> _Run:
    return max((_best_in(words, record) for record in records), default=_Run())


def _best_in(words: Sequence[_Word], record: RecordStems) -> _Run:
    """The heaviest run of words in this record; a run ends where its weight is lost again."""
    best, weight, first = _Run(), 0.0, 0
    for place, word in enumerate(words):
        if weight <= 0:
            weight, first = 0.0, place
        else:
            is_beside = (words[place - 1].stem, word.stem) in record.pairs
            weight += word.beside * (1 if is_beside else -_LOST)
        weight += word.weight * (_ALONE if word.stem in record.stems else -_ALONE)
        if weight > best.weight:
            best = _Run(weight, first, place + 1)
    return best
