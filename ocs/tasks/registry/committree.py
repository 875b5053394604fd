"""Reading records of a commit: those that changed and what they refer to, and no others."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from ocs.adapters.files import Entry
from ocs.adapters.git.objects import Snapshot, TreeEntry
from ocs.adapters.yamlfile import MOST_BYTES
from ocs.errors import UnreadableError
from ocs.model.ciphertext import owner_id
from ocs.model.finding import Finding
from ocs.model.kinds import KIND, KIND_OF_FOLDER, KINDS
from ocs.model.record import Reference
from ocs.model.registry import Document, Registry
from ocs.rules.records.schema import Schemas
from ocs.tasks.registry.load import frozen, placed, read, unreadable

# Kinds of which the references are read as well: who has a say in the record, and over whom.
_FOLLOWED = ("ocs", "community", "org", "access", "problem")
_FOLDERS_OF = {
    "person": ("person",),
    "community": ("community",),
    "owner": ("org", "community"),
}


# Parts of words and names, whatever stands between them.
_RUNS = re.compile(r"\w+")
_MOST_RUNS = 4
_IDS = re.compile("[a-z0-9]+(?:-[a-z0-9]+)*")

_Reading = tuple[Document | None, Sequence[Finding]]


@dataclass(slots=True)
class Tree:
    """The records of one commit. Each is read when it is needed, and once for all commits."""

    snapshot: Snapshot
    schemas: Schemas
    _known: dict[tuple[str, str], _Reading] = field(default_factory=dict)
    _read: dict[str, _Reading] = field(default_factory=dict)
    _texts: dict[str, dict[str, str]] = field(default_factory=dict)
    _former: dict[str, dict[str, list[str]]] = field(default_factory=dict)

    def at(self, snapshot: Snapshot) -> Tree:
        """The records of another commit."""
        return Tree(snapshot, self.schemas, self._known)

    def document(self, path: str) -> Document | None:
        """The record at a path; None where there is none, or it cannot be read."""
        return self._reading(path)[0]

    def findings(self, path: str) -> Sequence[Finding]:
        """What is wrong with the record at a path for itself."""
        return self._reading(path)[1]

    def is_record(self, path: str) -> bool:
        """Is what lies at a path a record, by its place?"""
        entry = self.snapshot.entry(path)
        return entry is not None and placed(Entry(path, entry.what, 0, 0))[0] is not None

    def closure(self, paths: Iterable[str]) -> Registry:
        """The records at these paths, with whoever has a say in them."""
        waiting = ["ocs.yaml", *paths]
        documents: dict[str, Document] = {}
        for path in waiting:
            document = self.document(path) if path not in documents else None
            if document is None:
                continue
            documents[path] = document
            if document.kind.name in ("person", "vetting"):
                waiting += [KIND[kind].file(document.id) for kind in ("person", "vetting")]
            elif document.kind.name in _FOLLOWED:
                for reference in document.references:
                    waiting += self._files_of(reference)
        by_file = sorted(documents.values(), key=lambda document: document.file)
        return Registry(tuple(by_file), self._present(by_file))

    def naming(self, folders: Iterable[str], words: Iterable[str]) -> list[str]:
        """The files right in these folders that may have one of these words, in any case.

        Each text is gone through once, however many words there are: a word is looked up by the
        runs of letters and digits that it begins with.
        """
        wanted = {tuple(_RUNS.findall(word.casefold())[:_MOST_RUNS]) for word in words if word}
        begun = {runs[0] for runs in wanted if runs}
        return [
            path
            for folder in folders
            for path, text in (self._in(folder).items() if wanted else ())
            if () in wanted or _has(_RUNS.findall(text), wanted, begun)
        ]

    def speaking_of(self, new: Sequence[Document]) -> Mapping[str, Sequence[str]]:
        """What speaks of these records, which are not here: full names, or folders, by file."""
        spaces = {(space, doc.id): doc.file for doc in new for space in doc.kind.spaces}
        found: defaultdict[str, dict[str, None]] = defaultdict(dict)
        for doc in new:
            about = [kind for kind in KINDS if doc.kind.name in kind.about]
            places = [
                kind.reference(doc.id) if kind.owner_folders else kind.file(doc.id)
                for kind in about
            ]
            for place in places:
                if self.snapshot.entry(place) is not None:
                    found[doc.file][place.removesuffix(".yaml")] = None
        for path in ("ocs.yaml", *self.naming(self._folders(), {doc.id for doc in new})):
            document = self.document(path)
            for reference in document.references if document else ():
                file = spaces.get((reference.space, reference.target))
                if document and file is not None:
                    found[file][document.reference] = None
        return {file: list(names) for file, names in found.items()}

    def _folders(self) -> Iterator[str]:
        """The folders in which records lie, of secrets those of every owner."""
        for kind in KINDS:
            if kind.owner_folders:
                listed = self.snapshot.listed(kind.folder)
                yield from (f"{kind.folder}/{name}" for name in listed)
            elif kind.folder:
                yield kind.folder

    def _files_of(self, reference: Reference) -> Iterator[str]:
        kinds = [KIND[name] for name in _FOLDERS_OF.get(reference.space, ())]
        files = [kind.file(reference.target) for kind in kinds]
        present = [file for file in files if self.snapshot.entry(file) is not None]
        yield from present or [
            path
            for kind in kinds
            for path in self._once_called(kind.folder).get(reference.target.casefold(), ())
        ]

    def _once_called(self, folder: str) -> Mapping[str, Sequence[str]]:
        """The files right in a folder by every id in them, of those that may have former ids."""
        if folder not in self._former:
            files: dict[str, list[str]] = {}
            for path, text in self._in(folder).items():
                # Behind a backslash the word may be spelt otherwise.
                if "formerly" in text or "\\" in text:
                    for id in dict.fromkeys(_IDS.findall(text)):
                        files.setdefault(id, []).append(path)
            self._former[folder] = files
        return self._former[folder]

    def _reading(self, path: str) -> _Reading:
        if path not in self._read:
            self._read[path] = self._read_now(path)
        return self._read[path]

    def _read_now(self, path: str) -> _Reading:
        entry = self.snapshot.entry(path)
        return self.version(entry) if entry else (None, ())

    def version(self, entry: TreeEntry) -> _Reading:
        """The record at a path in any commit, and what is wrong with it for itself."""
        path = entry.path
        kind, id, findings = placed(Entry(path, entry.what, 0, 0))
        if kind is None:
            return None, findings
        content = path, entry.id
        if content not in self._known:
            try:
                data = self.snapshot.content(entry, MOST_BYTES)
                self._known[content] = read(path, kind, id, data, self.schemas)
            except UnreadableError as error:
                self._known[content] = None, [unreadable(path, error.message)]
        return self._known[content]

    def _in(self, folder: str) -> dict[str, str]:
        """The texts of the files right in a folder, for comparing."""
        if folder not in self._texts:
            self._texts[folder] = {
                path: data.decode("utf-8", "replace").casefold()
                for path, data in self.snapshot.texts(folder, MOST_BYTES).items()
            }
        return self._texts[folder]

    def _present(self, documents: Collection[Document]) -> Mapping[str, frozenset[str]]:
        """The ids of every kind, by the names of files; of secrets, those of known owners."""
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


def _has(runs: Sequence[str], wanted: Collection[tuple[str, ...]], begun: set[str]) -> bool:
    """Does one of the *wanted* stand among these runs? *begun* are the first of each."""
    return not begun.isdisjoint(runs) and any(
        tuple(runs[at : at + length]) in wanted
        for at, run in enumerate(runs)
        if run in begun
        for length in range(1, _MOST_RUNS + 1)
    )


def _owners(documents: Iterable[Document]) -> set[str]:
    """Whose secrets these records may mention."""
    return {owner_id(document.id) for document in documents} | {
        owner_id(reference.target)
        for document in documents
        for reference in document.references
        if reference.space == "secret"
    }
