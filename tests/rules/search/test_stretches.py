"""Of a line that stretch counts that a record says, too."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocs.rules.search.stems import stems
from ocs.rules.search.stretches import RecordStems, Stretch, could_tell, stretches

RECORDS = [
    RecordStems.in_text("Delivery stops: the calendar folder cannot be found"),
    RecordStems.in_text("Services of the billing department"),
]
WEIGHTS = dict.fromkeys(stems("deliver calendar folder found service billing worker 200"), 4.0)


def found(line: str) -> list[Stretch]:
    return stretches(line, WEIGHTS, RECORDS)


def texts(line: str) -> list[str]:
    return [stretch.text for stretch in found(line)]


def test_what_stands_around_a_message_is_left_out() -> None:
    assert texts("worker billing 200: The calendar folder cannot be found, worker") == [
        "calendar folder cannot be found"
    ]


def test_words_that_no_record_has_cost_nothing() -> None:
    assert texts("calendar xyzzy folder") == ["calendar xyzzy folder"]
    assert found("calendar folder")[0].share == 1.0


def test_words_beside_each_other_tell_more_than_single_ones() -> None:
    assert found("calendar folder")[0].weight > found("calendar billing")[0].weight


def test_words_that_a_sign_joins_and_numbers_tell_less() -> None:
    assert found("calendar/folder")[0].weight < found("calendar folder")[0].weight
    assert found("200") == []


def test_a_line_of_which_no_record_says_anything_has_no_stretch() -> None:
    assert texts("worker") == texts("xyzzy") == texts("") == []


@given(
    st.text(max_size=80)
    | st.lists(st.sampled_from(["calendar ", "folder", "/", "200 ", "worker "])).map("".join)
)
def test_a_stretch_is_a_part_of_its_line(line: str) -> None:
    for stretch in found(line):
        assert stretch.text in line
        assert 0 < stretch.share <= 1.0


def test_a_line_weighs_its_words_alone_and_each_two_beside_each_other() -> None:
    assert could_tell("", WEIGHTS) == could_tell("xyzzy", WEIGHTS) == 0
    assert could_tell("calendar", WEIGHTS) == pytest.approx(0.8)
    assert could_tell("200", WEIGHTS) == pytest.approx(0.16)
    assert could_tell("calendar folder", WEIGHTS) == pytest.approx(9.6)
    assert could_tell("calendar/folder", WEIGHTS) == pytest.approx(4.0)


def test_a_second_stretch_counts_if_it_is_near_as_heavy() -> None:
    both = "calendar folder worker worker worker billing department"
    weights = {**WEIGHTS, "department": 4.0}
    for stem in stems("department"):
        weights[stem] = 4.0
    records = [
        RecordStems.in_text("calendar folder"),
        RecordStems.in_text("billing department"),
    ]
    found = stretches(both, weights, records)
    assert [stretch.text for stretch in found] == ["calendar folder", "billing department"]
    assert [stretch.weight for stretch in found] == pytest.approx([9.6, 9.6])
    (alone,) = stretches("calendar folder worker worker billing", weights, records)
    assert alone.text == "calendar folder"


def test_of_stretches_that_weigh_the_same_the_first_is_taken() -> None:
    weights = dict.fromkeys(stems("calendar worker"), 1.0)
    records = [RecordStems.in_text("calendar")]
    found = stretches("calendar worker calendar", weights, records)
    assert [stretch.text for stretch in found] == ["calendar", "calendar"]
    assert found[0].share == pytest.approx(0.2 / 4.6)
