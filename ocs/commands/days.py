"""Options that are days."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from ocs.commands.declared import Option
from ocs.commands.options import EVERYWHERE


def day(text: str) -> date:
    """The day that a text such as 2026-11-20 names. Raises ValueError where it names none."""
    try:
        return datetime.strptime(text, "%Y-%m-%d").date()
    except ValueError:
        raise ValueError(f"'{text}' is no date such as 2026-11-20") from None


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
