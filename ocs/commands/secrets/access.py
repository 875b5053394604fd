"""ocs access: who can read what and why, and ending it for somebody."""

from __future__ import annotations

from typing import Annotated

import typer

from ocs.commands.asked import Asked, with_reading_options
from ocs.commands.options import YesOption, complete_person, complete_secret
from ocs.commands.secrets.plan import carry_out, with_options


def complete_both(ctx: typer.Context, incomplete: str) -> list[str]:
    """The people and the secrets that begin so."""
    return [*complete_person(ctx, incomplete), *complete_secret(ctx, incomplete)]


@with_reading_options
def show_access(
    what: Annotated[
        str,
        typer.Argument(
            help="A person, or a secret by owner and name.",
            metavar="PERSON|SECRET",
            autocompletion=complete_both,
        ),
    ],
    *,
    asked: Asked,
) -> None:
    """Say who can read a secret, or what a person can read: why, until when, and whether that
    is so.

    \b
    Example:
      ocs access show lena
      ocs access show riverside-food-bank/server1-ssh
    """
    from ocs.output.secrets import access as show
    from ocs.tasks.secrets import access as task

    screen, work = asked.screen, asked.work
    entries = task.access(what, work.files, work.schemas, asked.today)
    if asked.json:
        screen.json(show.as_json(entries))
    else:
        show.table(entries, screen)


@with_options()
def end(
    person: Annotated[
        str,
        typer.Argument(
            help="Whose access ends.", metavar="PERSON", autocompletion=complete_person
        ),
    ],
    yes: YesOption = False,
    *,
    asked: Asked,
) -> None:
    """Take a person out of all secrets at once, and tell what must be rotated then. No secret
    key is needed.

    \b
    Example:
      ocs access end lena --dry-run
      ocs access end lena --yes
    """
    from ocs.tasks.secrets import revoking as task

    carry_out(
        lambda vault: task.plan_end(person, vault),
        asked,
        question=None if yes else "end all of it?",
        is_verified=False,
    )
