"""Things that need each other in a circle are found, one circle of those that share a name."""

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
        ({"a": ["b"], "b": ["a", "c"], "c": ["b"]}, [("a", "b")]),
        ({"a": ["b", "c"], "b": ["b"], "c": ["c", "a"]}, [("b",), ("c",)]),
    ],
)
def test_circles(needs: dict[str, list[str]], found: list[tuple[str, ...]]) -> None:
    assert list(circles(needs)) == found


def test_a_chain_of_any_length_is_gone_through() -> None:
    needs = {str(number): [str(number + 1)] for number in range(5000)}
    assert list(circles(needs)) == []
