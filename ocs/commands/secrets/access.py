"""ocs access: who can read what and why, and an end to it."""

from __future__ import annotations

from typing import Annotated, Any

from ocs.commands.completion import complete_person, complete_secret
from ocs.commands.declared import Argument
from ocs.commands.options import PERSON, ReadingCall, YesOption
from ocs.commands.secrets.plan import SecretCall, carry_out


def complete_both(ctx: Any, incomplete: str) -> list[str]:
    return [*complete_person(ctx, incomplete), *complete_secret(ctx, incomplete)]


def show_access(
    call: ReadingCall,
    what: Annotated[
        str,
        Argument(
            help="A person, or a secret as OWNER/NAME.",
            metavar="PERSON|SECRET",
            complete=complete_both,
        ),
    ],
) -> None:
    """Show who can read a secret, or what a person can read, and why and until when.

    Example:
      ocs access show lena
      ocs access show riverside-food-bank/server1-ssh
    """
    from ocs.output.secrets import access as show
    from ocs.tasks.secrets import access as task

    screen, work = call.screen, call.work
    entries = task.access(what, work.files, work.schemas, call.today)
    if call.json:
        screen.json(show.as_json(entries))
    else:
        show.table(entries, screen)


def end(
    call: SecretCall,
    person: Annotated[str, Argument(help="The person whose access ends.", **PERSON)],
    yes: YesOption = False,
) -> int:
    """Remove a person from all secrets at once, and list what to rotate.

    This needs no secret key.

    Example:
      ocs access end lena --dry-run
      ocs access end lena --yes
    """
    from ocs.tasks.secrets import revoking as task

    return carry_out(
        lambda vault: task.plan_end(person, vault),
        call,
        question=None if yes else "remove this person from all secrets?",
        is_verified=False,
    )
