"""Reading records of a commit: those that changed, and what they refer to, and nothing else."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from ocs.adapters.files import Entry as Placed
from ocs.adapters.git.objects import Snapshot
from ocs.adapters.yamlfile import MOST_BYTES
from ocs.errors import UnreadableError
from ocs.model.ciphertext import owner_id
from ocs.model.finding import Finding
from ocs.model.kinds import KIND, KIND_OF_FOLDER, KINDS
from ocs.model.record import Reference
from ocs.model.registry import Document, Registry
from ocs.rules.records.schema import Schemas
from ocs.tasks.registry.load import frozen, placed, read, unreadable

# Where what a record of a kind refers to is looked up: who has a say in it, and over whom.
_FOLLOWED = ("ocs", "community", "org", "access")
_FOLDERS_OF = {
    "person": ("person",),
    "community": ("community",),
    "owner": ("org", "community"),
}


_Found = tuple[Document | None, Sequence[Finding]]


@dataclass(slots=True)
class Tree:
    """The records of one commit. Each is read when it is asked for, and once for all commits."""

    snapshot: Snapshot
    schemas: Schemas
    _known: dict[tuple[str, str], _Found] = field(default_factory=dict)
    _read: dict[str, _Found] = field(default_factory=dict)
    _texts: dict[str, dict[str, str]] = field(default_factory=dict)

    def at(self, snapshot: Snapshot) -> Tree:
        """The records of another commit."""
        return Tree(snapshot, self.schemas, self._known)

    def document(self, path: str) -> Document | None:
        """The record at a path; None where there is none, or it cannot be read."""
        return self._found(path)[0]

    def findings(self, path: str) -> Sequence[Finding]:
        """What is wrong with the record at a path for itself."""
        return self._found(path)[1]

    def is_record(self, path: str) -> bool:
        """Is what lies at a path a record, by its place?"""
        entry = self.snapshot.entry(path)
        return entry is not None and placed(Placed(path, entry.what, 0, 0))[0] is not None

    def closure(self, paths: Iterable[str]) -> Registry:
        """The records at these paths, with whoever has a say in them."""
        waiting = ["ocs.yaml", *paths]
        found: dict[str, Document] = {}
        for path in waiting:
            document = self.document(path) if path not in found else None
            if document is None:
                continue
            found[path] = document
            if document.kind.name in ("person", "vetting"):
                waiting += [KIND[each].file(document.id) for each in ("person", "vetting")]
            elif document.kind.name in _FOLLOWED:
                waiting += [
                    other for each in document.references for other in self._files_of(each)
                ]
        return Registry(
            tuple(sorted(found.values(), key=lambda each: each.file)),
            self._present(found.values()),
        )

    def naming(self, folders: Iterable[str], words: Iterable[str]) -> list[str]:
        """The files right in these folders in which one of these words stands, however it is
        spelled.
        """
        wanted = {word.casefold() for word in words if word}
        return [
            path
            for folder in folders
            for path, text in (self._in(folder).items() if wanted else ())
            if any(word in text for word in wanted)
        ]

    def _files_of(self, reference: Reference) -> Iterator[str]:
        kinds = [KIND[each] for each in _FOLDERS_OF.get(reference.space, ())]
        files = [kind.file(reference.target) for kind in kinds]
        there = [file for file in files if self.snapshot.entry(file) is not None]
        # Perhaps an id of old.
        yield from there or self.naming([kind.folder for kind in kinds], [reference.target])

    def _found(self, path: str) -> _Found:
        if path not in self._read:
            self._read[path] = self._now(path)
        return self._read[path]

    def _now(self, path: str) -> _Found:
        entry = self.snapshot.entry(path)
        if entry is None:
            return None, ()
        kind, id, wrong = placed(Placed(path, entry.what, 0, 0))
        if kind is None:
            return None, wrong
        content = path, entry.id
        if content not in self._known:
            try:
                data = self.snapshot.read(path, MOST_BYTES)
                self._known[content] = read(path, kind, id, data, self.schemas)
            except UnreadableError as error:
                self._known[content] = None, [unreadable(path, error.message)]
        return self._known[content]

    def _in(self, folder: str) -> dict[str, str]:
        """The texts of the files right in a folder, for comparing."""
        if folder not in self._texts:
            found = self.snapshot.texts(folder, MOST_BYTES)
            self._texts[folder] = {
                path: data.decode("utf-8", "replace").casefold()
                for path, data in found.items()
            }
        return self._texts[folder]

    def _present(self, documents: Collection[Document]) -> Mapping[str, frozenset[str]]:
        """The ids of every kind, by the names of the files; of secrets, those of the owners at
        hand.
        """
        present: dict[str, set[str]] = {kind.name: set() for kind in KINDS}
        if self.snapshot.entry("ocs.yaml"):
            present["ocs"].add("ocs")
        for folder, kind in KIND_OF_FOLDER.items():
            if not kind.owner_folders:
                present[kind.name] |= self.snapshot.names(folder, ".yaml") if folder else set()
                continue
            for owner in _owners(documents):
                names = self.snapshot.names(f"{folder}/{owner}", ".yaml")
                present[kind.name] |= {f"{owner}/{name}" for name in names}
        return frozen(present)


def _owners(documents: Iterable[Document]) -> set[str]:
    """Whose secrets these records may mention."""
    named = {owner_id(document.id) for document in documents}
    return named | {
        owner_id(each.target)
        for document in documents
        for each in document.references
        if each.space == "secret"
    }
