"""All records of a kind, or those whose fields have certain values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ocs.adapters.store.index import Index
from ocs.errors import OcsError
from ocs.model.found import Found, Listed
from ocs.model.kinds import Kind
from ocs.model.record import Tree
from ocs.rules.nearest import did_you_mean, one_of
from ocs.rules.records.schema import Schemas


def list_records(index: Index, kind: Kind, where: Sequence[str], schemas: Schemas) -> Listed:
    """The records of *kind* that fit every condition `field=value` in *where*.

    A list or mapping fits if anything in it does; `field=` fits if the field is missing. A
    missing field has its schema's default. Raises OcsError for a condition without `=`, an
    unknown field, or a value that the field cannot have.
    """
    fields = schemas.of(kind).schema["properties"]
    conditions = [_condition(text, kind, fields) for text in where]
    records = [_with_defaults(record, fields) for record in index.all(kind.name)]
    fitting = (
        record
        for record in records
        if all(_fits(record.field(field), value) for field, value in conditions)
    )
    return Listed(kind.name, tuple(fitting), index.unreadable([kind.name]))


def _with_defaults(record: Found, fields: Mapping[str, Any]) -> Found:
    if record.tree is None:
        return record
    tree = dict(record.tree)
    for name, node in fields.items():
        if "default" in node:
            tree.setdefault(name, node["default"])
    return record._replace(tree=tree)


def _condition(text: str, kind: Kind, fields: Mapping[str, Any]) -> tuple[str, str]:
    field, equals, value = text.partition("=")
    if not equals:
        raise OcsError(
            f"'{text}' is not a condition", "write for example --where status=active"
        )
    if field not in fields:
        hint = did_you_mean(field, fields) or f"the fields are {one_of(fields, most=20)}"
        raise OcsError(
            f"no record in {kind.folder or 'ocs.yaml'} can have a field '{field}'", hint
        )
    possible = fields[field].get("enum")
    if possible and value and value.lower() not in possible:
        hint = did_you_mean(value, possible) or f"it can be {one_of(possible)}"
        raise OcsError(f"'{field}' cannot be '{value}'", hint)
    return field, value.lower()


def _fits(tree: Tree, value: str) -> bool:
    if tree is None:
        return not value
    if isinstance(tree, Mapping):
        return any(_fits(inner, value) or key.lower() == value for key, inner in tree.items())
    if isinstance(tree, list):
        return any(_fits(inner, value) for inner in tree)
    return str(tree).lower() == value
