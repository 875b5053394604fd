"""Which ids people take for one another."""

from __future__ import annotations

import pytest

from ocs.rules.records.lookalikes import alike


@pytest.mark.parametrize(
    ("id", "known", "other"),
    [
        ("lena", ["1ena", "lena"], "1ena"),
        ("lena", ["lena"], None),
        ("lena", ["lana", "joost"], None),
        ("lena", [], None),
        ("joost", ["j00st"], "j00st"),
        ("sam-b", ["5arn8"], "5arn8"),
        ("claw-z", ["davv2"], "davv2"),
        ("ada", ["a-da", "ad-a"], "a-da"),
    ],
)
def test_an_id_that_reads_like_another_one_is_found(
    id: str, known: list[str], other: str | None
) -> None:
    assert alike(id, known) == other
