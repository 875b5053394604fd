"""The values of a record that its schema marks, with the steps to each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

from ocs.model.record import Steps, Tree

Schema = Mapping[str, Any]
# What a schema says of the values that it is for; None where it says nothing.
Mark = Callable[[Schema], Any]


class Marked(NamedTuple):
    """A marked value, or a key of a mapping that is marked."""

    steps: Steps
    value: Tree
    mark: Any
    of_key: bool = False


class Marks:
    """Where marked values stand in the trees that *schema* is for: this branch of it, and
    those below.

    A mapping whose keys are marked, or all its values, may have fields with marks of their own
    besides.
    """

    __slots__ = ("_each", "_fields", "_own", "_own_keys")

    def __init__(self, schema: Schema, mark: Mark) -> None:
        self._own = mark(schema)
        inner = {
            name: Marks(node, mark) for name, node in schema.get("properties", {}).items()
        }
        self._fields = {name: marks for name, marks in inner.items() if not marks.is_empty}
        each = [
            Marks(schema[key], mark)
            for key in ("items", "additionalProperties")
            if _is_in(schema, key)
        ]
        self._each = [marks for marks in each if not marks.is_empty]
        self._own_keys = (
            mark(schema["propertyNames"]) if _is_in(schema, "propertyNames") else None
        )

    @property
    def is_empty(self) -> bool:
        return (
            self._own is None and self._own_keys is None and not (self._fields or self._each)
        )

    def of(self, tree: Tree) -> list[Marked]:
        """The marked values of a tree, which need not fit the schema."""
        found: list[Marked] = []
        self._collect(tree, (), found)
        return found

    def _collect(self, tree: Tree, steps: Steps, found: list[Marked]) -> None:
        if self._own is not None:
            found.append(Marked(steps, tree, self._own))
        if isinstance(tree, dict):
            if self._own_keys is not None:
                found += [
                    Marked((*steps, key), key, self._own_keys, of_key=True) for key in tree
                ]
            for key, marks in self._fields.items():
                if key in tree:
                    marks._collect(tree[key], (*steps, key), found)
            items: Iterable[tuple[Any, Tree]] = tree.items()
        else:
            items = list(enumerate(tree)) if isinstance(tree, list) else ()
        for marks in self._each:
            for key, value in items:
                marks._collect(value, (*steps, key), found)


def _is_in(schema: Schema, key: str) -> bool:
    return isinstance(schema.get(key), dict)
