"""The texts of a record that can be searched."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from ocs.model.kinds import Kind
from ocs.model.tree import Tree


class Searchable(NamedTuple):
    """The text of a record, in columns whose words have different weights."""

    title: str
    symptoms: str
    errors: str
    environment: str
    cause: str
    resolution: str
    tags: str


def searchable(kind: Kind, id: str, tree: Mapping[str, Tree]) -> Searchable:
    """The texts of a record, also of fields that do not fit the schema."""
    fields = {name: list(texts_of(value)) for name, value in tree.items()}
    title = fields.pop(kind.title, [])
    if kind.name != "problem":
        rest = [text for texts in fields.values() for text in texts]
        # In skills and languages people look for the names rather than the values.
        names = [name for value in tree.values() if _is_table(value) for name in value]
        return Searchable(
            _join(title), _join([*rest, *names]), "", "", "", "", id.replace("-", " ")
        )
    symptoms = fields.pop("symptoms", [])
    messages = _messages(tree.get("symptoms"))
    return Searchable(
        title=_join(title),
        symptoms=_join(text for text in symptoms if text not in messages),
        errors=_join(messages),
        environment=_join(_take(fields, "environment", "product", "versions")),
        cause=_join(_take(fields, "cause")),
        resolution=_join(_take(fields, "resolution", "verification", "workaround", "undo")),
        tags=_join([*_take(fields, "tags"), id.replace("-", " ")]),
    )


def texts_of(value: Tree) -> Iterator[str]:
    """Every text in a value, however deep."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from texts_of(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from texts_of(inner)


def _is_table(value: Tree) -> bool:
    return isinstance(value, Mapping) and all(isinstance(text, str) for text in value.values())


def _join(texts: Iterable[str]) -> str:
    return "\n\n".join(texts)


def _messages(symptoms: Tree) -> list[str]:
    items = symptoms if isinstance(symptoms, list) else []
    return [
        item["says"]
        for item in items
        if isinstance(item, Mapping) and isinstance(item.get("says"), str)
    ]


def _take(fields: dict[str, list[str]], *names: str) -> Iterator[str]:
    for name in names:
        yield from fields.get(name, [])
