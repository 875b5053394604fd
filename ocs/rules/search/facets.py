"""What of a record can be asked for with a filter, such as `state:verified`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ocs.model.kinds import Kind
from ocs.model.record import Tree
from ocs.rules.search.query import facet_value

# More values of one record are not kept, and none that is longer.
_MOST_FACETS = 200
_LONGEST = 200


def facets_of(kind: Kind, tree: Mapping[str, Tree]) -> list[tuple[str, str]]:
    """Pairs of a filter's name and a value that this record has for it. Reads any fields."""
    facets = dict.fromkeys(
        (name, facet_value(str(value))) for name, value in _facets(kind, tree)
    )
    short = [(name, value) for name, value in facets if 0 < len(value) <= _LONGEST]
    return short[:_MOST_FACETS]


def _facets(kind: Kind, tree: Mapping[str, Tree]) -> Iterator[tuple[str, Tree]]:
    is_problem = kind.name == "problem"
    yield "state", tree.get("state", "draft") if is_problem else tree.get("status", "")
    for product in (tree, *_tables(tree.get("systems"))):
        if isinstance(product.get("product"), str):
            yield "product", product["product"]
    tags = tree.get("tags")
    for tag in tags if isinstance(tags, list) else ():
        if isinstance(tag, str):
            yield "tag", tag
    languages = tree.get("languages")
    for language in languages if isinstance(languages, list | dict) else ():
        yield "lang", language
    for symptom in _tables(tree.get("symptoms")):
        yield "lang", symptom.get("language", "")
    days = [
        tree.get("solved_on"),
        *(seen.get("date") for seen in _tables(tree.get("seen_working"))),
    ]
    yield "since", max((day for day in days if isinstance(day, str)), default="")


def _tables(value: Tree) -> list[Mapping[str, Tree]]:
    items = value if isinstance(value, list) else []
    return [item for item in items if isinstance(item, Mapping)]
