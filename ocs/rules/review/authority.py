"""Who has a say in a change, as it is before the change."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from ocs.model.community import Community, LeadRef, Role
from ocs.model.ocs import OcsRecord
from ocs.model.org import Org
from ocs.model.registry import Registry
from ocs.model.vetting import Vetting
from ocs.rules.communities.offices import community_called, offices
from ocs.rules.people.standing import counts
from ocs.rules.secrets.readers import owner_of


@dataclass(frozen=True)
class Authority:
    """The registry and the changed community before the change, and ocs.yaml after it."""

    base: Registry
    today: date
    community: Community | None = None
    proposed: OcsRecord | None = None
    _owners: dict[str, tuple[str, ...]] = field(
        default_factory=dict, compare=False, repr=False
    )

    def owners(self, community: Community | None) -> tuple[str, ...]:
        """The owners of a community, themselves or as owners of a group that is one."""
        if community is None:
            return ()
        if community.id not in self._owners:
            self._owners[community.id] = self._owners_now(community)
        return self._owners[community.id]

    def _owners_now(self, community: Community) -> tuple[str, ...]:
        held = offices(community, self.base, self.today)
        people = (
            office.person
            for office in held
            if office.first.role is Role.OWNER and office.lead.role is Role.OWNER
        )
        return tuple(dict.fromkeys(people))

    @cached_property
    def owners_to_come(self) -> frozenset[LeadRef]:
        """The owners of the changed community, today or later, as its record names them."""
        leads = self.community.leads if self.community else None
        return frozenset(
            lead.who
            for lead in leads or ()
            if lead.role is Role.OWNER and (lead.until is None or lead.until > self.today)
        )

    def leads(self, community: Community | None) -> tuple[str, ...]:
        """Everybody who leads a community, in any role, themselves or through a group."""
        held = offices(community, self.base, self.today) if community else ()
        return tuple(dict.fromkeys(office.person for office in held))

    def owner(self, id: str) -> Org | Community | None:
        """The organisation or community that has this id, or had it."""
        return owner_of(id, self.base)

    def owners_of(self, id: str) -> tuple[str, ...]:
        return self.owners(community_called(id, self.base))

    def gatekeepers(self, but: Iterable[str] = ()) -> tuple[str, ...]:
        """The gatekeepers whose vetting counts, or who have none, without these people."""
        named = dict.fromkeys(gatekeeper.person for gatekeeper in self.base.gatekeepers)
        others = set(self.called(but))
        return tuple(
            person for person in named if self._counts(person) and person not in others
        )

    def gatekeepers_of(self, owner: str) -> tuple[str, ...]:
        """The gatekeepers who answer for an owner's secrets; all if the owner names none."""
        record = owner_of(owner, self.base)
        own = self.called(record.gatekeepers) if record else ()
        every = self.gatekeepers()
        return tuple(person for person in every if person in own) if own else every

    def called(self, people: Iterable[str]) -> tuple[str, ...]:
        """The ids that these people have now."""
        ids = (self.base.now_called("person", person) for person in people)
        return tuple(dict.fromkeys(ids))

    def people(self, leads: Iterable[LeadRef]) -> tuple[str, ...]:
        """The people among these leads, by the ids that they have now."""
        return self.called(lead.person for lead in leads if lead.person is not None)

    def _counts(self, person: str) -> bool:
        document = self.base.by_kind["vetting"].get(person)
        if document is None:
            return person not in self.base.ids("vetting")
        return isinstance(document.record, Vetting) and counts(document.record, self.today)
