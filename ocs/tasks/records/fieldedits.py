"""Changing records: a plan, which is checked before it can be carried out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from ocs.adapters.files import Files
from ocs.adapters.overlay import Overlay
from ocs.adapters.yamlfile import MOST_BYTES
from ocs.adapters.yamlfile.composing import text_of
from ocs.adapters.yamlfile.editing import edited
from ocs.errors import InvalidRecordError, RecordNotFoundError
from ocs.model.change import Change
from ocs.model.edit import Edit, applied
from ocs.model.finding import Finding, Severity, sort_key
from ocs.model.kinds import Kind
from ocs.model.plan import EditPlan
from ocs.model.registry import Document, Registry
from ocs.rules.check import may_hide
from ocs.rules.nearest import did_you_mean, listed
from ocs.rules.records.schema import Schemas
from ocs.tasks.records.new import schema_line
from ocs.tasks.registry.certificates import with_certificates
from ocs.tasks.registry.ciphertexts import CODES as OF_SECRETS


def find(registry: Registry, kind: Kind, name: str) -> Document:
    """The record called *name*: `problems/x` or `x`, also by an id that it had before.

    Raises RecordNotFoundError if there is none, InvalidRecordError if it breaks its schema.
    """
    id = name.removeprefix(f"{kind.folder}/").removesuffix(".yaml")
    id = registry.now_called(kind.name, id)
    document = registry.by_kind[kind.name].get(id)
    if id not in registry.ids(kind.name):
        claimants = registry.claimants(kind.name, id)
        if len(claimants) > 1:
            raise RecordNotFoundError(
                f"'{id}' was the id of {listed(claimants, 'and')}", "name one of them"
            )
        hint = did_you_mean(id, registry.ids(kind.name)) or f"see `ocs list {kind.folder}`"
        raise RecordNotFoundError(f"no {kind.name} has the id '{id}'", hint)
    if document is None or document.record is None:
        raise InvalidRecordError(kind.file(id))
    return document


def plan(
    edits: Mapping[str, Sequence[Edit]],
    registry: Registry,
    files: Files,
    schemas: Schemas,
    today: date,
    moved: Mapping[str, str] | None = None,
) -> EditPlan:
    """What the *edits* of each file do; *moved* gives the new paths of files.

    The edits were made by the *registry*, which was read from the files. Raises EditError if a
    value cannot be changed by itself.
    """
    moved = moved or {}
    documents = {document.file: document for document in registry}
    changes = tuple(
        _change(documents[file], edits[file], moved.get(file, file), schemas)
        for file in sorted(edits)
    )
    return _checked(changes, registry, files, schemas, today, moved)


def plan_of(
    kind: Kind,
    id: str,
    edits: Sequence[Edit],
    registry: Registry,
    files: Files,
    schemas: Schemas,
    today: date,
) -> EditPlan:
    """As `plan`, for one record; the edits make a new one if there is none."""
    file = kind.file(id)
    if id in registry.by_kind[kind.name]:
        return plan({file: edits}, registry, files, schemas, today)
    ocs = registry.by_kind["ocs"].get("ocs")
    line = schema_line(kind, ocs.data if ocs else files.read("ocs.yaml", MOST_BYTES))
    text = text_of(applied({}, edits), schemas.of(kind).schema, schema_line=line)
    changes = (Change(file, b"", text.encode()),)
    return _checked(changes, registry, files, schemas, today, {})


def _checked(
    changes: tuple[Change, ...],
    registry: Registry,
    files: Files,
    schemas: Schemas,
    today: date,
    moved: Mapping[str, str],
) -> EditPlan:
    """The plan of these changes, with the errors that they would add to the registry."""
    # Loading it takes 35 ms, and a plan that changes no record does without.
    from ocs.tasks.registry.validate import Report, located, validate

    if registry.certificates is None:
        registry, _ = with_certificates(registry, files, None)
    contents = {file.path: file.data for change in changes for file in change.replacements}
    overlaid = Overlay(files, contents)

    def report(files: Files, registry: Registry) -> Report:
        # Ciphertexts come after the records that say who reads them.
        return validate(
            files, schemas, today, skip=OF_SECRETS, read_before=registry, only_records=True
        )

    after = report(overlaid, registry.without(contents))
    worse: list[Finding] = []
    if after.count(Severity.ERROR):
        before = report(files, registry)
        known = {_without_line(finding, moved) for finding in before.findings}
        worse = [
            finding
            for finding in after.findings
            if finding.severity is Severity.ERROR
            and (_without_line(finding, moved) not in known or may_hide(finding, contents))
        ]
    findings = sorted(located(worse, overlaid), key=sort_key)
    return EditPlan(changes, findings=tuple(findings), records=after.records)


def _change(document: Document, edits: Sequence[Edit], to: str, schemas: Schemas) -> Change:
    """What the edits make of a record; it is written only where it is as it was read."""
    file = document.file
    after = edited(document.data, edits, schemas.of(document.kind).schema, file)
    return Change(to, document.data, after, file if to != file else None)


def _without_line(finding: Finding, moved: Mapping[str, str]) -> object:
    """A finding, with files under the paths that they move to."""
    files = frozenset(moved.get(place.file, place.file) for place in finding.places)
    return finding.code, finding.message, files
