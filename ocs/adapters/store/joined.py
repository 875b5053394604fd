"""Several indexes as one: their answers put together as if all records stood in one.

SQLite weighs a word by how many records of its own index have it, so scores of two indexes
cannot be compared. Here the best of each get a new score, the sum over all words, weighed by
how many of all records have each. Only the usual length of a record stays that of its own
index. The remainder of a record's number says which index it is from. Nothing can be written.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence

from ocs.adapters.store.criteria import Criteria
from ocs.adapters.store.fulltext import Fulltext
from ocs.adapters.store.index import Index
from ocs.model.found import Found, Mention, Source

# SQLite's weight for a word that more than every second record has.
_LEAST = 1e-6


class JoinedText(Fulltext):
    """The texts of several indexes; *ways* are the paths to their registries."""

    def __init__(self, texts: Sequence[Fulltext], ways: Sequence[str]) -> None:
        self._texts = texts
        self._ways = ways

    def with_codes(self, codes: Iterable[str], kinds: Sequence[str]) -> dict[str, set[int]]:
        values = list(codes)
        records: dict[str, set[int]] = {}
        for place, text in enumerate(self._texts):
            for code, numbers in text.with_codes(values, kinds).items():
                records.setdefault(code, set()).update(
                    self._number(place, number) for number in numbers
                )
        return records

    def records_with(self, word: str) -> int:
        return sum(text.records_with(word) for text in self._texts)

    def known_among(self, words: Sequence[str]) -> dict[str, int]:
        counts: Counter[str] = Counter()
        for text in self._texts:
            counts.update(text.known_among(words))
        return dict(counts)

    def count(self, criteria: Criteria) -> int:
        return sum(text.count(own) for text, own in self._own(criteria))

    def records(self) -> int:
        return sum(text.records() for text in self._texts)

    def best(self, criteria: Criteria, limit: int) -> list[tuple[int, float]]:
        results = [text.best(own, limit) for text, own in self._own(criteria)]
        if criteria.match:
            results = self._weighed_alike(
                criteria, [[number for number, _ in numbers] for numbers in results]
            )
        joined = [
            (self._number(place, number), score)
            for place, numbers in enumerate(results)
            for number, score in numbers
        ]
        return sorted(joined, key=lambda pair: -pair[1])[:limit]

    def _weighed_alike(
        self, criteria: Criteria, results: Sequence[Sequence[int]]
    ) -> list[list[tuple[int, float]]]:
        """The records that each index found, with scores that can be compared."""
        scores: list[dict[int, float]] = [defaultdict(float) for _ in self._texts]
        for term in criteria.terms:
            having = [text.having(term) for text in self._texts]
            overall = _weight(sum(having), self.records())
            for text, here, numbers, score in zip(
                self._texts, having, results, scores, strict=True
            ):
                times = overall / _weight(here, text.records())
                for number, part in text.parts(term, numbers).items() if here else ():
                    score[number] += part * times
        return [list(score.items()) for score in scores]

    def heads(self, numbers: Sequence[int]) -> dict[int, tuple[str, str]]:
        return {
            self._number(place, number): head
            for place, text, own in self._apart(numbers)
            for number, head in text.heads(own).items()
        }

    def marked(
        self, number: int, criteria: Criteria, marks: tuple[str, str]
    ) -> dict[str, str]:
        own, place = divmod(number, len(self._texts))
        return self._texts[place].marked(own, criteria, marks)

    def values(self, name: str, kinds: Sequence[str]) -> list[str]:
        return list(
            dict.fromkeys(value for text in self._texts for value in text.values(name, kinds))
        )

    def facet_counts(
        self, numbers: Sequence[int], names: Sequence[str]
    ) -> list[tuple[str, str, int]]:
        counts: Counter[tuple[str, str]] = Counter()
        for _, text, own in self._apart(numbers):
            for name, value, many in text.facet_counts(own, names):
                counts[name, value] += many
        order = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0][1]))
        return [(name, value, many) for (name, value), many in order]

    def _own(self, criteria: Criteria) -> Iterator[tuple[Fulltext, Criteria]]:
        """Each index with its criteria: `but` is a file in one of the registries."""
        for text, way in zip(self._texts, self._ways, strict=True):
            but = criteria.but.removeprefix(way) if criteria.but.startswith(way) else ""
            yield text, criteria._replace(but=but)

    def _apart(self, numbers: Sequence[int]) -> Iterator[tuple[int, Fulltext, list[int]]]:
        """Each index with those of the records that it has."""
        count = len(self._texts)
        for place, text in enumerate(self._texts):
            own = [number // count for number in numbers if number % count == place]
            yield place, text, own

    def _number(self, place: int, number: int) -> int:
        return number * len(self._texts) + place


class Joined(Index):
    """Several indexes, each of a registry."""

    def __init__(self, indexes: Sequence[Index], sources: Sequence[Source]) -> None:
        self._indexes = list(zip(indexes, sources, strict=True))
        self.text = JoinedText(
            [index.text for index in indexes], [source.way for source in sources]
        )

    def numbered(self, number: int) -> Found:
        own, place = divmod(number, len(self._indexes))
        index, source = self._indexes[place]
        return index.numbered(own)._replace(source=source)

    def find(self, id: str, kinds: Sequence[str]) -> list[Found]:
        """As `Index.find`, in the first registry that has such records."""
        return self._first((index.find(id, kinds), source) for index, source in self._indexes)

    def once_called(self, former: str, kinds: Sequence[str]) -> list[Found]:
        """As `Index.once_called`, in the first registry that has such records."""
        return self._first(
            (index.once_called(former, kinds), source) for index, source in self._indexes
        )

    def mentions(self, spaces: Sequence[str], target: str) -> list[Mention]:
        return [
            mention for index, _ in self._indexes for mention in index.mentions(spaces, target)
        ]

    def all(self, kind: str) -> list[Found]:
        return [
            record._replace(source=source)
            for index, source in self._indexes
            for record in index.all(kind)
        ]

    def ids(self, kinds: Sequence[str]) -> list[tuple[str, str]]:
        return list(
            dict.fromkeys(pair for index, _ in self._indexes for pair in index.ids(kinds))
        )

    def unreadable(self, kinds: Sequence[str]) -> tuple[str, ...]:
        return tuple(
            source.way + path
            for index, source in self._indexes
            for path in index.unreadable(kinds)
        )

    def _first(self, answers: Iterable[tuple[list[Found], Source]]) -> list[Found]:
        for records, source in answers:
            if records:
                return [record._replace(source=source) for record in records]
        return []


def _weight(having: int, records: int) -> float:
    """SQLite's weight for a word that so many of all records have."""
    return max(math.log((records - having + 0.5) / (having + 0.5)), _LEAST)
