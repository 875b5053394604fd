"""Several indexes as one: what each answers, put together as if all records stood in one.

The engine weighs a word by how many records of its own index have it, so that scores of two
indexes cannot be compared. Here the best of each get a score of what every word adds, weighed
by how many of all records have that word. Only the usual length of a record stays that of its
own index.

A record's number tells from which index it is. Nothing can be written.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence

from ocs.adapters.store.criteria import Criteria
from ocs.adapters.store.fulltext import Fulltext
from ocs.adapters.store.index import Index
from ocs.model.found import Found, Mention, Source

# What the engine takes for the weight of a word that more than every second record has.
_LEAST = 1e-6


class JoinedText(Fulltext):
    """What several indexes know of texts; *ways* lead to their registries."""

    def __init__(self, texts: Sequence[Fulltext], ways: Sequence[str]) -> None:
        self._texts = texts
        self._ways = ways

    def with_codes(self, codes: Iterable[str], kinds: Sequence[str]) -> dict[str, set[int]]:
        values = list(codes)
        found: dict[str, set[int]] = {}
        for place, text in enumerate(self._texts):
            for code, numbers in text.with_codes(values, kinds).items():
                found.setdefault(code, set()).update(
                    self._number(place, number) for number in numbers
                )
        return found

    def records_with(self, word: str) -> int:
        return sum(text.records_with(word) for text in self._texts)

    def known_among(self, words: Sequence[str]) -> dict[str, int]:
        counts: Counter[str] = Counter()
        for text in self._texts:
            counts.update(text.known_among(words))
        return dict(counts)

    def count(self, wanted: Criteria) -> int:
        return sum(text.count(own) for text, own in self._own(wanted))

    def records(self) -> int:
        return sum(text.records() for text in self._texts)

    def best(self, wanted: Criteria, limit: int) -> list[tuple[int, float]]:
        found = [text.best(own, limit) for text, own in self._own(wanted)]
        if wanted.match:
            found = self._weighed_alike(
                wanted, [[number for number, _ in numbers] for numbers in found]
            )
        joined = [
            (self._number(place, number), score)
            for place, numbers in enumerate(found)
            for number, score in numbers
        ]
        return sorted(joined, key=lambda pair: -pair[1])[:limit]

    def _weighed_alike(
        self, wanted: Criteria, found: Sequence[Sequence[int]]
    ) -> list[list[tuple[int, float]]]:
        """The records that each index found, with scores that can be compared."""
        scores: list[dict[int, float]] = [defaultdict(float) for _ in self._texts]
        for term in wanted.terms:
            having = [text.having(term) for text in self._texts]
            tells = _tells(sum(having), self.records())
            for text, here, numbers, score in zip(
                self._texts, having, found, scores, strict=True
            ):
                times = tells / _tells(here, text.records())
                for number, part in text.parts(term, numbers).items() if here else ():
                    score[number] += part * times
        return [list(score.items()) for score in scores]

    def heads(self, numbers: Sequence[int]) -> dict[int, tuple[str, str]]:
        return {
            self._number(place, number): head
            for place, text, own in self._apart(numbers)
            for number, head in text.heads(own).items()
        }

    def marked(self, number: int, wanted: Criteria, marks: tuple[str, str]) -> dict[str, str]:
        own, place = divmod(number, len(self._texts))
        return self._texts[place].marked(own, wanted, marks)

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

    def _own(self, wanted: Criteria) -> Iterator[tuple[Fulltext, Criteria]]:
        """Each index, and what is wanted of it: `but` is a file in one of the registries."""
        for text, way in zip(self._texts, self._ways, strict=True):
            but = wanted.but.removeprefix(way) if wanted.but.startswith(way) else ""
            yield text, wanted._replace(but=but)

    def _apart(self, numbers: Sequence[int]) -> Iterator[tuple[int, Fulltext, list[int]]]:
        """Each index, and those of the records that it has."""
        count = len(self._texts)
        for place, text in enumerate(self._texts):
            yield (
                place,
                text,
                [number // count for number in numbers if number % count == place],
            )

    def _number(self, place: int, number: int) -> int:
        return number * len(self._texts) + place


class Joined(Index):
    """Several indexes; each belongs to a registry."""

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
        """The records of these kinds that have this id, in the first registry where there are
        any.
        """
        return self._first((index.find(id, kinds), source) for index, source in self._indexes)

    def once_called(self, former: str, kinds: Sequence[str]) -> list[Found]:
        """The records of these kinds that had this id before, in the first registry where
        there are any.
        """
        return self._first(
            (index.once_called(former, kinds), source) for index, source in self._indexes
        )

    def mentions(self, spaces: Sequence[str], target: str) -> list[Mention]:
        return [
            mention for index, _ in self._indexes for mention in index.mentions(spaces, target)
        ]

    def all(self, kind: str) -> list[Found]:
        return [
            found._replace(source=source)
            for index, source in self._indexes
            for found in index.all(kind)
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

    def _first(self, found: Iterable[tuple[list[Found], Source]]) -> list[Found]:
        for records, source in found:
            if records:
                return [record._replace(source=source) for record in records]
        return []


def _tells(having: int, records: int) -> float:
    """How much the engine takes a word to tell that so many of all records have."""
    return max(math.log((records - having + 0.5) / (having + 0.5)), _LEAST)
