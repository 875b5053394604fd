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
    """Where marked values stand in the trees of a schema, or of a branch of one.

    A mapping whose keys or values are all marked may also have fields with marks of their own.
    """

    __slots__ = ("_fields", "_items", "_keys", "_own")

    def __init__(self, schema: Schema, mark: Mark) -> None:
        self._own = mark(schema)
        inner = {
            name: Marks(node, mark) for name, node in schema.get("properties", {}).items()
        }
        self._fields = {name: marks for name, marks in inner.items() if not marks.is_empty}
        nodes = (schema.get(key) for key in ("items", "additionalProperties"))
        branches = [Marks(node, mark) for node in nodes if isinstance(node, dict)]
        self._items = [marks for marks in branches if not marks.is_empty]
        keys = schema.get("propertyNames")
        self._keys = mark(keys) if isinstance(keys, dict) else None

    @property
    def is_empty(self) -> bool:
        has_own = self._own is not None or self._keys is not None
        return not (has_own or self._fields or self._items)

    def of(self, tree: Tree) -> list[Marked]:
        """The marked values of a tree, which need not fit the schema."""
        found: list[Marked] = []
        self._collect(tree, (), found)
        return found

    def _collect(self, tree: Tree, steps: Steps, found: list[Marked]) -> None:
        if self._own is not None:
            found.append(Marked(steps, tree, self._own))
        if isinstance(tree, dict):
            if self._keys is not None:
                found += [Marked((*steps, key), key, self._keys, of_key=True) for key in tree]
            for key, marks in self._fields.items():
                if key in tree:
                    marks._collect(tree[key], (*steps, key), found)
            items: Iterable[tuple[Any, Tree]] = tree.items()
        else:
            items = list(enumerate(tree)) if isinstance(tree, list) else ()
        for marks in self._items:
            for key, value in items:
                marks._collect(value, (*steps, key), found)
