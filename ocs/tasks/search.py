"""Finding records from what somebody remembers of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice

from ocs.adapters.store.index import Hit, Index
from ocs.errors import OcsError
from ocs.model.found import Answer, Found, Passage, Result
from ocs.model.kinds import KINDS, Kind
from ocs.rules.nearest import nearest
from ocs.rules.query import parse_query, spellings
from ocs.rules.words import MARK_END, MARK_START, best_passage, passage, texts_of

# A guess takes time: so many words are guessed, from so many known ones.
_MOST_GUESSED = 8
_MOST_KNOWN = 200_000


def search(index: Index, text: str, kinds: Sequence[Kind], limit: int) -> Answer:
    """The records of these kinds that fit best.

    Raises OcsError where *text* has nothing to look for.
    """
    query = parse_query(text)
    if not query.words:
        raise OcsError("there is no word to search for", "write a few words of what you see on the screen")
    names = [kind.name for kind in kinds]
    words = [spelling for word in query.words for spelling in spellings(word)]
    total, hits = index.search(words, names, (MARK_START, MARK_END), limit)
    if hits:
        return Answer(text, total, tuple(map(_result, hits)), {}, {}, index.unreadable(names))
    elsewhere = {
        kind.name: found
        for kind in KINDS
        if kind not in kinds and (found := index.search(words, [kind.name], ("", ""), 0)[0])
    }
    unknown = _what_is_near(query.words, index, names)
    return Answer(text, 0, (), unknown, elsewhere, index.unreadable(names))


def _result(hit: Hit) -> Result:
    passages = {where: best_passage(text) for where, text in hit.marked.items() if where != "title"}
    where = max(passages, key=lambda name: len(passages[name].words))
    shown = passages[where]
    where = where if shown.pieces else "title"
    if hit.record.kind != "problem" and where != "title":
        where = _field_of(shown, hit.record)
    title = passage(" ".join(hit.marked["title"].split()) or hit.record.title)
    return Result(hit.record, hit.score, title, shown, where)


def _field_of(found: Passage, record: Found) -> str:
    """The field that a passage is from."""
    text = found.text.strip("… ")
    fields = (record.tree or {}).items()
    return next((name for name, value in fields if text in " ".join(" ".join(texts_of(value)).split())), "")


def _what_is_near(words: Sequence[str], index: Index, kinds: Sequence[str]) -> dict[str, str | None]:
    """For each word the nearest one in the ids and titles of the records that could have fitted."""
    words_of = (word for name in kinds for word in _vocabulary(index, name))
    known = set(islice(words_of, _MOST_KNOWN))
    guessed = {word: nearest(word, known) for word in words[:_MOST_GUESSED]}
    return {word: guessed.get(word) for word in words}


def _vocabulary(index: Index, kind: str) -> Iterator[str]:
    for record in index.all(kind):
        tags = record.field("tags")
        named = [record.title, record.id, *(tags if isinstance(tags, list) else [])]
        for text in named:
            yield from re.findall(r"\w{3,}", str(text).casefold())
