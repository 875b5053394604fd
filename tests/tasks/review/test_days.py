"""On which day something happened: the day where the review runs, as its today is."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import date

import pytest

from ocs.commands.review.review import moment


@pytest.fixture(params=["UTC+10", "UTC", "UTC-14"])
def zone(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """As POSIX writes zones: `UTC+10` is ten hours behind."""
    monkeypatch.setenv("TZ", request.param)
    time.tzset()
    yield request.param
    monkeypatch.undo()
    time.tzset()


def test_what_has_just_happened_is_not_in_the_future_anywhere(zone: str) -> None:
    """A gatekeeper in America pastes the command of the comment, where it is tomorrow already."""
    days = {
        "UTC+10": date(2026, 11, 20),
        "UTC": date(2026, 11, 21),
        "UTC-14": date(2026, 11, 21),
    }
    assert moment("2026-11-21T02:00:00+00:00")[0] == days[zone]
    assert moment("2026-11-21T02:00:00")[0] == date(2026, 11, 21)


@pytest.mark.parametrize(
    "text", ["0001-01-01T00:00:00+10:00", "9999-12-31T23:59:59-10:00", "x"]
)
def test_a_time_that_is_none_is_refused(zone: str, text: str) -> None:
    with pytest.raises(ValueError, match="is not a time such as"):
        moment(text)
