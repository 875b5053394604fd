"""Upcoming dates, as a table and as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from ocs.output.console import Screen
from ocs.rules.due import Due


def table(dates: Sequence[Due], today: date, screen: Screen) -> None:
    """A line for each, overdue ones first."""
    heads = ["day", "what", "who should act", "where"]
    screen.table(heads, (_row(item, today) for item in dates))
    overdue = sum(item.day < today for item in dates)
    also = f", {overdue} overdue" if overdue else ""
    screen.say(f"{len(dates)} date{'' if len(dates) == 1 else 's'}{also}")


def _row(item: Due, today: date) -> list[str]:
    who = ", ".join(item.who) or "-"
    return [f"{item.day} {_left(item.day, today)}", item.what, who, item.place.file]


def as_json(dates: Sequence[Due], today: date) -> dict[str, Any]:
    """The dates as a value of plain types."""
    return {
        "on": today.isoformat(),
        "dates": [
            {
                "day": item.day.isoformat(),
                "days_left": (item.day - today).days,
                "what": item.what,
                "who": list(item.who),
                "file": item.place.file,
                "field": list(item.place.steps),
            }
            for item in dates
        ],
    }


def _left(day: date, today: date) -> str:
    days = (day - today).days
    if not days:
        return "(today)"
    number = f"{abs(days)} day{'' if abs(days) == 1 else 's'}"
    return f"({number} overdue)" if days < 0 else f"(in {number})"
