"""Calendars, as other programs read them (iCalendar, RFC 5545)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from typing import NamedTuple


class CalendarEntry(NamedTuple):
    """An entry of a whole day. The same identity is the same entry in a later calendar."""

    identity: str
    day: date
    title: str
    text: str


def as_calendar(entries: Sequence[CalendarEntry], made_on: date) -> bytes:
    """The entries as the bytes of a calendar file."""
    from icalendar import Calendar, Event

    calendar = Calendar()
    calendar.add("prodid", "-//ocs//open community support//")
    calendar.add("version", "2.0")
    for entry in entries:
        event = Event()
        event.add("uid", f"{entry.identity}@ocs")
        event.add("dtstamp", datetime.combine(made_on, time(), UTC))
        event.add("dtstart", entry.day)
        event.add("summary", entry.title)
        event.add("description", entry.text)
        calendar.add_component(event)
    return bytes(calendar.to_ical())
