"""Dates that come up, as a table and for programs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from ocs.output.console import Screen
from ocs.rules.due import Due


def table(dates: Sequence[Due], today: date, screen: Screen) -> None:
    """A line for each, overdue ones first."""
    screen.table(
        ["day", "what", "who should act", "where"], (_row(each, today) for each in dates)
    )
    overdue = sum(each.day < today for each in dates)
    also = f", {overdue} overdue" if overdue else ""
    screen.say(f"{len(dates)} date{'' if len(dates) == 1 else 's'}{also}")


def _row(due: Due, today: date) -> list[str]:
    who = ", ".join(due.who) or "-"
    return [f"{due.day} {_left(due.day, today)}", due.what, who, due.place.file]


def as_json(dates: Sequence[Due], today: date) -> dict[str, Any]:
    """The dates as a value of plain types."""
    return {
        "on": today.isoformat(),
        "dates": [
            {
                "day": each.day.isoformat(),
                "days_left": (each.day - today).days,
                "what": each.what,
                "who": list(each.who),
                "file": each.place.file,
                "field": list(each.place.steps),
            }
            for each in dates
        ],
    }


def _left(day: date, today: date) -> str:
    days = (day - today).days
    if days < 0:
        return f"({-days} overdue)"
    return f"({days} left)" if days else "(today)"
