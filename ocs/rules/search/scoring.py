"""Scoring records that the engine found: the best of them are compared once more as text.

The engine's score knows which words a record has, and in which field. It does not know whether
they stand side by side as in the query, nor how much of the title they make up. A word weighs
more the fewer records have it.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from ocs.rules.search.stems import neighbours, stems

# So many are compared as text; only a handful of a thousand right answers lie deeper.
DEPTH = 30
# Beside the engine's score, which is 1 for the best record. Chosen on one half of the judged
# queries, and measured on the other (`python -m benchmarks judge`).
PAIRS, TITLE, CODE, MEANING = 0.6, 0.2, 1.2, 1.0


class Score(NamedTuple):
    """The parts of a record's score, which add up."""

    words: float
    pairs: float = 0.0
    title: float = 0.0
    code: float = 0.0
    meaning: float = 0.0

    @property
    def total(self) -> float:
        return sum(self)


class Candidate(NamedTuple):
    """A record that the engine found. `head` is its title, symptoms, messages and tags.

    `code` is the weight of the rarest code that it shares with the query, from 0 to 1.
    `meaning` is how much its head means the same as the query, or 0.
    """

    number: int
    score: float
    title: str
    head: str
    code: float
    meaning: float = 0.0


def weight(records_with: int, records: int) -> float:
    """The weight of a word that *records_with* of all *records* have."""
    if not records_with:
        return 0.0
    return math.log(1 + (records - records_with + 0.5) / (records_with + 0.5))


def weights_of_codes(
    records_by_code: Mapping[str, set[int]], records: int
) -> dict[int, float]:
    """The weight of the rarest code in each record that has one; 1 if no other record has it."""
    weights: dict[int, float] = {}
    for numbers in records_by_code.values():
        code = weight(len(numbers), records) / weight(1, records)
        weights.update((number, max(code, weights.get(number, 0.0))) for number in numbers)
    return weights


def by_engine(
    numbers: Iterable[int], engine_scores: Mapping[int, float]
) -> list[tuple[int, Score]]:
    """Records that are not compared as text, in their order."""
    best = max(engine_scores.values(), default=0.0) or 1.0
    return [(number, Score(engine_scores[number] / best)) for number in numbers]


def parted(
    engine_scores: Mapping[int, float], codes: Mapping[int, float]
) -> tuple[list[int], list[int]]:
    """The records to compare as text, and the rest; records with a code are among the first."""
    best = sorted(
        engine_scores, key=lambda number: (number not in codes, -engine_scores[number])
    )
    return sorted(best[:DEPTH], key=lambda number: -engine_scores[number]), best[DEPTH:]


def ranked(
    candidates: Sequence[Candidate], weights: Mapping[str, float]
) -> list[tuple[int, Score]]:
    """The candidates' numbers, best first. *weights* has the query's words in their order.

    The more of the query stands word by word in a candidate, the less meaning counts: a pasted
    message means itself.
    """
    best = max((candidate.score for candidate in candidates), default=0.0) or 1.0
    words = _QueryWords(weights)
    scores = [
        Score(
            candidate.score / best,
            PAIRS * words.share_of_pairs(candidate.head),
            TITLE * words.share_of_title(candidate.title),
            CODE * candidate.code,
            MEANING * candidate.meaning,
        )
        for candidate in candidates
    ]
    free = 1 - max((score.pairs for score in scores), default=0.0) / PAIRS
    scored = [
        (candidate.number, score._replace(meaning=score.meaning * free))
        for candidate, score in zip(candidates, scores, strict=True)
    ]
    return sorted(scored, key=lambda pair: -pair[1].total)


class _QueryWords:
    """The stems of a query's words, their weights, and which stand side by side."""

    def __init__(self, weights: Mapping[str, float]) -> None:
        order = [(stem, weight) for word, weight in weights.items() for stem in stems(word)]
        self._weights: dict[str, float] = {}
        for stem, weight in order:
            self._weights[stem] = max(weight, self._weights.get(stem, 0.0))
        self._pairs = {
            (first, second): self._weights[first] + self._weights[second]
            for (first, _), (second, _) in itertools.pairwise(order)
        }
        self._all_pairs = sum(self._pairs.values())
        self._usual = sum(self._weights.values()) / (len(self._weights) or 1)

    def share_of_pairs(self, text: str) -> float:
        """The share, by weight, of the query's neighbours that are neighbours in the text, too."""
        if not self._all_pairs:  # words that no record has weigh nothing
            return 0.0
        pairs = neighbours(stems(text))
        shared = sum(weight for pair, weight in self._pairs.items() if pair in pairs)
        return shared / self._all_pairs

    def share_of_title(self, title: str) -> float:
        """The share, by weight, of the title's words that are in the query.

        A word that is not in the query counts as one of the query's usual weight.
        """
        words = dict.fromkeys(stems(title))
        inside = sum(self._weights.get(word, 0.0) for word in words)
        outside = self._usual * len(words.keys() - self._weights.keys())
        return inside / (inside + outside) if inside else 0.0
