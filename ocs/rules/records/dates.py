"""Dates are what they say they are, and what was to be looked at by a day was looked at."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from ocs.model.access import Access
from ocs.model.community import Community
from ocs.model.finding import Place, Severity
from ocs.model.ocs import OcsRecord
from ocs.model.org import Org, OrgStatus
from ocs.model.person import Person
from ocs.model.problem import Problem, ProblemState
from ocs.model.record import Record
from ocs.model.registry import Registry
from ocs.model.vetting import Vetting
from ocs.rules.check import Violation, at, check

A_YEAR = timedelta(days=365)


@check(
    "future-date",
    Severity.WARNING,
    example="solved_on: 2062-03-15",
    hint="Write the day on which it happened.",
    one_by_one=True,
)
def dates_yet_to_come(registry: Registry, today: date) -> Iterator[Violation]:
    """The date of something past is not in the future."""
    for document in registry:
        for steps, day in document.past_dates:
            if day > today:
                message = f"'{steps[-1]}' is {day}, which is in the future"
                yield Violation(message, (Place(document.file, steps),))


@check(
    "dates-out-of-order",
    Severity.ERROR,
    example="since: 2026-03-01 with until: 2025-03-01",
    hint="Correct one of the two.",
    one_by_one=True,
)
def dates_out_of_order(registry: Registry, today: date) -> Iterator[Violation]:
    """Nothing ends before it begins."""
    for thing, first, second, place in _spans(registry):
        begin, end = getattr(thing, first), getattr(thing, second)
        if begin is not None and end is not None and end < begin:
            yield Violation(f"'{second}' {end} is before '{first}' {begin}", (place,))


_IN_ORDER: tuple[tuple[type[Record], str, str, str], ...] = (
    (Person, "person", "away_from", "away_until"),
    (Vetting, "vetting", "since", "expires"),
    (Access, "access", "rotated", "rotate_by"),
    (Problem, "problem", "solved_on", "review_by"),
)


def _spans(registry: Registry) -> Iterator[tuple[object, str, str, Place]]:
    """What has two dates, their fields in order, and the place of the second."""
    for community in registry.records(Community):
        for number, lead in enumerate(community.leads or ()):
            for last in ("until", "term_ends"):
                yield lead, "since", last, at("community", community.id, "leads", number, last)
    for cls, kind, first, last in _IN_ORDER:
        for record in registry.records(cls):
            yield record, first, last, at(kind, record.id, last)


@check(
    "review-overdue",
    Severity.WARNING,
    example="review_by: 2026-03-15",
    hint="Review it, correct what is no longer true, and write the next date.",
    one_by_one=True,
)
def reviews_that_are_overdue(registry: Registry, today: date) -> Iterator[Violation]:
    """No record is overdue for review."""
    for name, day, place in _reviews(registry):
        if day is not None and day < today:
            yield Violation(f"{name} was due for review by {day}", (place,))


def _reviews(registry: Registry) -> Iterator[tuple[str, date | None, Place]]:
    for ocs in registry.records(OcsRecord):
        yield "the registry", ocs.renew_by, at("ocs", "ocs", "renew_by")
    for org in registry.records(Org):
        if org.status is not OrgStatus.LEFT:
            yield org.name, org.review_by, at("org", org.id, "review_by")
    for problem in registry.records(Problem):
        if problem.state is not ProblemState.WITHDRAWN:
            yield "this problem", problem.review_by, at("problem", problem.id, "review_by")


CHECKS = (dates_yet_to_come, dates_out_of_order, reviews_that_are_overdue)
