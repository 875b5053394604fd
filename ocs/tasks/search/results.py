"""A search result: a record with the passages that show why it fits."""

from __future__ import annotations

from ocs.adapters.store.criteria import Criteria
from ocs.adapters.store.index import Index
from ocs.model.found import Found, Passage, SearchResult
from ocs.rules.search.passages import MARK_END, MARK_START, best_passage, passage, remedy
from ocs.rules.search.scoring import Score

# The id stands among the tags, the product in the environment: the title and the line below
# tell both.
_ASIDE = ("tags", "environment")


def result(index: Index, number: int, score: Score, wanted: Criteria) -> SearchResult:
    """The record with this number, and the passages with most of what is *wanted*."""
    record = index.numbered(number)
    marked = index.text.marked(number, wanted, (MARK_START, MARK_END))
    title = passage(" ".join(marked.pop("title").split()) or record.title)
    passages = {
        where: best for where, text in marked.items() if (best := best_passage(text)).pieces
    }
    where = max(
        passages,
        key=lambda name: (name not in _ASIDE, len(passages[name].words)),
        default="title",
    )
    shown = passages.get(where, Passage(()))
    helps = Passage(())
    if record.kind == "problem":
        # A word of the title tells nothing more.
        helps = remedy(marked["resolution"], title.words)
    elif where != "title":
        where = _field_of(shown, record)
        passages = {where: shown}
    return SearchResult(
        record, score.total, title, shown, where, passages, helps, score._asdict()
    )


def _field_of(shown: Passage, record: Found) -> str:
    """The field that a passage is from."""
    from ocs.rules.search.searchable import texts_of

    text = shown.text.strip("… ")
    for name, value in (record.tree or {}).items():
        if text in " ".join(" ".join(texts_of(value)).split()):
            return name
    return ""
