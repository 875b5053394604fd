"""ocs problem: a resolved problem is seen working once more, withdrawn, or renamed."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import typer

from ocs.commands.asked import Asked
from ocs.commands.carrying import carry_out, with_options
from ocs.commands.days import day
from ocs.commands.declared import Option
from ocs.commands.options import complete_person, complete_problem

ProblemArgument = Annotated[
    str,
    typer.Argument(
        help="`problems/x`, or just `x`.", metavar="PROBLEM", autocompletion=complete_problem
    ),
]


@with_options("on")
def confirm(
    problem: ProblemArgument,
    by: Annotated[
        str | None,
        typer.Option(
            help="Who saw it working; otherwise whose mail address git knows.",
            metavar="PERSON",
            autocompletion=complete_person,
        ),
    ] = None,
    versions: Annotated[
        str | None, typer.Option(help="With which versions, in a few words.", metavar="TEXT")
    ] = None,
    on: Annotated[
        date | None, Option(help="The day, if not today.", metavar="DATE", parser=day)
    ] = None,
    *,
    asked: Asked,
) -> None:
    """Say that a solution was seen working.

    A draft, or a problem that was outdated, becomes verified when somebody who did not solve
    it says so and nothing else is missing.

    \b
    Example:
      ocs problem confirm mailbox-over-quota --by joost
      ocs problem confirm mailbox-over-quota --by lena --versions "Debian 13"
    """
    from ocs.tasks.records import problem as task

    carry_out(
        lambda work: task.plan_confirm(
            problem, by, versions, on or date.today(), files=work.files, schemas=work.schemas
        ),
        asked,
    )


@with_options()
def withdraw(
    problem: ProblemArgument,
    because: Annotated[str, typer.Option(help="Why, in one line.", metavar="TEXT")],
    see: Annotated[
        str | None,
        typer.Option(
            help="The problem to read instead.",
            metavar="PROBLEM",
            autocompletion=complete_problem,
        ),
    ] = None,
    *,
    asked: Asked,
) -> None:
    """Say that a problem's record is no longer true, and why. It stays, and its id too.

    \b
    Example:
      ocs problem withdraw mailbox-over-quota --because "it has no quota now"
    """
    from ocs.tasks.records import problem as task

    carry_out(
        lambda work: task.plan_withdraw(
            problem, because, see, asked.today, files=work.files, schemas=work.schemas
        ),
        asked,
    )


@with_options("on")
def rename(
    old: ProblemArgument,
    new: Annotated[str, typer.Argument(help="The id that it gets.", metavar="NEW")],
    *,
    asked: Asked,
) -> None:
    """Give a problem a better id. What names it is mended, and the old id goes on leading
    there.

    \b
    Example:
      ocs problem rename mailbox-over-quota mailbox-full
    """
    from ocs.tasks.records import problem as task

    carry_out(
        lambda work: task.plan_rename(
            old, new, asked.today, files=work.files, schemas=work.schemas
        ),
        asked,
    )
