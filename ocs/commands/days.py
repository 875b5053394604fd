"""Options that are days."""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from typing import Annotated

from ocs.commands.declared import Option
from ocs.commands.options import EVERYWHERE


def day(text: str) -> date:
    """The day that a text such as 2026-11-20 names. Raises ValueError where it names none."""
    with suppress(ValueError):
        found = date.fromisoformat(text)
        if str(found) == text:  # and not 20261120, or 2026-W47-5
            return found
    raise ValueError(f"'{text}' is no date such as 2026-11-20")


OnOption = Annotated[
    date | None,
    Option(
        "--on",
        help="Judge dates as if it were this day.",
        metavar="DATE",
        parser=day,
        rich_help_panel=EVERYWHERE,
    ),
]
