"""The word that was probably meant is named, and none where no word is like it."""

from __future__ import annotations

import pytest

from ocs.rules.nearest import (
    _MOST_COMPARED,
    did_you_mean,
    listed,
    many,
    nearest,
    nearest_id,
    one_of,
)


@pytest.mark.parametrize(
    ("word", "known", "near"),
    [
        ("sever1", ["server1", "web"], "server1"),
        ("server1", ["web", "mail"], None),
        ("x", [], None),
        ("tags", ["state", "tag"], "tag"),
        ("serverlist", ["serverlistxyz"], "serverlistxyz"),
        ("serverlist", ["serverlistvwxyz"], None),
        ("abcdefghij", ["abcdefghijklm"], "abcdefghijklm"),
        ("abcdefghij", ["abcdefghijklmn"], None),
        ("abcdefghijkl", ["abcdefghijklmnop"], "abcdefghijklmnop"),
        ("aaaaaaaab", ["aaaaaaaac"], "aaaaaaaac"),
        ("aaaaaaaab", ["aaaaaaaacd"], None),
        ("a" * 100, ["a" * 99], "a" * 99),
        ("a" * 101, ["a" * 100], None),
    ],
)
def test_the_nearest_word_is_found(word: str, known: list[str], near: str | None) -> None:
    assert nearest(word, known) == near
    assert did_you_mean(word, known) == (f"did you mean '{near}'?" if near else None)


@pytest.mark.parametrize(
    ("id", "known", "near"),
    [
        ("riverside", ["river", "riverside-food-bank", "riverside-hall"], "riverside-hall"),
        ("food", ["riverside-food-bank"], "riverside-food-bank"),
        ("side", ["riverside-food-bank"], None),
        ("ri", ["riverside-food-bank"], None),
        ("", ["riverside-food-bank"], None),
        ("foodbank", ["food-bank", "foodbank-of-the-river"], "food-bank"),
    ],
)
def test_a_part_of_an_id_is_enough(id: str, known: list[str], near: str | None) -> None:
    assert nearest_id(id, known) == near


def test_one_is_no_plural() -> None:
    assert [many(number, "day") for number in (0, 1, 2)] == ["0 days", "1 day", "2 days"]


def test_of_very_many_words_those_with_the_same_beginning_are_compared() -> None:
    known = [f"{number:04}-ab" for number in range(_MOST_COMPARED)]
    assert nearest("1999-abc", [*known, "2999-abd"]) == "1999-ab"
    letters = ["bca" + "x" * (number % 2) for number in range(_MOST_COMPARED)]
    assert nearest("abc", [*letters, "abcx"]) == "abcx"


@pytest.mark.parametrize(
    ("words", "text"),
    [
        ([], ""),
        (["a"], "a"),
        (["a", "b"], "a or b"),
        (["a", "b", "c"], "a, b or c"),
        (["a", "b", "c", "d"], "a, b, c and 1 more"),
        (["a", "b", "c", "d", "e"], "a, b, c and 2 more"),
    ],
)
def test_of_many_words_the_first_are_named(words: list[str], text: str) -> None:
    assert one_of(words, most=3) == text


def test_words_are_listed_with_a_word_before_the_last() -> None:
    assert listed(["a", "b", "c"], "and") == "a, b and c"
    assert listed(["a"], "and") == "a"
    assert listed([], "and") == ""
