"""What was looked at on a machine, as text and for programs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ocs.model.examined import Examined, State
from ocs.output.console import Screen, clean
from ocs.rules.nearest import listed

_STYLES = {State.OK: "green", State.ADVICE: "bold yellow", State.MISSING: "bold red"}
_SAID = {State.OK: "in order", State.ADVICE: "could be better", State.MISSING: "missing"}


def examined(found: Sequence[Examined], screen: Screen) -> None:
    """A line for each thing, below it what mends it."""
    width = max(len(each.what) for each in found)
    for each in found:
        state = (f"{each.state:<8}", _STYLES[each.state])
        screen.out(state, f" {each.what:<{width}}  ", clean(each.found.replace("\n", " ")))
        if each.mend:
            screen.out(
                (" " * (width + 9) + "  = ", "dim"), clean(each.mend.replace("\n", " "))
            )
    counts = [(state, sum(each.state is state for each in found)) for state in State]
    screen.say(listed([f"{count} {_SAID[state]}" for state, count in counts if count], "and"))


def fixed(done: Sequence[str], others: Sequence[str], screen: Screen) -> None:
    """What was set, and the commands that other programs need."""
    for sentence in done or ["there was nothing to set"]:
        screen.say(clean(sentence))
    if others:
        screen.out()
        screen.out("For pass and other programs that read a password-store:")
        for command in others:
            screen.out(f"  {clean(command)}")


def as_json(
    found: Sequence[Examined], done: Sequence[str], others: Sequence[str]
) -> dict[str, Any]:
    """The same as a value of plain types."""
    return {
        "examined": [{**each._asdict(), "state": each.state.value} for each in found],
        "fixed": list(done),
        "for_other_programs": list(others),
    }
