"""Which records of two trees belong together, and which others a change concerns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date
from typing import NamedTuple

from ocs.adapters.git.objects import Changed
from ocs.model.community import Community
from ocs.model.kinds import KIND_OF_FOLDER, RECORD_FOLDERS
from ocs.model.org import Org
from ocs.model.person import Person
from ocs.model.registry import Document
from ocs.rules.communities.resources import LONGEST_DOMAIN, same_name
from ocs.rules.review.diff import Pair
from ocs.tasks.registry.committree import Tree

# Where records may claim the same as one of this kind.
_SPACES = {
    "person": ("people",),
    "community": ("communities", "orgs"),
    "org": ("communities", "orgs"),
}


class Trees(NamedTuple):
    """The registry as it is, and as it would be."""

    before: Tree
    after: Tree


def is_record(path: str) -> bool:
    """Is there a record at a path, by the folder?"""
    return path == "ocs.yaml" or path.partition("/")[0] in RECORD_FOLDERS


def moved_records(records: Sequence[Changed], trees: Trees) -> dict[str, str]:
    """The old path of records with a new id, and of what belongs to them, by new path."""
    gone = {record.path for record in records if record.after is None}
    moved: dict[str, str] = {}
    taken: set[str] = set()
    owners: dict[str, str] = {}
    for record in records:
        document = trees.after.document(record.path) if record.before is None else None
        former = document.tree.get("formerly") if document else None
        for old in former if isinstance(former, list) else ():
            was = document.kind.file(str(old)) if document else ""
            if document and was in gone and was not in taken:
                moved[record.path] = was
                taken.add(was)
                owners[document.id] = str(old)
    for record in records:
        folder, _, name = record.path.partition("/")
        id, slash, rest = name.removesuffix(".yaml").partition("/")
        if record.before is None and id in owners and KIND_OF_FOLDER[folder].about:
            was = KIND_OF_FOLDER[folder].file(f"{owners[id]}{slash}{rest}")
            if was in gone:
                moved[record.path] = was
    return moved


def pairs_of(
    records: Sequence[Changed], moved: Mapping[str, str], trees: Trees, today: date
) -> list[Pair]:
    """Each record as it is and as it would be. People who only change their id are the same."""
    renamed = {
        id_in(new): id_in(old)
        for new, old in moved.items()
        if new.startswith("people/") and _same_accounts(old, new, trees)
    }
    pairs = []
    old_paths = set(moved.values())
    for record in records:
        if record.path in old_paths:
            continue
        was = moved.get(record.path, record.path)
        documents = trees.before.document(was), trees.after.document(record.path)
        kind = next((document.kind for document in documents if document), None)
        if kind is not None:
            pairs.append(Pair(*documents, trees.before.schemas.of(kind), today, renamed))
    return pairs


def spoken_of(pairs: Iterable[Pair], trees: Trees) -> list[Pair]:
    """The pairs, where new records know what speaks of them before they are there."""
    every = list(pairs)
    new = [pair.after for pair in every if pair.after and not pair.before]
    names = trees.before.speaking_of([document for document in new if document.kind.spaces])
    return [
        replace(pair, named_by=tuple(names[pair.after.file]))
        if pair.after and not pair.before and pair.after.file in names
        else pair
        for pair in every
    ]


def id_in(path: str) -> str:
    """The id of the record at a path."""
    return path.rpartition("/")[2].removesuffix(".yaml")


def _same_accounts(old: str, new: str, trees: Trees) -> bool:
    before, after = trees.before.document(old), trees.after.document(new)
    return bool(before and after and before.tree.get("accounts") == after.tree.get("accounts"))


def also_concerned(pairs: Iterable[Pair], trees: Trees) -> list[str]:
    """Records that did not change and may claim the same: a resource, an account, an id."""
    names: dict[str, set[str]] = {"people": set(), "communities": set(), "orgs": set()}
    for pair in pairs:
        after, before = pair.after, pair.before
        if after is None or after.kind.name not in _SPACES:
            continue
        claimed = _claimed(after) - (_claimed(before) if before else set())
        former = after.tree.get("formerly")
        claimed |= {str(id) for id in former} if isinstance(former, list) else set()
        claimed |= {after.id} if before is None else set()
        for folder in _SPACES[after.kind.name]:
            names[folder] |= {spelling for name in claimed for spelling in _spellings(name)}
    return [
        path
        for folder, wanted in names.items()
        for path in trees.before.naming([folder], wanted)
    ]


def _claimed(document: Document) -> set[str]:
    """What a record claims: resources, domains, accounts."""
    record = document.record
    if isinstance(record, Community):
        return {resource.name for resource in record.resources}
    if isinstance(record, Person):
        return {str(account) for account in record.accounts.values()}
    return {domain.name for domain in record.domains} if isinstance(record, Org) else set()


def _spellings(name: str) -> set[str]:
    """A name as another record may spell it: an international domain in letters or in ASCII."""
    spellings = {
        name.strip().casefold().rstrip("."),
        same_name(name, True),
        same_name(name, False),
        _in_ascii(name.strip().lower().rstrip(".")),
    }
    for spelling in [spelling for spelling in spellings if len(spelling) <= LONGEST_DOMAIN]:
        with suppress(UnicodeError):
            spellings.add(spelling.encode("ascii").decode("idna").casefold())
    return spellings


def _in_ascii(domain: str) -> str:
    """A domain in ASCII by the rules of today, where ß is a letter of its own."""
    if len(domain) > LONGEST_DOMAIN:
        return domain
    return ".".join(
        part if part.isascii() else f"xn--{part.encode('punycode').decode()}"
        for part in domain.split(".")
    )
