"""A finding says what to do: what its rule gives, else what its check does."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ocs.model.finding import Severity
from ocs.model.registry import Registry
from ocs.rules.check import Violation, at, check

TODAY = date(2026, 11, 20)


@check("late", Severity.NOTE, example="x", hint="Ask the person. Then write the day.")
def late(registry: Registry, today: date) -> Iterator[Violation]:
    """Nothing is late."""
    yield Violation("lena is late", (at("person", "lena", "joined"),))
    yield Violation("sam is late", (at("person", "sam"),), "ask sam")


def test_a_violation_without_a_hint_has_that_of_its_check() -> None:
    lena, sam = late.findings(Registry(()), TODAY)
    assert lena.hint == "ask the person. Then write the day"
    assert (lena.place.file, lena.place.steps) == ("people/lena.yaml", ("joined",))
    assert sam.hint == "ask sam"
