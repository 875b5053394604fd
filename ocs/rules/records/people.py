"""What must hold of people."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ocs.model.finding import Place, Severity
from ocs.model.ocs import OcsRecord
from ocs.model.person import Person, PersonStatus
from ocs.model.registry import Registry
from ocs.model.vetting import Vetting
from ocs.rules.check import Violation, at, check

# GitHub's address for somebody who keeps theirs to themselves: `4539057+lenab@…`, and
# `lenab@…` of old.
_NOREPLY = "@users.noreply.github.com"

# The account that a platform shows in place of every deleted one, as its number.
_GHOSTS = {"github": "10137"}


def is_ghost(platform: str, number: str) -> bool:
    """Does this account stand for all deleted ones, and so for nobody?"""
    return _GHOSTS.get(platform) == number


def with_mail(registry: Registry, mail: str) -> list[str]:
    """Whose mail address this is, or the one that GitHub gives to their account."""
    wanted = mail.casefold()
    return [person.id for person in registry.records(Person) if wanted in mails_of(person)]


def mails_of(person: Person) -> Iterator[str]:
    """The mail addresses of a person and of their GitHub account, in small letters."""
    if person.mail:
        yield person.mail.casefold()
    account, number = (str(person.accounts.get(name, "")) for name in ("github", "github_id"))
    if account:
        yield f"{account}{_NOREPLY}".casefold()
        yield f"{number}+{account}{_NOREPLY}".casefold()


@check(
    "shared-account",
    Severity.ERROR,
    example="github: lenab, in people/lena.yaml and people/lea.yaml",
    hint="Correct one of them, or merge the records if both are the same person.",
)
def accounts_of_two_people(registry: Registry, today: date) -> Iterator[Violation]:
    """An account on another platform, or a mail address, belongs to one person."""
    owners: dict[tuple[str, str], list[Place]] = {}
    for person in registry.records(Person):
        for platform, account in person.accounts.items():
            key = platform, str(account).casefold().removeprefix("@")
            owners.setdefault(key, []).append(at("person", person.id, "accounts", platform))
        if person.mail:
            key = "mail address", person.mail.casefold()
            owners.setdefault(key, []).append(at("person", person.id, "mail"))
    for (platform, account), places in owners.items():
        if len(places) > 1:
            what = platform.replace("_", " ")
            yield Violation(
                f"{len(places)} people have the same {what}: '{account}'", tuple(places)
            )


@check(
    "nobodys-account",
    Severity.ERROR,
    example="github_id: 10137, which GitHub shows for every deleted account",
    hint="Write the number of the person's own account.",
)
def accounts_of_nobody(registry: Registry, today: date) -> Iterator[Violation]:
    """No record has the account that a platform shows for all deleted accounts."""
    for person in registry.records(Person):
        for name, number in person.accounts.items():
            if name.endswith("_id") and is_ghost(name.removesuffix("_id"), str(number)):
                message = (
                    f"{number} is the number of every deleted account, so it identifies nobody"
                )
                yield Violation(message, (at("person", person.id, "accounts", name),))


@check(
    "shared-key",
    Severity.ERROR,
    example="the same fingerprint in vetting/lena.yaml and vetting/lea.yaml",
    hint="Ask both for their fingerprints again. The holder of the key could read the secrets of "
    "both.",
)
def keys_of_two_people(registry: Registry, today: date) -> Iterator[Violation]:
    """A key belongs to one person."""
    owners: dict[str, dict[str, Place]] = {}
    for vetting in registry.records(Vetting):
        if vetting.key:
            place = at("vetting", vetting.id, "key")
            owners.setdefault(vetting.key, {})[vetting.id] = place
    for ocs in registry.records(OcsRecord):
        for number, gatekeeper in enumerate(ocs.gatekeepers):
            if gatekeeper.key:
                place = at("ocs", ocs.id, "gatekeepers", number, "key")
                owners.setdefault(gatekeeper.key, {}).setdefault(gatekeeper.person, place)
    for key, places in owners.items():
        if len(places) > 1:
            names = " and ".join(sorted(places))
            yield Violation(f"{names} have the same key …{key[-8:]}", tuple(places.values()))


@check(
    "absence-over",
    Severity.WARNING,
    example="away_until: 2025-01-10",
    hint="Remove `away_from` and `away_until`, or write the new dates. Set `status: active`.",
)
def absences_that_are_over(registry: Registry, today: date) -> Iterator[Violation]:
    """No absence has already ended."""
    for person in registry.records(Person):
        if person.away_until is not None and person.away_until < today:
            message = f"{person.name} was away until {person.away_until}"
            yield Violation(message, (at("person", person.id, "away_until"),))


@check(
    "unmentioned-person",
    Severity.NOTE,
    example="people/lena.yaml, and no record names lena",
    hint="Ignore this if the person has just joined. Otherwise set `status: alumni`.",
)
def people_that_no_record_mentions(registry: Registry, today: date) -> Iterator[Violation]:
    """At least one record mentions each person of the group."""
    mentioned = {
        reference.target
        for document in registry
        for reference in document.references
        if reference.space == "person" and document.kind.name != "vetting"
    }
    mentioned |= {target for space, target in registry.also_mentioned if space == "person"}
    for person in registry.records(Person):
        is_with_us = person.status not in (PersonStatus.APPLICANT, PersonStatus.ALUMNI)
        if is_with_us and mentioned.isdisjoint((person.id, *person.formerly)):
            yield Violation(f"no record mentions {person.name}", (at("person", person.id),))


CHECKS = (
    accounts_of_two_people,
    accounts_of_nobody,
    keys_of_two_people,
    absences_that_are_over,
    people_that_no_record_mentions,
)
