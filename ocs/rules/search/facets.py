"""The values of a record that filters such as `state:verified` compare."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ocs.model.kinds import Kind
from ocs.model.record import Tree
from ocs.rules.search.query import facet_value

_MOST_FACETS = 200
_LONGEST_VALUE = 200


def facets_of(kind: Kind, tree: Mapping[str, Tree]) -> list[tuple[str, str]]:
    """Pairs of a filter's name and a value that this record has for it, valid or not."""
    facets = dict.fromkeys(
        (name, facet_value(str(value))) for name, value in _facets(kind, tree)
    )
    short = [(name, value) for name, value in facets if 0 < len(value) <= _LONGEST_VALUE]
    return short[:_MOST_FACETS]


def _facets(kind: Kind, tree: Mapping[str, Tree]) -> Iterator[tuple[str, Tree]]:
    is_problem = kind.name == "problem"
    yield "state", tree.get("state", "draft") if is_problem else tree.get("status", "")
    for table in (tree, *_tables(tree.get("systems"))):
        if isinstance(table.get("product"), str):
            yield "product", table["product"]
    tags = tree.get("tags")
    for tag in tags if isinstance(tags, list) else ():
        if isinstance(tag, str):
            yield "tag", tag
    languages = tree.get("languages")
    for language in languages if isinstance(languages, list | dict) else ():
        yield "lang", language
    for symptom in _tables(tree.get("symptoms")):
        yield "lang", symptom.get("language", "")
    seen_working = _tables(tree.get("seen_working"))
    days = [tree.get("solved_on"), *(sighting.get("date") for sighting in seen_working)]
    yield "since", max((day for day in days if isinstance(day, str)), default="")


def _tables(value: Tree) -> list[Mapping[str, Tree]]:
    items = value if isinstance(value, list) else []
    return [item for item in items if isinstance(item, Mapping)]
