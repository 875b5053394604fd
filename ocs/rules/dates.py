"""Dates are what they say they are."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ocs.model.finding import Place, Severity
from ocs.model.registry import Registry
from ocs.rules.check import Said, check


@check("future-date", Severity.WARNING, example="solved_on: 2062-03-15", mend="Correct the date.")
def dates_yet_to_come(registry: Registry, today: date) -> Iterator[Said]:
    """A date that says what has happened is not in the future."""
    for document in registry:
        for steps, day in document.past_dates:
            if day > today:
                yield Said(
                    f"{day} is in the future, but '{steps[-1]}' says what has happened",
                    (Place(document.file, steps),),
                    f"today is {today}",
                )
