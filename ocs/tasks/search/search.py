"""Finding the records that fit a few words best."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from ocs.adapters.store.criteria import Criteria
from ocs.adapters.store.index import Index
from ocs.errors import OcsError
from ocs.model.found import SearchAnswer
from ocs.model.kinds import KIND, KINDS, Kind
from ocs.rules.search.codes import codes_meant
from ocs.rules.search.query import (
    FACETS,
    MOST_FILTERS,
    Query,
    parse_query,
    parts_of,
    spellings,
)
from ocs.rules.search.scoring import (
    Candidate,
    Score,
    by_engine,
    parted,
    ranked,
    weight,
    weights_of_codes,
)
from ocs.tasks.search.guessing import corrections, what_is_near
from ocs.tasks.search.results import result

if TYPE_CHECKING:
    from ocs.adapters.meaning import Meaning

# The most results that are counted by what they are about.
_COUNTED = 200
_COUNTED_FACETS = ("product", "tag")


class _Matches(NamedTuple):
    """The best of `total` records, with their scores; `codes` counts records by code."""

    total: int
    best: Sequence[tuple[int, Score]]
    codes: Mapping[str, int]


@cache
def known_meaning() -> Meaning | None:
    """What words mean, if the extra `semantic` is installed."""
    from ocs.adapters.meaning import Meaning

    return Meaning.find()


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
    """The records of these kinds that fit best, after the first *offset*.

    `kind:` in the query selects other kinds. With *meaning*, synonyms count as well, unless
    the query has a code. Raises OcsError for an empty query, and for one of
    very many filters.
    """
    typed = parse_query(query) if isinstance(query, str) else query
    if typed.is_empty:
        raise OcsError(
            "the query has no words", "type a few words of what you see on the screen"
        )
    if len(typed.filters) > MOST_FILTERS:
        raise OcsError(f"the query has more than {MOST_FILTERS} filters", "use fewer filters")
    kinds = [KIND[name] for name in typed.kinds] or kinds
    names = tuple(kind.name for kind in kinds)
    meant, remarks = _with_known_codes(typed, index, names)
    counts = _counts(meant.words, index)
    # Nobody typed what is in a log or a file.
    is_typed = isinstance(query, str)
    corrected = corrections(counts, index.text, names) if correct and is_typed else {}
    meant = meant._replace(words=tuple(corrected.get(word, word) for word in counts))
    weights = _weights(meant, index, counts)
    most = max(_COUNTED, offset + limit)
    matches = _matches(meant, weights, index, names, most, meaning)
    if not matches.total and meant.phrases:
        remarks += tuple(
            f'no match for exactly "{phrase}": searched for its words'
            for phrase in meant.phrases
        )
        loose = [word for phrase in meant.phrases for word in parse_query(phrase).words]
        meant = meant._replace(words=(*meant.words, *loose), phrases=())
        weights = _weights(meant, index, {})
        matches = _matches(meant, weights, index, names, most, meaning)
    wanted = _wanted(meant, names)
    shown = matches.best[offset : offset + limit]
    return SearchAnswer(
        query=typed.text,
        kinds=names,
        total=matches.total,
        results=tuple(result(index, number, score, wanted) for number, score in shown),
        unknown={} if matches.total else what_is_near(meant, index, names),
        elsewhere={} if matches.total else _elsewhere(meant, kinds, index),
        unreadable=index.unreadable(names),
        offset=offset,
        corrected=corrected,
        codes=matches.codes,
        facets=_facets(index, [number for number, _ in matches.best[:_COUNTED]]),
        remarks=remarks,
        weights=weights,
    )


def _with_known_codes(
    query: Query, index: Index, kinds: Sequence[str]
) -> tuple[Query, tuple[str, ...]]:
    """The query with unknown codes turned into words, and remarks about that."""
    known, words, remarks = [], list(query.words), []
    for filter in query.filters:
        if filter.name != "error" or index.text.with_codes(codes_meant(filter.value), kinds):
            known.append(filter)
        elif filter.is_wanted:
            words.append(filter.value)
            remarks.append(
                f"no record mentions the code {filter.value}: searched for it as text"
            )
    remarks += [
        f"'{chunk}' is not a filter, so ocs searched for it as text; did you mean {near}?"
        for chunk, near in query.misread
    ]
    remarks += [
        f"'{chunk}' stands alone, so ocs searched for it as text; add a word to look for"
        for chunk in query.alone
    ]
    return query._replace(words=tuple(words), filters=tuple(known)), tuple(remarks)


def _counts(words: Sequence[str], index: Index) -> dict[str, int]:
    """How many records have each word; an unknown word with signs in it is split at them."""
    counts: dict[str, int] = {}
    for word in words:
        counts[word] = _records_with(word, index)
        parts = () if counts[word] else parts_of(word)
        if parts:
            del counts[word]
            counts.update((part, _records_with(part, index)) for part in parts)
    return counts


def _records_with(text: str, index: Index) -> int:
    return max(map(index.text.records_with, spellings(text)))


def _weights(query: Query, index: Index, counts: Mapping[str, int]) -> dict[str, float]:
    """The weight of each phrase and word; *counts* has the records of some of them."""
    records = index.text.records()
    return {
        text: weight(counts[text] if text in counts else _records_with(text, index), records)
        for text in (*query.phrases, *query.words)
    }


def _matches(
    query: Query,
    weights: Mapping[str, float],
    index: Index,
    kinds: Sequence[str],
    limit: int,
    meaning: Meaning | None,
) -> _Matches:
    """The records that fit: by their words, and by the codes that they mention."""
    wanted = _wanted(query, kinds)
    scores = dict(index.text.best(wanted, limit))
    total = index.text.count(wanted)
    with_codes = index.text.with_codes(query.codes, kinds)
    if with_codes and not query.only_title:
        by_code = wanted._replace(any_of=(), codes=(*wanted.codes, (tuple(with_codes), True)))
        if wanted.match:
            both = by_code._replace(any_of=wanted.any_of)
            total += index.text.count(by_code) - index.text.count(both)
        for number, _ in index.text.best(by_code, limit):
            scores.setdefault(number, 0.0)
    codes = weights_of_codes(with_codes, index.text.records())
    best = _in_order(query, scores, codes, weights, index, meaning)
    counts = {code: len(numbers) for code, numbers in with_codes.items()}
    return _Matches(max(total, len(best)), best, counts)


def _wanted(query: Query, kinds: Sequence[str]) -> Criteria:
    filters = query.filters
    return Criteria(
        kinds=tuple(kinds),
        any_of=tuple(spelling for word in query.words for spelling in spellings(word)),
        all_of=query.phrases,
        none_of=query.without,
        only_title=query.only_title,
        facets=tuple((name, value, must) for name, value, must in filters if name in FACETS),
        codes=tuple(
            (tuple(codes_meant(value)), must)
            for name, value, must in filters
            if name == "error"
        ),
        owners=tuple((value, must) for name, value, must in filters if name == "org"),
        since=max((value for name, value, _ in filters if name == "since"), default=""),
        but=query.but,
    )


def _in_order(
    query: Query,
    scores: Mapping[int, float],
    codes: Mapping[int, float],
    weights: Mapping[str, float],
    index: Index,
    meaning: Meaning | None,
) -> list[tuple[int, Score]]:
    """What the engine found, best first; only the first of them are compared as text."""
    if not weights:
        return by_engine(scores, scores)
    first, rest = parted(scores, codes)
    heads = index.text.heads(first)
    candidates = [
        Candidate(number, scores[number], *heads[number], codes.get(number, 0.0))
        for number in first
        if number in heads
    ]
    if meaning is not None and not query.codes:
        alike = meaning.likeness(
            " ".join((*query.phrases, *query.words)),
            [candidate.head for candidate in candidates],
        )
        candidates = [
            candidate._replace(meaning=likeness)
            for candidate, likeness in zip(candidates, alike, strict=True)
        ]
    return ranked(candidates, weights) + by_engine(rest, scores)


def _elsewhere(query: Query, kinds: Sequence[Kind], index: Index) -> dict[str, int]:
    """How many records of other kinds fit."""
    counts = {
        kind.name: index.text.count(_wanted(query, (kind.name,)))
        for kind in KINDS
        if kind not in kinds
    }
    return {name: count for name, count in counts.items() if count}


def _facets(index: Index, numbers: Sequence[int]) -> tuple[tuple[str, int], ...]:
    """What several of these records, but not all, are about, and how many of them."""
    counts: dict[str, int] = {}
    for _, value, count in index.text.facet_counts(numbers, _COUNTED_FACETS):
        counts[value] = max(count, counts.get(value, 0))
    facets = [(value, count) for value, count in counts.items() if 1 < count < len(numbers)]
    return tuple(sorted(facets, key=lambda facet: (-facet[1], facet[0])))
