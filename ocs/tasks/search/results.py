"""A record that was found, with the passages that show why."""

from __future__ import annotations

from collections.abc import Mapping

from ocs.adapters.store.index import Index, Wanted
from ocs.model.found import Found, Passage, Result
from ocs.rules.search.passages import MARK_END, MARK_START, best_passage, passage, remedy
from ocs.rules.search.ranking import Score

# The id stands among the tags, the product in the environment: the title and the line below
# tell both.
_ASIDE = ("tags", "environment")


def result(
    index: Index, number: int, score: Score, wanted: Wanted, weights: Mapping[str, float]
) -> Result:
    """The record with this number, with the passages in which most of what was *wanted*
    stands.
    """
    record = index.numbered(number)
    marked = index.text.marked(number, wanted, (MARK_START, MARK_END))
    title = passage(" ".join(marked.pop("title").split()) or record.title)
    passages = {
        where: found for where, text in marked.items() if (found := best_passage(text)).pieces
    }
    where = max(
        passages,
        key=lambda name: (name not in _ASIDE, len(passages[name].words)),
        default="title",
    )
    shown = passages.get(where, Passage(()))
    if record.kind != "problem" and where != "title":
        where = _field_of(shown, record)
        passages = {where: shown}
    helps = _remedy(record, marked, title)
    return Result(record, score.total, title, shown, where, passages, helps, score._asdict())


def _remedy(record: Found, marked: Mapping[str, str], title: Passage) -> Passage:
    """The line of a problem's resolution that helps most; a word of the title tells nothing
    more.
    """
    return (
        remedy(marked["resolution"], title.words) if record.kind == "problem" else Passage(())
    )


def _field_of(found: Passage, record: Found) -> str:
    """The field that a passage is from."""
    from ocs.rules.search.searchable import texts_of

    text = found.text.strip("… ")
    fields = (record.tree or {}).items()
    return next(
        (
            name
            for name, value in fields
            if text in " ".join(" ".join(texts_of(value)).split())
        ),
        "",
    )
