"""Dates are what they say they are, and what was to be looked at by a day was looked at."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from ocs.model.access import Access
from ocs.model.community import Community
from ocs.model.finding import Place, Severity
from ocs.model.kinds import KIND
from ocs.model.ocs import OcsRecord
from ocs.model.org import Org, OrgStatus
from ocs.model.person import Person
from ocs.model.problem import Problem, ProblemState
from ocs.model.record import Steps
from ocs.model.registry import Registry
from ocs.model.vetting import Vetting
from ocs.rules.check import Violation, check

A_YEAR = timedelta(days=365)


@check(
    "future-date",
    Severity.WARNING,
    example="solved_on: 2062-03-15",
    hint="Correct the date.",
    one_by_one=True,
)
def dates_yet_to_come(registry: Registry, today: date) -> Iterator[Violation]:
    """A date that says what has happened is not in the future."""
    for document in registry:
        for steps, day in document.past_dates:
            if day > today:
                yield Violation(
                    f"{day} is in the future, but '{steps[-1]}' says what has happened",
                    (Place(document.file, steps),),
                    "write the day on which it happened",
                )


@check(
    "dates-out-of-order",
    Severity.ERROR,
    example="since: 2026-03-01 with until: 2025-03-01",
    hint="Correct one of the dates.",
    one_by_one=True,
)
def dates_out_of_order(registry: Registry, today: date) -> Iterator[Violation]:
    """What begins does not end before it begins."""
    for file, steps, (first, begin), (second, end) in _spans(registry):
        if begin is not None and end is not None and end < begin:
            yield Violation(
                f"'{second}' {end} is before '{first}' {begin}",
                (Place(file, (*steps, second)),),
                "correct one of the two",
            )


Named = tuple[str, date | None]


def _spans(registry: Registry) -> Iterator[tuple[str, Steps, Named, Named]]:
    """Every two dates of a record of which the first comes first: file, way, and both with
    their names.
    """
    for community in registry.records(Community):
        file = KIND["community"].file(community.id)
        for number, lead in enumerate(community.leads or ()):
            steps = ("leads", number)
            yield file, steps, ("since", lead.since), ("until", lead.until)
            yield file, steps, ("since", lead.since), ("term_ends", lead.term_ends)
    for person in registry.records(Person):
        file = KIND["person"].file(person.id)
        yield file, (), ("away_from", person.away_from), ("away_until", person.away_until)
    for vetting in registry.records(Vetting):
        file = KIND["vetting"].file(vetting.id)
        yield file, (), ("since", vetting.since), ("expires", vetting.expires)
    for access in registry.records(Access):
        file = KIND["access"].file(access.id)
        yield file, (), ("rotated", access.rotated), ("rotate_by", access.rotate_by)
    for problem in registry.records(Problem):
        file = KIND["problem"].file(problem.id)
        yield file, (), ("solved_on", problem.solved_on), ("review_by", problem.review_by)


@check(
    "review-overdue",
    Severity.WARNING,
    example="review_by: 2026-03-15",
    hint="Read it through, correct what is no longer true, and write the next date.",
    one_by_one=True,
)
def reviews_that_are_overdue(registry: Registry, today: date) -> Iterator[Violation]:
    """No record's day of review has passed."""
    for file, field, day, what in _reviews(registry):
        if day is not None and day < today:
            message = f"{what} was to be read through by {day}"
            yield Violation(
                message, (Place(file, (field,)),), "read it through, and write the next date"
            )


def _reviews(registry: Registry) -> Iterator[tuple[str, str, date | None, str]]:
    for ocs in registry.records(OcsRecord):
        yield "ocs.yaml", "renew_by", ocs.renew_by, "the registry"
    for org in registry.records(Org):
        if org.status is not OrgStatus.LEFT:
            yield KIND["org"].file(org.id), "review_by", org.review_by, org.name
    for problem in registry.records(Problem):
        if problem.state is not ProblemState.WITHDRAWN:
            yield (
                KIND["problem"].file(problem.id),
                "review_by",
                problem.review_by,
                "this problem",
            )


CHECKS = (dates_yet_to_come, dates_out_of_order, reviews_that_are_overdue)
