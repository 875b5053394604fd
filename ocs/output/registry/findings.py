"""Findings as text for people, as JSON for programs, and as annotations for GitHub."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from ocs.model.finding import Finding, Place, Severity
from ocs.output.console import Screen, clean
from ocs.rules.check import Check
from ocs.rules.nearest import listed

_STYLES = {
    Severity.ERROR: "bold red",
    Severity.WARNING: "bold yellow",
    Severity.NOTE: "bold cyan",
}
_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}
_WIDEST_EXCERPT = 100
_MOST_PLACES = 10
# GitHub shows ten annotations of a level for each step, and drops the rest without a word.
_MOST_ANNOTATIONS = 10


def as_text(
    findings: Sequence[Finding], count: int, screen: Screen, prefix: str, noun: str = "record"
) -> None:
    """Each finding with its line; *prefix* leads from the current folder to the registry."""
    for finding in findings:
        _one(finding, screen, prefix)
    screen.say(summary(findings, count, noun))


def summary(findings: Sequence[Finding], count: int, noun: str = "record") -> str:
    """`2 errors and 1 warning in 86 records`."""
    counts = [
        f"{number} {severity}{'s' if number > 1 else ''}"
        for severity, number in _counts(findings).items()
        if number
    ]
    of = f"{count} {noun}{'' if count == 1 else 's'}"
    return f"{listed(counts, 'and')} in {of}" if counts else f"{of}, no problems found"


def _counts(findings: Sequence[Finding]) -> dict[Severity, int]:
    return {
        severity: sum(finding.severity is severity for finding in findings)
        for severity in Severity
    }


def as_json(findings: Sequence[Finding], count: int, noun: str = "record") -> dict[str, Any]:
    """The report as a value of plain types."""
    return {
        f"{noun}s": count,
        "counts": {severity.value: number for severity, number in _counts(findings).items()},
        "findings": listed_as_json(findings),
    }


def listed_as_json(findings: Iterable[Finding]) -> list[dict[str, Any]]:
    """Findings as values of plain types, for every command."""
    return [
        {
            "code": finding.code,
            "severity": finding.severity.value,
            "message": finding.message,
            "hint": finding.hint,
            "places": [_place_as_json(place) for place in finding.places],
        }
        for finding in findings
    ]


def as_github(findings: Iterable[Finding], records: int, screen: Screen, prefix: str) -> None:
    """Workflow commands for each finding; *prefix* leads from the repository to the registry.

    Texts of files are escaped, so that none of a stranger becomes a workflow command.
    """
    findings = list(findings)
    for severity in Severity:
        alike = [finding for finding in findings if finding.severity is severity]
        for finding in alike[:_MOST_ANNOTATIONS]:
            screen.out(_annotation(finding, prefix))
        more = len(alike) - _MOST_ANNOTATIONS
        if more > 0:
            screen.out(f"and {more} more of level {severity}, not shown as annotations")
    screen.say(summary(findings, records))


def explain(check: Check, screen: Screen) -> None:
    """A check in words."""
    screen.out((check.code, "bold"), f"  {check.severity}")
    screen.out(("the rule     ", "dim"), check.meaning)
    screen.out(("for example  ", "dim"), check.example)
    screen.out(("to fix it    ", "dim"), check.hint)


def check_as_json(check: Check) -> dict[str, str]:
    """A check as a value of plain types."""
    return {
        "code": check.code,
        "severity": check.severity.value,
        "meaning": check.meaning,
        "example": check.example,
        "mend": check.hint,
    }


def _one(finding: Finding, screen: Screen, prefix: str) -> None:
    screen.out(
        (f"{_where(finding.place, prefix)}: ", "bold"),
        (f"{finding.severity}: ", _STYLES[finding.severity]),
        clean(finding.message.replace("\n", " ")),
        (f" [{finding.code}]", "dim"),
    )
    margin = "     "
    span = finding.place.span
    if span and span.text.strip():
        text, column, length = _excerpt(
            clean(span.text.replace("\n", " ")), span.column - span.start + 1, span.length
        )
        margin = " " * max(5, len(str(span.line)) + 1)
        screen.out((f"{span.line:>{len(margin) - 1}} | ", "dim"), text)
        screen.out(
            (f"{margin}| ", "dim"),
            " " * (column - 1),
            ("^" * length, _STYLES[finding.severity]),
        )
    if finding.hint:
        screen.out((f"{margin}= ", "dim"), clean(finding.hint.replace("\n", " ")))
    others = finding.places[1:]
    for place in others[:_MOST_PLACES]:
        screen.out((f"{margin}= ", "dim"), f"also {_where(place, prefix)}")
    if len(others) > _MOST_PLACES:
        screen.out((f"{margin}= ", "dim"), f"and in {len(others) - _MOST_PLACES} more")


def _where(place: Place, prefix: str) -> str:
    at = f":{place.span.line}:{place.span.column}" if place.span else ""
    return clean(f"{prefix}{place.file}{at}".replace("\n", " "))


def _excerpt(line: str, column: int, length: int) -> tuple[str, int, int]:
    """The part of a line around a column, with the column and length in that part."""
    column = min(column, len(line) + 1)
    start = max(0, column - 1 - _WIDEST_EXCERPT // 2) if len(line) > _WIDEST_EXCERPT else 0
    text = line[start : start + _WIDEST_EXCERPT]
    before, after = "… " if start else "", " …" if start + _WIDEST_EXCERPT < len(line) else ""
    shown_column = column - start + len(before)
    return (
        before + text + after,
        shown_column,
        max(1, min(length, len(before) + len(text) - shown_column + 1)),
    )


def _place_as_json(place: Place) -> dict[str, Any]:
    span = place.span
    return {
        "file": place.file,
        "line": span.line if span else None,
        "column": span.column if span else None,
        "length": span.length if span else None,
        "field": list(place.steps),
    }


def _annotation(finding: Finding, prefix: str) -> str:
    place = finding.place
    properties = {"file": f"{prefix}{place.file}"}
    if place.span:
        properties |= {"line": str(place.span.line), "col": str(place.span.column)}
    properties["title"] = finding.code
    lines = [finding.message, *([finding.hint] if finding.hint else [])]
    lines += [f"also {_where(other, prefix)}" for other in finding.places[1:_MOST_PLACES]]
    listed = ",".join(
        f"{name}={_escaped_property(value)}" for name, value in properties.items()
    )
    return f"::{_LEVELS[finding.severity]} {listed}::{_escaped(chr(10).join(lines))}"


def _escaped(text: str) -> str:
    return clean(text.replace("\r", " ")).replace("%", "%25").replace("\n", "%0A")


def _escaped_property(text: str) -> str:
    return _escaped(text).replace(":", "%3A").replace(",", "%2C")
