"""What the commands that change secrets have in common: a plan that is shown, carried out, and
committed.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from ocs.commands.asked import Asked, options
from ocs.commands.carrying import ask
from ocs.commands.days import day
from ocs.commands.declared import Option
from ocs.commands.options import complete_person

if TYPE_CHECKING:
    from ocs.model.secret import Plaintext
    from ocs.model.secretplan import SecretPlan
    from ocs.tasks.secrets.vault import Vault

BecauseOption = Annotated[
    str | None, typer.Option(help="Why, in one line that everybody can read.", metavar="TEXT")
]
UntilOption = Annotated[
    date | None,
    Option(help="The last day on which they may read it.", metavar="DATE", parser=day),
]
WithoutOption = Annotated[
    list[str] | None,
    typer.Option(
        help="Leave out this reader, whose key cannot be used; may be given several times.",
        metavar="PERSON",
        autocompletion=complete_person,
    ),
]


# What is secret is committed unless somebody says otherwise.
with_options = partial(options, "commit")


def vault_of(asked: Asked, *, is_verified: bool = True) -> Vault:
    from ocs.tasks.secrets.vault import Vault

    work, today = asked.work, asked.today
    return Vault(
        work.files, work.schemas, work.keyrings(today), today, is_verified=is_verified
    )


def carry_out(
    plan: Callable[[Vault], SecretPlan],
    asked: Asked,
    *,
    content: Callable[[], Plaintext] | None = None,
    question: str | None = None,
    differs: bool = False,
    is_verified: bool = True,
) -> None:
    """Make a plan, show it, and carry it out unless something or somebody is against it."""
    from ocs.output.secrets import plan as show
    from ocs.tasks.secrets import encrypting as task
    from ocs.workspace import Workspace

    screen = asked.screen
    vault = vault_of(asked, is_verified=is_verified)
    show.uncommitted(vault.uncommitted(), screen)
    made = plan(vault)
    if not asked.json:
        show.planned(made, screen, Workspace(vault.files.root).shown())
    done = None
    if made.is_possible and not made.is_empty and not asked.dry_run:
        given = content() if content else None
        if question:
            ask(question)
        done = task.carry_out(made, vault, given, commits=not asked.no_commit, differs=differs)
    if asked.json:
        screen.json(show.as_json(made, done))
    elif made.is_possible:
        show.done(made, done, screen, commits=not asked.no_commit)
    if not made.is_possible or made.skipped or (done is not None and done.skipped):
        raise typer.Exit(1)
