"""The registry as a value: every record that could be read."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import TypeVar, cast

from ocs.model.certificate import CertificateFile
from ocs.model.ciphertext import CiphertextFile
from ocs.model.kinds import KIND, KINDS, Kind
from ocs.model.ocs import Gatekeeper, OcsRecord
from ocs.model.record import Record, Reference, Steps, Tree, build

R = TypeVar("R", bound=Record)
# The kinds that share their ids with one another.
_SHARING = {
    ids: tuple(kind.name for kind in KINDS if kind.ids == ids)
    for ids in dict.fromkeys(kind.ids for kind in KINDS)
}


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
    def former_ids(self) -> Mapping[str, Mapping[str, Sequence[Document]]]:
        """For each kind, the ids that records had before, and the records that had them."""
        found: dict[str, dict[str, list[Document]]] = {kind.name: {} for kind in KINDS}
        for document in self.documents:
            former = document.tree.get("formerly")
            ids = (
                [id for id in former if isinstance(id, str)]
                if isinstance(former, list)
                else []
            )
            for id in dict.fromkeys(ids):
                found[document.kind.name].setdefault(id, []).append(document)
        return found

    def now_called(self, kind: str, id: str) -> str:
        """The id that a record has now, by one that it has or had.

        An old id that is in use again is its new holder's; one that two records claim is
        nobody's, and stays as it is.
        """
        kinds = _SHARING[KIND[kind].ids]
        if any(id in self.ids(other) for other in kinds):
            return id
        had = [document for other in kinds for document in self.former_ids[other].get(id, ())]
        return had[0].id if len(had) == 1 else id

    def claimants(self, kind: str, id: str) -> tuple[str, ...]:
        """The records that have this id or had it; more than one is a mistake, or an attack."""
        kinds = _SHARING[KIND[kind].ids]
        has = [KIND[other].reference(id) for other in kinds if id in self.ids(other)]
        had = [
            document.reference
            for other in kinds
            for document in self.former_ids[other].get(id, ())
        ]
        return tuple(dict.fromkeys((*has, *had)))

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

    @cached_property
    def gatekeepers(self) -> tuple[Gatekeeper, ...]:
        """The registry's gatekeepers, by the ids that they have now."""
        return tuple(
            replace(gatekeeper, person=self.now_called("person", gatekeeper.person))
            for gatekeeper in self.policy.gatekeepers
        )

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
