"""Reading a registry whole: every file that holds a record, checked against its schema.

A file that cannot be read or does not fit gives findings and never hides those of the others.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from ocs.adapters.files import Entry, Files
from ocs.adapters.yamlfile import MOST_BYTES, parse
from ocs.errors import UnreadableError
from ocs.model.finding import Finding, Place
from ocs.model.kinds import FOLDERS, KINDS, RECORD_FOLDERS, Kind
from ocs.model.record import build
from ocs.model.registry import Document, Registry
from ocs.rules.naming import Misplaced, identify, unknown_folder_hint
from ocs.rules.reading import MISPLACED_FILE, UNKNOWN_FOLDER, UNREADABLE_FILE, UNREADABLE_YAML
from ocs.rules.references import mentions
from ocs.rules.schema import Schemas
from ocs.tasks.otherfiles import other_files

Counted = Callable[[Sequence[Entry], str], Iterable[Entry]]
_WHY = {
    "link": "it is a symbolic link, and links are not followed",
    "other": "it is no plain file",
    "unlisted": "this folder may not be listed",
    "folder": "it should be a file, not a folder",
    "file": "it should be a folder, not a file",
}


@dataclass(slots=True)
class Loaded:
    """A registry, and what was found while reading it."""

    registry: Registry
    findings: list[Finding] = field(default_factory=list)


def load(files: Files, schemas: Schemas, counted: Counted = lambda items, what: items) -> Loaded:
    """Every record of the registry. *counted* tells how far it has come."""
    findings: list[Finding] = []
    documents: list[Document] = []
    present: dict[str, set[str]] = {kind.name: set() for kind in KINDS}
    for entry in counted(sorted(files.records(RECORD_FOLDERS)), "reading file"):
        if entry.what != "file" or entry.path in RECORD_FOLDERS:
            findings.append(_unreadable(entry.path, _WHY[entry.what]))
            continue
        try:
            kind, id = identify(entry.path)
        except Misplaced as misplaced:
            place = Place(entry.path)
            findings.append(MISPLACED_FILE.finding(misplaced.message, place, hint=misplaced.hint))
            continue
        present[kind.name].add(id)
        document = _document(entry.path, kind, id, files, schemas, findings)
        if document is not None:
            documents.append(document)
    secrets, of_others = other_files(files)
    ids = {name: frozenset(found) for name, found in present.items()}
    registry = Registry(tuple(documents), ids, secrets)
    unknown = _unknown_folders(files, registry.policy.also) if registry.has_policy else ()
    return Loaded(registry, [*findings, *unknown, *of_others])


def _document(
    path: str, kind: Kind, id: str, files: Files, schemas: Schemas, findings: list[Finding]
) -> Document | None:
    try:
        data = files.read(path, MOST_BYTES)
    except UnreadableError as error:
        findings.append(_unreadable(path, error.message))
        return None
    parsed = parse(data)
    if parsed.tree is None:
        findings.extend(
            UNREADABLE_YAML.finding(fault.message, Place(path, span=fault.span), hint=fault.hint)
            for fault in parsed.faults
        )
        return None
    shape = schemas.of(kind)
    shape.convert(parsed.tree)
    wrong = list(shape.check(path, parsed.tree))
    findings.extend(wrong)
    named = tuple(mentions(kind, id, parsed.tree, shape))
    if wrong:
        return Document(kind, id, path, parsed.tree, references=named)
    record = build(kind.record_type(), id, parsed.tree)
    return Document(kind, id, path, parsed.tree, record, named, tuple(shape.past_dates(parsed.tree)))


def _unreadable(path: str, why: str) -> Finding:
    return UNREADABLE_FILE.finding(why, Place(path), hint="put a plain file with the record in its place")


def _unknown_folders(files: Files, also: tuple[str, ...]) -> Iterator[Finding]:
    for top in files.top():
        if top.what == "folder" and top.path not in FOLDERS and top.path not in also:
            yield UNKNOWN_FOLDER.finding(
                f"ocs knows no folder '{top.path}', so nobody will read what lies in it",
                Place(top.path),
                hint=unknown_folder_hint(top.path, FOLDERS),
            )
