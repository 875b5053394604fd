"""Findings on GitHub: at their lines, and never a command of a stranger's."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocs.model.finding import Finding, Place, Severity, Span
from ocs.output.console import Screen
from ocs.output.registry.findings import as_github, as_text


def github(*findings: Finding, prefix: str = "") -> list[str]:
    lines: list[str] = []

    class Recorder(Screen):
        def out(self, *pieces: object) -> None:
            lines.append("".join(str(piece) for piece in pieces))

        def say(self, *pieces: object) -> None: ...

    as_github(findings, 1, Recorder(), prefix)
    return lines


def error(message: str, file: str = "x.yaml", severity: Severity = Severity.ERROR) -> Finding:
    return Finding(
        "bad-value", message, (Place(file, span=Span(3, 7, 2, "x: y")),), None, severity
    )


def test_a_finding_stands_at_its_line() -> None:
    assert github(error("must be a date"), prefix="registry/") == [
        "::error file=registry/x.yaml,line=3,col=7,title=bad-value::must be a date"
    ]


def test_levels_have_the_names_that_github_knows() -> None:
    told = github(*(error("x", severity=severity) for severity in Severity))
    assert [line.split(" ")[0] for line in told] == ["::error", "::warning", "::notice"]


def test_ten_of_a_level_are_told_and_the_others_counted() -> None:
    told = github(
        *(error(str(number)) for number in range(12)), error("w", severity=Severity.WARNING)
    )
    assert len(told) == 12
    assert told[10] == "and 2 more of level error, not shown as annotations"
    assert told[11].startswith("::warning")


@given(st.text(), st.text())
def test_no_text_of_a_file_becomes_a_command(message: str, file: str) -> None:
    (line,) = github(error(message, file))
    assert not set(line) & set("\r\n\x85\u2028\u2029\x0b\x0c\x1b")
    properties = line.removeprefix("::error ").split("::")[0]
    assert [part.split("=")[0] for part in properties.split(",")] == [
        "file",
        "line",
        "col",
        "title",
    ]


def test_signs_that_github_reads_are_escaped() -> None:
    (line,) = github(error("50%\r\n::stop-commands::x", "a:b,c.yaml"))
    assert line == (
        "::error file=a%3Ab%2Cc.yaml,line=3,col=7,title=bad-value::50%25 %0A::stop-commands::x"
    )


@given(st.text(), st.integers(1, 400), st.integers(1, 400))
def test_any_line_can_be_shown(text: str, column: int, length: int) -> None:
    lines: list[str] = []

    class Recorder(Screen):
        def out(self, *pieces: object) -> None:
            lines.append(
                "".join(piece if isinstance(piece, str) else piece[0] for piece in pieces)
            )  # type: ignore[index]

        def say(self, *pieces: object) -> None: ...

    place = Place("x.yaml", span=Span(1, column, length, text))
    as_text([Finding("bad-value", "x", (place,))], 1, Recorder(), "")
    assert all(len(line) < 130 for line in lines)


@pytest.mark.parametrize("count", [1, 2])
def test_counts_are_said_in_words(capsys: pytest.CaptureFixture[str], count: int) -> None:
    as_text([error("x")] * count, count, Screen(), "")
    expected = "1 error in 1 record" if count == 1 else "2 errors in 2 records"
    assert capsys.readouterr().err.strip() == expected
