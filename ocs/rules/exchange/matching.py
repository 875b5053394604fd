"""Which record each person and community of another project's file is, and which id a new one
gets.

A person is known by an account. What was imported before says so in its file and is the same,
whatever became of its id. An id alone is not enough: a stranger whose nick is somebody's id
here would else get that person's rights. It must be the same name as well, and no account may
speak against it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, count

from ocs.model.foreign import ForeignCommunity, ForeignPerson, ForeignSource, Key, Note
from ocs.model.kinds import SLUG_LENGTH, is_slug
from ocs.model.record import Tree
from ocs.model.registry import Document, Registry
from ocs.rules.records.naming import slug

Thing = ForeignPerson | ForeignCommunity


@dataclass(frozen=True, slots=True)
class Identities:
    """The ids of everything in a file. `gone` are the records imported before that are no
    longer in it.
    """

    people: Mapping[Key, str]
    communities: Mapping[Key, str]
    gone: tuple[Document, ...]
    notes: tuple[Note, ...]


def origin(source: ForeignSource, key: Key) -> str:
    """How a record says what of which file it was imported from: `mots mozilla-central:
    core-string`.
    """
    return f"{_label(source)}: {'/'.join(slug(part) or '-' for part in key)}"


def _label(source: ForeignSource) -> str:
    return " ".join(filter(None, (source.format, slug(source.of))))


def identities(
    source: ForeignSource, registry: Registry, origins: Mapping[str, str]
) -> Identities:
    """The ids of everything in a file. *origins* is what records say they were imported from,
    by file.
    """
    people = _Ids("person", ("person",), registry)
    communities = _Ids("community", ("org", "community"), registry)
    imported = {origin: file for file, origin in sorted(origins.items(), reverse=True)}
    accounts = _by_account(registry)

    for person in source.people:
        known = [accounts.get(account) for account in _accounts(person.accounts)]
        own = people.documents.get(_file(imported, source, person))
        people.claim(person, [*known, own if own and _may_be(person, own.tree) else None])
    for person in sorted(source.people, key=_order):
        if people.claim(
            person,
            [
                namesake
                for namesake in people.namesakes(person)
                if _may_be(person, namesake.tree)
            ],
        ):
            people.notes.append(_told_by_name(person))
        people.give(
            person,
            [str(value) for value in person.accounts.values() if isinstance(value, int)],
        )

    for community in source.communities:
        communities.claim(
            community, [communities.documents.get(_file(imported, source, community))]
        )
    # A file that this registry exported has its name; what is in it was here, wherever it came
    # from before.
    is_ours = source.of == registry.policy.name
    for community in source.communities:
        same = [
            namesake
            for namesake in communities.namesakes(community)
            if is_ours or namesake.file not in origins
        ]
        communities.claim(community, same)
        communities.give(community, [source.format])

    claimed = people.claimed | communities.claimed
    gone = [
        record
        for record in registry
        if origins.get(record.file, "").startswith(f"{_label(source)}: ")
    ]
    left = tuple(document for document in gone if document.file not in claimed)
    return Identities(people.ids, communities.ids, left, (*people.notes, *communities.notes))


def _told_by_name(person: ForeignPerson) -> Note:
    why = "their id and name are the same, and no account tells"
    return Note(
        "same-name", "a person who is taken for one in the registry", why, person.called
    )


def _file(imported: Mapping[str, str], source: ForeignSource, thing: Thing) -> str:
    """The file of the record that was imported from this before; empty where there is none."""
    return imported.get(origin(source, thing.key), "")


def _order(person: ForeignPerson) -> tuple[object, ...]:
    """Who is first gets an id that several would have: the same ones whatever the order of the
    file.
    """
    numbers = [value for value in person.accounts.values() if isinstance(value, int)]
    return (not numbers, numbers, person.called.casefold(), person.key)


def _accounts(accounts: Tree) -> list[tuple[str, str]]:
    """Accounts as they are compared; those that survive a change of name come first."""
    found = accounts.items() if isinstance(accounts, Mapping) else ()
    return sorted(
        ((name, str(value).casefold()) for name, value in found),
        key=lambda a: not a[0].endswith("_id"),
    )


def _by_account(registry: Registry) -> Mapping[tuple[str, str], Document]:
    """The people of a registry, by each of their accounts."""
    people = registry.by_kind["person"].values()
    return {
        account: person
        for person in people
        for account in _accounts(person.tree.get("accounts"))
    }


def _may_be(person: ForeignPerson, tree: Mapping[str, Tree]) -> bool:
    """No account that both have is another one."""
    theirs, here = dict(_accounts(person.accounts)), dict(_accounts(tree.get("accounts")))
    return all(here.get(name, value) == value for name, value in theirs.items())


class _Ids:
    """The ids that the things of one kind get. `shares` are the kinds that share the ids."""

    def __init__(self, kind: str, shares: Iterable[str], registry: Registry) -> None:
        self.ids: dict[Key, str] = {}
        self.notes: list[Note] = []
        self.claimed: set[str] = set()
        self.documents = {
            document.file: document for document in registry.by_kind[kind].values()
        }
        self._kind = kind
        self._by_id = registry.by_kind[kind]
        self._taken = {
            id
            for share in shares
            for id in (*registry.ids(share), *registry.former_ids[share])
        }

    def namesakes(self, thing: Thing) -> Sequence[Document]:
        """The record that has the id that the thing would get, if it has the same name too."""
        document = self._by_id.get(slug(thing.called))
        name = "" if document is None else str(document.tree.get("name", ""))
        return [document] if document and name.casefold() == thing.name.casefold() else []

    def claim(self, thing: Thing, documents: Iterable[Document | None]) -> bool:
        """Let a thing that is no record yet be the first of these that nothing else in the
        file is.
        """
        for document in documents if thing.key not in self.ids else ():
            if document is not None and document.file not in self.claimed:
                self.ids[thing.key] = document.id
                self.claimed.add(document.file)
                return True
        return False

    def give(self, thing: Thing, endings: Sequence[str]) -> None:
        """Give a thing that is no record yet an id; where the nearest one cannot be had,
        another.
        """
        if thing.key in self.ids:
            return
        wanted = slug(thing.called)
        id = next(
            id for id in _candidates(wanted, endings, self._kind) if id not in self._taken
        )
        if id != wanted:
            why = (
                "the nearest id is another one's"
                if wanted in self._taken
                else "its name makes no id"
            )
            self.notes.append(
                Note(
                    "other-id", f"a {self._kind} with another id", why, f"{thing.called}: {id}"
                )
            )
        self._taken.add(id)
        self.ids[thing.key] = id


def _candidates(wanted: str, endings: Sequence[str], otherwise: str) -> Iterator[str]:
    """Ids in the order in which they are tried; never ends."""
    base = wanted if is_slug(wanted) else otherwise
    yield base
    for ending in chain(endings, map(str, count(2))):
        yield f"{base[: SLUG_LENGTH[-1] - len(ending) - 1].rstrip('-')}-{ending}"
