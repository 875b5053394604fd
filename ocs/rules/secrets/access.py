"""What must hold of access to secrets."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ocs.model.access import Access, file_of
from ocs.model.ciphertext import file_of as ciphertext_file
from ocs.model.finding import Place, Severity
from ocs.model.registry import Registry
from ocs.model.vetting import Vetting
from ocs.rules.check import Violation, check
from ocs.rules.nearest import listed
from ocs.rules.people.standing import suspension
from ocs.rules.secrets.readers import (
    conflicts_of,
    current_readers,
    level_needed,
    owner_of,
    owners_gatekeepers,
    readers_of,
    vetting_faults,
    vetting_of,
    who_reads,
)


@check(
    "reader-not-vetted",
    Severity.ERROR,
    example="a newcomer reads a secret of an organisation whose sensitivity is high",
    hint="Vet the person up to the required level, or remove them from the readers.",
)
def readers_not_vetted_enough(registry: Registry, today: date) -> Iterator[Violation]:
    """Every reader has a valid vetting of the level that the owner's sensitivity requires."""
    for access in registry.records(Access):
        needed = level_needed(access.id, registry)
        for number, reader in current_readers(access, today):
            person = registry.now_called("person", reader.person)
            why = [message for message, _ in vetting_faults(person, needed, registry, today)]
            if why and not _follows_from_another(person, registry, today):
                place = Place(file_of(access.id), ("readers", number, "person"))
                message = f"{reader.person} reads {access.id}, but {listed(why, 'and')}"
                yield Violation(
                    message, (place,), "vet the person, or remove them from the readers"
                )


def _follows_from_another(person: str, registry: Registry, today: date) -> bool:
    """Does another check report the cause: no such person, an unreadable vetting, a suspension?"""
    if person not in registry.ids("person"):
        return True
    vetting = vetting_of(person, registry)
    if vetting is None:
        return person in registry.ids("vetting")
    is_suspended = suspension(vetting, today) is not None
    return is_suspended or vetting.level not in registry.policy.vetting.levels


@check(
    "conflict-of-interest",
    Severity.ERROR,
    example="tomasz has a conflict with ankerplatz, and reads one of its secrets",
    hint="Remove the person from the readers or gatekeepers, and rotate what they could read.",
)
def readers_with_a_conflict(registry: Registry, today: date) -> Iterator[Violation]:
    """Nobody with a conflict of interest with an owner or its suppliers reads its secrets."""
    places: set[Place] = set()
    for access in registry.records(Access):
        for person, place in readers_of(access.id, registry, today).items():
            parties = conflicts_of(person, access.id, registry)
            if parties and place not in places:
                places.add(place)
                message = (
                    f"{person} reads {access.id}, but has a conflict with {', '.join(parties)}"
                )
                yield Violation(
                    message,
                    (place,),
                    "remove the person here, and rotate what they could read",
                )


@check(
    "access-ended",
    Severity.WARNING,
    example="until: 2025-12-31",
    hint="Remove the reader and rotate the secret, or write a new date if the "
    "access is still needed.",
)
def access_that_has_ended(registry: Registry, today: date) -> Iterator[Violation]:
    """No reader's `until` has passed."""
    for access in registry.records(Access):
        for number, reader in enumerate(access.readers):
            if reader.until is not None and reader.until < today:
                yield Violation(
                    f"the access of {reader.person} to {access.id} ended on {reader.until}",
                    (Place(file_of(access.id), ("readers", number, "until")),),
                    "remove the reader and rotate the secret, or write a new date",
                )


@check(
    "rotation-overdue",
    Severity.WARNING,
    example="rotate_by: 2026-03-01",
    hint="Change the secret's content, and write `rotated:` and the next `rotate_by:`.",
)
def secrets_to_be_rotated(registry: Registry, today: date) -> Iterator[Violation]:
    """No secret's `rotate_by` has passed."""
    for access in registry.records(Access):
        if access.rotate_by is not None and access.rotate_by < today:
            yield Violation(
                f"the rotation of {access.id} was due on {access.rotate_by}",
                (Place(file_of(access.id), ("rotate_by",)),),
                "change its content, and write the new dates",
            )


@check(
    "few-readers",
    Severity.WARNING,
    example="a secret of a community with one gatekeeper and no other reader",
    hint="Name a second gatekeeper of the owner, or a reader.",
)
def secrets_that_few_can_read(registry: Registry, today: date) -> Iterator[Violation]:
    """At least two people can read a secret."""
    for access in registry.records(Access):
        readers = who_reads(access.id, registry, today)
        if len(readers) < 2 and owner_of(access.id, registry) is not None:
            who = f"only {next(iter(readers))}" if readers else "nobody"
            yield Violation(
                f"{who} can read {access.id}",
                (Place(file_of(access.id)),),
                "name gatekeepers of its owner, or readers",
            )


@check(
    "secret-without-access",
    Severity.ERROR,
    example="secrets/river/login.gpg, and no access/river/login.yaml",
    hint="Write the access record: what the secret is for, and who may read it.",
)
def secrets_without_access_record(registry: Registry, today: date) -> Iterator[Violation]:
    """Every secret has an access record, which shows who may read it."""
    for name in sorted((registry.secrets or frozenset()) - registry.ids("access")):
        place = Place(ciphertext_file(name))
        yield Violation(f"{name} has no access record", (place,), f"add {file_of(name)}")


@check(
    "access-without-secret",
    Severity.WARNING,
    example="access/river/login.yaml, and no secrets/river/login.gpg",
    hint="Add the secret, or delete the record.",
)
def access_records_without_secret(registry: Registry, today: date) -> Iterator[Violation]:
    """Every access record belongs to a secret."""
    if registry.secrets is not None:
        for name in sorted(registry.ids("access") - registry.secrets):
            yield Violation(
                f"there is no secret {name}",
                (Place(file_of(name)),),
                f"add {ciphertext_file(name)}",
            )


@check(
    "suspended-reader",
    Severity.ERROR,
    example="lena is suspended, and access/river-house/cloud.yaml names her as reader",
    hint="Remove the person from the readers and gatekeepers, and rotate what they could read.",
)
def suspended_people_who_still_read(registry: Registry, today: date) -> Iterator[Violation]:
    """No suspended person reads a secret, as a named reader or as a gatekeeper."""
    places: dict[str, list[Place]] = {}
    for person, place in _named(registry, today):
        places.setdefault(registry.now_called("person", person), []).append(place)
    for vetting in registry.records(Vetting):
        if vetting.id in places and (suspended := suspension(vetting, today)):
            yield Violation(
                f"{vetting.id} has been suspended since {suspended.since}, but can still "
                "read secrets",
                tuple(places[vetting.id]),
                "remove the person, and rotate what they could read",
            )


def _named(registry: Registry, today: date) -> Iterator[tuple[str, Place]]:
    """Readers and gatekeepers, and where their ids stand."""
    for access in registry.records(Access):
        for number, reader in current_readers(access, today):
            yield reader.person, Place(file_of(access.id), ("readers", number, "person"))
    for number, gatekeeper in enumerate(registry.gatekeepers):
        yield gatekeeper.person, Place("ocs.yaml", ("gatekeepers", number, "person"))
    yield from owners_gatekeepers(registry)


CHECKS = (
    suspended_people_who_still_read,
    readers_not_vetted_enough,
    readers_with_a_conflict,
    access_that_has_ended,
    secrets_to_be_rotated,
    secrets_that_few_can_read,
    secrets_without_access_record,
    access_records_without_secret,
)
