"""ocs vet: what was checked about a person, by whom; and taking trust away."""

from __future__ import annotations

from typing import Annotated

from ocs.commands.changing import ChangingCall, carry_out
from ocs.commands.declared import Argument, Option
from ocs.commands.options import PERSON, YesOption
from ocs.errors import OcsError

_HELP = "see `ocs vet --help`"


def vet(
    call: ChangingCall,
    person: Annotated[str, Argument(help="Who was checked.", **PERSON)],
    level: Annotated[
        str | None,
        Option(help="The level of trust, one of those in ocs.yaml.", metavar="LEVEL"),
    ] = None,
    check: Annotated[
        list[str] | None,
        Option(
            help="What was done, in a word: identity-seen.",
            metavar="KIND",
        ),
    ] = None,
    by: Annotated[str | None, Option(help="The gatekeeper who did it.", **PERSON)] = None,
    suspend: Annotated[
        bool, Option("--suspend", help="Trust them with nothing from now on.")
    ] = False,
    because: Annotated[
        str | None, Option(help="Why they are suspended, in one line.", metavar="TEXT")
    ] = None,
    yes: YesOption = False,
) -> int:
    """Write down who checked what about a person, or suspend them.

    Above the level `known` different people must have checked; until enough have, the check is
    written and the level waits. Nobody checks themself.

    Example:
      ocs vet sam --level known --check identity-seen --by amara
      ocs vet lena --suspend --because "key lost on a train" --yes
    """
    from ocs.tasks.people import vet as task

    today = call.today
    question = None
    if suspend:
        if level or check or by:
            raise OcsError("--suspend goes without --level, --check and --by", _HELP)
        question = None if yes else "suspend them?"
    elif not (level and check and by):
        raise OcsError("--level, --check and --by are needed, or --suspend", _HELP)
    return carry_out(
        lambda work: (
            task.plan_suspend(person, because, today, files=work.files, schemas=work.schemas)
            if suspend
            else task.plan_vet(
                person,
                level or "",
                check or (),
                by or "",
                today,
                files=work.files,
                schemas=work.schemas,
            )
        ),
        call,
        question=question,
    )
