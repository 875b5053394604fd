"""The query for a text or a record that is given instead of words."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

from ocs.adapters.store.index import Index
from ocs.errors import OcsError, RecordNotFoundError
from ocs.model.found import Found
from ocs.rules.search.query import STOP_WORDS, Query, words_of
from ocs.rules.search.scoring import weight
from ocs.rules.search.searchable import texts_of
from ocs.tasks.records.show import show

# The most words that stand for a long text.
_STRONGEST = 40
_MOST_WEIGHED = 400
MOST_BYTES = 1_000_000
_WORD = re.compile(r"[^\W_][\w.'-]*[^\W_]|[^\W_]")


def of_named(name: str, file: Path, index: Index) -> Query:
    """The query for what is like the record called *name*, or like the text of a file.

    Raises OcsError if there is neither.
    """
    try:
        return of_record(show(index, name).record, index)
    except RecordNotFoundError as error:
        if not _is_file(file):
            raise OcsError(f"no record and no file is called {name}", error.hint) from error
    try:
        with file.open("rb") as stream:
            text = stream.read(MOST_BYTES).decode("utf-8", "replace")
    except OSError as error:
        raise OcsError(f"cannot read {file}: {error.strerror}") from error
    query = of_text(text, index)
    if query.is_empty:
        raise OcsError(f"{file} has no words")
    return query


def of_record(record: Found, index: Index) -> Query:
    """The query for records like this one: its title, and the strongest words of its text."""
    query = of_text("\n".join(texts_of(dict(record.tree or {}))), index)
    words = dict.fromkeys((*words_of(record.title), *query.words))
    return query._replace(words=tuple(words), but=record.path, text=record.title)


def of_text(text: str, index: Index) -> Query:
    """The query for a text: its strongest words, in their order."""
    title = next(filter(None, map(str.strip, text.splitlines())), "")
    words = Counter(word.lower() for word in _WORD.findall(text))
    return Query(strongest(words, index), text=title)


def strongest(words: Counter[str], index: Index) -> tuple[str, ...]:
    """The words that are frequent here and rare elsewhere; all of a few.

    The most frequent ones if no word has weight.
    """
    if len(words) <= _STRONGEST:
        return tuple(words)
    records = index.text.records()
    often = [word for word, _ in words.most_common(_MOST_WEIGHED) if word not in STOP_WORDS]
    weights = {
        word: words[word] * weight(index.text.records_with(word), records) for word in often
    }
    heaviest = set(sorted(weights, key=lambda word: -weights[word])[:_STRONGEST])
    weighty = tuple(word for word in words if word in heaviest and weights[word])
    return weighty or tuple(often[:_STRONGEST])


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False
