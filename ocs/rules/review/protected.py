"""The protected fields of a record: all that its schema does not mark as free (`x-free`).

The order of a list counts only if its schema says so (`x-ordered`). Spaces and line breaks in
a text do not count.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from ocs.model.record import Tree
from ocs.rules.records.annotations import Schema
from ocs.rules.records.schema import Shape


def facts(tree: Mapping[str, Tree], shape: Shape) -> Mapping[str, Tree]:
    """The protected fields of a record, in a form in which equal ones are equal."""
    return dict(_fields(tree, shape.schema, with_free=False))


def plain(tree: Mapping[str, Tree], shape: Shape) -> Mapping[str, Tree]:
    """All fields of a record, in a form in which equal ones are equal."""
    return dict(_fields(tree, shape.schema, with_free=True))


def _fields(
    tree: Mapping[str, Tree], node: Schema, *, with_free: bool
) -> Iterator[tuple[str, Tree]]:
    others = node.get("additionalProperties")
    for name, value in tree.items():
        inner = node.get("properties", {}).get(
            name, others if isinstance(others, dict) else {}
        )
        if with_free or not inner.get("x-free"):
            yield name, _normal(value, inner, with_free=with_free)


def _normal(value: Tree, node: Schema, *, with_free: bool) -> Tree:
    if isinstance(value, Mapping):
        return dict(_fields(value, node, with_free=with_free))
    if isinstance(value, list):
        items = [_normal(item, node.get("items", {}), with_free=with_free) for item in value]
        return items if node.get("x-ordered") else sorted(items, key=_order)
    return " ".join(value.split()) if isinstance(value, str) else value


def _order(value: Tree) -> str:
    return json.dumps(value, sort_keys=True)
