"""Dates are what they say they are."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ocs.model.finding import Finding, Place
from ocs.model.registry import Registry
from ocs.rules.codes import finding
from ocs.rules.schema import Schemas


def dates_yet_to_come(registry: Registry, schemas: Schemas, today: date) -> Iterator[Finding]:
    """A date that says what has happened is not in the future."""
    for document in registry:
        if document.record is None:
            continue
        for steps, value in schemas.of(document.kind).past_dates(document.tree):
            if value > today.isoformat():
                yield finding(
                    "future-date",
                    f"{value} is in the future, but '{steps[-1]}' says what has happened",
                    Place(document.file, steps),
                    hint=f"today is {today.isoformat()}",
                )
