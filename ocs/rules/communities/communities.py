"""What must hold of communities: who leads them, and who answers for what."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ocs.model.community import Community, CommunityStatus, Lead, Role
from ocs.model.finding import Place, Severity
from ocs.model.kinds import KIND
from ocs.model.person import Person
from ocs.model.registry import Registry
from ocs.rules.check import Violation, check
from ocs.rules.communities.standing import active_leads
from ocs.rules.cycles import circles
from ocs.rules.people.standing import is_away
from ocs.rules.records.dates import A_YEAR


def file_of(community: str) -> str:
    """Where the community's record lies."""
    return KIND["community"].file(community)


def alive(registry: Registry) -> Iterator[Community]:
    """The communities that are not archived."""
    return (
        community
        for community in registry.records(Community)
        if community.status is not CommunityStatus.ARCHIVED
    )


def led_here(registry: Registry) -> Iterator[Community]:
    """The communities that are alive and whose leads are told in their own file."""
    return (
        community
        for community in alive(registry)
        if community.leads is not None and community.leads_at is None
    )


@check(
    "two-roles",
    Severity.ERROR,
    example="ana-ruiz is listed as owner and as peer, both without `until`",
    hint="Give the older of the two an `until`, or take one out.",
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
                places = tuple(
                    Place(file_of(community.id), ("leads", number)) for number in numbers
                )
                hint = "give the older one an `until`, or take one out"
                yield Violation(
                    f"{who} has {len(numbers)} current roles in {community.name}", places, hint
                )


@check(
    "emeritus-in-office",
    Severity.ERROR,
    example="role: emeritus, with an `until` in the future or with `speaks_for`",
    hint="Write `role: owner` or `peer` until the day out of office; an emeritus "
    "speaks for nothing.",
)
def emeriti_who_are_still_in_office(registry: Registry, today: date) -> Iterator[Violation]:
    """Nobody has ended and is active at once."""
    for community in registry.records(Community):
        for number, lead in enumerate(community.leads or ()):
            if lead.role is not Role.EMERITUS:
                continue
            place = Place(file_of(community.id), ("leads", number, "role"))
            name = lead.person or lead.group or lead.name
            if lead.until is not None and lead.until > today:
                yield Violation(
                    f"{name} is emeritus, but in office until {lead.until}",
                    (place,),
                    "write the role that holds until then",
                )
            elif lead.speaks_for:
                yield Violation(
                    f"{name} is emeritus, but speaks for {', '.join(lead.speaks_for)}",
                    (place,),
                    "take `speaks_for` out, or write the role that holds",
                )


@check(
    "several-owners",
    Severity.NOTE,
    example="two leads with role: owner",
    hint="Nothing, if it is meant: any of them speaks for the community.",
)
def communities_with_several_owners(registry: Registry, today: date) -> Iterator[Violation]:
    """A community with several owners is told, since any of them may decide alone."""
    for community in alive(registry):
        owners = [
            (n, lead) for n, lead in active_leads(community, today) if lead.role is Role.OWNER
        ]
        if len(owners) > 1:
            names = " and ".join(
                str(lead.person or lead.group or lead.name) for _, lead in owners
            )
            places = tuple(
                Place(file_of(community.id), ("leads", number, "role")) for number, _ in owners
            )
            yield Violation(f"{names} are all owners of {community.name}", places)


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
            place = Place(file_of(community.id), ("leads", number))
            message = f"{lead.person or lead.name} leads {community.name} alone"
            yield Violation(message, (place,), "find a peer who can act meanwhile")


@check(
    "peers-without-owner",
    Severity.WARNING,
    example="only leads with role: peer",
    hint="Make one of the peers owner, or find one.",
)
def communities_with_peers_alone(registry: Registry, today: date) -> Iterator[Violation]:
    """Where there are peers there is an owner."""
    for community in led_here(registry):
        leads = list(active_leads(community, today))
        if leads and all(lead.role is Role.PEER for _, lead in leads):
            place = Place(file_of(community.id), ("leads",))
            yield Violation(
                f"{community.name} has peers and no owner", (place,), "make one of them owner"
            )


@check(
    "holdover",
    Severity.WARNING,
    example="term_ends: 2025-03-01",
    hint="Confirm the lead and write the new term, or hand over; until then the lead "
    "stays in office.",
)
def leads_whose_term_has_passed(registry: Registry, today: date) -> Iterator[Violation]:
    """No lead's term has passed."""
    for community in alive(registry):
        for number, lead in active_leads(community, today):
            if lead.term_ends is not None and lead.term_ends < today:
                yield Violation(
                    f"the term of {lead.person or lead.group or lead.name} ended on "
                    f"{lead.term_ends}",
                    (Place(file_of(community.id), ("leads", number, "term_ends")),),
                    "confirm the lead and write the new term, or hand over",
                )


@check(
    "unconfirmed",
    Severity.WARNING,
    example="reviewed: 2024-09-30",
    hint="Ask the leads whether the file is still true, and write the day.",
)
def communities_not_confirmed_for_a_year(
    registry: Registry, today: date
) -> Iterator[Violation]:
    """The leads have confirmed the file within a year."""
    for community in led_here(registry):
        if community.reviewed is not None and today - community.reviewed > A_YEAR:
            yield Violation(
                f"{community.name} was last confirmed by its leads on {community.reviewed}",
                (Place(file_of(community.id), ("reviewed",)),),
                "ask them whether the file is still true, and write the day",
            )


@check(
    "lead-away",
    Severity.WARNING,
    example="the only owner is away until January, and there is no peer",
    hint="Name a peer who acts meanwhile.",
)
def leads_who_are_away_without_deputy(registry: Registry, today: date) -> Iterator[Violation]:
    """While leads are away, another one is there."""
    people = {person.id: person for person in registry.records(Person)}

    def away(lead: Lead) -> bool:
        person = (
            people.get(registry.now_called("person", lead.person)) if lead.person else None
        )
        return person is not None and is_away(person, today)

    for community in led_here(registry):
        leads = list(active_leads(community, today))
        if leads and all(away(lead) for _, lead in leads):
            places = tuple(
                Place(file_of(community.id), ("leads", number, "person"))
                for number, _ in leads
            )
            names = " and ".join(str(lead.person) for _, lead in leads)
            verb = "is" if len(leads) == 1 else "are"
            yield Violation(
                f"{names} {verb} away, and nobody else leads {community.name}",
                places,
                "name a peer",
            )


@check(
    "communities-in-a-circle",
    Severity.ERROR,
    example="two communities that are each part of the other",
    hint="Take out the `part_of:` that is not true.",
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
        places = tuple(Place(file_of(id), ("part_of",)) for id in circle)
        chain = " is part of ".join([*circle, circle[0]])
        yield Violation(
            chain, places, "take out the one that is not true", root=" ".join(sorted(circle))
        )


@check(
    "groups-in-a-circle",
    Severity.ERROR,
    example="two communities of which each is a lead of the other",
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
        places = tuple(Place(file_of(id), ("leads",)) for id in circle)
        chain = " is led by ".join([*circle, circle[0]])
        yield Violation(chain, places, "name a person instead", root=" ".join(sorted(circle)))


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
