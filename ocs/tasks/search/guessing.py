"""What the user may have meant by words that no record has."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

from ocs.adapters.store.criteria import Criteria
from ocs.adapters.store.fulltext import Fulltext
from ocs.adapters.store.index import Index
from ocs.adapters.store.tokens import tokens_of
from ocs.rules.nearest import nearest, nearest_id
from ocs.rules.search.query import FACETS, STOP_WORDS, Query, spellings
from ocs.rules.search.typos import one_slip_away

# A guess takes time, so words, known words and guesses of one word are limited.
_MOST_GUESSED = 8
_MOST_KNOWN = 200_000
_MOST_TRIED = 5
_SHORTEST = 3


def corrections(
    counts: Mapping[str, int], text: Fulltext, kinds: Sequence[str]
) -> dict[str, str]:
    """For words that no record has, the likeliest word that the index knows."""
    unknown = (word for word, records in counts.items() if not records)
    guessable = ((word, slips) for word in unknown if (slips := one_slip_away(word)))
    slips_of = dict(islice(guessable, _MOST_GUESSED))
    if not slips_of:
        return {}
    known = text.known_among([slip for slips in slips_of.values() for slip in slips])
    tokens = tokens_of(list(known))
    known = {slip: records for slip, records in known.items() if _tells(tokens[slip])}
    return {
        word: guess
        for word, slips in slips_of.items()
        if (guess := _likeliest(slips, known, text, kinds))
    }


def _tells(token: str) -> bool:
    """Does a word with this stem tell anything? `ine` is not meant where records have `in`."""
    return len(token) >= _SHORTEST and token not in STOP_WORDS


def _likeliest(
    slips: Sequence[str], known: Mapping[str, int], text: Fulltext, kinds: Sequence[str]
) -> str | None:
    """The slip that most records have, if any of these kinds does."""
    likely = sorted((slip for slip in slips if slip in known), key=lambda slip: -known[slip])
    return next((slip for slip in likely[:_MOST_TRIED] if _has(slip, text, kinds)), None)


def _has(word: str, text: Fulltext, kinds: Sequence[str]) -> bool:
    return text.count(Criteria(tuple(kinds), any_of=tuple(spellings(word)))) > 0


def what_is_near(query: Query, index: Index, kinds: Sequence[str]) -> dict[str, str | None]:
    """For each word and filter that no record has, the nearest that one has, or None."""
    known = set(islice(_known_words(index, kinds), _MOST_KNOWN))
    unknown = [word for word in query.words if not _has(word, index.text, kinds)]
    near: dict[str, str | None] = dict.fromkeys(unknown)
    near.update((word, nearest(word, known)) for word in unknown[:_MOST_GUESSED])
    for filter in query.filters:
        values = _values_of(filter.name, index, kinds)
        if values is not None and filter.is_wanted and filter.value not in values:
            value = nearest_id(filter.value, values)
            near[str(filter)] = str(filter._replace(value=value)) if value else None
    return near


def _known_words(index: Index, kinds: Sequence[str]) -> Iterator[str]:
    """The words of ids, titles and tags."""
    for record in (record for kind in kinds for record in index.all(kind)):
        tags = record.field("tags")
        for text in (record.title, record.id, *(tags if isinstance(tags, list) else [])):
            yield from re.findall(r"\w{3,}", str(text).casefold())


def _values_of(name: str, index: Index, kinds: Sequence[str]) -> list[str] | None:
    """Every value that a filter of this name can find; None if they are not counted."""
    if name == "org":
        return [id for _, id in index.ids(("org", "community"))]
    return index.text.values(name, kinds) if name in FACETS else None
