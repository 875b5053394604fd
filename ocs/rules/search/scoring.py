"""Scoring what the engine found: the best of it is looked at once more as text.

The engine's score knows which words a record has, and where. It does not know whether they
stand beside each other as they do in the query, nor how much of the title they make up. Both
tell more the more a word tells: its weight is the logarithm of how few records have it.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from ocs.rules.search.stems import neighbours, stems

# So many of the best are looked at as text; only a handful of each thousand right answers lie
# deeper.
DEPTH = 30
# Beside the engine's score, which for the best record is 1. Chosen on one half of the judged
# queries, held on the other (`python -m benchmarks judge`).
PAIRS, TITLE, CODE, MEANING = 0.6, 0.2, 1.2, 1.0


class Score(NamedTuple):
    """Why a record stands where it does: parts of its score, which add up."""

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

    `code` is how much the most telling code tells that it mentions of those in the query, from
    0 to 1, and `meaning` how much its head means the same, as far as that is asked for.
    """

    number: int
    score: float
    title: str
    head: str
    code: float
    meaning: float = 0.0


def weight(records_with: int, records: int) -> float:
    """How much a word tells that so many of all records have."""
    if not records_with:
        return 0.0
    return math.log(1 + (records - records_with + 0.5) / (records_with + 0.5))


def weights_of_codes(
    records_by_code: Mapping[str, set[int]], records: int
) -> dict[int, float]:
    """For each record that mentions a code how much the most telling one tells, beside a code
    that only one record mentions.
    """
    weights: dict[int, float] = {}
    for numbers in records_by_code.values():
        telling = weight(len(numbers), records) / weight(1, records)
        weights.update((number, max(telling, weights.get(number, 0.0))) for number in numbers)
    return weights


def by_engine(
    numbers: Iterable[int], engine_scores: Mapping[int, float]
) -> list[tuple[int, Score]]:
    """Records that are not looked at as text, in their order."""
    best = max(engine_scores.values(), default=0.0) or 1.0
    return [(number, Score(engine_scores[number] / best)) for number in numbers]


def parted(
    engine_scores: Mapping[int, float], codes: Mapping[int, float]
) -> tuple[list[int], list[int]]:
    """The records to look at as text, and the rest; what mentions a code is among the first."""
    best = sorted(
        engine_scores, key=lambda number: (number not in codes, -engine_scores[number])
    )
    return sorted(best[:DEPTH], key=lambda number: -engine_scores[number]), best[DEPTH:]


def ranked(
    candidates: Sequence[Candidate], weights: Mapping[str, float]
) -> list[tuple[int, Score]]:
    """The candidates' numbers, best first. *weights* has the query's words in their order.

    The more of the query stands in one of them as it is, the less it counts what means the
    same: a message that was pasted means itself.
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
    """The stems of a query's words, what each tells, and which stand beside each other."""

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
        """How much of what the query's pairs of neighbours tell stands side by side in the
        text, too.
        """
        if not self._all_pairs:  # words that no record has tell nothing
            return 0.0
        there = neighbours(stems(text))
        found = sum(weight for pair, weight in self._pairs.items() if pair in there)
        return found / self._all_pairs

    def share_of_title(self, title: str) -> float:
        """How much of what the title tells is in the query.

        A word that is not in it is taken to tell as much as the query's words do usually.
        """
        words = dict.fromkeys(stems(title))
        inside = sum(self._weights.get(word, 0.0) for word in words)
        outside = self._usual * len(words.keys() - self._weights.keys())
        return inside / (inside + outside) if inside else 0.0
