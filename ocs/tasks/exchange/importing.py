"""Importing another project's file: a plan, which writes only records whose fields change."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from ocs.adapters import foreign
from ocs.adapters.files import Files
from ocs.adapters.yamlfile import parse
from ocs.adapters.yamlfile.composing import origin_of, text_of
from ocs.adapters.yamlfile.editing import rewritten
from ocs.errors import OcsError
from ocs.importers.table import IMPORTERS
from ocs.model.change import Replacement
from ocs.model.finding import Severity
from ocs.model.foreign import ForeignSource, Key, Note, alike
from ocs.model.kinds import KIND, Kind
from ocs.model.plan import ImportedFile, ImportPlan
from ocs.model.record import Tree
from ocs.model.registry import Registry
from ocs.rules.exchange.matching import Identities, identities, origin
from ocs.rules.exchange.merging import Merged, person_fields
from ocs.rules.nearest import did_you_mean
from ocs.rules.records.schema import Schemas
from ocs.tasks.registry.load import Loaded, load

FORMATS = tuple(IMPORTERS)
_KINDS = (KIND["person"], KIND["community"])


def plan(format: str, path: Path, files: Files, schemas: Schemas) -> ImportPlan:
    """What importing the file at *path* would do.

    Raises OcsError if the file is not of that format, or the registry is not fit to take it.
    """
    document = foreign.read(path)
    source = IMPORTERS[format](document.tree)
    repeated = [
        Note(
            "repeated",
            f"the field '{name}'",
            "it occurs twice; ocs uses the first",
            f"line {line}",
        )
        for name, line in document.repeated
    ]
    loaded = load(files, schemas)
    _check_fit(loaded)
    _check_kinds(source, loaded.registry)
    return _Planning(source, loaded.registry, files, schemas).plan(repeated)


def _check_fit(loaded: Loaded) -> None:
    # If people and communities can be read, nobody is mistaken for another or imported twice.
    for finding in loaded.findings:
        file = finding.place.file
        is_needed = file.partition("/")[0] in ("ocs.yaml", *(kind.folder for kind in _KINDS))
        if is_needed and finding.severity is Severity.ERROR:
            raise OcsError(
                f"{file} is not valid: {finding.message}",
                f"run `ocs validate {file}` and fix what it lists",
            )


def _check_kinds(source: ForeignSource, registry: Registry) -> None:
    known = registry.policy.community_kinds
    kinds = dict.fromkeys(community.kind for community in source.communities)
    missing = [kind for kind in kinds if kind not in known]
    if missing:
        raise OcsError(
            f"ocs.yaml does not list the kind{'s' if len(missing) > 1 else ''} of community "
            f"{' and '.join(map(repr, missing))}, which a {source.format} file has",
            f"add to ocs.yaml: community_kinds: [{', '.join([*known, *missing])}]",
        )


class _Planning:
    """The plan for one file while it is made."""

    def __init__(
        self, source: ForeignSource, registry: Registry, files: Files, schemas: Schemas
    ) -> None:
        self._source = source
        self._registry = registry
        self._files = files
        self._schemas = schemas
        self._data = {
            document.file: document.data
            for kind in _KINDS
            for document in registry.by_kind[kind.name].values()
        }
        origins = {file: origin_of(data) for file, data in self._data.items()}
        self._origins = {file: origin for file, origin in origins.items() if origin}
        self._notes: list[Note] = []

    def plan(self, notes: list[Note]) -> ImportPlan:
        ids = identities(self._source, self._registry, self._origins)
        wanted = list(self._wanted(ids))
        changes = [
            change
            for kind, id, key, tree in wanted
            if (change := self._change(kind, id, key, tree))
        ]
        gone = [
            Note(
                "gone",
                f"a {record.kind.name} imported before",
                "it is no longer in the file; the record stays",
                record.reference,
            )
            for record in ids.gone
        ]
        notes = [
            *notes,
            *map(_with_guess, self._source.notes),
            *ids.notes,
            *gone,
            *self._notes,
        ]
        return ImportPlan(
            self._source.format, tuple(changes), len(wanted) - len(changes), alike(notes)
        )

    def _wanted(self, ids: Identities) -> Iterator[tuple[Kind, str, Key, dict[str, Tree]]]:
        """Every record of the file: its kind, its id, its key in the file, and its fields."""
        for person in self._source.people:
            kind, id = KIND["person"], ids.people[person.key]
            known_origin = self._origins.get(kind.file(id))
            is_imported = known_origin == origin(self._source, person.key)
            tree = person_fields(person, self._fields(kind, id), imported=is_imported)
            yield kind, id, person.key, tree
        for community in self._source.communities:
            kind, id = KIND["community"], ids.communities[community.key]
            merged = Merged(community, self._source.titles, ids, self._fields(kind, id))
            yield kind, id, community.key, merged.fields()
            self._notes += merged.notes

    def _change(
        self, kind: Kind, id: str, key: Key, tree: dict[str, Tree]
    ) -> ImportedFile | None:
        """What is written for a record; None if it stays as it is."""
        file, shape = kind.file(id), self._schemas.of(kind)
        old = self._fields(kind, id)
        changed = tuple(name for name in tree if tree[name] != old.get(name))
        if not changed:
            return None
        for finding in shape.check(file, tree):
            raise OcsError(
                f"{file} would not be a valid record: {finding.message}",
                "please report this to the authors of ocs",
            )
        before = self._data.get(file)
        if before is None:
            data = text_of(tree, shape.schema, origin=origin(self._source, key)).encode()
        else:
            data = rewritten(before, tree, shape.schema, file)
        parsed = parse(data)
        if parsed.tree is None:
            raise OcsError(
                f"{file} could not be read: {parsed.faults[0].message}",
                "shorten it in the source",
            )
        return ImportedFile(Replacement(file, data, before), changed)

    def _fields(self, kind: Kind, id: str) -> Mapping[str, Tree]:
        documents = self._registry.by_kind[kind.name]
        return documents[id].tree if id in documents else {}


def _with_guess(note: Note) -> Note:
    """The note with the known word that is nearest to what it is about."""
    if not note.known:
        return note
    return replace(note, hint=did_you_mean(note.what, note.known), known=())
