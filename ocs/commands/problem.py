"""ocs problem: a resolved problem is seen working once more, withdrawn, or renamed."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import typer

from ocs.commands.carrying import carry_out
from ocs.commands.options import (
    CommitOption,
    DryRunOption,
    JsonOption,
    NoColorOption,
    OnOption,
    QuietOption,
    RegistryOption,
    complete_person,
    complete_problem,
    day,
)

ProblemArgument = Annotated[
    str,
    typer.Argument(help="`problems/x`, or just `x`.", metavar="PROBLEM", autocompletion=complete_problem),
]


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
        date | None, typer.Option(help="The day, if not today.", metavar="DATE", parser=day)
    ] = None,
    dry_run: DryRunOption = False,
    commit: CommitOption = False,
    registry: RegistryOption = None,
    json: JsonOption = False,
    no_color: NoColorOption = False,
    quiet: QuietOption = False,
) -> None:
    """Say that a solution was seen working.

    A draft, or a problem that was outdated, becomes verified when somebody who did not solve it says so and
    nothing else is missing.

    \b
    Example:
      ocs problem confirm mailbox-over-quota --by joost
      ocs problem confirm mailbox-over-quota --by lena --versions "Debian 13"
    """
    from ocs.tasks import problem as task

    carry_out(
        lambda work: task.plan_confirm(
            problem, by, versions, on or date.today(), files=work.files, schemas=work.schemas
        ),
        dry_run=dry_run,
        commit=commit,
        registry=registry,
        json=json,
        no_color=no_color,
        quiet=quiet,
    )


def withdraw(
    problem: ProblemArgument,
    because: Annotated[str, typer.Option(help="Why, in one line.", metavar="TEXT")],
    see: Annotated[
        str | None,
        typer.Option(help="The problem to read instead.", metavar="PROBLEM", autocompletion=complete_problem),
    ] = None,
    on: OnOption = None,
    dry_run: DryRunOption = False,
    commit: CommitOption = False,
    registry: RegistryOption = None,
    json: JsonOption = False,
    no_color: NoColorOption = False,
    quiet: QuietOption = False,
) -> None:
    """Say that a problem's record is no longer true, and why. It stays, and its id too.

    \b
    Example:
      ocs problem withdraw mailbox-over-quota --because "it has no quota now"
    """
    from ocs.tasks import problem as task

    carry_out(
        lambda work: task.plan_withdraw(
            problem, because, see, on or date.today(), files=work.files, schemas=work.schemas
        ),
        dry_run=dry_run,
        commit=commit,
        registry=registry,
        json=json,
        no_color=no_color,
        quiet=quiet,
    )


def rename(
    old: ProblemArgument,
    new: Annotated[str, typer.Argument(help="The id that it gets.", metavar="NEW")],
    dry_run: DryRunOption = False,
    commit: CommitOption = False,
    registry: RegistryOption = None,
    json: JsonOption = False,
    no_color: NoColorOption = False,
    quiet: QuietOption = False,
) -> None:
    """Give a problem a better id. What names it is mended, and the old id goes on leading there.

    \b
    Example:
      ocs problem rename mailbox-over-quota mailbox-full
    """
    from ocs.tasks import problem as task

    carry_out(
        lambda work: task.plan_rename(old, new, date.today(), files=work.files, schemas=work.schemas),
        dry_run=dry_run,
        commit=commit,
        registry=registry,
        json=json,
        no_color=no_color,
        quiet=quiet,
    )
