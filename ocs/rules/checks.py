"""CHECKS is the table of what must hold in a registry as a whole. `ocs validate` runs them all.

What a single file must be (readable, in its place, of its kind's shape) is found while it is loaded.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

from ocs.model.finding import Finding
from ocs.model.registry import Registry
from ocs.rules import (
    access,
    communities,
    dates,
    gatekeepers,
    identifying,
    ids,
    leaks,
    orgs,
    people,
    personal,
    problems,
    reading,
    references,
    resources,
    vetting,
)
from ocs.rules.check import Check

CHECKS: tuple[Check, ...] = (
    *reading.CHECKS,
    *references.CHECKS,
    *ids.CHECKS,
    *gatekeepers.CHECKS,
    *dates.CHECKS,
    *people.CHECKS,
    *vetting.CHECKS,
    *orgs.CHECKS,
    *communities.CHECKS,
    *resources.CHECKS,
    *problems.CHECKS,
    *access.CHECKS,
    *identifying.CHECKS,
    *personal.CHECKS,
    *leaks.CHECKS,
)


def run_checks(registry: Registry, today: date, is_wanted: Callable[[str], bool]) -> Iterator[Finding]:
    """What the checks with wanted codes find on the day *today*."""
    for check in CHECKS:
        if is_wanted(check.code):
            yield from check.findings(registry, today)
