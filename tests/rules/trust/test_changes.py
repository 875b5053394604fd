"""What differs from what the user remembers, and when that is an alarm."""

from __future__ import annotations

from datetime import date

import pytest

from ocs.model.trust import Fact, FactKind, Gone, Remembered
from ocs.rules.trust.changes import State, differences, in_words
from ocs.rules.trust.recognition import Recognition, recognised

TODAY = date(2026, 11, 20)
KEY = Fact(FactKind.KEY, "lena", "A" * 40)
LEVEL = Fact(FactKind.LEVEL, "lena", "known")
READS = Fact(FactKind.READER, "river/login", "lena")
# A line of commits, the oldest first, and one that is apart.
LINE = "abcdef"


def leads_to(one: str, other: str) -> bool:
    return one in LINE and other in LINE and LINE.index(one) <= LINE.index(other)


def found(state: State, remembered: Remembered) -> list[tuple[str, bool]]:
    return [
        (in_words(each), each.undone is not None)
        for each in differences(state, remembered, remembered.facts, leads_to)
    ]


def test_what_is_new_other_and_gone_is_told() -> None:
    remembered = Remembered({KEY: TODAY, LEVEL: TODAY, READS: TODAY})
    other = KEY._replace(value="B" * 40)
    state = State({other, LEVEL._replace(value="vetted")}, {other})
    assert found(state, remembered) == [
        (f"another key of lena than on 2026-11-20: {'A' * 40} → {'B' * 40}", False),
        ("level: known → vetted", False),
        ("lena is no reader of river/login any more", False),
    ]


def test_nothing_differs_from_what_is_confirmed() -> None:
    assert found(State({KEY}, {KEY}), Remembered({KEY: TODAY})) == []


@pytest.mark.parametrize(
    ("here", "shared", "head", "shared_head", "is_alarm"),
    [
        (True, True, "e", "e", True),  # taken away in c, back in e
        (True, False, "e", "d", True),  # back here, after the end
        (True, False, "b", "e", False),  # an older checkout
        (True, True, "b", "b", False),  # the default branch is as old, too
        (True, False, "x", "e", False),  # a branch that began before the end
        (True, True, "x", "x", True),  # the default branch has another history
        (False, True, "d", "e", True),  # pushed, and not pulled yet
        (False, True, "c", "b", False),  # the end is not pushed yet
    ],
)
def test_who_is_back_is_an_alarm_unless_the_files_are_older(
    here: bool, shared: bool, head: str, shared_head: str, is_alarm: bool
) -> None:
    remembered = Remembered(gone={READS: Gone(TODAY, "c")})
    state = State({READS} if here else (), {READS} if shared else (), head, shared_head)
    ((_, alarm),) = found(state, remembered)
    assert alarm is is_alarm


def test_a_confirmed_key_replaces_the_one_before_which_is_gone() -> None:
    other = KEY._replace(value="B" * 40)
    after = Remembered({KEY: TODAY}).confirmed([other], TODAY, "c")
    assert after.facts == {other: TODAY}
    assert after.gone == {KEY: Gone(TODAY, "c")}
    assert after.confirmed([KEY], TODAY).facts == {KEY: TODAY}
    # Of readers a secret has many.
    both = Remembered({READS: TODAY}).confirmed([READS._replace(value="sam")], TODAY)
    assert len(both.facts) == 2


def test_a_registry_is_recognised_by_its_history_its_remote_or_its_folder() -> None:
    own = Remembered(marks=frozenset({"root:a", "remote:u", "folder:/f"}))
    other = Remembered(marks=frozenset({"root:b"}))
    memories = {"own": own, "other": other}
    for mark in ("root:a", "remote:u", "folder:/f"):
        assert recognised({mark, "root:z"}, (), memories).own == "own"
    assert recognised({"root:z", "remote:z"}, (), memories) == Recognition(None)
    # A folder that is used again: the history says more.
    assert recognised({"root:b", "folder:/f"}, (), memories) == Recognition("other", ("own",))


def test_a_gatekeepers_key_makes_it_related_and_not_the_same() -> None:
    roster = Fact(FactKind.ROSTER, "amara", "K")
    memories = {"own": Remembered({roster: TODAY}, marks=frozenset({"root:a"}))}
    assert recognised({"root:z"}, {"K"}, memories) == Recognition(None, ("own",))
    assert recognised({"root:z"}, {"other", ""}, memories) == Recognition(None)
