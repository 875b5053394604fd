"""Which records the people and communities of a foreign file are, and the ids of new ones.

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
    """The ids of everything in a file. `gone`: imported before, and no longer in it."""

    people: Mapping[Key, str]
    communities: Mapping[Key, str]
    gone: tuple[Document, ...]
    notes: tuple[Note, ...]


def origin(source: ForeignSource, key: Key) -> str:
    """What of which file a record comes from: `mots mozilla-central: core-string`."""
    return f"{_label(source)}: {'/'.join(slug(part) or '-' for part in key)}"


def _label(source: ForeignSource) -> str:
    return " ".join(filter(None, (source.format, slug(source.of))))


def identities(
    source: ForeignSource, registry: Registry, origins: Mapping[str, str]
) -> Identities:
    """The ids of everything in a file. *origins* are the records' own, by file."""
    people = _Ids("person", ("person",), registry)
    communities = _Ids("community", ("org", "community"), registry)
    imported = {origin: file for file, origin in sorted(origins.items(), reverse=True)}
    accounts = _by_account(registry)

    for person in source.people:
        known = [accounts.get(account) for account in _accounts(person.accounts)]
        same = people.documents.get(_file(imported, source, person))
        people.claim(person, [*known, same if same and _may_be(person, same.tree) else None])
    for person in sorted(source.people, key=_order):
        namesakes = people.namesakes(person)
        if people.claim(person, [same for same in namesakes if _may_be(person, same.tree)]):
            what = "a person matched by id and name"
            why = "no account confirms that it is the same person"
            people.notes.append(Note("same-name", what, why, person.called))
        people.give(person, list(map(str, _numbers(person))))

    for community in source.communities:
        file = _file(imported, source, community)
        communities.claim(community, [communities.documents.get(file)])
    # A file with this registry's name was exported from it: everything in it was a record here.
    is_ours = source.of == registry.policy.name
    for community in source.communities:
        namesakes = communities.namesakes(community)
        own = [same for same in namesakes if is_ours or same.file not in origins]
        communities.claim(community, own)
        communities.give(community, [source.format])

    claimed = people.claimed | communities.claimed
    gone = tuple(
        document
        for document in registry
        if origins.get(document.file, "").startswith(f"{_label(source)}: ")
        and document.file not in claimed
    )
    return Identities(people.ids, communities.ids, gone, (*people.notes, *communities.notes))


def _file(imported: Mapping[str, str], source: ForeignSource, thing: Thing) -> str:
    """The file of the record that was imported from this before; empty where there is none."""
    return imported.get(origin(source, thing.key), "")


def _order(person: ForeignPerson) -> tuple[object, ...]:
    """The order in which people get ids that several would have, whatever the file's order."""
    numbers = _numbers(person)
    return (not numbers, numbers, person.called.casefold(), person.key)


def _numbers(person: ForeignPerson) -> list[int]:
    return [value for value in person.accounts.values() if isinstance(value, int)]


def _accounts(accounts: Tree) -> list[tuple[str, str]]:
    """Accounts as they are compared; those that survive a change of name come first."""
    given = accounts.items() if isinstance(accounts, Mapping) else ()
    compared = [(name, str(value).casefold()) for name, value in given]
    return sorted(compared, key=lambda account: not account[0].endswith("_id"))


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
        self._kind = kind
        self._by_id = registry.by_kind[kind]
        self.documents = {document.file: document for document in self._by_id.values()}
        self._taken = set[str]().union(
            *(registry.ids(share).union(registry.former_ids[share]) for share in shares)
        )

    def namesakes(self, thing: Thing) -> Sequence[Document]:
        """The record that has the id that the thing would get, if it has the same name too."""
        document = self._by_id.get(slug(thing.called))
        name = "" if document is None else str(document.tree.get("name", ""))
        return [document] if document and name.casefold() == thing.name.casefold() else []

    def claim(self, thing: Thing, documents: Iterable[Document | None]) -> bool:
        """Let a thing without a record be the first of these that nothing else in the file is."""
        for document in documents if thing.key not in self.ids else ():
            if document is not None and document.file not in self.claimed:
                self.ids[thing.key] = document.id
                self.claimed.add(document.file)
                return True
        return False

    def give(self, thing: Thing, endings: Sequence[str]) -> None:
        """Give a thing without a record the nearest id that is free."""
        if thing.key in self.ids:
            return
        wanted = slug(thing.called)
        candidates = _candidates(wanted, endings, self._kind)
        id = next(id for id in candidates if id not in self._taken)
        if id != wanted:
            is_taken = wanted in self._taken
            why = (
                "the usual id is in use" if is_taken else "ocs cannot make an id from its name"
            )
            what = f"a {self._kind} with another id"
            self.notes.append(Note("other-id", what, why, f"{thing.called}: {id}"))
        self._taken.add(id)
        self.ids[thing.key] = id


def _candidates(wanted: str, endings: Sequence[str], otherwise: str) -> Iterator[str]:
    """Ids in the order in which they are tried; never ends."""
    base = wanted if is_slug(wanted) else otherwise
    yield base
    for ending in chain(endings, map(str, count(2))):
        yield f"{base[: SLUG_LENGTH[-1] - len(ending) - 1].rstrip('-')}-{ending}"
