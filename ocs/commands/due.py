"""ocs due: upcoming dates."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from ocs.commands.declared import Option
from ocs.commands.options import ReadingCall


def due(
    call: ReadingCall,
    within: Annotated[
        str, Option(help="How far to look ahead: 60d, 8w, 3m or 1y.", metavar="SPAN")
    ] = "60d",
    ics: Annotated[
        Path | None, Option(help="Also write a calendar into this file.", metavar="FILE")
    ] = None,
) -> None:
    """List upcoming dates: domains, terms, vetting, keys, access, rotations, reviews.

    Overdue dates come first. Each date shows who should act.

    Example:
      ocs due
      ocs due --within 1y --ics dates.ics
    """
    from ocs.output import due as show
    from ocs.tasks import due as task

    screen, work, today = call.screen, call.work, call.today
    days = task.days_of(within)
    dates = task.coming_up(
        work.files,
        work.schemas,
        today,
        days,
        work.counted,
        work.keyrings(today),
        work.confirmed(today),
    )
    if ics is not None:
        task.write_calendar(ics, dates, today)
    if call.json:
        screen.json(show.as_json(dates, today))
    else:
        show.table(dates, today, screen)
    if ics is not None:
        screen.say(f"the calendar is in {ics}")
