"""The registry as a module ownership file of Mozilla's. A nick there is the id here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from ocs.importers.mots import TITLES
from ocs.model.community import Community, Lead, Role
from ocs.model.foreign import Exported, Note
from ocs.model.person import Person, Public
from ocs.model.record import Tree
from ocs.model.registry import Registry

_NO_PLACE = "a mots file has no place for it"
# Modules that are nested deeper stand at the top: readers of such files have a limit.
_DEEPEST = 15
_LISTS = {Role.OWNER: "owners", Role.PEER: "peers", Role.EMERITUS: "owners_emeritus"}
_ENDED = {**_LISTS, Role.OWNER: "owners_emeritus", Role.PEER: "peers_emeritus"}
_OF_TITLE = {title: name for name, title in TITLES.items()}
_TAKEN = ("name", "kind", "part_of", "purpose", "leads", "contacts")


def written(registry: Registry, today: date) -> Exported:
    """The registry as a mots file, as it stands on the day *today*."""
    return _Export(registry, today).exported()


class _Export:
    def __init__(self, registry: Registry, today: date) -> None:
        self._registry = registry
        self._today = today
        self._people = {person.id: person for person in registry.records(Person)}
        communities = {community.id: community for community in registry.records(Community)}
        self._communities = communities
        self._parents = {id: self._parent(community) for id, community in communities.items()}
        self._done: set[str] = set()
        self._notes: list[Note] = []

    def exported(self) -> Exported:
        tops = [id for id, parent in self._parents.items() if parent is None]
        # Communities in a cycle, or nested too deep, are below none of the top ones.
        ids = (*tops, *self._communities)
        modules = [self._module(id) for id in ids if id not in self._done]
        shown = filter(self._is_shown, self._people.values())
        people = [self._person(person) for person in shown]
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
        """May the person be named? Leads are public."""
        leads = (
            lead.person
            for community in self._communities.values()
            for lead in community.leads or ()
        )
        shown = person.public is not Public.NOTHING or person.id in {
            self._now("person", lead) for lead in leads if lead
        }
        if not shown:
            self._note("a person", "the record says `public: nothing`", f"people/{person.id}")
        return shown

    def _person(self, person: Person) -> dict[str, Tree]:
        left = list(self._registry.by_kind["person"][person.id].tree)
        left += [f"accounts: {platform}" for platform in person.accounts]
        for name in left:
            if name in ("name", "accounts", "accounts: bugzilla_id"):
                continue
            self._note(name, _NO_PLACE, f"people/{person.id}")
        return self._described(person)

    def _described(self, person: Person) -> dict[str, Tree]:
        number = person.accounts.get("bugzilla_id")
        id = {"bmo_id": number} if number else {}
        return {**id, "name": person.name, "nick": person.id}

    def _below(self, id: str, depth: int) -> Iterator[str]:
        """The communities that are part of one, and not written yet."""
        for below, parent in self._parents.items():
            if parent == id and below not in self._done:
                if depth < _DEEPEST:
                    yield below
                else:
                    why = "modules are nested too deep"
                    self._note("part_of", why, f"communities/{below}: {id}")

    def _module(self, id: str, depth: int = 1) -> dict[str, Tree]:
        self._done.add(id)
        community = self._communities[id]
        self._note_left(community)
        lists = self._leads(community)
        contacts = community.contacts
        addresses = [contact.url for contact in contacts if contact.type == "website"]
        meta: dict[str, Tree] = {name: lists[name] for name in TITLES if lists[name]}
        if addresses:
            meta["url"] = " ".join(addresses)
        inner = [self._module(below, depth + 1) for below in self._below(id, depth)]
        return {
            "machine_name": id.replace("-", "_"),
            "name": community.name,
            **({"description": community.purpose.strip()} if community.purpose else {}),
            "owners": lists["owners"],
            "peers": lists["peers"],
            **({"meta": meta} if meta else {}),
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
                why = "a module can be part of only one other"
                self._note("part_of", why, f"{at}: {other}")
        for contact in community.contacts:
            if contact.type != "website":
                why = "a mots file has web addresses only"
                self._note("contacts", why, f"{at}: {contact.url}")

    def _leads(self, community: Community) -> Mapping[str, list[Tree]]:
        lists: dict[str, list[Tree]] = {name: [] for name in ("owners", "peers", *TITLES)}
        at = f"communities/{community.id}"
        for lead in community.leads or ():
            who = self._who(lead)
            if who is None:
                self._note("a lead", "a mots file has no place for groups that lead", at)
                continue
            lists[self._list_of(lead)].append(who)
            for name in self._left_of(lead):
                self._note(f"leads: {name}", _NO_PLACE, at)
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
            has_namesake = any(person.name == lead.name for person in self._people.values())
            is_text = lead.role is Role.EMERITUS and not has_namesake
            return lead.name if is_text else {"nick": lead.name}
        person = self._people.get(self._now("person", lead.person)) if lead.person else None
        return self._described(person) if person else None

    def _note(self, what: str, why: str, place: str) -> None:
        self._notes.append(Note("not-exported", what, why, place))
