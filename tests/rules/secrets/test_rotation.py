"""Who could read what a secret still holds, told from its states in git."""

from __future__ import annotations

from datetime import date

import pytest

from ocs.model.ciphertext import HIDDEN, Message, Recipient
from ocs.model.rotation import Turn
from ocs.rules.secrets.rotation import former_readers, leading_to, since_rotation

# Commits and their parents: d merges b and c, which both come from a.
PARENTS = {"a": (), "b": ("a",), "c": ("a",), "d": ("b", "c"), "e": ("d",)}
WHOSE = {"1" * 16: {"lena"}, "2" * 16: {"sam"}, "3" * 16: {"sam", "joost"}}


def message(content: str, *keys: str, passphrases: int = 0) -> Message:
    recipients = tuple(Recipient(key, 3) for key in keys)
    return Message(recipients, passphrases, 18, 1, content)


def turn(commit: str, after: str | None, *, is_rotation: bool = False) -> Turn:
    days = (date(2026, 1, 1), date(2026, 1, 2)) if is_rotation else (None, None)
    return Turn(commit, message("before"), message(after) if after else None, *days)


def contents(*turns: Turn) -> list[str]:
    return [message.content for message in since_rotation(turns, PARENTS)]


def test_what_leads_to_a_commit_are_its_ancestors_without_itself() -> None:
    assert leading_to(["e"], PARENTS) == {"a", "b", "c", "d"}
    assert leading_to(["b", "c"], PARENTS) == {"a"}
    assert leading_to(["a"], PARENTS) == set()
    assert leading_to(["unknown"], PARENTS) == set()


def test_states_count_from_the_rotation_on() -> None:
    first, second, third = turn("a", "one"), turn("b", "two"), turn("d", "three")
    assert contents(first, second, third) == ["one", "two", "three"]
    rotation = turn("b", "two", is_rotation=True)
    assert contents(first, rotation, third) == ["two", "three"]


def test_a_state_beside_a_rotation_still_counts() -> None:
    assert contents(turn("c", "other"), turn("b", "two", is_rotation=True)) == ["other", "two"]


def test_a_rotation_that_is_not_committed_puts_all_commits_behind_it() -> None:
    assert contents(turn("b", "two"), turn("", "new", is_rotation=True)) == ["new"]
    assert contents(turn("b", "two"), turn("", "new")) == ["two", "new"]


def test_a_commit_that_deletes_the_secret_leaves_nothing_to_read() -> None:
    assert contents(turn("a", "one"), turn("b", None)) == ["one"]


@pytest.mark.parametrize(
    ("readable", "readers", "former"),
    [
        (message("x", "1" * 16), {"lena"}, ()),
        (message("x", "1" * 16, "2" * 16), {"joost"}, ("lena", "sam")),
        (message("x", "3" * 16), {"joost"}, ()),
        (message("x", "3" * 16), {"lena"}, ("joost", "sam")),
        (
            message("x", "4" * 16),
            {"lena"},
            ("the holder of the unknown key 4444444444444444",),
        ),
        (message("x", HIDDEN), {"lena"}, ("a hidden recipient",)),
        (message("x", passphrases=1), {"lena"}, ("anybody who knows its passphrase",)),
        (message("x"), set(), ()),
    ],
)
def test_who_could_read_a_message_and_is_no_reader_is_told(
    readable: Message, readers: set[str], former: tuple[str, ...]
) -> None:
    assert former_readers([readable], WHOSE, readers) == former


def test_former_readers_of_several_states_are_told_once() -> None:
    states = [message("x", "2" * 16), message("y", "2" * 16), message("z", "1" * 16)]
    assert former_readers(states, WHOSE, ()) == ("lena", "sam")
    assert former_readers([], WHOSE, ()) == ()
