"""The registry as a value: every record that could be read."""

from __future__ import annotations

from collections.abc import Collection, Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import TypeVar, cast

from ocs.model.certificate import CertificateFile
from ocs.model.ciphertext import CiphertextFile
from ocs.model.kinds import KIND, KINDS, Kind
from ocs.model.ocs import Gatekeeper, OcsRecord
from ocs.model.record import Record, Reference, Steps, Tree, build
from ocs.model.trust import Fact

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
    what the record mentions, and `past_dates` the steps to days on which something has
    happened. `data` are the bytes that it was read from; empty where it is from no file.
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
    """Records by kind name and id. `present` also has ids of files that could not be read.

    `secrets` names the ciphertexts, which `ciphertexts` has by name, and `certificates` are the
    files of certificates by person; each is None where there is no such folder, or nobody
    looked. `gpg_ids` are the texts of the `.gpg-id` files below secrets/ by owner, "" for the
    top one; None where there is none. `former_readers` are, by secret, the people who could
    read the current content and are no readers any more; `once_of` the other secrets that had
    the same ciphertext before, `ever_of` those that had it at any time. `confirmed` are the
    facts that the user has confirmed; none where nobody looked. `also_mentioned` is what
    records mention that are not among the documents, as space and target.
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
    ever_of: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    confirmed: Container[Fact] = frozenset()

    def __iter__(self) -> Iterator[Document]:
        return iter(self.documents)

    def without(self, files: Collection[str]) -> Registry:
        """The registry without the documents of these files."""
        rest = tuple(document for document in self.documents if document.file not in files)
        return replace(self, documents=rest)

    @cached_property
    def by_kind(self) -> Mapping[str, Mapping[str, Document]]:
        """The documents of each kind, by id."""
        documents: dict[str, dict[str, Document]] = {kind.name: {} for kind in KINDS}
        for document in self.documents:
            documents[document.kind.name][document.id] = document
        return documents

    def ids(self, kind: str) -> frozenset[str]:
        """Every id of this kind that a file has, even if the file cannot be read."""
        return self.present.get(kind, frozenset())

    @cached_property
    def former_ids(self) -> Mapping[str, Mapping[str, Sequence[Document]]]:
        """For each kind, the ids that records had before, and the records that had them."""
        holders: dict[str, dict[str, list[Document]]] = {kind.name: {} for kind in KINDS}
        for document in self.documents:
            former = document.tree.get("formerly")
            ids = former if isinstance(former, list) else []
            for id in dict.fromkeys(id for id in ids if isinstance(id, str)):
                holders[document.kind.name].setdefault(id, []).append(document)
        return holders

    def now_called(self, kind: str, id: str) -> str:
        """The id that a record has now, by one that it has or had.

        An old id that is in use again belongs to its new holder; one that two records claim
        belongs to nobody, and stays as it is.
        """
        kinds = _SHARING[KIND[kind].ids]
        if any(id in self.ids(other) for other in kinds):
            return id
        had = self._once_called(kinds, id)
        return had[0].id if len(had) == 1 else id

    def claimants(self, kind: str, id: str) -> tuple[str, ...]:
        """The records that have or had this id; more than one is a mistake, or an attack."""
        kinds = _SHARING[KIND[kind].ids]
        has = [KIND[other].reference(id) for other in kinds if id in self.ids(other)]
        had = (document.reference for document in self._once_called(kinds, id))
        return tuple(dict.fromkeys((*has, *had)))

    def _once_called(self, kinds: Sequence[str], id: str) -> list[Document]:
        return [document for kind in kinds for document in self.former_ids[kind].get(id, ())]

    @cached_property
    def mentioning(self) -> Mapping[str, Sequence[tuple[Document, Sequence[Reference]]]]:
        """The documents that mention something in each space of names, and their mentions."""
        sources: dict[str, list[tuple[Document, list[Reference]]]] = {}
        for document in self.documents:
            own: dict[str, list[Reference]] = {}
            for reference in document.references:
                own.setdefault(reference.space, []).append(reference)
            for space, references in own.items():
                sources.setdefault(space, []).append((document, references))
        return sources

    @cached_property
    def _by_type(self) -> Mapping[type[Record], Sequence[Record]]:
        records: dict[type[Record], list[Record]] = {}
        for document in self.documents:
            if document.record is not None:
                records.setdefault(type(document.record), []).append(document.record)
        return records

    def records(self, cls: type[R]) -> Iterator[R]:
        """The typed records of one class."""
        return cast(Iterator[R], iter(self._by_type.get(cls, ())))

    @cached_property
    def policy(self) -> OcsRecord:
        """The registry's own record; where it does not fit its schema, the fields that do."""
        record = next(self.records(OcsRecord), None)
        if record is not None:
            return record
        document = self.by_kind["ocs"].get("ocs")
        fields = document.tree if document else {}
        fitting = {key: value for key, value in fields.items() if _is_policy(key, value)}
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
