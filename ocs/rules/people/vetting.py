"""What must hold of the vetting of people."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from ocs.model.finding import Severity
from ocs.model.registry import Registry
from ocs.model.vetting import Vetting
from ocs.rules.check import Violation, at, check
from ocs.rules.people.standing import has_expired

SOON = timedelta(days=60)
# The level up to which one checker is enough.
KNOWN = "known"


@check(
    "vetting-expired",
    Severity.WARNING,
    example="expires: 2026-01-10",
    hint="Check the person again, and write the new checks and dates. Until then the vetting is "
    "not valid.",
)
def vettings_that_have_expired(registry: Registry, today: date) -> Iterator[Violation]:
    """A vetting has not expired."""
    for vetting in registry.records(Vetting):
        if has_expired(vetting, today):
            message = f"the vetting of {vetting.id} expired on {vetting.expires}"
            yield Violation(message, (at("vetting", vetting.id, "expires"),))


@check(
    "vetting-expires-soon",
    Severity.NOTE,
    example="expires: 2026-12-10, on 2026-11-20",
    hint="Check the person again before that day.",
)
def vettings_that_expire_soon(registry: Registry, today: date) -> Iterator[Violation]:
    """A vetting does not expire within 60 days."""
    for vetting in registry.records(Vetting):
        left = vetting.expires - today if vetting.expires else None
        if left is not None and timedelta(0) <= left <= SOON:
            message = f"the vetting of {vetting.id} expires on {vetting.expires}"
            yield Violation(message, (at("vetting", vetting.id, "expires"),))


@check(
    "few-checkers",
    Severity.ERROR,
    example="level: vetted, with checks only by amara",
    hint="Let one more person check, or write the level that the checks support.",
)
def vettings_with_too_few_checkers(registry: Registry, today: date) -> Iterator[Violation]:
    """A level above `known` has as many different checkers as ocs.yaml requires."""
    policy = registry.policy.vetting
    enough_for_one = policy.levels.index(KNOWN) if KNOWN in policy.levels else 0
    for vetting in registry.records(Vetting):
        checkers = {registry.now_called("person", entry.by) for entry in vetting.checks}
        checkers -= {vetting.id}
        is_above = vetting.level in policy.levels[enough_for_one + 1 :]
        if is_above and len(checkers) < policy.checkers:
            yield Violation(
                f"{vetting.id} is {vetting.level}, which needs {policy.checkers} different "
                f"checkers, not {len(checkers)}",
                (at("vetting", vetting.id, "level"),),
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
    """People cannot vet themselves."""
    for vetting in registry.records(Vetting):
        for number, entry in enumerate(vetting.checks):
            if registry.now_called("person", entry.by) == vetting.id:
                place = at("vetting", vetting.id, "checks", number, "by")
                yield Violation(
                    f"{vetting.id} is listed as a checker of their own vetting", (place,)
                )


# Errors that follow from ending somebody's trust, and are fixed next.
LEFT_TO_BE_DONE = ("suspended-reader", "reader-not-vetted")

CHECKS = (
    vettings_that_have_expired,
    vettings_that_expire_soon,
    vettings_with_too_few_checkers,
    people_who_checked_themselves,
)
