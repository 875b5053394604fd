"""Exporting the registry as another project's file."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from ocs.adapters import foreign, replacing
from ocs.adapters.files import Files
from ocs.adapters.yamlfile.composing import text_of
from ocs.errors import InvalidRecordError, OcsError
from ocs.importers.table import EXPORTERS, IMPORTERS
from ocs.model.change import Replacement
from ocs.model.foreign import alike
from ocs.model.plan import ExportPlan
from ocs.rules.records.schema import Schemas
from ocs.tasks.registry.load import load

FORMATS = tuple(EXPORTERS)


def plan(format: str, path: Path, files: Files, schemas: Schemas, today: date) -> ExportPlan:
    """The registry as a file of that format.

    Raises OcsError if another file is at *path*, or a community or person breaks its schema.
    """
    registry = load(files, schemas).registry
    for kind in ("person", "community"):
        for document in registry.by_kind[kind].values():
            if document.record is None:
                raise InvalidRecordError(document.file)
    exported = EXPORTERS[format](registry, today)
    data = text_of(exported.tree, {}).encode()
    replacement = Replacement(path.name, data, _before(format, path))
    return ExportPlan(
        path.parent.resolve(),
        (replacement,),
        communities=exported.communities,
        people=exported.people,
        report=alike(exported.notes),
    )


def _before(format: str, path: Path) -> bytes | None:
    """The file that is replaced. Raises OcsError if it is not of that format."""
    before = replacing.present(path)
    if before is not None:
        try:
            IMPORTERS[format](foreign.parse(before, str(path)).tree)
        except OcsError as error:
            raise OcsError(
                f"{path} already exists and is not a {format} file", "name another file"
            ) from error
    return before
