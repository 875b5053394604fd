"""ocs vet: record who checked what about a person, or suspend a person."""

from __future__ import annotations

from typing import Annotated

from ocs.commands.changing import ChangingCall, carry_out
from ocs.commands.declared import Argument, Option
from ocs.commands.options import PERSON, YesOption
from ocs.errors import OcsError

_HELP = "see `ocs vet --help`"


def vet(
    call: ChangingCall,
    person: Annotated[str, Argument(help="The person who was checked.", **PERSON)],
    level: Annotated[
        str | None, Option(help="A level of trust from ocs.yaml.", metavar="LEVEL")
    ] = None,
    check: Annotated[
        list[str] | None,
        Option(help="The check that was done, such as identity-seen.", metavar="CHECK"),
    ] = None,
    by: Annotated[str | None, Option(help="The gatekeeper who checked.", **PERSON)] = None,
    suspend: Annotated[
        bool, Option("--suspend", help="Suspend the person from today.")
    ] = False,
    because: Annotated[
        str | None, Option(help="Why they are suspended, in one line.", metavar="REASON")
    ] = None,
    yes: YesOption = False,
) -> int:
    """Record a check of a person, or suspend the person.

    A level above `known` needs checks by several people, as ocs.yaml says. Until enough people
    have checked, ocs records the check, and does not raise the level. Nobody can check
    themselves.

    Example:
      ocs vet sam --level known --check identity-seen --by amara
      ocs vet lena --suspend --because "key lost on a train" --yes
    """
    from ocs.tasks.people import vet as task

    today = call.today
    question = None
    if suspend:
        if level or check or by:
            raise OcsError("--suspend does not go with --level, --check or --by", _HELP)
        question = None if yes else "suspend them?"
    elif not (level and check and by):
        raise OcsError("give --level, --check and --by, or --suspend", _HELP)
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
