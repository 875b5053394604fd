"""The registry's communities and people as one of Mozilla's module ownership files.

A person's nick there is the id here. Who has ended becomes an emeritus, in the list that the
role was of.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from ocs.importers.mots import TITLES
from ocs.model.community import Community, Lead, Role
from ocs.model.foreign import Exported, Note
from ocs.model.person import Person, Public
from ocs.model.record import Tree
from ocs.model.registry import Registry

_NO_PLACE = "a mots file has no place for it"
# Deeper in each other than this, modules stand at the top: no reader of such files goes down
# for ever.
_DEEPEST = 15
_LISTS = {Role.OWNER: "owners", Role.PEER: "peers", Role.EMERITUS: "owners_emeritus"}
_ENDED = {
    Role.OWNER: "owners_emeritus",
    Role.PEER: "peers_emeritus",
    Role.EMERITUS: "owners_emeritus",
}
_OF_TITLE = {title: name for name, title in TITLES.items()}
_TAKEN = ("name", "kind", "part_of", "purpose", "leads", "contacts")


def written(registry: Registry, today: date) -> Exported:
    """The registry as a mots file, as it stands on the day *today*."""
    return _Export(registry, today).exported()


class _Export:
    """One export of a registry."""

    def __init__(self, registry: Registry, today: date) -> None:
        self._registry = registry
        self._today = today
        self._people = {person.id: person for person in registry.records(Person)}
        self._communities = {
            community.id: community for community in registry.records(Community)
        }
        self._parents = {
            id: self._parent(community) for id, community in self._communities.items()
        }
        self._done: set[str] = set()
        self._notes: list[Note] = []

    def exported(self) -> Exported:
        tops = [id for id, parent in self._parents.items() if parent is None]
        # What is part of itself, through others, or lies too deep, is below none of the top
        # ones.
        modules = [
            self._module(id) for id in (*tops, *self._communities) if id not in self._done
        ]
        people = [
            self._person(person) for person in self._people.values() if self._is_shown(person)
        ]
        return Exported(
            tree={"repo": self._registry.policy.name, "people": people, "modules": modules},
            communities=len(self._done),
            people=len(people),
            notes=tuple(self._notes),
        )

    def _now(self, kind: str, id: str) -> str:
        return self._registry.now_called(kind, id)

    def _parent(self, community: Community) -> str | None:
        parents = [self._now("community", id) for id in community.part_of]
        return next((id for id in parents if id in self._communities), None)

    def _is_shown(self, person: Person) -> bool:
        """Who wants to be named nowhere is not, but as a lead, which is public."""
        leads = (
            lead.person
            for community in self._communities.values()
            for lead in community.leads or ()
        )
        shown = person.public is not Public.NOTHING or person.id in {
            self._now("person", lead) for lead in leads if lead
        }
        if not shown:
            why = "the record says `public: nothing`"
            self._note("a person", why, f"people/{person.id}")
        return shown

    def _person(self, person: Person) -> dict[str, Tree]:
        left = [
            name
            for name in self._registry.by_kind["person"][person.id].tree
            if name not in ("name", "accounts")
        ]
        left += [
            f"accounts: {platform}"
            for platform in person.accounts
            if platform != "bugzilla_id"
        ]
        for name in left:
            self._note(name, _NO_PLACE, f"people/{person.id}")
        return self._described(person)

    def _described(self, person: Person) -> dict[str, Tree]:
        number = person.accounts.get("bugzilla_id")
        return {
            **({"bmo_id": number} if number else {}),
            "name": person.name,
            "nick": person.id,
        }

    def _below(self, id: str, depth: int) -> Iterator[str]:
        """What is part of a community and not written yet."""
        for below, parent in self._parents.items():
            if parent == id and below not in self._done:
                if depth < _DEEPEST:
                    yield below
                else:
                    self._note(
                        "part_of",
                        "modules lie too deep in each other",
                        f"communities/{below}: {id}",
                    )

    def _module(self, id: str, depth: int = 1) -> dict[str, Tree]:
        self._done.add(id)
        community = self._communities[id]
        self._note_left(community)
        lists = self._leads(community)
        addresses = [
            contact.url for contact in community.contacts if contact.type == "website"
        ]
        meta = {name: lists[name] for name in TITLES if lists[name]}
        inner = [self._module(below, depth + 1) for below in self._below(id, depth)]
        return {
            "machine_name": id.replace("-", "_"),
            "name": community.name,
            **({"description": community.purpose.strip()} if community.purpose else {}),
            "owners": lists["owners"],
            "peers": lists["peers"],
            **(
                {"meta": {**meta, **({"url": " ".join(addresses)} if addresses else {})}}
                if meta or addresses
                else {}
            ),
            **({"submodules": inner} if inner else {}),
        }

    def _note_left(self, community: Community) -> None:
        at = f"communities/{community.id}"
        for name in self._registry.by_kind["community"][community.id].tree:
            if name not in _TAKEN:
                self._note(name, _NO_PLACE, at)
        if community.kind != "module":
            self._note("kind", "a mots file has modules only", at)
        for other in community.part_of:
            if self._now("community", other) != self._parents[community.id]:
                self._note(
                    "part_of", "a module is part of one other at most", f"{at}: {other}"
                )
        for contact in community.contacts:
            if contact.type != "website":
                self._note(
                    "contacts", "a mots file has web addresses only", f"{at}: {contact.url}"
                )

    def _leads(self, community: Community) -> Mapping[str, list[Tree]]:
        lists: dict[str, list[Tree]] = {name: [] for name in ("owners", "peers", *TITLES)}
        for lead in community.leads or ():
            who = self._who(lead)
            if who is None:
                self._note(
                    "a lead",
                    "a mots file has no place for groups that lead",
                    f"communities/{community.id}",
                )
                continue
            lists[self._list_of(lead)].append(who)
            for name in self._left_of(lead):
                self._note(f"leads: {name}", _NO_PLACE, f"communities/{community.id}")
        return lists

    def _list_of(self, lead: Lead) -> str:
        if lead.until is not None and lead.until <= self._today:
            return _ENDED[lead.role]
        if lead.role is Role.EMERITUS:
            return _OF_TITLE.get(lead.title or "", "owners_emeritus")
        return _LISTS[lead.role]

    def _left_of(self, lead: Lead) -> Iterator[str]:
        yield from (
            name
            for name in ("since", "until", "term_ends", "decision")
            if getattr(lead, name) is not None
        )
        if lead.speaks_for is not None:
            yield "speaks_for"
        if lead.title is not None and lead.title not in _OF_TITLE:
            yield "title"

    def _who(self, lead: Lead) -> Tree:
        """A lead as a mots file names them; None for a group."""
        if lead.name is not None:
            has_namesake = lead.name in self._names()
            return (
                lead.name
                if lead.role is Role.EMERITUS and not has_namesake
                else {"nick": lead.name}
            )
        person = self._people.get(self._now("person", lead.person)) if lead.person else None
        return self._described(person) if person else None

    def _names(self) -> Iterable[str]:
        return {person.name for person in self._people.values()}

    def _note(self, what: str, why: str, place: str) -> None:
        self._notes.append(Note("not-exported", what, why, place))
