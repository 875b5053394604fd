"""Whether somebody may ask for something, in words and for programs."""

from __future__ import annotations

from datetime import date
from typing import Any

from ocs.model.verdict import Contact, Permission, Verdict
from ocs.output.console import Screen, clean
from ocs.rules.nearest import listed

_SAID = {Permission.YES: "yes", Permission.ASK: "ask a gatekeeper", Permission.NO: "no"}
_STYLES = {
    Permission.YES: "bold green",
    Permission.ASK: "bold yellow",
    Permission.NO: "bold red",
}
_MARGIN = "     "


def told(verdict: Verdict, screen: Screen) -> None:
    """The answer with its reasons, whom to ask, and what to do before anything else."""
    first, *more = verdict.reasons
    screen.out((f"{_SAID[verdict.answer]}: ", _STYLES[verdict.answer]), _line(first))
    for reason in more:
        screen.out(_MARGIN, _line(reason))
    if verdict.call_back and verdict.answer is not Permission.NO:
        screen.out(
            _MARGIN, "call back first: the number is in the secret ", _line(verdict.call_back)
        )
    if verdict.ask:
        screen.out(
            _MARGIN,
            _line(f"{verdict.action}: ask {listed([*map(_asked, verdict.ask)], 'or')}"),
        )


def as_json(verdict: Verdict, today: date) -> dict[str, Any]:
    """The verdict as a value of plain types."""
    return {
        "allowed": bool(verdict),
        "answer": verdict.answer.value,
        "who": verdict.who,
        "action": verdict.action,
        "subject": verdict.subject,
        "on": today.isoformat(),
        "reasons": list(verdict.reasons),
        "call_back": verdict.call_back,
        "ask": [
            {"who": asked.who, "reach": asked.reach, "call_back": asked.call_back}
            for asked in verdict.ask
        ],
    }


def _asked(asked: Contact) -> str:
    reach = [asked.reach] if asked.reach else []
    reach += [f"number in {asked.call_back}"] if asked.call_back else []
    return f"{asked.who} ({', '.join(reach)})" if reach else asked.who


def _line(text: str) -> str:
    return clean(" ".join(text.split()))
