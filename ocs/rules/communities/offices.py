"""Who leads a community, directly or through a group that does, and what they speak for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from ocs.model.community import Community, CommunityStatus, Lead, Role
from ocs.model.registry import Registry
from ocs.rules.communities.standing import MOST_FOLLOWED, active_leads

# What is spoken for; None is everything.
Scope = frozenset[str] | None


@dataclass(frozen=True, slots=True)
class Office:
    """A person's office. `lead` names the person, `first` is the lead of the community itself.

    They are one, unless the person leads one of the groups `through` which the office is held.
    """

    person: str
    lead: Lead
    first: Lead
    scope: Scope
    through: tuple[Community, ...] = ()

    def speaks_for(self, action: str) -> bool:
        return self.scope is None or action in self.scope


def scope_of(lead: Lead) -> Scope:
    """What a lead speaks for: where nothing is said an owner everything, and a peer nothing."""
    if lead.speaks_for is not None:
        return frozenset(lead.speaks_for)
    return None if lead.role is Role.OWNER else frozenset()


def offices(community: Community, registry: Registry, today: date) -> Iterator[Office]:
    """Everybody in office today. The leads of a group speak for what both they and the group
    speak for.

    A group that leads itself, also through others, adds nobody, and neither does an archived one.
    Of very many groups the nearest count.
    """
    waiting: list[tuple[Community, Lead | None, Scope, tuple[Community, ...]]]
    waiting = [(community, None, None, ())]
    seen = {community.id}
    for leading, first, limit, through in waiting:
        for _, lead in active_leads(leading, today):
            scope = _both(limit, scope_of(lead))
            if lead.person:
                person = registry.now_called("person", lead.person)
                yield Office(person, lead, first or lead, scope, through)
            group = community_called(lead.group, registry) if lead.group else None
            if (
                group
                and group.id not in seen
                and group.status is not CommunityStatus.ARCHIVED
                and len(seen) <= MOST_FOLLOWED
            ):
                seen.add(group.id)
                waiting.append((group, first or lead, scope, (*through, group)))


def _both(one: Scope, other: Scope) -> Scope:
    if one is None or other is None:
        return other if one is None else one
    return one & other


def community_called(name: str, registry: Registry) -> Community | None:
    """The community that has this id, or had it."""
    document = registry.by_kind["community"].get(registry.now_called("community", name))
    record = document.record if document else None
    return record if isinstance(record, Community) else None


def office_in_words(office: Office, community: str) -> str:
    """`ana-ruiz has been owner (Coordinator) of open-map-hispano since 2025-03-01`."""
    if office.through:
        groups = [group.id for group in reversed(office.through)]
        chain = ", which leads ".join([office.person, *groups]).replace(", which", "", 1)
        return f"{chain}, which {_role(office.first, community)}"
    return f"{office.person} {_role(office.lead, community)}"


def _role(lead: Lead, community: str) -> str:
    title = f" ({lead.title})" if lead.title else ""
    office = f"{lead.role}{title} of {community}"
    return f"has been {office} since {lead.since}" if lead.since else f"is {office}"


def scope_in_words(scope: Scope, order: tuple[str, ...]) -> str:
    """`and may ask for: domain, hosting`; *order* is that of the registry's actions."""
    if scope is None:
        return "and may ask for everything"
    if not scope:
        return "and may ask for nothing"
    known = [action for action in order if action in scope]
    return f"and may ask for: {', '.join([*known, *sorted(scope.difference(order))])}"
