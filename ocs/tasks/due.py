"""Upcoming dates, read from the registry and written as a calendar."""

from __future__ import annotations

import re
from collections.abc import Container, Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

from ocs.adapters.calendar import CalendarEntry, as_calendar
from ocs.adapters.files import Files
from ocs.adapters.replacing import present, replace_all
from ocs.errors import OcsError
from ocs.model.change import Replacement
from ocs.model.trust import Fact
from ocs.rules.due import Due, due
from ocs.rules.records.schema import Schemas
from ocs.tasks.registry.certificates import Keyrings, with_certificates
from ocs.tasks.registry.ciphertexts import with_ciphertexts
from ocs.tasks.registry.load import Counted, load
from ocs.tasks.registry.rotation import with_history

_DAYS = {"d": 1, "day": 1, "w": 7, "week": 7, "m": 30, "month": 30, "y": 365, "year": 365}
_CALENDAR = b"BEGIN:VCALENDAR"
_SPAN = re.compile(r"([0-9]{1,4})\s*([a-z]+?)s?")


def days_of(text: str) -> int:
    """How many days `60d`, `8 weeks`, `3m` or `1 year` are. Raises OcsError."""
    match = _SPAN.fullmatch(text.strip().lower())
    if match is None or match[2] not in _DAYS:
        raise OcsError(
            f"'{text}' is not a length of time", "write for example 60d, 8w, 3m or 1y"
        )
    return int(match[1]) * _DAYS[match[2]]


def coming_up(
    files: Files,
    schemas: Schemas,
    today: date,
    days: int,
    counted: Counted = lambda items, what: items,
    keyrings: Keyrings | None = None,
    confirmed: Container[Fact] = frozenset(),
) -> list[Due]:
    """What is overdue or due within so many days; keys only where gpg can verify them.

    *confirmed* are the facts that the user has confirmed.
    """
    registry, _ = with_certificates(load(files, schemas, counted).registry, files, keyrings)
    registry, _ = with_history(with_ciphertexts(registry, files), files, today)
    registry = replace(registry, confirmed=confirmed)
    until = today + timedelta(days=min(days, (date.max - today).days))
    return due(registry, today, until)


def calendar(dates: Sequence[Due], today: date) -> bytes:
    """The dates as a calendar; each keeps its identity from one calendar to the next."""
    return as_calendar(
        [
            CalendarEntry(
                identity="-".join([item.place.file, *map(str, item.place.steps)]),
                day=item.day,
                title=item.what,
                text=f"{', '.join(item.who) or 'nobody'} should act: {item.place.file}",
            )
            for item in dates
        ],
        today,
    )


def write_calendar(path: Path, dates: Sequence[Due], today: date) -> None:
    """Write the dates as a calendar into the file at *path*, whole or not at all.

    Raises OcsError where that cannot be done, or another file than a calendar lies there.
    """
    before = present(path)
    if before is not None and not before.startswith(_CALENDAR):
        raise OcsError(f"{path} exists and is not a calendar", "name another file")
    replace_all(
        path.parent.resolve(), [Replacement(path.name, calendar(dates, today), before)]
    )
