"""The state of a machine, as text and as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ocs.model.examined import Examined, State
from ocs.output.console import Screen, clean
from ocs.rules.nearest import listed

_STYLES = {State.OK: "green", State.ADVICE: "bold yellow", State.MISSING: "bold red"}
_WORDS = {State.OK: "ok", State.ADVICE: "with advice", State.MISSING: "missing"}


def examined(things: Sequence[Examined], screen: Screen) -> None:
    """A line for each thing, below it how to fix it."""
    width = max(len(thing.what) for thing in things)
    for thing in things:
        state = (f"{thing.state:<8}", _STYLES[thing.state])
        screen.out(state, f" {thing.what:<{width}}  ", clean(thing.found.replace("\n", " ")))
        if thing.mend:
            margin = " " * (width + 9) + "  = "
            screen.out((margin, "dim"), clean(thing.mend.replace("\n", " ")))
    counts = [(state, sum(thing.state is state for thing in things)) for state in State]
    screen.say(listed([f"{count} {_WORDS[state]}" for state, count in counts if count], "and"))


def fixed(done: Sequence[str], others: Sequence[str], screen: Screen) -> None:
    """What was set, and the commands for other programs."""
    for sentence in done or ["there was nothing to set"]:
        screen.say(clean(sentence))
    if others:
        screen.out()
        screen.out("For pass and other programs that read a password-store:")
        for command in others:
            screen.out(f"  {clean(command)}")


def as_json(
    things: Sequence[Examined], done: Sequence[str], others: Sequence[str]
) -> dict[str, Any]:
    """The same as a value of plain types."""
    return {
        "examined": [{**thing._asdict(), "state": thing.state.value} for thing in things],
        "fixed": list(done),
        "for_other_programs": list(others),
    }
