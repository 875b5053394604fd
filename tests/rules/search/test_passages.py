"""The passage that is shown is the one that tells most."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocs.rules.search.passages import (
    MARK_END,
    MARK_START,
    PASSAGE_LENGTH,
    best_passage,
    passage,
    remedy,
)


def marked(text: str) -> str:
    return text.replace("<", MARK_START).replace(">", MARK_END)


def test_the_part_with_most_different_words_is_taken() -> None:
    text = marked("<mail> and <mail> and <mail>\n\n<mail> is <late>\n\nnothing")
    assert best_passage(text).text == "mail is late"
    assert best_passage(text).words == {"mail", "late"}


def test_lines_of_one_paragraph_are_joined_and_list_items_are_not() -> None:
    text = marked("1. Stop the <mail>\n   server.\n2. Start it.\n")
    assert best_passage(text).text == "1. Stop the mail server."


def test_a_long_passage_is_cut_between_words_around_the_match() -> None:
    found = best_passage(marked("begin " * 50 + "<late> " + "end " * 50))
    assert len(found.text) <= PASSAGE_LENGTH + 8
    assert found.text.startswith("… begin")
    assert found.text.endswith("end …")
    assert [found.text[start:end] for start, end in found.matches] == ["late"]


def test_without_a_match_there_is_no_passage() -> None:
    assert best_passage("nothing here").pieces == ()


def test_a_text_up_to_the_length_of_a_passage_is_shown_whole() -> None:
    text = "late " + "x" * (PASSAGE_LENGTH - 5)
    assert best_passage(marked("<late>" + text[4:])).text == text
    assert (
        best_passage(marked("late " + "x " * 74 + "yy <late>")).text
        == "late " + "x " * 74 + "yy late"
    )
    longer = best_passage(marked("<late>" + text[4:] + "x end"))
    assert longer.text == "late …"


def test_of_passages_with_as_many_words_the_first_is_taken() -> None:
    assert best_passage(marked("one <mail>\n\ntwo <late>")).text == "one mail"
    assert best_passage(marked("<Mail> and <mail>\n\nis <mail> <late>")).text == "is mail late"


@pytest.mark.parametrize(
    ("resolution", "known", "line"),
    [
        ("Look first.\n\nRestart the <server>.", set(), "Restart the server."),
        ("Look at <mail>.\n\nRestart the <server>.", {"mail"}, "Restart the server."),
        ("Look first.\n\nRestart.", set(), "Look first."),
        ("Run on the <server>:\n\nRestart.", set(), "Restart."),
        ("# <Server>\n\nRestart.", set(), "Restart."),
        ("| a <table> |\n\nRestart.", set(), "Restart."),
        ("On the <server>:", set(), "On the server:"),
        ("", set(), ""),
    ],
)
def test_the_line_that_helps_is_the_one_with_most_words_of_the_query(
    resolution: str, known: set[str], line: str
) -> None:
    assert remedy(marked(resolution), frozenset(known)).text == line


def test_a_line_that_helps_is_cut_between_words_where_it_is_too_long() -> None:
    fits = "word " * (PASSAGE_LENGTH // 5 - 1) + "words"
    assert remedy(fits, frozenset()).text == fits
    assert remedy(fits + " x", frozenset()).text == fits.removesuffix(" words") + " …"


PIECES = st.lists(
    st.sampled_from(
        ["a", "word ", "\n", "\n\n", "1. ", "x" * 90, MARK_START, MARK_END, "é", " "]
    )
)


@given(PIECES.map("".join))
def test_whatever_the_marks_no_text_is_invented(text: str) -> None:
    plain = "".join(text.replace(MARK_START, "").replace(MARK_END, "").split())
    found = best_passage(text)
    assert "".join(found.text.replace("…", "").split()) in plain
    assert "".join(passage(text).text.split()) == plain
    for start, end in found.matches:
        assert found.text[start:end]
