"""What a file's path and bytes alone show, without other records."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import astuple
from datetime import date, timedelta
from typing import Any, NamedTuple

from ocs.model.finding import Finding, Place, Severity, Span
from ocs.model.record import Tree


class FileReport(NamedTuple):
    """What is known of a file by itself.

    `kind` and `id` are empty where it is no record. `tree` holds the fields as JSON where the
    record is checked together with others; `fits`: they fit the schema. `mentions` are the
    names that it mentions, a line each, "space target". `findings` is JSON, or empty. All of
    it holds on the days between `after` and `before`, and for the identifiers whose digest is
    `under`, if any. `digest` is that of path and bytes.
    """

    path: str
    stamp: int = 0
    digest: bytes = b""
    kind: str = ""
    id: str = ""
    tree: str = ""
    fits: bool = False
    mentions: str = ""
    findings: str = ""
    after: str = ""
    before: str = ""
    under: str = ""

    @property
    def is_kept(self) -> bool:
        """Can it serve another time?"""
        return bool(self.digest) and self.after < self.before


def days_alike(dates: Iterable[str], today: date) -> tuple[str, str]:
    """The last day before *today* and the first one after it on which one of the *dates* is."""
    day = str(today)
    known = set(dates)
    if day in known:
        return only_on(today)
    before = max((other for other in known if other < day), default="")
    return before, min((other for other in known if other > day), default="~")


def only_on(today: date) -> tuple[str, str]:
    """As `days_alike`, for what holds on that day only."""
    return str(today - timedelta(1)) if today > date.min else "", f"{today}~"


def as_json(findings: Iterable[Finding]) -> str:
    """The findings as JSON, empty where there are none."""
    rows = [
        [
            item.code,
            item.message,
            list(map(_place, item.places)),
            item.hint,
            item.severity,
            item.root,
        ]
        for item in findings
    ]
    return json.dumps(rows, separators=(",", ":")) if rows else ""


def from_json(text: str) -> list[Finding]:
    """The findings. Raises ValueError, TypeError or LookupError for other text."""
    return [
        Finding(code, message, tuple(map(_place_of, places)), hint, Severity(severity), root)
        for code, message, places, hint, severity, root in (json.loads(text) if text else ())
    ]


def _place(place: Place) -> list[Any]:
    span = place.span
    shown = [*astuple(span)] if span else None
    return [place.file, place.steps, place.of_key, shown]


def _place_of(row: list[Any]) -> Place:
    file, steps, of_key, span = row
    return Place(file, tuple(steps), of_key, Span(*span) if span else None)


def trees_of(reports: Iterable[FileReport]) -> list[Tree]:
    """The fields of records that are checked together with others. Raises ValueError."""
    return list(json.loads(f"[{','.join([report.tree for report in reports])}]"))
