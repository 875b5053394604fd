"""What a schema marks is found in a tree, and nothing beside it."""

from __future__ import annotations

from typing import Any

import pytest

from ocs.model.record import Tree
from ocs.rules.records.annotations import Mark, Marked, Marks

MARK: Mark = lambda node: node.get("mark")  # noqa: E731
ID = {"mark": "id"}


@pytest.mark.parametrize(
    ("schema", "tree", "found"),
    [
        (ID, "x", [Marked((), "x", "id")]),
        (
            {"properties": {"a": ID, "b": {}}},
            {"a": "x", "b": "y"},
            [Marked(("a",), "x", "id")],
        ),
        ({"properties": {"a": ID}}, {"b": "y"}, []),
        ({"properties": {"a": ID}}, "x", []),
        ({"items": ID}, ["x", "y"], [Marked((0,), "x", "id"), Marked((1,), "y", "id")]),
        ({"items": ID}, "xy", []),
        ({"additionalProperties": ID}, {"a": "x"}, [Marked(("a",), "x", "id")]),
        ({"additionalProperties": False}, {"a": "x"}, []),
        ({"propertyNames": ID}, {"a": "x"}, [Marked(("a",), "a", "id", True)]),
        ({"propertyNames": ID}, ["a"], []),
        ({"propertyNames": {}}, {"a": "x"}, []),
        (
            {"propertyNames": {"mark": "key"}, "properties": {"a": ID}},
            {"a": "x"},
            [Marked(("a",), "a", "key", True), Marked(("a",), "x", "id")],
        ),
        (
            {"mark": "whole", "properties": {"a": {"items": ID}}},
            {"a": ["x"]},
            [Marked((), {"a": ["x"]}, "whole"), Marked(("a", 0), "x", "id")],
        ),
    ],
)
def test_a_marked_value_is_found_with_the_steps_to_it(
    schema: dict[str, Any], tree: Tree, found: list[Marked]
) -> None:
    assert Marks(schema, MARK).of(tree) == found


@pytest.mark.parametrize(
    ("schema", "is_empty"),
    [
        ({}, True),
        ({"properties": {"a": {}}, "items": {}, "propertyNames": {}}, True),
        ({"additionalProperties": False, "propertyNames": False}, True),
        (ID, False),
        ({"properties": {"a": ID}}, False),
        ({"items": ID}, False),
        ({"additionalProperties": ID}, False),
        ({"propertyNames": ID}, False),
        ({"properties": {"a": {"items": {"propertyNames": ID}}}}, False),
    ],
)
def test_a_branch_without_any_mark_is_empty(schema: dict[str, Any], is_empty: bool) -> None:
    assert Marks(schema, MARK).is_empty is is_empty
