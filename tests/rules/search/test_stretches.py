"""Of a line that stretch counts that a record says, too."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ocs.rules.search.stems import stems
from ocs.rules.search.stretches import RecordStems, Stretch, stretches

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
