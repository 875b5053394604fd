"""What must hold of organisations."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ocs.model.finding import Severity
from ocs.model.org import Importance, Org, OrgStatus, RegisteredTo
from ocs.model.registry import Registry
from ocs.rules.check import Violation, at, check
from ocs.rules.cycles import circles
from ocs.rules.records.dates import A_YEAR


def looked_after(registry: Registry) -> Iterator[Org]:
    """The organisations that the group looks after now."""
    not_now = (OrgStatus.PROSPECT, OrgStatus.LEFT)
    return (org for org in registry.records(Org) if org.status not in not_now)


@check(
    "few-gatekeepers",
    Severity.WARNING,
    example="gatekeepers: [amara]",
    hint="Name a second gatekeeper, so that one can always act for the organisation.",
)
def organisations_with_few_gatekeepers(registry: Registry, today: date) -> Iterator[Violation]:
    """An organisation has at least two gatekeepers."""
    for org in looked_after(registry):
        if len({registry.now_called("person", name) for name in org.gatekeepers}) < 2:
            have = f"only {org.gatekeepers[0]} is" if org.gatekeepers else "nobody is"
            place = at("org", org.id, "gatekeepers")
            yield Violation(f"{have} gatekeeper of {org.name}", (place,))


@check(
    "nobody-authorises-access",
    Severity.WARNING,
    example="contacts without `may_authorise: [access]`",
    hint="Ask the organisation which role decides who may see its data, and write it "
    "under `may_authorise:`.",
)
def organisations_where_nobody_authorises_access(
    registry: Registry, today: date
) -> Iterator[Violation]:
    """An organisation has a contact who may authorise access."""
    for org in looked_after(registry):
        if not any("access" in contact.may_authorise for contact in org.contacts):
            place = at("org", org.id, "contacts")
            yield Violation(f"no contact of {org.name} may authorise access", (place,))


@check(
    "domain-not-theirs",
    Severity.WARNING,
    example="registered_to: person",
    hint="Transfer the domain to the organisation while the person can still be reached.",
)
def domains_that_are_not_the_organisations(
    registry: Registry, today: date
) -> Iterator[Violation]:
    """An organisation's domain is registered to the organisation."""
    for org in looked_after(registry):
        for number, domain in enumerate(org.domains):
            if domain.registered_to is not RegisteredTo.ORGANISATION:
                is_person = domain.registered_to is RegisteredTo.PERSON
                holder = "a person" if is_person else "an unknown holder"
                place = at("org", org.id, "domains", number, "registered_to")
                yield Violation(f"{domain.name} is registered to {holder}", (place,))


@check(
    "systems-in-a-circle",
    Severity.ERROR,
    example="the website needs the database, the database needs the website",
    hint="Remove the `needs:` that is wrong.",
)
def systems_in_a_circle(registry: Registry, today: date) -> Iterator[Violation]:
    """No system needs itself, directly or through others."""
    for org in registry.records(Org):
        numbers: dict[str, list[int]] = {}
        for number, system in enumerate(org.systems):
            numbers.setdefault(system.id, []).append(number)
        for circle in circles({system.id: system.needs for system in org.systems}):
            places = tuple(
                at("org", org.id, "systems", number, "needs")
                for number in sorted(number for id in circle for number in numbers[id])
            )
            yield Violation(" needs ".join([*circle, circle[0]]), places)


@check(
    "vital-without-backup",
    Severity.WARNING,
    example="importance: vital, and no backup covers the system",
    hint="Set up a backup, or name the one that covers it under `backups:`.",
)
def vital_systems_without_backup(registry: Registry, today: date) -> Iterator[Violation]:
    """A backup covers every vital system."""
    for org in looked_after(registry):
        covered = {system for backup in org.backups for system in backup.covers}
        for number, system in enumerate(org.systems):
            if system.importance is Importance.VITAL and system.id not in covered:
                yield Violation(
                    f"{system.name or system.id} is vital and no backup covers it",
                    (at("org", org.id, "systems", number, "importance"),),
                    f"set one up, and list {system.id} under its `covers:`",
                )


@check(
    "untested-backup",
    Severity.WARNING,
    example="last_restore_test: 2024-03-15",
    hint="Restore something from it, then update `last_restore_test:`.",
)
def backups_without_a_recent_test(registry: Registry, today: date) -> Iterator[Violation]:
    """Every backup had a restore test within a year."""
    for org in looked_after(registry):
        for number, backup in enumerate(org.backups):
            tested = backup.last_restore_test
            if tested is None or today - tested > A_YEAR:
                test = (
                    f"had its last restore test on {tested}" if tested else "was never tested"
                )
                place = at("org", org.id, "backups", number, "last_restore_test")
                yield Violation(f"the backup {backup.id} {test}", (place,))


@check(
    "unchecked-system",
    Severity.WARNING,
    example="checked: 2024-08-20",
    hint="Check that version and address are still correct, then update `checked:`.",
)
def systems_not_looked_at(registry: Registry, today: date) -> Iterator[Violation]:
    """Somebody checked the entry of every system within a year."""
    for org in looked_after(registry):
        for number, system in enumerate(org.systems):
            if system.checked is not None and today - system.checked > A_YEAR:
                message = (
                    f"nobody has checked {system.name or system.id} since {system.checked}"
                )
                yield Violation(message, (at("org", org.id, "systems", number, "checked"),))


CHECKS = (
    organisations_with_few_gatekeepers,
    organisations_where_nobody_authorises_access,
    domains_that_are_not_the_organisations,
    systems_in_a_circle,
    vital_systems_without_backup,
    backups_without_a_recent_test,
    systems_not_looked_at,
)
