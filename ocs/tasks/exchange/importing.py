"""Importing another project's file: a plan, which can be shown before it is carried out.

Nothing is written before everything is computed, and a record whose fields stay the same is
not written.
"""

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
from ocs.model.registry import Document, Registry
from ocs.rules.exchange.matching import Identities, identities, origin
from ocs.rules.exchange.merging import Merged, person_fields
from ocs.rules.nearest import did_you_mean
from ocs.rules.records.schema import Schemas
from ocs.tasks.registry.load import Loaded, load

FORMATS = tuple(IMPORTERS)
_KINDS = (KIND["person"], KIND["community"])


def plan(format: str, path: Path, files: Files, schemas: Schemas) -> ImportPlan:
    """What importing the file at *path* would do.

    Raises OcsError where the file is none of that format, or where the registry is not fit to
    take it.
    """
    document = foreign.read(path)
    source = IMPORTERS[format](document.tree)
    repeated = [
        Note(
            "repeated",
            f"the field '{name}'",
            "it stands twice, and the first counts",
            f"line {line}",
        )
        for name, line in document.repeated
    ]
    loaded = load(files, schemas)
    _check_fit(loaded)
    _check_kinds(source, loaded.registry)
    return _Planning(source, loaded.registry, files, schemas).plan(repeated)


def _check_fit(loaded: Loaded) -> None:
    """People and communities can be read, so that nobody is taken for somebody else or comes
    twice.
    """
    for finding in loaded.findings:
        folder = finding.place.file.partition("/")[0]
        if finding.severity is Severity.ERROR and folder in [
            kind.folder for kind in _KINDS
        ] + ["ocs.yaml"]:
            raise OcsError(
                f"{finding.place.file} is not as it should be: {finding.message}",
                f"mend it first: `ocs validate {finding.place.file}` says how",
            )


def _check_kinds(source: ForeignSource, registry: Registry) -> None:
    known = registry.policy.community_kinds
    missing = [
        kind
        for kind in dict.fromkeys(each.kind for each in source.communities)
        if kind not in known
    ]
    if missing:
        raise OcsError(
            f"ocs.yaml does not list the kind{'s' if len(missing) > 1 else ''} of community "
            f"{' and '.join(map(repr, missing))}, which a {source.format} file has",
            f"write there: community_kinds: [{', '.join([*known, *missing])}]",
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
            document.file: document.data for kind in _KINDS for document in self._of(kind)
        }
        said = {file: origin_of(data) for file, data in self._data.items()}
        self._origins = {file: origin for file, origin in said.items() if origin}
        self._notes: list[Note] = []

    def _of(self, kind: Kind) -> Iterator[Document]:
        return iter(self._registry.by_kind[kind.name].values())

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
                f"a {each.kind.name} imported before",
                "it is no longer in the file, and stays",
                each.reference,
            )
            for each in ids.gone
        ]
        told = [*notes, *map(_with_guess, self._source.notes), *ids.notes, *gone, *self._notes]
        return ImportPlan(
            self._source.format, tuple(changes), len(wanted) - len(changes), alike(told)
        )

    def _wanted(self, ids: Identities) -> Iterator[tuple[Kind, str, Key, dict[str, Tree]]]:
        """Every record of the file: its kind, its id, what it is in the file, and its fields."""
        people, communities = (
            self._registry.by_kind["person"],
            self._registry.by_kind["community"],
        )
        for person in self._source.people:
            id = ids.people[person.key]
            old = _fields(people, id)
            imported = self._origins.get(KIND["person"].file(id)) == origin(
                self._source, person.key
            )
            yield KIND["person"], id, person.key, person_fields(person, old, imported=imported)
        for community in self._source.communities:
            id = ids.communities[community.key]
            merged = Merged(community, self._source.titles, ids, _fields(communities, id))
            yield KIND["community"], id, community.key, merged.fields()
            self._notes += merged.notes

    def _change(
        self, kind: Kind, id: str, key: Key, tree: dict[str, Tree]
    ) -> ImportedFile | None:
        """What is written for a record; None where it stays as it is."""
        file, shape = kind.file(id), self._schemas.of(kind)
        old = _fields(self._registry.by_kind[kind.name], id)
        changed = tuple(name for name in tree if tree[name] != old.get(name))
        if not changed:
            return None
        for finding in shape.check(file, tree):
            raise OcsError(
                f"{file} would not be a record: {finding.message}",
                "please tell the authors of ocs",
            )
        before = self._data.get(file)
        if before is None:
            data = text_of(tree, shape.schema, origin=origin(self._source, key)).encode()
        else:
            data = rewritten(before, tree, shape.schema, file)
        return ImportedFile(Replacement(file, self._checked(file, data), before), changed)

    def _checked(self, file: str, data: bytes) -> bytes:
        if parse(data).tree is None:
            raise OcsError(
                f"{file} would not be read: {parse(data).faults[0].message}",
                "shorten it in the source",
            )
        return data


def _fields(documents: Mapping[str, Document], id: str) -> Mapping[str, Tree]:
    return documents[id].tree if id in documents else {}


def _with_guess(note: Note) -> Note:
    """The note with the known word that is nearest to what it is about."""
    return (
        replace(note, hint=did_you_mean(note.what, note.known), known=())
        if note.known
        else note
    )
