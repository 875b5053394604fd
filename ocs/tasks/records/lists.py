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

    A list or mapping fits when anything in it does; `field=` fits where the field is missing.
    A field that is missing has the default that its schema gives. Raises OcsError for a
    condition that is none, a field that the kind has not, or a value that the field cannot
    have.
    """
    fields = schemas.of(kind).schema["properties"]
    conditions = [_condition(text, kind, fields) for text in where]
    listed = [_with_defaults(record, fields) for record in index.all(kind.name)]
    fitting = (
        record
        for record in listed
        if all(_fits(record.field(field), value) for field, value in conditions)
    )
    return Listed(kind.name, tuple(fitting), index.unreadable([kind.name]))


def _with_defaults(record: Found, fields: Mapping[str, Any]) -> Found:
    if record.tree is None:
        return record
    defaults = {name: node["default"] for name, node in fields.items() if "default" in node}
    return record._replace(
        tree={**record.tree, **{k: v for k, v in defaults.items() if k not in record.tree}}
    )


def _condition(text: str, kind: Kind, fields: Mapping[str, Any]) -> tuple[str, str]:
    field, equals, value = text.partition("=")
    if not equals:
        raise OcsError(f"'{text}' is no condition", "write for example --where status=active")
    if field not in fields:
        hint = did_you_mean(field, fields) or f"it has {one_of(fields, most=20)}"
        raise OcsError(f"a record in {kind.folder or 'ocs.yaml'} has no field '{field}'", hint)
    possible = fields[field].get("enum")
    if possible and value and value.lower() not in possible:
        hint = did_you_mean(value, possible) or f"it can be {one_of(possible)}"
        raise OcsError(f"'{field}' cannot be '{value}'", hint)
    return field, value.lower()


def _fits(found: Tree, value: str) -> bool:
    if found is None:
        return not value
    if isinstance(found, Mapping):
        return any(_fits(inner, value) or key.lower() == value for key, inner in found.items())
    if isinstance(found, list):
        return any(_fits(inner, value) for inner in found)
    return str(found).lower() == value
