"""CHECKS is the table of what must hold in a whole registry, which `ocs validate` runs.

What a single file must be (readable, in its place, of its kind's shape) is checked on loading.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date

from ocs.model.finding import Finding
from ocs.model.registry import Document, Registry
from ocs.rules.check import CHECK_FAILED, Check
from ocs.rules.communities import communities, names, resources, vacancies
from ocs.rules.leaks import identifying, personal
from ocs.rules.people import keys, vetting
from ocs.rules.records import dates, filechecks, ids, orgs, people, problems, references
from ocs.rules.review import gatekeepers, refusals
from ocs.rules.secrets import access, ciphertexts, gpgids

CHECKS: tuple[Check, ...] = (
    *filechecks.CHECKS,
    *references.CHECKS,
    *ids.CHECKS,
    *gatekeepers.CHECKS,
    *dates.CHECKS,
    *people.CHECKS,
    *vetting.CHECKS,
    *keys.CHECKS,
    *orgs.CHECKS,
    *communities.CHECKS,
    *vacancies.CHECKS,
    *resources.CHECKS,
    *names.CHECKS,
    *problems.CHECKS,
    *access.CHECKS,
    *ciphertexts.CHECKS,
    *gpgids.CHECKS,
    *identifying.CHECKS,
    *personal.CHECKS,
    *refusals.CHECKS,
    CHECK_FAILED,
)


def run_checks(
    registry: Registry, today: date, is_wanted: Callable[[str], bool]
) -> Iterator[Finding]:
    """The findings of the checks with wanted codes on the day *today*.

    `findings_alone` has those of checks that look at one record at a time, for kinds with very
    many records.
    """
    few = tuple(document for document in registry if not document.kind.one_by_one)
    together = replace(registry, documents=few)
    for check in CHECKS:
        if is_wanted(check.code):
            yield from check.findings(together if check.one_by_one else registry, today)


def findings_alone(document: Document, today: date) -> Iterator[Finding]:
    """The findings about this record alone on the day *today*."""
    alone = Registry((document,))
    for check in CHECKS:
        if check.one_by_one:
            yield from check.findings(alone, today)
