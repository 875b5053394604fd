"""Who is away, and whose vetting counts, on the days before, on and after each boundary."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from ocs.model.person import Person, PersonStatus
from ocs.model.vetting import Suspension, Vetting
from ocs.rules.people.standing import counts, has_expired, is_away, suspension
from tests.rules.sound import TODAY

YESTERDAY, TOMORROW = TODAY - timedelta(1), TODAY + timedelta(1)


def vetting(expires: date | None = None, suspended: date | None = None) -> Vetting:
    return Vetting(
        id="lena",
        level="vetted",
        expires=expires,
        suspended=None if suspended is None else Suspension(since=suspended),
    )


@pytest.mark.parametrize(
    ("first", "last", "away"),
    [
        (YESTERDAY, None, True),
        (TODAY, None, True),
        (TOMORROW, None, False),
        (None, YESTERDAY, False),
        (None, TODAY, True),
        (None, TOMORROW, True),
        (TODAY, TODAY, True),
        (YESTERDAY, YESTERDAY, False),
        (TOMORROW, TOMORROW, False),
    ],
)
@pytest.mark.parametrize("status", [PersonStatus.ACTIVE, PersonStatus.AWAY])
def test_both_ends_of_an_absence_belong_to_it_whatever_the_status(
    first: date | None, last: date | None, away: bool, status: PersonStatus
) -> None:
    person = Person(id="lena", name="Lena", status=status, away_from=first, away_until=last)
    assert is_away(person, TODAY) is away


def test_without_dates_the_status_says_who_is_away() -> None:
    away = [
        status
        for status in (None, *PersonStatus)
        if is_away(Person(id="lena", name="Lena", status=status), TODAY)
    ]
    assert away == [PersonStatus.AWAY]


def test_a_suspension_counts_from_its_first_day_on() -> None:
    assert suspension(vetting(suspended=TODAY), TODAY) == Suspension(since=TODAY)
    assert suspension(vetting(suspended=YESTERDAY), TODAY) == Suspension(since=YESTERDAY)
    assert suspension(vetting(suspended=TOMORROW), TODAY) is None
    assert suspension(vetting(), TODAY) is None
    assert suspension(None, TODAY) is None


def test_a_vetting_counts_on_its_last_day_and_not_on_the_next() -> None:
    days = (YESTERDAY, TODAY, TOMORROW, None)
    assert [has_expired(vetting(day), TODAY) for day in days] == [True, False, False, False]
    assert [counts(vetting(day), TODAY) for day in days] == [False, True, True, True]


def test_a_suspended_vetting_does_not_count() -> None:
    assert not counts(vetting(suspended=TODAY), TODAY)
    assert not counts(vetting(TOMORROW, suspended=TODAY), TODAY)
    assert not counts(vetting(YESTERDAY, suspended=TODAY), TODAY)
    assert counts(vetting(suspended=TOMORROW), TODAY)
