"""All records of a kind, or those whose fields have certain values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ocs.adapters.index import Index
from ocs.errors import OcsError
from ocs.model.found import Listed
from ocs.model.kinds import Kind
from ocs.model.record import Tree
from ocs.rules.nearest import did_you_mean, one_of
from ocs.rules.schema import Schemas


def list_records(index: Index, kind: Kind, where: Sequence[str], schemas: Schemas) -> Listed:
    """The records of *kind* that fit every condition `field=value` in *where*.

    A list fits when one of its items does, a mapping when one of its keys does; `field=` fits where the
    field is missing. Raises OcsError for a condition that is none, or a field that the kind has not.
    """
    conditions = [_condition(text, kind, schemas) for text in where]
    fitting = (
        record
        for record in index.all(kind.name)
        if all(_fits(record.field(field), value) for field, value in conditions)
    )
    return Listed(kind.name, tuple(fitting))


def _condition(text: str, kind: Kind, schemas: Schemas) -> tuple[str, str]:
    field, equals, value = text.partition("=")
    if not equals:
        raise OcsError(f"'{text}' is no condition", "write for example --where status=active")
    fields = list(schemas.of(kind).schema["properties"])
    if field not in fields:
        hint = did_you_mean(field, fields) or f"it has {one_of(fields, most=20)}"
        raise OcsError(f"a record in {kind.folder or 'ocs.yaml'} has no field '{field}'", hint)
    return field, value.casefold()


def _fits(found: Tree, value: str) -> bool:
    if found is None:
        return not value
    items = list(found) if isinstance(found, list | Mapping) else [found]
    return any(not isinstance(item, Mapping | list) and str(item).casefold() == value for item in items)
