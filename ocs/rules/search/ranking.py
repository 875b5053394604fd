"""Putting the best results in order: what the engine found by single words is looked at once
more as text.

The engine's score knows which words a record has, and where. It does not know whether they
stand beside each other as they do in the query, nor how much of the title they make up. Both
tell more the more a word tells: its weight is the logarithm of how few records have it.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from ocs.rules.search.stems import Roots

# So many of the best are put in order; only a handful of each thousand right answers lie
# deeper.
DEPTH = 30
# Beside the engine's score, which for the best record is 1. Chosen on one half of the judged
# queries, held on the other (`python -m benchmarks judge`).
PAIRS, TITLE, CODE, MEANING = 0.6, 0.2, 1.2, 1.0
# Words that lie further apart than this, common ones not counted, do not stand beside each
# other.
_BESIDE = 2


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


def weight(records_with: int, records: int) -> float:
    """How much a word tells that so many of all records have."""
    return (
        math.log(1 + (records - records_with + 0.5) / (records_with + 0.5))
        if records_with
        else 0.0
    )


def ranked(
    candidates: Sequence[Candidate], weights: Mapping[str, float]
) -> list[tuple[int, Score]]:
    """The candidates' numbers, best first. *weights* has the query's words in their order.

    The more of the query stands in one of them as it is, the less it counts what means the
    same: a message that was pasted means itself.
    """
    best = max((each.score for each in candidates), default=0.0) or 1.0
    asked = _Asked(weights)
    scores = [_score(each, best, asked) for each in candidates]
    free = 1 - max((each.pairs for each in scores), default=0.0) / PAIRS
    scored = [
        (each.number, score._replace(meaning=score.meaning * free))
        for each, score in zip(candidates, scores, strict=True)
    ]
    return sorted(scored, key=lambda pair: -pair[1].total)


def _score(candidate: Candidate, best: float, asked: _Asked) -> Score:
    return Score(
        candidate.score / best,
        PAIRS * asked.share_of_pairs(candidate.head),
        TITLE * asked.share_of(candidate.title),
        CODE * candidate.code,
        MEANING * candidate.meaning,
    )


class _Asked:
    """The query's words without their endings, what each tells, and which stand beside each
    other in it.
    """

    def __init__(self, weights: Mapping[str, float]) -> None:
        self._roots = Roots()
        self.weight: dict[str, float] = {}
        order = [
            (root, tells) for word, tells in weights.items() for root in self._roots.of(word)
        ]
        for root, tells in order:
            self.weight[root] = max(tells, self.weight.get(root, 0.0))
        self._pairs = {
            (one, other): self.weight[one] + self.weight[other]
            for (one, _), (other, _) in itertools.pairwise(order)
        }
        self._all_pairs = sum(self._pairs.values())
        self._usual = sum(self.weight.values()) / len(self.weight) if self.weight else 0.0

    def share_of_pairs(self, text: str) -> float:
        """How much of what the query's pairs of neighbours tell stands side by side in the
        text, too.
        """
        if not self._all_pairs:  # words that no record has tell nothing
            return 0.0
        roots = self._roots.of(text)
        found: set[tuple[str, str]] = set()
        for distance in range(1, _BESIDE + 1):
            found.update(zip(roots, roots[distance:], strict=False))
        return (
            sum(tells for pair, tells in self._pairs.items() if pair in found)
            / self._all_pairs
        )

    def share_of(self, title: str) -> float:
        """How much of what the title tells is in the query.

        A word that is not in it is taken to tell as much as the query's words do usually.
        """
        words = set(self._roots.of(title))
        inside = sum(self.weight.get(word, 0.0) for word in words)
        outside = self._usual * len(words - self.weight.keys())
        return inside / (inside + outside) if inside else 0.0
