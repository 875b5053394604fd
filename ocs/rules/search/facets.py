"""What of a record can be asked for with a filter, such as `state:verified`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ocs.model.kinds import Kind
from ocs.model.record import Tree

# More values of one record are not kept, and none that is longer.
_MOST_FACTS = 200
_LONGEST = 200


def facts_of(kind: Kind, tree: Mapping[str, Tree]) -> list[tuple[str, str]]:
    """Pairs of a filter's name and a value that this record has for it. Reads any fields."""
    facts = (
        (name, " ".join(str(value).casefold().split())) for name, value in _facts(kind, tree)
    )
    return [
        (name, value) for name, value in dict.fromkeys(facts) if 0 < len(value) <= _LONGEST
    ][:_MOST_FACTS]


def _facts(kind: Kind, tree: Mapping[str, Tree]) -> Iterator[tuple[str, Tree]]:
    is_problem = kind.name == "problem"
    yield "state", tree.get("state", "draft") if is_problem else tree.get("status", "")
    products = [tree, *_tables(tree.get("systems"))]
    yield from (
        ("product", each["product"])
        for each in products
        if isinstance(each.get("product"), str)
    )
    tags = tree.get("tags")
    yield from (
        ("tag", tag)
        for tag in (tags if isinstance(tags, list) else [])
        if isinstance(tag, str)
    )
    languages = tree.get("languages")
    yield from (
        ("lang", language)
        for language in (languages if isinstance(languages, list | dict) else [])
    )
    yield from (
        ("lang", symptom.get("language", "")) for symptom in _tables(tree.get("symptoms"))
    )
    days = [
        tree.get("solved_on"),
        *(seen.get("date") for seen in _tables(tree.get("seen_working"))),
    ]
    yield "since", max((day for day in days if isinstance(day, str)), default="")


def _tables(value: Tree) -> list[Mapping[str, Tree]]:
    return (
        [each for each in value if isinstance(each, Mapping)]
        if isinstance(value, list)
        else []
    )
