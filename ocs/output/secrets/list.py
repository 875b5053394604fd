"""Secrets, who can read them, and what is done to them: as text and for programs. Never what
is in them.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from ocs.model.access import SecretSummary
from ocs.output.console import Screen
from ocs.rules.secrets.variables import Variable


def table(secrets: Sequence[SecretSummary], today: date, screen: Screen) -> None:
    """A line for each secret."""
    if secrets:
        screen.table(
            ["secret", "readers", "rotated", "to do", "purpose"],
            (_row(secret, today) for secret in secrets),
        )
    screen.say(f"{len(secrets)} secret{'' if len(secrets) == 1 else 's'}")


def variables(every: Sequence[Variable], screen: Screen) -> None:
    """Which variables a program would get, without what is in them."""
    screen.table(
        ["variable", "secret", "line"], ([each.name, each.secret, each.key] for each in every)
    )


def _row(each: SecretSummary, today: date) -> list[str]:
    readers = ", ".join(each.readers) or "nobody"
    return [
        each.secret,
        readers,
        str(each.rotated or "-"),
        _to_do(each, today),
        each.purpose or "-",
    ]


def _to_do(each: SecretSummary, today: date) -> str:
    """What a gatekeeper has to do about a secret."""
    if not each.has_ciphertext:
        return "add it"
    if each.purpose is None:
        return "write its access record"
    if each.former_readers:
        return f"rotate it: {', '.join(each.former_readers)} could read it"
    if each.rotate_by is not None and each.rotate_by < today:
        return "rotate it"
    return "-"


def as_json(secrets: Sequence[SecretSummary], today: date) -> dict[str, Any]:
    """The secrets as a value of plain types."""
    return {
        "secrets": [
            {
                "secret": each.secret,
                "purpose": each.purpose,
                "readers": list(each.readers),
                "has_ciphertext": each.has_ciphertext,
                "rotated": each.rotated.isoformat() if each.rotated else None,
                "former_readers": list(each.former_readers),
                "rotate_by": each.rotate_by.isoformat() if each.rotate_by else None,
            }
            for each in secrets
        ]
    }
