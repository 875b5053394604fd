"""What was found in a text that is to be a record, and what became of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ocs.model.finding import Finding, Place
from ocs.model.found import Found
from ocs.output.console import Screen, clean
from ocs.output.registry import findings as show


def findings(
    found: Sequence[Finding], path: str, place: str | None, screen: Screen, prefix: str
) -> None:
    """Each finding; where the file *path* is not written, at the place where its text lies
    instead.
    """
    if not found:
        return
    moved = [
        replace(each, places=tuple(_moved(at, path, place, prefix) for at in each.places))
        for each in found
    ]
    show.as_text(moved, len({at.file for each in moved for at in each.places}), screen, "")


def _moved(at: Place, path: str, place: str | None, prefix: str) -> Place:
    return replace(
        at, file=place if place is not None and at.file == path else f"{prefix}{at.file}"
    )


def known(problems: Sequence[Found], screen: Screen) -> None:
    """The problems that are perhaps the one that somebody is about to write."""
    if problems:
        screen.say("is it one of these?")
    for each in problems:
        screen.say(f"  {clean(each.reference)}  ", clean(each.title))


def written(path: str, *, is_new: bool, still_comments: Sequence[str], screen: Screen) -> None:
    """That the record is in the registry, and what of it may have been meant to be more than a
    comment.
    """
    screen.out(("new      " if is_new else "changed  ", "dim"), clean(path))
    for line in still_comments:
        screen.say(clean(f'still a comment: {line} (take the "# " away if it is to count)'))


def kept(path: str, place: str, again: str, screen: Screen) -> None:
    """That the record is not written, and how to go on."""
    screen.say(clean(f"{path} was not written; your text is kept in {place}"))
    screen.say(clean(f"go on with `{again}`; add --discard to begin afresh"))


def stays(path: str, place: str, screen: Screen) -> None:
    """That the record is not written, while the text lies in a file of the user's own."""
    screen.say(clean(f"{path} was not written; your text stays in {place}"))
