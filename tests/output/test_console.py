"""Whatever comes from a record is shown, and steers no terminal."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocs.output.console import Screen, clean, wrapped

STEERING = [
    *(
        chr(code)
        for code in [*range(0x20), *range(0x7F, 0xA0)]
        if chr(code) not in "\n\t\r\x85"
    ),
    *"\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200b\u2060\ufeff\U000e0041",
]


@pytest.mark.parametrize("sign", STEERING, ids=lambda sign: f"U+{ord(sign):04X}")
def test_what_steers_a_terminal_or_hides_is_shown_as_a_mark(sign: str) -> None:
    assert clean(f"a{sign}b") == "a�b"


def test_lines_stay_and_other_space_becomes_space() -> None:
    assert clean("a\r\nb\tc\u2028d\x85e") == "a\nb c d e"
    assert clean("a\rb") == "a�b"


def test_texts_of_all_languages_stay_as_they_are() -> None:
    for text in (
        "Grüße",
        "Nováková",
        "日本語",
        "עברית",
        "می‌خواهم",
        "👩‍🚀",
        "[red]x[/red] :smile:",
    ):
        assert clean(text) == text


@given(st.text() | st.characters(categories=["Cs"]))
def test_any_text_can_be_written_afterwards(text: str) -> None:
    assert clean(text).encode("utf-8").decode() == clean(text)
    assert "\x1b" not in clean(text)


MARKUP = "[red]x[/red] [draft] [/nothing] :smile: \\[x]"


@pytest.mark.parametrize("color", [True, False])
def test_markup_and_emoji_codes_are_data(
    capsys: pytest.CaptureFixture[str], color: bool
) -> None:
    Screen(color=color).out((MARKUP, "bold"))
    Screen(color=color).table(["id"], [[MARKUP]])
    out = capsys.readouterr().out
    assert out.count(MARKUP) == 2
    assert ("\x1b[" in out) is color


@pytest.mark.parametrize(
    ("environment", "colored"),
    [
        ({"NO_COLOR": ""}, True),
        ({"NO_COLOR": "1"}, False),
        ({"NO_COLOR": "", "TERM": "dumb"}, False),
    ],
)
def test_colour_is_left_out_where_it_is_not_wanted(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], colored: bool
) -> None:
    monkeypatch.setattr("ocs.output.console._is_terminal", lambda stream: True)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert Screen().has_color is colored
    assert not Screen(color=False).has_color


def test_what_is_piped_has_no_colour_and_is_not_wrapped(
    capsys: pytest.CaptureFixture[str],
) -> None:
    long = "word " * 100
    screen = Screen()
    screen.out((long, "bold"))
    screen.table(["text"], [[long]])
    assert capsys.readouterr().out.splitlines() == [long, "text", long.strip()]


def test_json_is_one_document_that_steers_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    Screen().json({"text": "\x1b[31m\u202eé"})
    out = capsys.readouterr().out
    assert json.loads(out) == {"text": "\x1b[31m\u202eé"}
    assert out.isascii()
    assert "\x1b" not in out


def test_a_quiet_screen_says_nothing_but_failures(capsys: pytest.CaptureFixture[str]) -> None:
    screen = Screen(quiet=True)
    screen.say("3 results")
    screen.fail("the disk is full", "delete something")
    assert capsys.readouterr().err == "error: the disk is full\nhint: delete something\n"


def test_a_wrapped_line_goes_on_below_its_first_word() -> None:
    assert list(wrapped("1. one two three four five six\n- seven", 23)) == [
        "1. one two three four",
        "   five six",
        "- seven",
    ]


def test_on_a_terminal_a_table_is_cut_to_its_width_and_ids_are_whole(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Screen, "width", 60)
    rows = [
        ["some-long-id-that-is-copied", "a title that goes on and on", "verified", "nextcloud"]
    ]
    Screen().table(["id", "title", "state", "product"], rows)
    head, row = capsys.readouterr().out.splitlines()
    assert row == "some-long-id-that-is-copied  a title that go…  verified"
    assert head.split() == ["id", "title", "state"]
    Screen().table(["id", "title"], [["x" * 70, "日本語" * 20]])
    assert capsys.readouterr().out.splitlines()[1].startswith("x" * 70 + "  日本語")


def test_long_work_is_told_on_a_terminal_only(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ocs.output.console._SILENT_SECONDS", 0)
    assert list(Screen().counted(range(3), "reading file")) == [0, 1, 2]
    assert capsys.readouterr().err == ""
    monkeypatch.setattr("ocs.output.console._is_terminal", lambda stream: True)
    assert list(Screen().counted(range(3), "reading file")) == [0, 1, 2]
    told = capsys.readouterr().err
    assert "reading file 2 of 3" in told
    assert told.endswith("\r\x1b[K")
    assert list(Screen(quiet=True).counted(range(3), "x")) == [0, 1, 2]
    assert capsys.readouterr().err == ""
