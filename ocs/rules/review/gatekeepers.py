"""What must hold of the registry's gatekeepers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ocs.model.change import What
from ocs.model.finding import Place, Severity
from ocs.model.ocs import OcsRecord
from ocs.model.registry import Registry
from ocs.rules.check import Violation, check
from ocs.rules.nearest import many
from ocs.rules.review.policy import POLICY, in_days
from ocs.rules.secrets.readers import owners_gatekeepers


@check(
    "threshold",
    Severity.ERROR,
    example="threshold: 3, with three gatekeepers",
    hint="Name more gatekeepers, or lower the threshold. If you are the only gatekeeper, write 1.",
)
def thresholds_that_cannot_be_reached(registry: Registry, today: date) -> Iterator[Violation]:
    """The threshold is less than the number of gatekeepers, so that one can be absent."""
    for ocs in registry.records(OcsRecord):
        number = len(ocs.gatekeepers)
        is_founder = ocs.threshold == 1 and number == 1
        if ocs.threshold is not None and ocs.threshold >= number and not is_founder:
            yield Violation(
                f"the threshold is {ocs.threshold}, but there are {number} gatekeepers",
                (Place("ocs.yaml", ("threshold",)),),
                "add gatekeepers, or lower the threshold",
            )


@check(
    "not-a-gatekeeper",
    Severity.ERROR,
    example="gatekeepers: [sam] in an organisation, and ocs.yaml does not name sam",
    hint="Name one of the gatekeepers in ocs.yaml.",
)
def owners_gatekeepers_who_are_none(registry: Registry, today: date) -> Iterator[Violation]:
    """Every gatekeeper of an organisation or community is a gatekeeper of the registry."""
    known = {gatekeeper.person for gatekeeper in registry.gatekeepers}
    if not known:
        return
    for person, place in owners_gatekeepers(registry):
        id = registry.now_called("person", person)
        if id in registry.ids("person") and id not in known:
            message = f"{person} is no gatekeeper of this registry"
            yield Violation(message, (place,), "name one of those in ocs.yaml", root=person)


@check(
    "review-setting",
    Severity.ERROR,
    example="review: {owner gone: {gatekeepers: 9}}, with three gatekeepers",
    hint="Require more than docs/reference/reviewing.md says, but not more gatekeepers than the "
    "registry has.",
)
def settings_of_reviews_that_do_not_hold(
    registry: Registry, today: date
) -> Iterator[Violation]:
    """A `review:` setting is stricter than the built-in rule, and the registry can fulfil it."""
    for ocs in registry.records(OcsRecord):
        for kind, more in ocs.review.items():
            ways = POLICY[What(kind)]
            shortest = min(way.days for way in ways)
            place = Place("ocs.yaml", ("review", kind))
            if more.gatekeepers and more.gatekeepers > len(ocs.gatekeepers):
                number = len(ocs.gatekeepers)
                message = (
                    f"'{kind}' would need {more.gatekeepers} gatekeepers, of {number} in all"
                )
                yield Violation(message, (place,), "add gatekeepers, or ask for fewer")
            if more.notice and in_days(more.notice) < shortest:
                hint = "this setting can only ask for more; remove it"
                yield Violation(
                    f"'{kind}' needs {many(shortest, 'day')} of notice anyway", (place,), hint
                )


CHECKS = (
    thresholds_that_cannot_be_reached,
    owners_gatekeepers_who_are_none,
    settings_of_reviews_that_do_not_hold,
)
