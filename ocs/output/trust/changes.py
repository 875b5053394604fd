"""What differs from what the user has confirmed, as text and as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import groupby
from typing import Any

from ocs.model.registry import Registry
from ocs.model.trust import Difference, Fact
from ocs.output.console import Screen, clean
from ocs.output.trust.questions import brought
from ocs.rules.trust.changes import in_words, is_known_in_words
from ocs.rules.trust.questions import place_of


def as_text(
    differences: Sequence[Difference],
    registry: Registry,
    branch: str | None,
    lost: str,
    screen: Screen,
    *,
    may_be_older: bool,
) -> None:
    """By file, what differs; below each line the commit that brought it."""
    if lost and may_be_older:
        screen.warn(
            f"{branch} does not hold {lost[:12]}, which you have seen: run `git fetch`. If it "
            "still does not, somebody replaced the history"
        )
    elif lost:
        screen.warn(
            f"{branch} no longer holds {lost[:12]}, which you have seen: somebody replaced the "
            "history"
        )
    by_file = sorted(differences, key=lambda change: place_of(change.fact, registry)[0])
    for file, changes in groupby(
        by_file, key=lambda change: place_of(change.fact, registry)[0]
    ):
        screen.out((_line(file), "bold"))
        for change in changes:
            screen.out("  ", _line(in_words(change)))
            for label, text in _notes(change, branch):
                screen.out(
                    "  ",
                    (label.ljust(8), "bold red" if label == "ALARM" else "dim"),
                    _line(text),
                )


def same(facts: Iterable[tuple[Fact, date]], screen: Screen) -> None:
    """What is confirmed and the same."""
    for fact, day in facts:
        screen.out(("confirmed ", "dim"), str(day), "  ", _line(is_known_in_words(fact)))


def summary(differences: Sequence[Difference], screen: Screen) -> None:
    number = len(differences)
    if not number:
        screen.say("nothing differs from what you have confirmed")
    else:
        screen.say(f"{number} change{'s' if number > 1 else ''} since you last looked")


def confirmed(new: int, gone: int, screen: Screen) -> None:
    """What was confirmed and forgotten."""
    screen.say(f"confirmed {new}, forgot {gone}")


def _notes(change: Difference, branch: str | None) -> Iterable[tuple[str, str]]:
    if change.undone:
        yield "ALARM", f"this was taken away on {change.undone.day}, and is back"
    if change.source:
        yield "commit", brought(change.source)
    if branch and change.is_here and not change.is_shared:
        yield "only", f"here, and not on {branch}: --confirm leaves it out"
    if branch and change.is_shared and not change.is_here:
        yield "only", f"on {branch}, and not in the files here"


def as_json(
    differences: Sequence[Difference],
    same: Iterable[tuple[Fact, date]],
    branch: str | None,
    lost: str,
    confirmed: Sequence[Fact],
) -> dict[str, Any]:
    return {
        "branch": branch,
        "lost": lost or None,
        "changes": [_as_json(change) for change in differences],
        "same": [{**_fact(fact), "confirmed_on": day.isoformat()} for fact, day in same],
        "confirmed": [_fact(fact) for fact in confirmed],
    }


def _as_json(change: Difference) -> dict[str, Any]:
    source = change.source
    return {
        **_fact(change.fact),
        "said": in_words(change),
        "here": change.is_here,
        "shared": change.is_shared,
        "before": change.before[0] if change.before else None,
        "taken_away_on": change.undone.day.isoformat() if change.undone else None,
        "commit": source._asdict() if source and source.commit else None,
    }


def _fact(fact: Fact) -> dict[str, str]:
    return {"kind": str(fact.kind), "about": fact.about, "value": fact.value}


def _line(text: str) -> str:
    return clean(" ".join(text.split()))
