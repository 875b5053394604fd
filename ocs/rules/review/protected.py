"""Which fields of a record change by whose agreement: its schema marks each with `x-agree`.

The mark names a kind of change, for which policy.py says who must agree; `nobody` means that
everybody may change the field. A mark holds for all within the field that has none of its own.
What has no mark at all is of the kind that diff.py has for the record.

The order of a list counts only if its schema says so (`x-ordered`). Spaces and line breaks in
a text do not count.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping

from ocs.model.record import Tree
from ocs.rules.records.annotations import Schema
from ocs.rules.records.schema import Shape

NOBODY = "nobody"
# Whether a value with this mark is wanted; None is no mark.
Wanted = Callable[[str | None], bool]


def facts(tree: Mapping[str, Tree], shape: Shape) -> Mapping[str, Tree]:
    """The fields that take agreement, in a form in which equal ones are equal."""
    return marked(tree, shape, lambda mark: mark != NOBODY)


def plain(tree: Mapping[str, Tree], shape: Shape) -> Mapping[str, Tree]:
    """All fields of a record, in a form in which equal ones are equal."""
    return marked(tree, shape, lambda mark: True)


def marked(tree: Mapping[str, Tree], shape: Shape, wanted: Wanted) -> Mapping[str, Tree]:
    """The fields with wanted marks, and of each what has such marks."""
    return dict(_fields(tree, shape.schema, None, wanted))


def marks_of(node: Schema, inherited: str | None = None) -> Iterator[str | None]:
    """Every mark that a value may have within a field."""
    mark = node.get("x-agree", inherited)
    inner = [*node.get("properties", {}).values(), node.get("items")]
    inner.append(node.get("additionalProperties"))
    branches = [branch for branch in inner if isinstance(branch, dict)]
    yield mark
    for branch in branches:
        yield from marks_of(branch, mark)


def _fields(
    tree: Mapping[str, Tree], node: Schema, inherited: str | None, wanted: Wanted
) -> Iterator[tuple[str, Tree]]:
    others = node.get("additionalProperties")
    for name, value in tree.items():
        inner = node.get("properties", {}).get(
            name, others if isinstance(others, dict) else {}
        )
        mark = inner.get("x-agree", inherited)
        if isinstance(value, Mapping | list) and value:
            reduced = _normal(value, inner, mark, wanted)
            if reduced:
                yield name, reduced
        elif wanted(mark):
            yield name, _normal(value, inner, mark, wanted)


def _normal(value: Tree, node: Schema, mark: str | None, wanted: Wanted) -> Tree:
    if isinstance(value, Mapping):
        return dict(_fields(value, node, mark, wanted))
    if isinstance(value, list):
        below = node.get("items", {})
        own = below.get("x-agree", mark)
        items = [
            _normal(item, below, own, wanted)
            for item in value
            if isinstance(item, Mapping | list) or wanted(own)
        ]
        items = [item for item in items if item not in ({}, [])]
        return items if node.get("x-ordered") else sorted(items, key=_order)
    return " ".join(value.split()) if isinstance(value, str) else value


def _order(value: Tree) -> str:
    return json.dumps(value, sort_keys=True)
