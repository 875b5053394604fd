"""ocs problem: confirm, withdraw or rename a solved problem."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from ocs.commands.changing import ChangingCall, carry_out
from ocs.commands.completion import complete_problem
from ocs.commands.declared import Argument, Option, Shared
from ocs.commands.options import DATE, PERSON, Call

_PROBLEM: Any = {"metavar": "PROBLEM", "complete": complete_problem}
ProblemArgument = Annotated[str, Argument(help="`problems/x`, or just `x`.", **_PROBLEM)]
UndatedCall = Annotated[
    Call, Shared("dry_run", "commit", "registry", "json", "no_color", "quiet")
]


def confirm(
    call: UndatedCall,
    problem: ProblemArgument,
    by: Annotated[
        str | None,
        Option(
            help="The person who saw it work. The default is the person whose mail address is "
            "git's user.email.",
            **PERSON,
        ),
    ] = None,
    versions: Annotated[
        str | None, Option(help="The versions that it works with.", metavar="VERSIONS")
    ] = None,
    on: Annotated[date | None, Option(help="The day, if not today.", **DATE)] = None,
) -> int:
    """Confirm that a solution works.

    A draft or outdated problem becomes verified if its record is complete and another person
    solved it.

    Example:
      ocs problem confirm mailbox-over-quota --by joost
      ocs problem confirm mailbox-over-quota --by lena --versions "Debian 13"
    """
    from ocs.tasks.records import problem as task

    call = call._replace(on=on)
    return carry_out(
        lambda work: task.plan_confirm(
            problem, by, versions, call.today, files=work.files, schemas=work.schemas
        ),
        call,
    )


def withdraw(
    call: ChangingCall,
    problem: ProblemArgument,
    because: Annotated[str, Option(help="Why, in one line.", metavar="REASON")],
    see: Annotated[str | None, Option(help="The problem to read instead.", **_PROBLEM)] = None,
) -> int:
    """Mark a problem as no longer true, and say why. The record and its id stay.

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
    call: UndatedCall,
    old: ProblemArgument,
    new: Annotated[str, Argument(help="The new id.", metavar="NEW")],
) -> int:
    """Change the id of a problem, and update the records that mention it.

    You can still find the problem by its old id.

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
