"""Things that need each other in a circle are found, each circle once."""

from __future__ import annotations

import pytest

from ocs.rules.cycles import circles


@pytest.mark.parametrize(
    ("needs", "found"),
    [
        ({}, []),
        ({"a": ["b"], "b": ["c"], "c": []}, []),
        ({"a": ["a"]}, [("a",)]),
        ({"a": ["b"], "b": ["c"], "c": ["a"]}, [("a", "b", "c")]),
        ({"a": ["b", "c"], "b": ["d"], "c": ["d"], "d": []}, []),
        ({"a": ["nowhere"]}, []),
        ({"x": ["a"], "a": ["b"], "b": ["a"]}, [("a", "b")]),
    ],
)
def test_circles(needs: dict[str, list[str]], found: list[tuple[str, ...]]) -> None:
    assert list(circles(needs)) == found


def test_a_chain_of_any_length_is_gone_through() -> None:
    needs = {str(number): [str(number + 1)] for number in range(5000)}
    assert list(circles(needs)) == []
