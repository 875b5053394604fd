"""Secrets and who can read them, as text and as JSON. Never what is in them."""

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


def variables(variables: Sequence[Variable], screen: Screen) -> None:
    """Which variables a program would get, without their values."""
    rows = ([variable.name, variable.secret, variable.key] for variable in variables)
    screen.table(["variable", "secret", "line"], rows)


def _row(secret: SecretSummary, today: date) -> list[str]:
    readers, rotated = ", ".join(secret.readers) or "nobody", str(secret.rotated or "-")
    return [secret.secret, readers, rotated, _to_do(secret, today), secret.purpose or "-"]


def _to_do(secret: SecretSummary, today: date) -> str:
    """What a gatekeeper has to do about a secret."""
    if not secret.has_ciphertext:
        return "add it"
    if secret.purpose is None:
        return "write its access record"
    if secret.former_readers:
        return f"rotate it: {', '.join(secret.former_readers)} could read it"
    if secret.rotate_by is not None and secret.rotate_by < today:
        return "rotate it"
    return "-"


def as_json(secrets: Sequence[SecretSummary], today: date) -> dict[str, Any]:
    """The secrets as a value of plain types."""
    return {
        "secrets": [
            {
                "secret": secret.secret,
                "purpose": secret.purpose,
                "readers": list(secret.readers),
                "has_ciphertext": secret.has_ciphertext,
                "rotated": secret.rotated.isoformat() if secret.rotated else None,
                "former_readers": list(secret.former_readers),
                "rotate_by": secret.rotate_by.isoformat() if secret.rotate_by else None,
            }
            for secret in secrets
        ]
    }
