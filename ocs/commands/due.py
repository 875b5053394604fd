"""ocs due: every date that comes up."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ocs.commands.asked import Asked, with_reading_options


@with_reading_options
def due(
    within: Annotated[
        str, typer.Option(help="How far to look ahead: 60d, 8w, 3m or 1y.", metavar="SPAN")
    ] = "60d",
    ics: Annotated[
        Path | None,
        typer.Option("--ics", help="Write a calendar into this file, too.", metavar="FILE"),
    ] = None,
    *,
    asked: Asked,
) -> None:
    """Tell every date that comes up: domains, terms, vetting, keys, access, rotations,
    reviews.

    What is overdue comes first, each with who should act.

    \\b
    Example:
      ocs due
      ocs due --within 1y --ics dates.ics
    """
    from ocs.output import due as show
    from ocs.tasks import due as task

    screen, work, today = asked.screen, asked.work, asked.today
    days = task.days_of(within)
    dates = task.coming_up(
        work.files, work.schemas, today, days, work.counted, work.keyrings(today)
    )
    if ics is not None:
        task.write_calendar(ics, dates, today)
    if asked.json:
        screen.json(show.as_json(dates, today))
    else:
        show.table(dates, today, screen)
    if ics is not None:
        screen.say(f"the calendar is in {ics}")
