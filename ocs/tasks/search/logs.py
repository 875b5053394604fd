"""The query for a log: what its worst lines and records have in common."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from ocs.adapters.store.criteria import Criteria
from ocs.adapters.store.index import Index
from ocs.model.kinds import KIND
from ocs.rules.search.codes import codes_in
from ocs.rules.search.loglevels import Level
from ocs.rules.search.logs import Line, telling_lines
from ocs.rules.search.query import STOP_WORDS, Query, words_of
from ocs.rules.search.scoring import DEPTH, weight
from ocs.rules.search.stems import WORD, stems
from ocs.rules.search.stretches import RecordStems, Stretch, could_tell, stretches
from ocs.tasks.search.likeness import strongest

# The most lines that are compared with records, and the most words of each, the rarest.
_MOST_LINES = 24
_MOST_WORDS = 12
# The weight of a level, beside that of being known.
_COUNTS = {
    Level.FRAME: 1.0,
    Level.MILD: 1.0,
    Level.UNKNOWN: 0.5,
    Level.WARNING: 0.6,
    Level.TROUBLE: 0.8,
    Level.BAD: 10.0,
}
# A stretch that records have whole is more likely a message than one that they have in part.
_WHOLE = 1.5
# A line with that share of the best score is about the same trouble.
_NEAR = 0.5
_KINDS = (KIND["problem"].name,)


class _KnownStretch(NamedTuple):
    """A stretch of a line that records have, too, and its score."""

    stretch: Stretch
    line: Line
    score: float


def of_log(log: str, index: Index) -> Query:
    """The query for a pasted log: what records have of its worst lines, and the program's name.

    If no record has any of it, all of the worst lines.
    """
    lines = telling_lines(log, _MOST_LINES)
    worst = max((line.level for line in lines), default=Level.MILD)
    messages = [line.message for line in lines if line.level == worst]
    known = _known_stretches(lines, index)
    best = max((stretch.score for stretch in known), default=0.0)
    near = [stretch for stretch in known if stretch.score >= _NEAR * best]
    text = "\n".join([known.stretch.text for known in near] or messages)
    words = Counter((*words_of(text), *_products([known.line for known in near], index)))
    return Query(strongest(words, index), codes=codes_in("\n".join(messages)), text=text)


def _known_stretches(lines: Sequence[Line], index: Index) -> list[_KnownStretch]:
    """The stretches that records have, too, but for lines that cannot be among the best."""
    counts = index.text.known_among(sorted({word for line in lines for word in _words(line)}))
    records = index.text.records()
    weights = {
        stem: weight(count, records) for word, count in counts.items() for stem in stems(word)
    }
    could = {line: could_tell(line.message, weights) * _COUNTS[line.level] for line in lines}
    stems_of: dict[int, RecordStems] = {}
    known: list[_KnownStretch] = []
    for line in sorted(lines, key=lambda line: -could[line]):
        if could[line] < _NEAR * max((stretch.score for stretch in known), default=0.0):
            break
        near = _records_like(line, counts, index)
        heads = index.text.heads([number for number in near if number not in stems_of])
        stems_of.update(
            (number, RecordStems.in_text(head)) for number, (_, head) in heads.items()
        )
        compared = [stems_of[number] for number in near if number in stems_of]
        for stretch in stretches(line.message, weights, compared):
            score = stretch.weight * stretch.share**_WHOLE * _COUNTS[line.level]
            known.append(_KnownStretch(stretch, line, score))
    return sorted(known, key=lambda stretch: lines.index(stretch.line))


def _words(line: Line) -> set[str]:
    return set(WORD.findall(line.message.lower())) - STOP_WORDS


def _records_like(line: Line, counts: Mapping[str, int], index: Index) -> list[int]:
    """The records that have most of a line's words."""
    known = _words(line) & counts.keys()
    rarest = sorted(known, key=lambda word: (counts[word], word))[:_MOST_WORDS]
    wanted = Criteria(_KINDS, any_of=tuple(rarest))
    return [number for number, _ in index.text.best(wanted, DEPTH)] if rarest else []


def _products(lines: Sequence[Line], index: Index) -> list[str]:
    """The programs before these lines' messages that records are about."""
    products = set(index.text.values("product", _KINDS))
    before = (word for line in lines for word in WORD.findall(line.head.lower()))
    return [word for word in before if word in products]
