"""What `ocs search` finds, through the whole command."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from ocs.adapters.files import Files
from ocs.cli import app
from ocs.output.console import Screen
from ocs.rules.search.query import FILTERS
from tests.conftest import EXAMPLE_REGISTRY

Write = Callable[[str], Files]
THREE = """\
== problems/access-denied.yaml
title: Access is denied
symptoms: [{says: "Error 0x80070005: Access is denied"}]
product: outlook
tags: [rights]
resolution: Ask for the rights.
== problems/vpn-slow.yaml
title: The VPN is slow
symptoms: [{seen: "Outlook waits for the network"}]
product: openvpn
state: outdated
== problems/mail-late.yaml
title: Mail is late
symptoms: [{says: "Die Nachricht wird später zugestellt", language: de}]
seen_working: [{by: lena, date: 2026-03-01}]
== orgs/outlook-club.yaml
name: Outlook club
== people/lena.yaml
name: Lena
"""


def found(root: Path, *words: str, stdin: str | None = None) -> Any:
    result = CliRunner().invoke(
        app, ["search", "--json", "-C", str(root), *words], input=stdin
    )
    assert result.exit_code in (0, 1), result.output
    return json.loads(result.stdout)


def ids(root: Path, *words: str) -> list[str]:
    return [each["id"] for each in found(root, *words)["results"]]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["-2147024891"], ["access-denied"]),
        (["slow", "2147942405"], ["access-denied", "vpn-slow"]),
        (["0x80070005"], ["access-denied"]),
        (["error:0x80070005"], ["access-denied"]),
        (["outlook", "-error:80070005"], ["vpn-slow"]),
        (["outlook"], ["vpn-slow", "access-denied"]),
        (["outlook", "-vpn"], ["access-denied"]),
        (["outlook -vpn"], ["access-denied"]),
        (['"outlook waits"'], ["vpn-slow"]),
        (['"waits outlook"'], ["vpn-slow", "access-denied"]),
        (["outlook", "in:title"], []),
        (["product:openvpn"], ["vpn-slow"]),
        (["-product:openvpn"], ["access-denied", "mail-late"]),
        (["state:outdated", "outlook"], ["vpn-slow"]),
        (["state:draft"], ["access-denied", "mail-late"]),
        (["lang:de"], ["mail-late"]),
        (["since:2026-02"], ["mail-late"]),
        (["since:2026-04"], []),
        (["tag:rights"], ["access-denied"]),
        (["kind:orgs", "outlook"], ["outlook-club"]),
        (["spater"], ["mail-late"]),
        (["outlok", "waist"], ["vpn-slow", "access-denied"]),
        (["--no-correct", "outlok"], []),
        (["http://example.org/outlook"], ["vpn-slow", "access-denied"]),
        (["outlook", "-1"], ["vpn-slow", "access-denied"]),
        (["outlook", "- "], ["vpn-slow", "access-denied"]),
    ],
)
def test_a_query_finds_what_it_says(
    words: list[str], expected: list[str], write: Write
) -> None:
    assert ids(write(THREE).root, *words) == expected


def test_only_what_is_asked_for_is_shown(write: Write) -> None:
    """An organisation's record is private; no query for problems shows it."""
    root = write(THREE).root
    for words in (
        ["outlook", "club"],
        ["org:outlook-club"],
        ["org:outlook-club", "outlook"],
        ["lena"],
    ):
        assert all(each["kind"] == "problem" for each in found(root, *words)["results"])


def test_a_code_that_nobody_mentions_is_looked_for_as_text(write: Write) -> None:
    answer = found(write(THREE).root, "error:0x80070999", "vpn")
    assert [each["id"] for each in answer["results"]] == ["vpn-slow"]
    assert answer["remarks"] == [
        "no record mentions the code 0x80070999: searched for it as text"
    ]


def test_pages_follow_each_other(write: Write) -> None:
    root = write(
        "".join(
            f"== problems/p{n:03}.yaml\ntitle: Mail {n}\nsymptoms: [{{seen: x}}]\n"
            for n in range(130)
        )
    ).root
    pages = [
        found(root, "mail", "-n", "25", "--offset", str(start)) for start in range(0, 130, 25)
    ]
    assert [page["has_more"] for page in pages] == [True] * 5 + [False]
    assert sorted(each["id"] for page in pages for each in page["results"]) == [
        f"p{n:03}" for n in range(130)
    ]
    assert {page["total"] for page in pages} == {130}


def test_what_the_results_are_about_stays_on_one_line_of_a_terminal(
    write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = "title: Mail {0}\nsymptoms: [{{seen: x}}]\ntags: [{1}-of-the-office, {1}-of-the-board]\n"
    tags = ("calendar", "calendar", "mailbox", "mailbox", "")
    root = write(
        "".join(
            f"== problems/p{n}.yaml\n{record.format(n, tag)}" for n, tag in enumerate(tags)
        )
    ).root
    call = ["search", "-C", str(root), "mail", "-n", "1"]
    told = "about calendar-of-the-board 2 · calendar-of-the-office 2 · mailbox-of-the-board 2"
    assert f"{told} · mailbox-of-the-office 2\n" in CliRunner().invoke(app, call).stderr
    monkeypatch.setattr(Screen, "width", len(told))
    assert f"{told}\n" in CliRunner().invoke(app, call).stderr


def test_behind_the_last_page_it_is_told_how_many_there_are(write: Write) -> None:
    result = CliRunner().invoke(
        app, ["search", "-C", str(write(THREE).root), "outlook", "--offset", "9"]
    )
    assert (result.exit_code, result.stdout, result.stderr) == (
        1,
        "",
        "there are only 2 results\n",
    )


def test_a_rank_means_the_same_result_on_every_page(write: Write) -> None:
    root = write(THREE).root
    second = ids(root, "outlook")[1]
    for page in ([], ["-n", "1"], ["--offset", "1"], ["--offset", "9"]):
        result = CliRunner().invoke(
            app, ["search", "-C", str(root), "outlook", "--open", "2", *page]
        )
        assert f"problems/{second}\n" in result.stdout, page


@pytest.mark.parametrize(
    "log",
    [
        "ERROR zz\u19b0b zz\u19b1c",  # letters for Python, and none for the index
        "\n".join(
            "ERROR: " + " ".join(f"unknown{line}x{word}" for word in range(30))
            for line in range(50)
        ),
    ],
    ids=["odd letters", "unknown words"],
)
def test_a_log_of_which_no_record_knows_a_word_finds_nothing(write: Write, log: str) -> None:
    assert not found(write(THREE).root, stdin=log)["results"]


def test_nothing_in_a_log_is_taken_for_a_typing_mistake(write: Write) -> None:
    """Programs do not mistype: `oulook` is the name of something else."""
    root = write(THREE).root
    assert found(root, "oulook")["corrected"] == {"oulook": "outlook"}
    answer = found(root, stdin="ERROR oulook stopped")
    assert (answer["corrected"], answer["results"]) == ({}, [])


def test_no_word_is_corrected_to_one_that_tells_nothing(write: Write) -> None:
    assert found(write(THREE).root, "fine")["corrected"] == {}


def test_a_log_on_stdin_is_read_when_there_are_no_words(write: Write) -> None:
    log = "10:00:01 INFO vpn is up\n10:00:02 ERROR 0x80070005 for 203.0.113.4\n"
    assert [each["id"] for each in found(write(THREE).root, stdin=log)["results"]] == [
        "access-denied"
    ]
    assert ids(write(THREE).root, log) == ["access-denied"]


def test_what_is_similar_leaves_out_the_record_itself(write: Write, tmp_path: Path) -> None:
    root = write(THREE).root
    assert "vpn-slow" not in ids(root, "--similar", "vpn-slow")
    (tmp_path / "note.txt").write_text("Outlook waits\nfor the network all day\n")
    assert ids(root, "--similar", str(tmp_path / "note.txt"))[0] == "vpn-slow"


def test_paths_can_be_handed_to_another_program(write: Write) -> None:
    root = write(THREE).root
    result = CliRunner().invoke(app, ["search", "-C", str(root), "vpn", "--paths", "-0"])
    assert (
        Path(result.stdout.removesuffix("\0")).resolve() == root / "problems" / "vpn-slow.yaml"
    )
    assert result.stdout.count("\0") == 1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["mail", "--open", "4"], "there is no result 4; the last is 1"),
        (["mail", "--open", "9" * 20], "is not in the range"),
        (["mail", "--similar", "vpn-slow"], "cannot combine words, --similar and --log"),
        (["mail", "-0"], "add --paths"),
        (["mail", "--paths", "--open", "1"], "cannot combine --paths and --open"),
        (["mail", "--paths", "--explain"], "cannot combine --paths and --explain"),
        (["mail", "--open", "1", "--explain"], "cannot combine --open and --explain"),
        (["--similar", "no-such"], "no record and no file is called no-such"),
        (["--similar", "."], "no record and no file is called ."),
        (["--log", "no-such.log"], "No such file"),
        (["--limit", "3", "mail"], "no such option: --limit"),
        (["-n", "0", "mail"], "0 is not in the range"),
    ],
)
def test_a_wrong_call_is_told(arguments: list[str], message: str, write: Write) -> None:
    result = CliRunner().invoke(app, ["search", "-C", str(write(THREE).root), *arguments])
    assert (result.exit_code, result.stdout) == (2, "")
    assert message in result.stderr


def test_json_and_paths_do_not_go_together(write: Write) -> None:
    call = ["search", "-C", str(write(THREE).root), "mail", "--json", "--paths"]
    result = CliRunner().invoke(app, call)
    assert (result.exit_code, json.loads(result.stdout)["hint"]) == (
        2,
        "leave one of them out",
    )


PIECES = st.sampled_from(
    [
        *(f"{name}:" for name in FILTERS),
        '"',
        "-",
        "nextcloud",
        " ",
        "2026",
        "\0",
        "\n",
        "--",
        "*",
        "\ud800",
        "orgs",
    ]
)


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(max_size=60) | st.lists(PIECES, max_size=12).map("".join))
@example(text="-EnabledEmailAddressTemplates (")
@example(text="-- x")
def test_any_string_is_a_query(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(EXAMPLE_REGISTRY)
    result = CliRunner().invoke(app, ["search", "--", text])
    assert result.exit_code in (0, 1) or result.stderr.startswith(
        "error: the query has no words"
    )
    assert "Traceback" not in result.output


def test_very_many_filters_are_no_failure_of_the_index(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(EXAMPLE_REGISTRY)
    alike = CliRunner().invoke(app, ["search", "certificate " + "-tag:x " * 5000])
    assert alike.exit_code == 0
    others = " ".join(f"-tag:x{number}" for number in range(5000))
    result = CliRunner().invoke(app, ["search", f"certificate {others}"])
    assert result.exit_code == 2
    assert result.stderr.startswith("error: the query has more than 100 filters")
