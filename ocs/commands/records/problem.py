"""ocs problem: a resolved problem is seen working once more, withdrawn, or renamed."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from ocs.commands.changing import ChangingCall, carry_out
from ocs.commands.completion import complete_problem
from ocs.commands.declared import Argument, Option, Shared
from ocs.commands.options import PERSON, Call, day

ProblemArgument = Annotated[
    str,
    Argument(
        help="`problems/x`, or just `x`.", metavar="PROBLEM", autocompletion=complete_problem
    ),
]


def confirm(
    call: Annotated[
        Call, Shared("dry_run", "commit", "registry", "json", "no_color", "quiet")
    ],
    problem: ProblemArgument,
    by: Annotated[
        str | None,
        Option(help="Who saw it working; otherwise whose mail address git knows.", **PERSON),
    ] = None,
    versions: Annotated[
        str | None, Option(help="With which versions, in a few words.", metavar="TEXT")
    ] = None,
    on: Annotated[
        date | None, Option(help="The day, if not today.", metavar="DATE", parser=day)
    ] = None,
) -> int:
    """Say that a solution was seen working.

    A draft, or a problem that was outdated, becomes verified when somebody who did not solve
    it says so and nothing else is missing.

    Example:
      ocs problem confirm mailbox-over-quota --by joost
      ocs problem confirm mailbox-over-quota --by lena --versions "Debian 13"
    """
    from ocs.tasks.records import problem as task

    return carry_out(
        lambda work: task.plan_confirm(
            problem, by, versions, on or date.today(), files=work.files, schemas=work.schemas
        ),
        call,
    )


def withdraw(
    call: ChangingCall,
    problem: ProblemArgument,
    because: Annotated[str, Option(help="Why, in one line.", metavar="TEXT")],
    see: Annotated[
        str | None,
        Option(
            help="The problem to read instead.",
            metavar="PROBLEM",
            autocompletion=complete_problem,
        ),
    ] = None,
) -> int:
    """Say that a problem's record is no longer true, and why. It stays, and its id too.

    Example:
      ocs problem withdraw mailbox-over-quota --because "it has no quota now"
    """
    from ocs.tasks.records import problem as task

    return carry_out(
        lambda work: task.plan_withdraw(
            problem, because, see, call.today, files=work.files, schemas=work.schemas
        ),
        call,
    )


def rename(
    call: Annotated[
        Call, Shared("dry_run", "commit", "registry", "json", "no_color", "quiet")
    ],
    old: ProblemArgument,
    new: Annotated[str, Argument(help="The id that it gets.", metavar="NEW")],
) -> int:
    """Give a problem a better id. What names it is mended, and the old id goes on leading
    there.

    Example:
      ocs problem rename mailbox-over-quota mailbox-full
    """
    from ocs.tasks.records import problem as task

    return carry_out(
        lambda work: task.plan_rename(
            old, new, call.today, files=work.files, schemas=work.schemas
        ),
        call,
    )
