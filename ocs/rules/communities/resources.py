"""What must hold of the domains, accounts and the like that communities answer for."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from functools import cache
from unicodedata import normalize

from ocs.model.community import Community, CommunityStatus, ResourceType
from ocs.model.finding import Place, Severity
from ocs.model.org import Org, OrgStatus
from ocs.model.registry import Registry
from ocs.rules.check import Violation, at, check
from ocs.rules.communities.communities import alive, led_here
from ocs.rules.communities.offices import community_called
from ocs.rules.communities.standing import MOST_FOLLOWED, active_leads, ancestors
from ocs.rules.nearest import listed

SOON = timedelta(days=90)
# By RFC 1035. Of longer ones Python's codecs take minutes.
LONGEST_DOMAIN = 253
_XN = re.compile(r"(?<![^.\u3002])xn--([a-z0-9-]+)")


@check(
    "claimed-twice",
    Severity.ERROR,
    example="two communities that list the domain river.example",
    hint="Find out whose it is, and remove it from the other file.",
)
def resources_of_two_communities(registry: Registry, today: date) -> Iterator[Violation]:
    """A resource belongs to one community or organisation."""
    claims: dict[tuple[str, str], dict[str, Place]] = {}
    names = {named.id: named.name for named in registry.records(Community)}
    names |= {named.id: named.name for named in registry.records(Org)}
    domains = _domains(registry)  # a domain is one, whatever somebody else calls it
    for community in registry.records(Community):
        for number, resource in enumerate(community.resources):
            kind = resource.type.value if resource.type else "other"
            place = at("community", community.id, "resources", number, "name")
            is_domain = same_name(resource.name, True) in domains
            key = ("domain" if is_domain else kind, same_name(resource.name, is_domain))
            claims.setdefault(key, {}).setdefault(community.id, place)
    for org in registry.records(Org):
        for number, domain in enumerate(org.domains):
            key = ("domain", same_name(domain.name, True))
            place = at("org", org.id, "domains", number, "name")
            claims.setdefault(key, {}).setdefault(org.id, place)
    for (_, name), places in claims.items():
        if len(places) > 1:
            called = Counter(names[owner] for owner in places)
            whose = [
                f"{names[owner]} ({owner})" if called[names[owner]] > 1 else names[owner]
                for owner in places
            ]
            yield Violation(
                f"{name} is claimed by {listed(whose, 'and')}", tuple(places.values())
            )


def _domains(registry: Registry) -> set[str]:
    """Every domain that somebody claims as one."""
    found = {
        same_name(domain.name, True) for org in registry.records(Org) for domain in org.domains
    }
    for community in registry.records(Community):
        found |= {
            same_name(resource.name, True)
            for resource in community.resources
            if resource.type is ResourceType.DOMAIN
        }
    return found


def same_name(name: str, is_domain: bool) -> str:
    """A name as it is compared: a domain in ASCII, an address without `https://`."""
    plain = re.sub("^https?://", "", normalize("NFKC", name.strip()).casefold()).rstrip("/")
    if not is_domain:
        return plain
    plain = plain.rstrip(".")
    if len(plain) > LONGEST_DOMAIN:
        return plain
    try:
        return _XN.sub(_in_letters, plain).encode("idna").decode()
    except UnicodeError:
        return plain


def _in_letters(label: re.Match[str]) -> str:
    """A part of a domain out of ASCII. One with ß has two such forms, and is the same in both."""
    try:
        return label[1].encode("ascii").decode("punycode")
    except UnicodeError:
        return label[0]


@check(
    "custodian-no-lead",
    Severity.WARNING,
    example="custodian: juan-perez, who stepped down in 2025",
    hint="Make a lead the custodian, or make the custodian a lead.",
)
def custodians_who_do_not_lead(registry: Registry, today: date) -> Iterator[Violation]:
    """The custodian of a resource leads its community, or one above it."""
    direct = cache(lambda id: _direct_leads(id, registry, today))
    for community in led_here(registry):
        if not any(resource.custodian for resource in community.resources):
            continue
        above = [community.id, *sorted(ancestors(community.id, registry))]
        recovery = community.succession.recovery if community.succession else None
        if recovery:
            above.append(registry.now_called("community", recovery))
        leading = [people for people, _ in map(direct, _with_groups(above, direct))]
        for number, resource in enumerate(community.resources):
            custodian = registry.now_called("person", resource.custodian or "")
            if custodian in registry.ids("person") and not any(
                custodian in people for people in leading
            ):
                yield Violation(
                    f"{resource.custodian} is custodian of {resource.name} and leads neither "
                    f"{community.name} nor a community above it",
                    (at("community", community.id, "resources", number, "custodian"),),
                )


# The people who lead a community themselves, and the groups that do.
Direct = tuple[frozenset[str], tuple[str, ...]]


def _direct_leads(id: str, registry: Registry, today: date) -> Direct:
    community = community_called(id, registry)
    leads = [lead for _, lead in active_leads(community, today)] if community else []
    groups = (community_called(lead.group, registry) for lead in leads if lead.group)
    return (
        frozenset(registry.now_called("person", lead.person) for lead in leads if lead.person),
        tuple(
            group.id
            for group in groups
            if group and group.status is not CommunityStatus.ARCHIVED
        ),
    )


def _with_groups(ids: Iterable[str], direct: Callable[[str], Direct]) -> Iterable[str]:
    """Communities, and the nearest groups that lead them."""
    seen = dict.fromkeys(ids)
    most = len(seen) + MOST_FOLLOWED
    waiting = list(seen)
    for id in waiting:
        for group in direct(id)[1]:
            if group not in seen and len(seen) < most:
                seen[group] = None
                waiting.append(group)
    return waiting


@check(
    "no-deputy",
    Severity.NOTE,
    example="a domain with `custodian:` and without `deputy:`",
    hint="Name a deputy, who acts when the custodian cannot.",
)
def resources_without_deputy(registry: Registry, today: date) -> Iterator[Violation]:
    """A resource has a custodian and a deputy."""
    for community in alive(registry):
        for number, resource in enumerate(community.resources):
            answering = {
                registry.now_called("person", person)
                for person in (resource.custodian, resource.deputy)
                if person
            }
            if resource.custodian and len(answering) == 1:
                place = at("community", community.id, "resources", number, "custodian")
                message = f"nobody but {resource.custodian} answers for {resource.name}"
                yield Violation(message, (place,))


@check(
    "expiring",
    Severity.WARNING,
    example="expires: 2026-12-14, on 2026-11-20",
    hint="Renew it, and write the new date.",
)
def what_expires_soon(registry: Registry, today: date) -> Iterator[Violation]:
    """No domain or other resource expires within 90 days."""
    for community in registry.records(Community):
        for number, resource in enumerate(community.resources):
            place = at("community", community.id, "resources", number, "expires")
            yield from _expiring(resource.name, resource.expires, place, today)
    for org in registry.records(Org):
        domains = org.domains if org.status is not OrgStatus.LEFT else ()
        for number, domain in enumerate(domains):
            place = at("org", org.id, "domains", number, "expires")
            yield from _expiring(domain.name, domain.expires, place, today)


def _expiring(
    name: str, expires: date | None, place: Place, today: date
) -> Iterator[Violation]:
    if expires is not None and expires - today <= SOON:
        when = f"expired on {expires}" if expires < today else f"expires on {expires}"
        yield Violation(f"{name} {when}", (place,))


@check(
    "archived-but-holding",
    Severity.WARNING,
    example="status: archived, with a domain under `resources:`",
    hint="Reassign every resource, and end the leads with `until:`.",
)
def archived_communities_that_hold_something(
    registry: Registry, today: date
) -> Iterator[Violation]:
    """An archived community holds no resources and has no leads in office."""
    for community in registry.records(Community):
        if community.status is not CommunityStatus.ARCHIVED:
            continue
        held = [
            (resource.name, at("community", community.id, "resources", number))
            for number, resource in enumerate(community.resources)
        ]
        held += [
            (lead.called, at("community", community.id, "leads", number))
            for number, lead in active_leads(community, today)
        ]
        if held:
            names = ", ".join(name for name, _ in held)
            places = tuple(place for _, place in held)
            yield Violation(f"{community.name} is archived and still has {names}", places)


CHECKS = (
    resources_of_two_communities,
    custodians_who_do_not_lead,
    resources_without_deputy,
    what_expires_soon,
    archived_communities_that_hold_something,
)
