"""The registry as a value: every record that could be read."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import TypeVar, cast

from ocs.model.certificate import CertificateFile
from ocs.model.ciphertext import CiphertextFile
from ocs.model.kinds import KINDS, Kind
from ocs.model.ocs import OcsRecord
from ocs.model.record import Record, Reference, Steps, Tree, build

R = TypeVar("R", bound=Record)


@dataclass(frozen=True, slots=True)
class Document:
    """A record's file that could be read: its fields as they stand there.

    `record` is the typed record; None where the fields do not fit the schema. `references` is
    what the record mentions, and `past_dates` where it says what has happened on which day.
    `data` are the bytes that it was read from; empty where it was not read from a file.
    """

    kind: Kind
    id: str
    file: str
    tree: Mapping[str, Tree]
    record: Record | None = None
    references: tuple[Reference, ...] = ()
    past_dates: tuple[tuple[Steps, date], ...] = ()
    data: bytes = field(default=b"", compare=False, repr=False)

    @property
    def reference(self) -> str:
        return self.kind.reference(self.id)


@dataclass(frozen=True)
class Registry:
    """Records by kind name and id. `present` also knows ids of files that could not be read.

    `secrets` names the ciphertexts, which `ciphertexts` are by that name, and `certificates`
    are the files of certificates by person; each is None where there is no folder of them, or
    it was not looked at. `gpg_ids` are the texts of the `.gpg-id` files below secrets/ by
    owner, "" for the one of all; None where there is none. `former_readers` are, by secret,
    who could read what it holds and is to read it no longer; `once_of` the other secrets that
    had the same ciphertext at some time. `also_mentioned` is what records mention that are not
    among the documents, as space and target.
    """

    documents: tuple[Document, ...]
    present: Mapping[str, frozenset[str]] = field(default_factory=dict)
    secrets: frozenset[str] | None = None
    also_mentioned: frozenset[tuple[str, str]] = frozenset()
    certificates: Mapping[str, CertificateFile] | None = None
    ciphertexts: Mapping[str, CiphertextFile] | None = None
    gpg_ids: Mapping[str, bytes | None] = field(default_factory=dict)
    former_readers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    once_of: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def __iter__(self) -> Iterator[Document]:
        return iter(self.documents)

    def without(self, files: Collection[str]) -> Registry:
        """The registry without the documents of these files."""
        rest = tuple(document for document in self.documents if document.file not in files)
        return replace(self, documents=rest)

    @cached_property
    def by_kind(self) -> Mapping[str, Mapping[str, Document]]:
        """The documents of each kind, by id."""
        found: dict[str, dict[str, Document]] = {kind.name: {} for kind in KINDS}
        for document in self.documents:
            found[document.kind.name][document.id] = document
        return found

    def ids(self, kind: str) -> frozenset[str]:
        """Every id of this kind that a file has, also where the file could not be read."""
        return self.present.get(kind, frozenset())

    @cached_property
    def former_ids(self) -> Mapping[str, Mapping[str, str]]:
        """For each kind, the ids that records had before, and the ids they have now."""
        found: dict[str, dict[str, str]] = {kind.name: {} for kind in KINDS}
        for document in self.documents:
            former = document.tree.get("formerly")
            for id in former if isinstance(former, list) else ():
                if isinstance(id, str):
                    found[document.kind.name].setdefault(id, document.id)
        return found

    def now_called(self, kind: str, id: str) -> str:
        """The id that a record has now, by one that it has or had."""
        return id if id in self.ids(kind) else self.former_ids[kind].get(id, id)

    @cached_property
    def mentioning(self) -> Mapping[str, Sequence[tuple[Document, Sequence[Reference]]]]:
        """For each space of names, the documents that mention something in it, and their
        mentions of it.
        """
        found: dict[str, list[tuple[Document, list[Reference]]]] = {}
        for document in self.documents:
            own: dict[str, list[Reference]] = {}
            for reference in document.references:
                own.setdefault(reference.space, []).append(reference)
            for space, references in own.items():
                found.setdefault(space, []).append((document, references))
        return found

    @cached_property
    def _by_type(self) -> Mapping[type[Record], Sequence[Record]]:
        found: dict[type[Record], list[Record]] = {}
        for document in self.documents:
            if document.record is not None:
                found.setdefault(type(document.record), []).append(document.record)
        return found

    def records(self, cls: type[R]) -> Iterator[R]:
        """The typed records of one class."""
        return cast(Iterator[R], iter(self._by_type.get(cls, ())))

    @cached_property
    def policy(self) -> OcsRecord:
        """The registry's own record; where it does not fit its schema, what of it does."""
        found = next(self.records(OcsRecord), None)
        if found is not None:
            return found
        document = self.by_kind["ocs"].get("ocs")
        fitting = {
            key: value
            for key, value in (document.tree if document else {}).items()
            if _is_policy(key, value)
        }
        return build(OcsRecord, "ocs", {"name": "registry", **fitting})

    @property
    def has_policy(self) -> bool:
        """Could the registry's own record be read?"""
        return "ocs" in self.by_kind["ocs"]


def _is_policy(key: str, value: Tree) -> bool:
    try:
        build(OcsRecord, "ocs", {"name": "registry", key: value}, unchecked=True)
    except (KeyError, TypeError, ValueError, AttributeError):
        return False
    return True
