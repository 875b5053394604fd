"""The facts that a registry states about who can read secrets, and whether they are confirmed.

A fact counts by the ids that people have now: whoever is named by an old id is meant by the new
one, so that a claim on somebody's old id is a new fact.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from ocs.model.access import Access
from ocs.model.community import Community
from ocs.model.org import Org
from ocs.model.registry import Registry
from ocs.model.trust import Fact, FactKind
from ocs.rules.people.standing import suspension
from ocs.rules.secrets.readers import (
    current_readers,
    fingerprint_of,
    gatekeepers_of,
    owner_of,
    readers_of,
    vetting_of,
)

SEE_CHANGES = "not confirmed here: see `ocs changes`"


def facts_of(registry: Registry, today: date) -> frozenset[Fact]:
    """Everything that a registry states about who can read secrets on the day *today*."""
    return frozenset(_all_facts(registry, today))


def _all_facts(registry: Registry, today: date) -> Iterator[Fact]:
    for person in {*(registry.certificates or ()), *registry.ids("vetting")}:
        yield from facts_of_person(person, registry, today)
    yield from roster(registry)
    owners: list[Org | Community] = [*registry.records(Org), *registry.records(Community)]
    for owner in owners:
        for person in gatekeepers_of(owner, registry):
            yield Fact(FactKind.GATEKEEPER, owner.id, person)
    for access in registry.records(Access):
        for _, reader in current_readers(access, today):
            yield Fact(
                FactKind.READER, access.id, registry.now_called("person", reader.person)
            )


def roster(registry: Registry) -> Iterator[Fact]:
    """The gatekeepers of the registry, with the keys that ocs.yaml names."""
    for gatekeeper in registry.gatekeepers:
        yield Fact(FactKind.ROSTER, gatekeeper.person, gatekeeper.key or "")


def facts_of_person(person: str, registry: Registry, today: date) -> Iterator[Fact]:
    """A person's key and level; of a suspended one no level."""
    if key := fingerprint_of(person, registry):
        yield Fact(FactKind.KEY, person, key)
    vetting = vetting_of(person, registry)
    if vetting and not suspension(vetting, today):
        yield Fact(FactKind.LEVEL, person, vetting.level)


def facts_needed(
    secret: str, people: Iterable[str], registry: Registry, today: date
) -> Iterator[Fact]:
    """The facts by which these people can read a secret."""
    owner = owner_of(secret, registry)
    gatekeepers = gatekeepers_of(owner, registry)
    for person in people:
        yield from facts_of_person(person, registry, today)
        if owner and person in gatekeepers:
            yield Fact(FactKind.GATEKEEPER, owner.id, person)
            yield from (fact for fact in roster(registry) if fact.person == person)
        else:
            yield Fact(FactKind.READER, secret, person)


def facts_of_gpg_id(owner: str, registry: Registry) -> Iterator[Fact]:
    """The facts by which people's keys stand in an owner's `.gpg-id`; "" has the top one."""
    holder = owner_of(f"{owner}/", registry) if owner else None
    people = gatekeepers_of(holder, registry)
    for fact in roster(registry):
        if fact.value and (not owner or fact.person in people):
            yield fact
            if holder:
                yield Fact(FactKind.GATEKEEPER, holder.id, fact.person)


def is_of_user(fact: Fact, users: Mapping[str, str]) -> bool:
    """Is this about the user, or one of the user's own keys? *users* has these by person.

    Anybody can lay the user's certificate beside somebody's name, so another key of that person
    is not the user's.
    """
    if fact.kind in (FactKind.KEY, FactKind.ROSTER):
        return bool(fact.value) and users.get(fact.person) == fact.value
    return fact.person in users


def is_confirmed(secrets: Iterable[str], registry: Registry, today: date) -> bool:
    """Has the user confirmed everybody who should read these secrets?"""
    return all(
        fact in registry.confirmed
        for secret in secrets
        for fact in facts_needed(secret, readers_of(secret, registry, today), registry, today)
    )


def to_encrypt(advice: str, secrets: Iterable[str], registry: Registry, today: date) -> str:
    """Advice by which secrets are encrypted, where the user has confirmed their readers."""
    return advice if is_confirmed(secrets, registry, today) else SEE_CHANGES


def are_gatekeepers_confirmed(owner: str, registry: Registry) -> bool:
    """Has the user confirmed everybody whose key stands in an owner's `.gpg-id`?"""
    return all(fact in registry.confirmed for fact in facts_of_gpg_id(owner, registry))
