"""What must hold of the vetting of people."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from ocs.model.finding import Place, Severity
from ocs.model.kinds import KIND
from ocs.model.registry import Registry
from ocs.model.vetting import Vetting
from ocs.rules.check import Violation, check
from ocs.rules.people.standing import has_expired

SOON = timedelta(days=60)
# The level up to which one checker is enough.
KNOWN = "known"


def file_of(person: str) -> str:
    """Where the person's vetting lies."""
    return KIND["vetting"].file(person)


@check(
    "vetting-expired",
    Severity.WARNING,
    example="expires: 2026-01-10",
    hint="Check the person again and write the new checks and dates; until then the "
    "vetting does not count.",
)
def vettings_that_have_expired(registry: Registry, today: date) -> Iterator[Violation]:
    """A vetting has not expired."""
    for vetting in registry.records(Vetting):
        if has_expired(vetting, today):
            yield Violation(
                f"the vetting of {vetting.id} expired on {vetting.expires}",
                (Place(file_of(vetting.id), ("expires",)),),
                "check the person again; until then the vetting does not count",
            )


@check(
    "vetting-expires-soon",
    Severity.NOTE,
    example="expires: 2026-12-10, on 2026-11-20",
    hint="Check the person again before that day.",
)
def vettings_that_expire_soon(registry: Registry, today: date) -> Iterator[Violation]:
    """A vetting does not expire within 60 days."""
    for vetting in registry.records(Vetting):
        if (
            vetting.expires is not None
            and today <= vetting.expires
            and vetting.expires - today <= SOON
        ):
            yield Violation(
                f"the vetting of {vetting.id} expires on {vetting.expires}",
                (Place(file_of(vetting.id), ("expires",)),),
                "check the person again before that day",
            )


@check(
    "few-checkers",
    Severity.ERROR,
    example="level: vetted, with checks by amara alone",
    hint="Let one more person check, or write the level that the checks support.",
)
def vettings_with_too_few_checkers(registry: Registry, today: date) -> Iterator[Violation]:
    """Whoever is above the level `known` was checked by as many different people as ocs.yaml
    asks for.
    """
    policy = registry.policy.vetting
    enough_for_one = policy.levels.index(KNOWN) if KNOWN in policy.levels else 0
    for vetting in registry.records(Vetting):
        if vetting.level not in policy.levels[enough_for_one + 1 :]:
            continue
        checkers = {registry.now_called("person", done.by) for done in vetting.checks}
        checkers -= {vetting.id}
        if len(checkers) < policy.checkers:
            yield Violation(
                f"{vetting.id} is {vetting.level} by the word of {len(checkers)}, "
                f"and this level needs {policy.checkers} different checkers",
                (Place(file_of(vetting.id), ("level",)),),
                "let somebody else check too, or write a level up to "
                f"{policy.levels[enough_for_one]}",
            )


@check(
    "checked-by-themself",
    Severity.ERROR,
    example="by: lena, in vetting/lena.yaml",
    hint="Let somebody else check.",
)
def people_who_checked_themselves(registry: Registry, today: date) -> Iterator[Violation]:
    """Nobody checks themself."""
    for vetting in registry.records(Vetting):
        for number, entry in enumerate(vetting.checks):
            if registry.now_called("person", entry.by) == vetting.id:
                place = Place(file_of(vetting.id), ("checks", number, "by"))
                yield Violation(
                    f"{vetting.id} checked themself", (place,), "let somebody else check"
                )


# Errors that come of ending somebody's trust: they are mended next.
LEFT_TO_BE_DONE = ("suspended-reader", "reader-not-vetted")

CHECKS = (
    vettings_that_have_expired,
    vettings_that_expire_soon,
    vettings_with_too_few_checkers,
    people_who_checked_themselves,
)
