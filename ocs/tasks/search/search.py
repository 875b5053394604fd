"""Finding records from what somebody remembers of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from ocs.adapters.store.index import Index, Wanted
from ocs.errors import OcsError
from ocs.model.found import SearchAnswer
from ocs.model.kinds import KIND, KINDS, Kind
from ocs.rules.search.codes import codes_asked
from ocs.rules.search.query import FACTS, Query, parse_query, parts_of, spellings
from ocs.rules.search.ranking import DEPTH, Candidate, Score, ranked, weight
from ocs.tasks.search.guessing import corrections, what_is_near
from ocs.tasks.search.results import result

if TYPE_CHECKING:
    from ocs.adapters.meaning import Meaning

# What so many of the best results are about is told.
_COUNTED = 200
_FACETS = ("product", "tag")


class _Fitting(NamedTuple):
    """The numbers of the best of `total` records, best first, each with why it is there."""

    total: int
    best: Sequence[tuple[int, Score]]
    codes: Mapping[str, int]


def search(
    index: Index,
    query: Query | str,
    kinds: Sequence[Kind],
    limit: int,
    *,
    offset: int = 0,
    correct: bool = True,
    meaning: Meaning | None = None,
) -> SearchAnswer:
    """The records of these kinds that fit best, from the one after *offset* on.

    `kind:` in the query asks for other kinds. With *meaning* words that mean the same count as
    well, unless a code is asked for. Raises OcsError where there is nothing to look for.
    """
    asked = parse_query(query) if isinstance(query, str) else query
    if asked.is_empty:
        raise OcsError(
            "there is no word to search for", "write a few words of what you see on the screen"
        )
    kinds = [KIND[name] for name in asked.kinds] or kinds
    names = tuple(kind.name for kind in kinds)
    meant, remarks = _with_known_codes(asked, index, names)
    counts = _counts(meant.words, index)
    meant = meant._replace(words=tuple(counts))
    corrected = corrections(counts, index.text, names) if correct else {}
    meant = meant._replace(words=tuple(corrected.get(word, word) for word in meant.words))
    weights = _weights(meant, index, counts)
    fitting = _fitting(meant, weights, index, names, max(_COUNTED, offset + limit), meaning)
    if not fitting.total and meant.phrases:
        remarks += tuple(
            f'nothing that fits has exactly "{phrase}": looked for its words'
            for phrase in meant.phrases
        )
        loose = [word for phrase in meant.phrases for word in parse_query(phrase).words]
        meant = meant._replace(words=(*meant.words, *loose), phrases=())
        weights = _weights(meant, index, {})
        fitting = _fitting(
            meant, weights, index, names, max(_COUNTED, offset + limit), meaning
        )
    wanted = _wanted(meant, names)
    shown = fitting.best[offset : offset + limit]
    return SearchAnswer(
        query=asked.text,
        kinds=names,
        total=fitting.total,
        results=tuple(
            result(index, number, score, wanted, weights) for number, score in shown
        ),
        unknown={} if fitting.total else what_is_near(meant, index, names),
        elsewhere={} if fitting.total else _elsewhere(meant, kinds, index),
        unreadable=index.unreadable(names),
        offset=offset,
        corrected=corrected,
        codes=fitting.codes,
        facets=_facets(index, [number for number, _ in fitting.best[:_COUNTED]]),
        remarks=remarks,
        weights=weights,
    )


@cache
def known_meaning() -> Meaning | None:
    """What words mean, where the extra `semantic` is installed."""
    from ocs.adapters.meaning import Meaning

    return Meaning.find()


def _with_known_codes(
    query: Query, index: Index, kinds: Sequence[str]
) -> tuple[Query, tuple[str, ...]]:
    """The query with those codes asked for as words that no record mentions, and remarks about
    it.
    """
    known, words, remarks = [], list(query.words), []
    for each in query.filters:
        if each.name != "error" or index.text.with_codes(codes_asked(each.value), kinds):
            known.append(each)
        elif each.is_wanted:
            words.append(each.value)
            remarks.append(f"no record mentions the code {each.value}: looked for it as text")
    remarks += [
        f"'{chunk}' is no filter and was looked for as text; did you mean {near}?"
        for chunk, near in query.misread
    ]
    return query._replace(words=tuple(words), filters=tuple(known)), tuple(remarks)


def _wanted(query: Query, kinds: Sequence[str]) -> Wanted:
    """What the index is asked for."""
    filters = query.filters
    return Wanted(
        kinds=tuple(kinds),
        any_of=tuple(spelling for word in query.words for spelling in spellings(word)),
        all_of=query.phrases,
        none_of=query.without,
        only_title=query.only_title,
        facts=tuple((name, value, must) for name, value, must in filters if name in FACTS),
        codes=tuple(
            (tuple(codes_asked(value)), must)
            for name, value, must in filters
            if name == "error"
        ),
        owners=tuple((value, must) for name, value, must in filters if name == "org"),
        since=max((value for name, value, _ in filters if name == "since"), default=""),
        but=query.but,
    )


def _weights(query: Query, index: Index, counts: Mapping[str, int]) -> dict[str, float]:
    """How much each word and phrase of the query tells; *counts* says how many records have
    some of them.
    """
    records = index.text.records()
    texts = dict.fromkeys((*query.phrases, *query.words))
    return {
        text: weight(counts[text] if text in counts else _records_with(text, index), records)
        for text in texts
    }


def _counts(words: Sequence[str], index: Index) -> dict[str, int]:
    """How many records have each word. One with signs in it that none has is taken apart at
    them.
    """
    counts: dict[str, int] = {}
    for word in words:
        counts[word] = _records_with(word, index)
        apart = () if counts[word] else parts_of(word)
        if apart:
            del counts[word]
            counts.update((part, _records_with(part, index)) for part in apart)
    return counts


def _records_with(text: str, index: Index) -> int:
    return max(map(index.text.records_with, spellings(text)))


def _fitting(
    query: Query,
    weights: Mapping[str, float],
    index: Index,
    kinds: Sequence[str],
    limit: int,
    meaning: Meaning | None,
) -> _Fitting:
    """The records that fit: by their words, and by the codes that they mention."""
    wanted = _wanted(query, kinds)
    found = dict(index.text.best(wanted, limit))
    total = index.text.count(wanted)
    coded = index.text.with_codes(query.codes, kinds)
    if coded and not query.only_title:
        by_code = wanted._replace(any_of=(), codes=(*wanted.codes, (tuple(coded), True)))
        both = by_code._replace(any_of=wanted.any_of) if wanted.match else by_code
        total += index.text.count(by_code) - index.text.count(both) if wanted.match else 0
        for number, _ in index.text.best(by_code, limit):
            found.setdefault(number, 0.0)
    best = _in_order(
        query, found, _tells(coded, index.text.records()), weights, index, meaning
    )
    return _Fitting(
        max(total, len(best)), best, {code: len(numbers) for code, numbers in coded.items()}
    )


def _tells(coded: Mapping[str, set[int]], records: int) -> dict[int, float]:
    """For each record that mentions a code how much that tells, beside a code that only one
    mentions.
    """
    found: dict[int, float] = {}
    for numbers in coded.values():
        tells = weight(len(numbers), records) / weight(1, records)
        found.update((number, max(tells, found.get(number, 0.0))) for number in numbers)
    return found


def _in_order(
    query: Query,
    found: Mapping[int, float],
    coded: Mapping[int, float],
    weights: Mapping[str, float],
    index: Index,
    meaning: Meaning | None,
) -> list[tuple[int, Score]]:
    """What was found, best first: the first of them looked at as text, the rest as they came."""
    order = sorted(found, key=lambda number: (number not in coded, -found[number]))
    if not (query.words or query.phrases):
        return [(number, Score(found[number])) for number in found]
    order = sorted(order[:DEPTH], key=lambda number: -found[number]) + order[DEPTH:]
    heads = index.text.heads(order[:DEPTH])
    candidates = [
        Candidate(number, found[number], *heads[number], coded.get(number, 0.0))
        for number in order[:DEPTH]
        if number in heads
    ]
    if meaning is not None and not query.codes:
        text = " ".join((*query.phrases, *query.words))
        alike = meaning.likeness(text, [each.head for each in candidates])
        candidates = [
            each._replace(meaning=how) for each, how in zip(candidates, alike, strict=True)
        ]
    asked = {text: weights[text] for text in (*query.phrases, *query.words)}
    first = ranked(candidates, asked)
    best = max(found.values(), default=0.0) or 1.0
    return first + [(number, Score(found[number] / best)) for number in order[DEPTH:]]


def _facets(index: Index, numbers: Sequence[int]) -> tuple[tuple[str, int], ...]:
    """What these records are about, and how many of them; not what all are about, or only one."""
    counts: dict[str, int] = {}
    for _, value, many in index.text.facets(numbers, _FACETS):
        counts[value] = max(many, counts.get(value, 0))
    telling = [(value, many) for value, many in counts.items() if 1 < many < len(numbers)]
    return tuple(sorted(telling, key=lambda pair: (-pair[1], pair[0])))


def _elsewhere(query: Query, kinds: Sequence[Kind], index: Index) -> dict[str, int]:
    """How many records of other kinds would fit."""
    counts = {
        kind.name: index.text.count(_wanted(query, (kind.name,)))
        for kind in KINDS
        if kind not in kinds
    }
    return {name: count for name, count in counts.items() if count}
