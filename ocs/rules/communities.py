"""What must hold of communities: who leads them, and who answers for what."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from ocs.model.community import Community, CommunityStatus, Lead, ResourceType, Role
from ocs.model.finding import Place, Severity
from ocs.model.kinds import KIND
from ocs.model.org import Org
from ocs.model.person import Person
from ocs.model.registry import Registry
from ocs.rules.check import Said, check
from ocs.rules.circles import circles
from ocs.rules.standing import A_YEAR, active_leads, ancestors, in_office, is_away

SOON = timedelta(days=90)


def file_of(community: str) -> str:
    """Where the community's record lies."""
    return KIND["community"].file(community)


def alive(registry: Registry) -> Iterator[Community]:
    """The communities that are not archived and keep their leads here."""
    return (
        community
        for community in registry.records(Community)
        if community.status is not CommunityStatus.ARCHIVED
    )


def led_here(registry: Registry) -> Iterator[Community]:
    """The communities that are alive and whose leads are told in their own file."""
    return (each for each in alive(registry) if each.leads is not None and each.leads_at is None)


@check(
    "two-roles",
    Severity.ERROR,
    example="ana-ruiz is listed as owner and as peer, both without `until`",
    mend="Give the older of the two an `until`, or take one out.",
)
def people_with_two_roles(registry: Registry, today: date) -> Iterator[Said]:
    """Nobody has two current roles in one community."""
    for community in registry.records(Community):
        roles: dict[str, list[int]] = {}
        for number, lead in active_leads(community, today):
            who = lead.person or lead.group
            if who:
                roles.setdefault(who, []).append(number)
        for who, numbers in roles.items():
            if len(numbers) > 1:
                places = tuple(Place(file_of(community.id), ("leads", number)) for number in numbers)
                hint = "give the older one an `until`, or take one out"
                yield Said(f"{who} has {len(numbers)} current roles in {community.name}", places, hint)


@check(
    "emeritus-in-office",
    Severity.ERROR,
    example="role: emeritus, with an `until` in the future or with `speaks_for`",
    mend="Write `role: owner` or `peer` until the day out of office; an emeritus speaks for nothing.",
)
def emeriti_who_are_still_in_office(registry: Registry, today: date) -> Iterator[Said]:
    """Nobody has ended and is active at once."""
    for community in registry.records(Community):
        for number, lead in enumerate(community.leads or ()):
            if lead.role is not Role.EMERITUS:
                continue
            place = Place(file_of(community.id), ("leads", number, "role"))
            name = lead.person or lead.group or lead.name
            if lead.until is not None and lead.until > today:
                yield Said(
                    f"{name} is emeritus, but in office until {lead.until}",
                    (place,),
                    "write the role that holds until then",
                )
            elif lead.speaks_for:
                yield Said(
                    f"{name} is emeritus, but speaks for {', '.join(lead.speaks_for)}",
                    (place,),
                    "take `speaks_for` out, or write the role that holds",
                )


@check(
    "several-owners",
    Severity.NOTE,
    example="two leads with role: owner",
    mend="Nothing, if it is meant: any of them speaks for the community.",
)
def communities_with_several_owners(registry: Registry, today: date) -> Iterator[Said]:
    """A community with several owners is told, since any of them may decide alone."""
    for community in alive(registry):
        owners = [(n, lead) for n, lead in active_leads(community, today) if lead.role is Role.OWNER]
        if len(owners) > 1:
            names = " and ".join(str(lead.person or lead.group or lead.name) for _, lead in owners)
            places = tuple(Place(file_of(community.id), ("leads", number, "role")) for number, _ in owners)
            yield Said(f"{names} are all owners of {community.name}", places)


@check(
    "vacancy",
    Severity.WARNING,
    example="leads: []",
    mend="Find somebody, with the community named under `succession: recovery:`; write `vacant_since:`.",
)
def communities_without_lead(registry: Registry, today: date) -> Iterator[Said]:
    """A community has a lead in office."""
    for community, acts in _vacancies(registry, today):
        if acts:
            message = f"nobody leads {community.name}{_since(community)}"
            hint = f"{' or '.join(acts)} acts meanwhile"
            yield Said(message, (Place(file_of(community.id), ("leads",)),), hint)


@check(
    "vacancy-without-recovery",
    Severity.WARNING,
    example="leads: [], without `succession: recovery:`",
    mend="Name the community that acts meanwhile under `succession: recovery:`.",
)
def vacancies_without_recovery(registry: Registry, today: date) -> Iterator[Said]:
    """Where nobody leads, another community is named that acts meanwhile."""
    for community, acts in _vacancies(registry, today):
        if not acts:
            message = (
                f"nobody leads {community.name}{_since(community)}, and nobody is named who acts meanwhile"
            )
            hint = "write `succession: {recovery: …}` with the id of a community"
            yield Said(message, (Place(file_of(community.id), ("leads",)),), hint)


def _vacancies(registry: Registry, today: date) -> Iterator[tuple[Community, tuple[str, ...]]]:
    """The communities that nobody leads, each with the communities that act for it."""
    for community in led_here(registry):
        if not any(active_leads(community, today)):
            recovery = community.succession.recovery if community.succession else None
            yield community, (recovery,) if recovery else community.part_of


def _since(community: Community) -> str:
    return f" since {community.vacant_since}" if community.vacant_since else ""


@check(
    "single-lead",
    Severity.NOTE,
    example="one owner, no peer",
    mend="Find a peer who can act when the lead cannot.",
)
def communities_with_a_single_lead(registry: Registry, today: date) -> Iterator[Said]:
    """A community has more than one lead."""
    for community in led_here(registry):
        leads = list(active_leads(community, today))
        if len(leads) == 1 and leads[0][1].group is None:
            number, lead = leads[0]
            place = Place(file_of(community.id), ("leads", number))
            message = f"{lead.person or lead.name} leads {community.name} alone"
            yield Said(message, (place,), "find a peer who can act meanwhile")


@check(
    "peers-without-owner",
    Severity.WARNING,
    example="only leads with role: peer",
    mend="Make one of the peers owner, or find one.",
)
def communities_with_peers_alone(registry: Registry, today: date) -> Iterator[Said]:
    """Where there are peers there is an owner."""
    for community in led_here(registry):
        leads = list(active_leads(community, today))
        if leads and all(lead.role is Role.PEER for _, lead in leads):
            place = Place(file_of(community.id), ("leads",))
            yield Said(f"{community.name} has peers and no owner", (place,), "make one of them owner")


@check(
    "holdover",
    Severity.WARNING,
    example="term_ends: 2025-03-01",
    mend="Confirm the lead and write the new term, or hand over; until then the lead stays in office.",
)
def leads_whose_term_has_passed(registry: Registry, today: date) -> Iterator[Said]:
    """No lead's term has passed."""
    for community in alive(registry):
        for number, lead in active_leads(community, today):
            if lead.term_ends is not None and lead.term_ends < today:
                yield Said(
                    f"the term of {lead.person or lead.group or lead.name} ended on {lead.term_ends}",
                    (Place(file_of(community.id), ("leads", number, "term_ends")),),
                    "confirm the lead and write the new term, or hand over",
                )


@check(
    "unconfirmed",
    Severity.WARNING,
    example="reviewed: 2024-09-30",
    mend="Ask the leads whether the file is still true, and write the day.",
)
def communities_not_confirmed_for_a_year(registry: Registry, today: date) -> Iterator[Said]:
    """The leads have confirmed the file within a year."""
    for community in led_here(registry):
        if community.reviewed is not None and today - community.reviewed > A_YEAR:
            yield Said(
                f"{community.name} was last confirmed by its leads on {community.reviewed}",
                (Place(file_of(community.id), ("reviewed",)),),
                "ask them whether the file is still true, and write the day",
            )


@check(
    "lead-away",
    Severity.WARNING,
    example="the only owner is away until January, and there is no peer",
    mend="Name a peer who acts meanwhile.",
)
def leads_who_are_away_without_deputy(registry: Registry, today: date) -> Iterator[Said]:
    """While leads are away, another one is there."""
    people = {person.id: person for person in registry.records(Person)}

    def away(lead: Lead) -> bool:
        return lead.person in people and is_away(people[lead.person], today)

    for community in led_here(registry):
        leads = list(active_leads(community, today))
        if leads and all(away(lead) for _, lead in leads):
            places = tuple(Place(file_of(community.id), ("leads", number, "person")) for number, _ in leads)
            names = " and ".join(str(lead.person) for _, lead in leads)
            verb = "is" if len(leads) == 1 else "are"
            yield Said(f"{names} {verb} away, and nobody else leads {community.name}", places, "name a peer")


@check(
    "communities-in-a-circle",
    Severity.ERROR,
    example="two communities that are each part of the other",
    mend="Take out the `part_of:` that is not true.",
)
def communities_in_a_circle(registry: Registry, today: date) -> Iterator[Said]:
    """No community is part of itself, directly or through others."""
    for circle in circles({each.id: each.part_of for each in registry.records(Community)}):
        places = tuple(Place(file_of(id), ("part_of",)) for id in circle)
        told = " is part of ".join([*circle, circle[0]])
        yield Said(told, places, "take out the one that is not true", root=" ".join(sorted(circle)))


@check(
    "claimed-twice",
    Severity.ERROR,
    example="two communities that list the domain river.example",
    mend="Find out whose it is, and take it out of the other file.",
)
def resources_of_two_communities(registry: Registry, today: date) -> Iterator[Said]:
    """A resource belongs to one community or organisation."""
    claims: dict[tuple[str, str], dict[str, Place]] = {}
    for community in registry.records(Community):
        for number, resource in enumerate(community.resources):
            kind = resource.type.value if resource.type else "other"
            place = Place(file_of(community.id), ("resources", number, "name"))
            key = (kind, same_name(resource.name, resource.type is ResourceType.DOMAIN))
            claims.setdefault(key, {}).setdefault(community.name, place)
    for org in registry.records(Org):
        for number, domain in enumerate(org.domains):
            place = Place(KIND["org"].file(org.id), ("domains", number, "name"))
            claims.setdefault(("domain", same_name(domain.name, True)), {}).setdefault(org.name, place)
    for (_, name), places in claims.items():
        if len(places) > 1:
            whose = " and ".join(places)
            yield Said(f"{name} is claimed by {whose}", tuple(places.values()), "find out whose it is")


def same_name(name: str, is_domain: bool) -> str:
    """A resource's name so that two spellings of one are equal: a domain in its ASCII form."""
    plain = name.strip().casefold()
    if not is_domain:
        return plain
    try:
        return plain.rstrip(".").encode("idna").decode()
    except UnicodeError:
        return plain.rstrip(".")


@check(
    "custodian-no-lead",
    Severity.WARNING,
    example="custodian: juan-perez, who left office in 2025",
    mend="Move the custody to a lead, or make the custodian one.",
)
def custodians_who_do_not_lead(registry: Registry, today: date) -> Iterator[Said]:
    """The custodian of a resource leads the community or one that it is part of."""
    leads = {
        community.id: {lead.person for _, lead in active_leads(community, today) if lead.person}
        for community in registry.records(Community)
    }
    for community in led_here(registry):
        above = {community.id, *ancestors(community.id, registry)}
        recovery = community.succession.recovery if community.succession else None
        may = {person for id in (*above, recovery) for person in leads.get(str(id), ())}
        for number, resource in enumerate(community.resources):
            if resource.custodian and resource.custodian not in may:
                yield Said(
                    f"{resource.custodian} is custodian of {resource.name} and leads neither "
                    f"{community.name} nor a community above it",
                    (Place(file_of(community.id), ("resources", number, "custodian")),),
                    "move the custody to a lead, or make the custodian one",
                )


@check(
    "no-deputy",
    Severity.NOTE,
    example="a domain with `custodian:` and without `deputy:`",
    mend="Name somebody who answers for it when the custodian cannot.",
)
def resources_without_deputy(registry: Registry, today: date) -> Iterator[Said]:
    """A resource has a deputy beside its custodian."""
    for community in alive(registry):
        for number, resource in enumerate(community.resources):
            if resource.custodian and resource.deputy in (None, resource.custodian):
                yield Said(
                    f"nobody but {resource.custodian} answers for {resource.name}",
                    (Place(file_of(community.id), ("resources", number, "custodian")),),
                    "name a deputy",
                )


@check(
    "expiring",
    Severity.WARNING,
    example="expires: 2026-12-14, on 2026-11-20",
    mend="Renew it, and write the new date.",
)
def what_expires_soon(registry: Registry, today: date) -> Iterator[Said]:
    """No domain or other resource expires within 90 days."""
    for community in registry.records(Community):
        for number, resource in enumerate(community.resources):
            place = Place(file_of(community.id), ("resources", number, "expires"))
            yield from _expiring(resource.name, resource.expires, place, today)
    for org in registry.records(Org):
        for number, domain in enumerate(org.domains):
            place = Place(KIND["org"].file(org.id), ("domains", number, "expires"))
            yield from _expiring(domain.name, domain.expires, place, today)


def _expiring(name: str, expires: date | None, place: Place, today: date) -> Iterator[Said]:
    if expires is not None and expires <= today + SOON:
        when = f"expired on {expires}" if expires < today else f"expires on {expires}"
        yield Said(f"{name} {when}", (place,), "renew it, and write the new date")


@check(
    "archived-but-holding",
    Severity.WARNING,
    example="status: archived, with a domain under `resources:`",
    mend="Reassign every resource, and end the leads with `until:`.",
)
def archived_communities_that_hold_something(registry: Registry, today: date) -> Iterator[Said]:
    """An archived community holds no resources and has no leads in office."""
    for community in registry.records(Community):
        if community.status is not CommunityStatus.ARCHIVED:
            continue
        held = [
            (resource.name, Place(file_of(community.id), ("resources", number)))
            for number, resource in enumerate(community.resources)
        ]
        held += [
            (str(lead.person or lead.group or lead.name), Place(file_of(community.id), ("leads", number)))
            for number, lead in enumerate(community.leads or ())
            if in_office(lead, today)
        ]
        if held:
            names = ", ".join(name for name, _ in held)
            places = tuple(place for _, place in held)
            yield Said(f"{community.name} is archived and still has {names}", places, "reassign or end them")


CHECKS = (
    people_with_two_roles,
    emeriti_who_are_still_in_office,
    communities_with_several_owners,
    communities_without_lead,
    vacancies_without_recovery,
    communities_with_a_single_lead,
    communities_with_peers_alone,
    leads_whose_term_has_passed,
    communities_not_confirmed_for_a_year,
    leads_who_are_away_without_deputy,
    communities_in_a_circle,
    resources_of_two_communities,
    custodians_who_do_not_lead,
    resources_without_deputy,
    what_expires_soon,
    archived_communities_that_hold_something,
)
