"""What must hold of names and ids, so that nobody takes one for another."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date

from ocs.model.community import Community, ResourceType
from ocs.model.finding import Place, Severity
from ocs.model.org import Org
from ocs.model.person import Person
from ocs.model.registry import Registry
from ocs.rules.check import Violation, at, check
from ocs.rules.communities.standing import active_leads
from ocs.rules.records.lookalikes import seen_as, swapped
from ocs.rules.records.spelling import disguises

_LABEL = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_DOMAIN = re.compile(rf"{_LABEL}(?:\.{_LABEL})+")


@check(
    "domain-form",
    Severity.ERROR,
    example="name: río.example, with type: domain",
    hint="Write the domain in lowercase letters and in ASCII, such as xn--ro-nja.example.",
)
def domains_in_other_letters(registry: Registry, today: date) -> Iterator[Violation]:
    """A domain is in ASCII and in lowercase letters, so that no other one looks like it."""
    for name, type, place in _resources(registry):
        if type is ResourceType.DOMAIN and not _DOMAIN.fullmatch(name):
            yield Violation(
                f"the domain {name!a} is not written in ASCII", (place,), _in_ascii(name)
            )


def _in_ascii(domain: str) -> str | None:
    if len(domain) > 253:
        return None
    try:
        ascii = domain.strip().rstrip(".").lower().encode("idna").decode()
    except UnicodeError:
        return None
    return f"write {ascii}, if that is the domain" if _DOMAIN.fullmatch(ascii) else None


@check(
    "disguised-name",
    Severity.ERROR,
    example="a resource with an invisible character in its name",
    hint="Type the name by hand instead of copying it.",
)
def resources_in_disguise(registry: Registry, today: date) -> Iterator[Violation]:
    """The name of a resource has no characters that mislead readers."""
    for name, type, place in _resources(registry):
        for how in disguises(name) if type is not ResourceType.DOMAIN else ():
            yield Violation(f"the name {name!a} is not what it looks like: {how}", (place,))


@check(
    "disguised-words",
    Severity.WARNING,
    example="name: Αna Ruiz, where the first letter is Greek",
    hint="Type the words by hand. Ask the author why they look like other words.",
)
def names_in_disguise(registry: Registry, today: date) -> Iterator[Violation]:
    """The name of a person, community or organisation has no characters that mislead readers."""
    for record in _named(registry):
        kind = type(record).__name__.lower()
        for how in disguises(record.name):
            message = f"the name {record.name!a} is not what it looks like: {how}"
            yield Violation(message, (at(kind, record.id, "name"),))
    for name, type_, place in (*_resources(registry), *_domains(registry)):
        for how in _in_letters(name) if type_ is ResourceType.DOMAIN else ():
            yield Violation(f"the domain {name} stands for other letters: {how}", (place,))


def _in_letters(domain: str) -> Iterator[str]:
    """How an international domain is not what it looks like in a browser."""
    for label in domain.lower().split("."):
        if label.startswith("xn--"):
            try:
                yield from disguises(
                    label.removeprefix("xn--").encode("ascii").decode("punycode")
                )
            except UnicodeError:
                yield "it is no international domain"


@check(
    "id-like-a-lead",
    Severity.WARNING,
    example="people/ana-riuz.yaml, where ana-ruiz leads a community",
    hint="Find out who this is, and choose an id that nobody can confuse with another one.",
)
def ids_like_those_of_leads(registry: Registry, today: date) -> Iterator[Violation]:
    """No person's id is the id of a lead or gatekeeper with two letters swapped."""
    trusted = {registry.now_called("person", id) for id in _trusted(registry, today)}
    seen = {seen_as(id): id for id in sorted(trusted)}
    for id in sorted(registry.ids("person") - trusted):
        like = next((other for other in swapped(id) if other in trusted), None)
        like = like or seen.get(seen_as(id))
        if like is not None:
            message = f"the id {id} looks like {like}, whom others trust"
            yield Violation(message, (at("person", id),))


def _trusted(registry: Registry, today: date) -> Iterator[str]:
    yield from (gatekeeper.person for gatekeeper in registry.gatekeepers)
    for community in registry.records(Community):
        yield from (lead.person for _, lead in active_leads(community, today) if lead.person)


def _named(registry: Registry) -> Iterable[Person | Community | Org]:
    yield from registry.records(Person)
    yield from registry.records(Community)
    yield from registry.records(Org)


def _resources(registry: Registry) -> Iterator[tuple[str, ResourceType | None, Place]]:
    for community in registry.records(Community):
        for number, resource in enumerate(community.resources):
            place = at("community", community.id, "resources", number, "name")
            yield resource.name, resource.type, place


def _domains(registry: Registry) -> Iterator[tuple[str, ResourceType, Place]]:
    for org in registry.records(Org):
        for number, domain in enumerate(org.domains):
            yield (
                domain.name,
                ResourceType.DOMAIN,
                at("org", org.id, "domains", number, "name"),
            )


CHECKS = (
    domains_in_other_letters,
    resources_in_disguise,
    names_in_disguise,
    ids_like_those_of_leads,
)
