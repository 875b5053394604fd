"""What somebody meant whose words no record has."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

from ocs.adapters.store.fulltext import Fulltext
from ocs.adapters.store.index import Index, Wanted
from ocs.rules.nearest import nearest
from ocs.rules.search.query import FACTS, Query, spellings
from ocs.rules.search.typos import one_slip_away

# A guess takes time: so many words are guessed, from so many known ones.
_MOST_GUESSED = 8
_MOST_KNOWN = 200_000
# So many guesses of one word are tried.
_MOST_TRIED = 5


def corrections(
    counts: Mapping[str, int], text: Fulltext, kinds: Sequence[str]
) -> dict[str, str]:
    """The words that no record has, and what they were meant to be as far as the index knows
    such a word.
    """
    slips = {word: one_slip_away(word) for word, records in counts.items() if not records}
    slips = dict(
        islice(((word, found) for word, found in slips.items() if found), _MOST_GUESSED)
    )
    known = (
        text.known_among([slip for found in slips.values() for slip in found]) if slips else {}
    )
    guesses = {word: _likeliest(found, known, text, kinds) for word, found in slips.items()}
    return {word: guess for word, guess in guesses.items() if guess}


def _likeliest(
    slips: Sequence[str], known: Mapping[str, int], text: Fulltext, kinds: Sequence[str]
) -> str | None:
    """The one that most records have, if any of these kinds does."""
    likely = sorted((slip for slip in slips if slip in known), key=lambda slip: -known[slip])
    return next((slip for slip in likely[:_MOST_TRIED] if _has(slip, text, kinds)), None)


def _has(word: str, text: Fulltext, kinds: Sequence[str]) -> bool:
    return text.count(Wanted(tuple(kinds), any_of=tuple(spellings(word)))) > 0


def what_is_near(query: Query, index: Index, kinds: Sequence[str]) -> dict[str, str | None]:
    """For each word and filter that no record has the nearest that one has, or None."""
    known = set(islice(_words_of(index, kinds), _MOST_KNOWN))
    words = [word for word in query.words if not _has(word, index.text, kinds)]
    near = {word: nearest(word, known) for word in words[:_MOST_GUESSED]}
    found: dict[str, str | None] = {word: near.get(word) for word in words}
    for each in query.filters:
        values = _values_of(each.name, index, kinds)
        if values is not None and each.is_wanted and each.value not in values:
            value = nearest(each.value, values)
            found[str(each)] = str(each._replace(value=value)) if value else None
    return found


def _values_of(name: str, index: Index, kinds: Sequence[str]) -> list[str] | None:
    """Every value for which a filter of this name finds something; None where they are not
    counted.
    """
    if name == "org":
        return [id for _, id in index.ids(("org", "community"))]
    return index.text.values(name, kinds) if name in FACTS else None


def _words_of(index: Index, kinds: Sequence[str]) -> Iterator[str]:
    """The words of ids, titles and tags."""
    for record in (record for kind in kinds for record in index.all(kind)):
        tags = record.field("tags")
        for text in (record.title, record.id, *(tags if isinstance(tags, list) else [])):
            yield from re.findall(r"\w{3,}", str(text).casefold())
