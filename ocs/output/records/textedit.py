"""What is wrong with the text of a record, and what became of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ocs.model.finding import Finding, Place
from ocs.model.found import Found
from ocs.output.console import Screen, clean
from ocs.output.registry import findings as show


def findings(
    findings: Sequence[Finding], path: str, place: str | None, screen: Screen, prefix: str
) -> None:
    """Each finding; those in *path* at the *place* of its text, if it is not written."""
    if not findings:
        return

    def moved(at: Place) -> Place:
        return replace(at, file=place if place and at.file == path else f"{prefix}{at.file}")

    findings = [
        replace(finding, places=tuple(map(moved, finding.places))) for finding in findings
    ]
    files = {at.file for finding in findings for at in finding.places}
    show.as_text(findings, len(files), screen, "")


def known(problems: Sequence[Found], screen: Screen) -> None:
    """The problems that the user may be about to write again."""
    if problems:
        screen.say("is it one of these problems?")
    for problem in problems:
        screen.say(f"  {clean(problem.reference)}  ", clean(problem.title))


def written(path: str, *, is_new: bool, still_comments: Sequence[str], screen: Screen) -> None:
    """The record is in the registry; *still_comments* may have been meant as fields."""
    screen.out(("new      " if is_new else "changed  ", "dim"), clean(path))
    for line in still_comments:
        screen.say(clean(f'still a comment: {line} (to use it, remove the "# ")'))


def kept(path: str, place: str, again: str, screen: Screen) -> None:
    """The record is not written; how to go on."""
    screen.say(clean(f"{path} was not written; your text is kept in {place}"))
    screen.say(clean(f"continue with `{again}`; add --discard to start again"))


def stays(path: str, place: str, screen: Screen) -> None:
    """The record is not written; its text is in a file of the user's own."""
    screen.say(clean(f"{path} was not written; your text stays in {place}"))
