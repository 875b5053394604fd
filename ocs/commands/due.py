"""ocs due: every date that comes up."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from ocs.commands.days import OnOption
from ocs.commands.options import JsonOption, NoColorOption, QuietOption, RegistryOption


def due(
    within: Annotated[
        str, typer.Option(help="How far to look ahead: 60d, 8w, 3m or 1y.", metavar="SPAN")
    ] = "60d",
    ics: Annotated[
        Path | None, typer.Option("--ics", help="Write a calendar into this file, too.", metavar="FILE")
    ] = None,
    on: OnOption = None,
    registry: RegistryOption = None,
    json: JsonOption = False,
    no_color: NoColorOption = False,
    quiet: QuietOption = False,
) -> None:
    """Tell every date that comes up: domains, terms, vetting, keys, access, rotations, reviews.

    What is overdue comes first, each with who should act.

    \\b
    Example:
      ocs due
      ocs due --within 1y --ics dates.ics
    """
    from ocs.output import due as show
    from ocs.output.console import Screen
    from ocs.tasks import due as task
    from ocs.workspace import Workspace

    screen = Screen(color=False if no_color else None, quiet=quiet)
    work = Workspace.open(registry, screen.counted)
    today = on or date.today()
    days = task.days_of(within)
    dates = task.coming_up(work.files, work.schemas, today, days, work.counted, work.keyrings(today))
    if ics is not None:
        task.write_calendar(ics, dates, today)
    if json:
        screen.json(show.as_json(dates, today))
    else:
        show.table(dates, today, screen)
    if ics is not None:
        screen.say(f"the calendar is in {ics}")
