"""ocs vet: what was checked about a person, by whom; and taking trust away."""

from __future__ import annotations

from typing import Annotated

import typer

from ocs.commands.asked import Asked
from ocs.commands.carrying import carry_out, with_options
from ocs.commands.options import YesOption, complete_person


@with_options()
def vet(
    person: Annotated[
        str,
        typer.Argument(
            help="Who was checked.", metavar="PERSON", autocompletion=complete_person
        ),
    ],
    level: Annotated[
        str | None,
        typer.Option(help="The level of trust, one of those in ocs.yaml.", metavar="LEVEL"),
    ] = None,
    check: Annotated[
        list[str] | None,
        typer.Option(
            help="What was done, in a word: identity-seen. Several times for more.",
            metavar="KIND",
        ),
    ] = None,
    by: Annotated[
        str | None,
        typer.Option(
            help="The gatekeeper who did it.", metavar="PERSON", autocompletion=complete_person
        ),
    ] = None,
    suspend: Annotated[
        bool, typer.Option("--suspend", help="Trust them with nothing from now on.")
    ] = False,
    because: Annotated[
        str | None, typer.Option(help="Why they are suspended, in one line.", metavar="TEXT")
    ] = None,
    yes: YesOption = False,
    *,
    asked: Asked,
) -> None:
    """Write down who checked what about a person, or suspend them.

    Above the level `known` different people must have checked; until enough have, the check is
    written and the level waits. Nobody checks themself.

    \b
    Example:
      ocs vet sam --level known --check identity-seen --by amara
      ocs vet lena --suspend --because "key lost on a train" --yes
    """
    from ocs.tasks.people import vet as task

    today = asked.today
    question = None
    if suspend:
        if level or check or by:
            raise typer.BadParameter("--suspend goes without --level, --check and --by")
        question = None if yes else "suspend them?"
    elif not (level and check and by):
        raise typer.BadParameter("--level, --check and --by are needed, or --suspend")
    carry_out(
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
        asked,
        question=question,
    )
