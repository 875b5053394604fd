"""Reading a registry whole: every file that holds a record, checked against its schema.

A file that cannot be read or does not fit gives findings and never hides those of the others.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ocs.adapters.files import Entry, Files
from ocs.adapters.yamlfile import MOST_BYTES, parse
from ocs.errors import UnreadableError
from ocs.model.finding import Finding, Place
from ocs.model.kinds import KINDS, RECORD_FOLDERS, Kind
from ocs.model.record import Tree, build
from ocs.model.registry import Document, Registry
from ocs.rules.check import failed
from ocs.rules.records.filechecks import MISPLACED_FILE, UNREADABLE_FILE, UNREADABLE_YAML
from ocs.rules.records.naming import Misplaced, identify
from ocs.rules.records.references import mentions
from ocs.rules.records.schema import Schemas

Counted = Callable[[Any, str], Iterable[Any]]
_WHY = {
    "link": "it is a symbolic link, and ocs follows no links",
    "other": "it is not a plain file",
    "unlisted": "cannot list this folder",
    "folder": "it should be a file, not a folder",
    "file": "it should be a folder, not a file",
}


@dataclass(slots=True)
class Loaded:
    """A registry, and what was found while reading it."""

    registry: Registry
    findings: list[Finding] = field(default_factory=list)


def load(
    files: Files,
    schemas: Schemas,
    counted: Counted = lambda items, what: items,
    folders: Collection[str] = RECORD_FOLDERS,
) -> Loaded:
    """Every record of the registry, or of some folders. *counted* shows the progress."""
    findings: list[Finding] = []
    documents: list[Document] = []
    present: dict[str, set[str]] = {kind.name: set() for kind in KINDS}
    for entry in counted(sorted(files.records(folders)), "reading file"):
        kind, id, faults = placed(entry)
        findings += faults
        if kind is None:
            continue
        present[kind.name].add(id)
        try:
            data = files.read(entry.path, MOST_BYTES)
        except UnreadableError as error:
            findings.append(unreadable(entry.path, error.message))
            continue
        document, faults = read(entry.path, kind, id, data, schemas)
        findings += faults
        if document is not None:
            documents.append(document)
    return Loaded(Registry(tuple(documents), frozen(present)), findings)


def frozen(present: Mapping[str, Iterable[str]]) -> Mapping[str, frozenset[str]]:
    return {name: frozenset(ids) for name, ids in present.items()}


def placed(entry: Entry) -> tuple[Kind | None, str, Sequence[Finding]]:
    """The kind and id of what lies in a folder of records, or why it is no record."""
    if entry.what != "file" or entry.path in RECORD_FOLDERS:
        return None, "", [unreadable(entry.path, _WHY[entry.what])]
    try:
        return *identify(entry.path), []
    except Misplaced as error:
        return None, "", [misplaced(entry.path, error)]


def read(
    path: str, kind: Kind, id: str, data: bytes, schemas: Schemas
) -> tuple[Document | None, Sequence[Finding]]:
    """The record in a file's bytes, and what is wrong with it by itself."""
    try:
        return _read(path, kind, id, data, schemas)
    except Exception as error:  # noqa: BLE001  one file never hides what is found in others
        return None, [failed("reading the record", error, path)]


def _read(
    path: str, kind: Kind, id: str, data: bytes, schemas: Schemas
) -> tuple[Document | None, Sequence[Finding]]:
    parsed = parse(data)
    if parsed.tree is None:
        return None, [
            UNREADABLE_YAML.finding(
                fault.message, Place(path, span=fault.span), hint=fault.hint
            )
            for fault in parsed.faults
        ]
    shape = schemas.of(kind)
    shape.convert(parsed.tree)
    faults = list(shape.check(path, parsed.tree))
    fits = not faults
    return document(path, kind, id, parsed.tree, schemas, fits=fits, data=data), faults


def document(
    path: str,
    kind: Kind,
    id: str,
    tree: Tree,
    schemas: Schemas,
    *,
    fits: bool,
    data: bytes = b"",
) -> Document:
    """The record with these fields; `fits` says that they fit the schema."""
    shape = schemas.of(kind)
    references = tuple(mentions(kind, id, tree, shape))
    if not fits:
        return Document(kind, id, path, tree, references=references, data=data)
    record = build(kind.record_type(), id, tree)
    past_dates = tuple(shape.past_dates(tree))
    return Document(kind, id, path, tree, record, references, past_dates, data=data)


def unreadable(path: str, why: str) -> Finding:
    return UNREADABLE_FILE.finding(
        why, Place(path), hint="put a plain file with the record in its place"
    )


def misplaced(path: str, error: Misplaced) -> Finding:
    return MISPLACED_FILE.finding(error.message, Place(path), hint=error.hint)
