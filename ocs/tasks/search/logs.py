"""What to look for when somebody shows a log: what its worst lines say that records say, too."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from ocs.adapters.store.index import Index, Wanted
from ocs.model.kinds import KIND
from ocs.rules.search.codes import codes_in
from ocs.rules.search.loglevels import Level
from ocs.rules.search.logs import Line, telling_lines
from ocs.rules.search.query import STOP_WORDS, Query, words_of
from ocs.rules.search.ranking import DEPTH, weight
from ocs.rules.search.stems import WORD, Roots
from ocs.rules.search.stretches import RecordWords, Stretch, could_tell, stretches
from ocs.tasks.search.likeness import strongest

# So many lines are compared with records, each by so many of its rarest words.
_MOST_LINES = 24
_MOST_WORDS = 12
# How much being bad counts beside being known.
_COUNTS = {
    Level.FRAME: 1.0,
    Level.MILD: 1.0,
    Level.UNKNOWN: 0.5,
    Level.WARNING: 0.6,
    Level.TROUBLE: 0.8,
    Level.BAD: 10.0,
}
# What stands in records as a whole is rather a message than what does in part.
_WHOLE = 1.5
# A line tells of the same trouble that tells so much of what the best does.
_NEAR = 0.5
_KINDS = (KIND["problem"].name,)


class _Known(NamedTuple):
    """A stretch of a line that records say, too, and how much speaks for it."""

    stretch: Stretch
    line: Line
    counts: float


def of_log(log: str, index: Index) -> Query:
    """The query for a pasted log: what its worst lines say that records say, and the program's
    name.

    Where no record knows any of it, all that the worst lines say.
    """
    lines = telling_lines(log, _MOST_LINES)
    worst = max((line.level for line in lines), default=Level.MILD)
    said = [line.said for line in lines if line.level == worst]
    known = _known(lines, index)
    most = max((each.counts for each in known), default=0.0)
    near = [each for each in known if each.counts >= _NEAR * most]
    text = "\n".join([each.stretch.said for each in near] or said)
    words = Counter((*words_of(text), *_products(near, index)))
    return Query(strongest(words, index), codes=codes_in("\n".join(said)), text=text)


def _known(lines: Sequence[Line], index: Index) -> list[_Known]:
    """The stretches of these lines that records say, too, but for lines that cannot be among
    the best.
    """
    counts = index.text.known_among(sorted({word for line in lines for word in _words(line)}))
    records, roots = index.text.records(), Roots()
    tells = {
        root: weight(many, records) for word, many in counts.items() for root in roots.of(word)
    }
    could = {line: could_tell(line.said, tells, roots) * _COUNTS[line.level] for line in lines}
    said: dict[int, RecordWords] = {}
    found: list[_Known] = []
    for line in sorted(lines, key=lambda line: -could[line]):
        if could[line] < _NEAR * max((each.counts for each in found), default=0.0):
            break
        near = _like(line, counts, index)
        heads = index.text.heads([number for number in near if number not in said])
        said.update(
            (number, RecordWords.in_text(head, roots)) for number, (_, head) in heads.items()
        )
        for stretch in stretches(
            line.said, tells, [said[number] for number in near if number in said], roots
        ):
            counting = stretch.tells * stretch.share**_WHOLE * _COUNTS[line.level]
            found.append(_Known(stretch, line, counting))
    return sorted(found, key=lambda each: lines.index(each.line))


def _like(line: Line, counts: Mapping[str, int], index: Index) -> list[int]:
    """The records that have most of a line's words."""
    rarest = sorted(_words(line) & counts.keys(), key=lambda word: (counts[word], word))[
        :_MOST_WORDS
    ]
    wanted = Wanted(_KINDS, any_of=tuple(rarest))
    return [number for number, _ in index.text.best(wanted, DEPTH)] if rarest else []


def _words(line: Line) -> set[str]:
    return set(WORD.findall(line.said.lower())) - STOP_WORDS


def _products(known: Sequence[_Known], index: Index) -> list[str]:
    """The programs before these lines that records are about."""
    products = set(index.text.values("product", _KINDS))
    before = (word for each in known for word in WORD.findall(each.line.head.lower()))
    return [word for word in before if word in products]
