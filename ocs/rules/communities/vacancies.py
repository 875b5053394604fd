"""What must hold of communities that nobody leads."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ocs.model.community import Community
from ocs.model.finding import Severity
from ocs.model.registry import Registry
from ocs.rules.check import Violation, at, check
from ocs.rules.communities.communities import led_here
from ocs.rules.communities.standing import active_leads
from ocs.rules.nearest import listed


@check(
    "vacant-but-led",
    Severity.WARNING,
    example="vacant_since: 2026-06-01, and a lead in office",
    hint="Remove `vacant_since:`, or give the leads an `until:`.",
)
def communities_called_vacant_with_leads(
    registry: Registry, today: date
) -> Iterator[Violation]:
    """A community that is marked vacant has no lead in office."""
    for community in led_here(registry):
        names = [lead.called for _, lead in active_leads(community, today)]
        if community.vacant_since and names:
            leads = listed(names, "and")
            message = f"{community.name} is marked vacant, but is led by {leads}"
            yield Violation(message, (at("community", community.id, "vacant_since"),))


@check(
    "vacancy",
    Severity.WARNING,
    example="leads: []",
    hint="Find a lead, together with the community under `succession: recovery:`. Write "
    "`vacant_since:`.",
)
def communities_without_lead(registry: Registry, today: date) -> Iterator[Violation]:
    """A community has a lead in office."""
    for community, acts in _vacancies(registry, today):
        if acts:
            yield _nobody_leads(
                community, "", f"find a lead; until then {' or '.join(acts)} acts in its place"
            )


@check(
    "vacancy-without-recovery",
    Severity.WARNING,
    example="leads: [], without `succession: recovery:`",
    hint="Under `succession: recovery:`, name the community that acts until there is a lead.",
)
def vacancies_without_recovery(registry: Registry, today: date) -> Iterator[Violation]:
    """A community without leads names another community that acts until there is a lead."""
    for community, acts in _vacancies(registry, today):
        if not acts:
            yield _nobody_leads(community, ", and no community is listed to act in its place")


def _vacancies(registry: Registry, today: date) -> Iterator[tuple[Community, tuple[str, ...]]]:
    """The communities that nobody leads, each with the communities that act for it."""
    for community in led_here(registry):
        if not any(active_leads(community, today)):
            recovery = community.succession.recovery if community.succession else None
            yield community, (recovery,) if recovery else community.part_of


def _nobody_leads(community: Community, more: str, hint: str | None = None) -> Violation:
    message = without_lead(community.name, community.vacant_since)
    place = at("community", community.id, "leads")
    return Violation(f"{message}{more}", (place,), hint)


def without_lead(name: str, since: date | None) -> str:
    """That a community has no lead."""
    return f"{name} has had no lead since {since}" if since else f"{name} has no lead"


CHECKS = (
    communities_called_vacant_with_leads,
    communities_without_lead,
    vacancies_without_recovery,
)
