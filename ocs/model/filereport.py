"""What is known of a file by itself: from its path and its bytes, without a look at other
records.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any, NamedTuple

from ocs.model.finding import Finding, Place, Severity, Span
from ocs.model.record import Tree


class FileReport(NamedTuple):
    """What is known of a file by itself.

    `kind` and `id` are empty where it is no record. `tree` holds the fields, as JSON, where
    the record is judged together with others; `fits` says that they fit the schema. `mentions`
    are the names of what it mentions, a line each, "space target". `findings` is JSON, or
    empty. All of it holds on the days between `after` and `before`, and for the identifiers
    whose digest is `under`, where it is not empty. `digest` is that of path and bytes.
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
    """The days around *today* on which none of the *dates* is passed: after the first, before
    the second.
    """
    day = str(today)
    known = set(dates)
    if day in known:
        return only_on(today)
    return max((each for each in known if each < day), default=""), min(
        (each for each in known if each > day), default="~"
    )


def only_on(today: date) -> tuple[str, str]:
    """As `days_alike`, of what holds on that day only."""
    return str(today - timedelta(1)) if today > date.min else "", f"{today}~"


def as_json(findings: Iterable[Finding]) -> str:
    """The findings as text, empty where there are none."""
    rows = [
        [
            each.code,
            each.message,
            [_place(place) for place in each.places],
            each.hint,
            each.severity,
            each.root,
        ]
        for each in findings
    ]
    return json.dumps(rows, separators=(",", ":")) if rows else ""


def from_json(text: str) -> list[Finding]:
    """The findings. Raises ValueError, TypeError, KeyError or LookupError where *text* holds
    none.
    """
    return [
        Finding(code, message, tuple(map(_place_of, places)), hint, Severity(severity), root)
        for code, message, places, hint, severity, root in (json.loads(text) if text else ())
    ]


def _place(place: Place) -> list[Any]:
    span = place.span
    shown = [span.line, span.column, span.length, span.text] if span else None
    return [place.file, place.steps, place.of_key, shown]


def _place_of(row: list[Any]) -> Place:
    file, steps, of_key, span = row
    return Place(file, tuple(steps), of_key, Span(*span) if span else None)


def trees_of(judged: Iterable[FileReport]) -> list[Tree]:
    """The fields of records that are judged together with others; raises ValueError where
    there are none.
    """
    return list(json.loads(f"[{','.join([each.tree for each in judged])}]"))
