"""Whether somebody may ask for an action, as text and for programs."""

from __future__ import annotations

from datetime import date
from typing import Any

from ocs.model.ruling import Permission, Referral, Ruling
from ocs.output.console import Screen, clean
from ocs.rules.nearest import listed

_ANSWERS = {Permission.YES: "yes", Permission.ASK: "ask a gatekeeper", Permission.NO: "no"}
_STYLES = {
    Permission.YES: "bold green",
    Permission.ASK: "bold yellow",
    Permission.NO: "bold red",
}
_MARGIN = "     "


def as_text(ruling: Ruling, screen: Screen) -> None:
    """The answer with its reasons, what to do first, and whom to ask."""
    first, *more = ruling.reasons
    screen.out((f"{_ANSWERS[ruling.answer]}: ", _STYLES[ruling.answer]), _line(first))
    for reason in more:
        screen.out(_MARGIN, _line(reason))
    if ruling.known_by:
        screen.out(_MARGIN, _line(ruling.known_by))
    if ruling.call_back and ruling.answer is not Permission.NO:
        screen.out(
            _MARGIN, "call back first; the number is in the secret ", _line(ruling.call_back)
        )
    if ruling.ask:
        people = listed([*map(_referral, ruling.ask)], "or")
        screen.out(_MARGIN, _line(f"{ruling.action}: ask {people}"))


def as_json(ruling: Ruling, today: date) -> dict[str, Any]:
    return {
        "allowed": bool(ruling),
        "answer": ruling.answer.value,
        "who": ruling.who,
        "action": ruling.action,
        "subject": ruling.subject,
        "on": today.isoformat(),
        "reasons": list(ruling.reasons),
        "known_by": ruling.known_by,
        "call_back": ruling.call_back,
        "ask": [
            {"who": referral.who, "reach": referral.reach, "call_back": referral.call_back}
            for referral in ruling.ask
        ],
    }


def _referral(referral: Referral) -> str:
    reach = [referral.reach] if referral.reach else []
    reach += [f"number in {referral.call_back}"] if referral.call_back else []
    return f"{referral.who} ({', '.join(reach)})" if reach else referral.who


def _line(text: str) -> str:
    return clean(" ".join(text.split()))
