"""What must hold of communities: who leads them, and who answers for what."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from ocs.model.community import Community, CommunityStatus, Lead, Role
from ocs.model.finding import Severity
from ocs.model.person import Person
from ocs.model.registry import Registry
from ocs.rules.check import Violation, at, check
from ocs.rules.communities.standing import active_leads
from ocs.rules.cycles import circles
from ocs.rules.nearest import listed
from ocs.rules.people.standing import is_away
from ocs.rules.records.dates import A_YEAR


def alive(registry: Registry) -> Iterator[Community]:
    """The communities that are not archived."""
    every = registry.records(Community)
    return (
        community for community in every if community.status is not CommunityStatus.ARCHIVED
    )


def led_here(registry: Registry) -> Iterator[Community]:
    """The communities that are not archived and whose own file names their leads."""
    return (
        community
        for community in alive(registry)
        if community.leads is not None and community.leads_at is None
    )


def _names(leads: Iterable[tuple[int, Lead]]) -> str:
    return listed([lead.called for _, lead in leads], "and")


@check(
    "two-roles",
    Severity.ERROR,
    example="ana-ruiz is listed as owner and as peer, both without `until`",
    hint="Give the older one an `until`, or remove one.",
)
def people_with_two_roles(registry: Registry, today: date) -> Iterator[Violation]:
    """Nobody has two current roles in one community."""
    for community in registry.records(Community):
        roles: dict[str, list[int]] = {}
        for number, lead in active_leads(community, today):
            who = registry.now_called("person", lead.person) if lead.person else lead.group
            if who:
                roles.setdefault(who, []).append(number)
        for who, numbers in roles.items():
            if len(numbers) > 1:
                message = f"{who} has {len(numbers)} current roles in {community.name}"
                places = [at("community", community.id, "leads", number) for number in numbers]
                yield Violation(message, tuple(places))


@check(
    "emeritus-in-office",
    Severity.ERROR,
    example="role: emeritus, with an `until` in the future or with `speaks_for`",
    hint="Write `role: owner` or `peer` until the lead steps down. An emeritus may ask for "
    "nothing.",
)
def emeriti_who_are_still_in_office(registry: Registry, today: date) -> Iterator[Violation]:
    """An emeritus holds no current role."""
    for community in registry.records(Community):
        for number, lead in enumerate(community.leads or ()):
            if lead.role is not Role.EMERITUS:
                continue
            places = (at("community", community.id, "leads", number, "role"),)
            if lead.until is not None and lead.until > today:
                message = f"{lead.called} is emeritus, but in office until {lead.until}"
                yield Violation(message, places, "write the role that the lead has until then")
            elif lead.speaks_for:
                speaks_for = ", ".join(lead.speaks_for)
                message = f"{lead.called} is emeritus, but speaks for {speaks_for}"
                yield Violation(message, places, "remove `speaks_for`, or correct the role")


@check(
    "several-owners",
    Severity.NOTE,
    example="two leads with role: owner",
    hint="Ignore this if it is intended: each owner can decide alone.",
)
def communities_with_several_owners(registry: Registry, today: date) -> Iterator[Violation]:
    """A community has one owner, because each owner may decide alone."""
    for community in alive(registry):
        leads = active_leads(community, today)
        owners = [(number, lead) for number, lead in leads if lead.role is Role.OWNER]
        if len(owners) > 1:
            places = [at("community", community.id, "leads", n, "role") for n, _ in owners]
            message = f"{community.name} has several owners: {_names(owners)}"
            yield Violation(message, tuple(places))


@check(
    "single-lead",
    Severity.NOTE,
    example="one owner, no peer",
    hint="Find a peer who can act when the lead cannot.",
)
def communities_with_a_single_lead(registry: Registry, today: date) -> Iterator[Violation]:
    """A community has more than one lead."""
    for community in led_here(registry):
        leads = list(active_leads(community, today))
        if len(leads) == 1 and leads[0][1].group is None:
            number, lead = leads[0]
            place = at("community", community.id, "leads", number)
            yield Violation(f"{lead.called} leads {community.name} alone", (place,))


@check(
    "peers-without-owner",
    Severity.WARNING,
    example="only leads with role: peer",
    hint="Make one of the peers the owner, or find an owner.",
)
def communities_with_peers_alone(registry: Registry, today: date) -> Iterator[Violation]:
    """A community with peers has an owner."""
    for community in led_here(registry):
        leads = list(active_leads(community, today))
        if leads and all(lead.role is Role.PEER for _, lead in leads):
            place = at("community", community.id, "leads")
            yield Violation(f"{community.name} has peers but no owner", (place,))


@check(
    "holdover",
    Severity.WARNING,
    example="term_ends: 2025-03-01",
    hint="Confirm the lead and write the new term, or hand over. Until then the lead stays in "
    "office.",
)
def leads_whose_term_has_passed(registry: Registry, today: date) -> Iterator[Violation]:
    """No lead's term has ended."""
    for community in alive(registry):
        for number, lead in active_leads(community, today):
            if lead.term_ends is not None and lead.term_ends < today:
                place = at("community", community.id, "leads", number, "term_ends")
                message = f"the term of {lead.called} ended on {lead.term_ends}"
                yield Violation(message, (place,))


@check(
    "unconfirmed",
    Severity.WARNING,
    example="reviewed: 2024-09-30",
    hint="Ask the leads whether the file is still correct, then update `reviewed:`.",
)
def communities_not_confirmed_for_a_year(
    registry: Registry, today: date
) -> Iterator[Violation]:
    """The leads have confirmed the file within a year."""
    for community in led_here(registry):
        if community.reviewed is not None and today - community.reviewed > A_YEAR:
            message = (
                f"{community.name} was last confirmed by its leads on {community.reviewed}"
            )
            yield Violation(message, (at("community", community.id, "reviewed"),))


@check(
    "lead-away",
    Severity.WARNING,
    example="the only owner is away until January, and there is no peer",
    hint="Name a peer who can act until the lead is back.",
)
def leads_who_are_away_without_deputy(registry: Registry, today: date) -> Iterator[Violation]:
    """At least one lead is not away."""
    people = {person.id: person for person in registry.records(Person)}

    def away(lead: Lead) -> bool:
        person = people.get(registry.now_called("person", lead.person or ""))
        return person is not None and is_away(person, today)

    for community in led_here(registry):
        leads = list(active_leads(community, today))
        if leads and all(away(lead) for _, lead in leads):
            places = [at("community", community.id, "leads", n, "person") for n, _ in leads]
            are = "is" if len(leads) == 1 else "are"
            message = f"{_names(leads)} {are} away, and nobody else leads {community.name}"
            yield Violation(message, tuple(places))


@check(
    "communities-in-a-circle",
    Severity.ERROR,
    example="two communities that are each part of the other",
    hint="Remove the `part_of:` that is wrong.",
)
def communities_in_a_circle(registry: Registry, today: date) -> Iterator[Violation]:
    """No community is part of itself, directly or through others."""
    above = {
        community.id: [
            registry.now_called("community", parent) for parent in community.part_of
        ]
        for community in registry.records(Community)
    }
    for circle in circles(above):
        yield _closed(circle, " is part of ", "part_of")


@check(
    "groups-in-a-circle",
    Severity.ERROR,
    example="two communities that lead each other",
    hint="Name a person instead of one of the groups.",
)
def groups_in_a_circle(registry: Registry, today: date) -> Iterator[Violation]:
    """No community leads itself, directly or through others."""
    leads = {
        community.id: [
            registry.now_called("community", lead.group)
            for _, lead in active_leads(community, today)
            if lead.group
        ]
        for community in registry.records(Community)
    }
    for circle in circles(leads):
        yield _closed(circle, " is led by ", "leads")


def _closed(circle: Sequence[str], verb: str, field: str) -> Violation:
    places = tuple(at("community", id, field) for id in circle)
    return Violation(verb.join([*circle, circle[0]]), places, root=" ".join(sorted(circle)))


CHECKS = (
    people_with_two_roles,
    emeriti_who_are_still_in_office,
    communities_with_several_owners,
    communities_with_a_single_lead,
    communities_with_peers_alone,
    leads_whose_term_has_passed,
    communities_not_confirmed_for_a_year,
    leads_who_are_away_without_deputy,
    communities_in_a_circle,
    groups_in_a_circle,
)
