"""ocs secret add, edit, grant, revoke, rotate and sync: a plan that is shown, carried out, and committed."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from ocs.commands.carrying import ask
from ocs.commands.options import (
    DryRunOption,
    JsonOption,
    NoColorOption,
    NoCommitOption,
    OnOption,
    QuietOption,
    RegistryOption,
    SecretArgument,
    YesOption,
    complete_person,
    day,
)

if TYPE_CHECKING:
    from ocs.model.secret import Plaintext
    from ocs.tasks.encrypting import Plan
    from ocs.tasks.vault import Vault

PeopleArgument = Annotated[
    list[str], typer.Argument(help="Who it is about.", metavar="PERSON", autocompletion=complete_person)
]
FileOption = Annotated[
    Path | None, typer.Option("--file", "-f", help="Take the content from this file.", metavar="FILE")
]
BecauseOption = Annotated[
    str | None, typer.Option(help="Why, in one line that everybody can read.", metavar="TEXT")
]
UntilOption = Annotated[
    date | None, typer.Option(help="The last day on which they may read it.", metavar="DATE", parser=day)
]
WithoutOption = Annotated[
    list[str] | None,
    typer.Option(
        help="Leave out this reader, whose key cannot be used; may be given several times.",
        metavar="PERSON",
        autocompletion=complete_person,
    ),
]


class Asked(NamedTuple):
    """How a command was called, as far as that is the same for all of them."""

    registry: Path | None
    on: date | None
    json: bool
    no_color: bool
    quiet: bool
    dry_run: bool = False
    no_commit: bool = False


def add(
    secret: SecretArgument,
    to: Annotated[
        list[str] | None,
        typer.Option(
            help="Who is to read it besides the owner's gatekeepers; may be given several times.",
            metavar="PERSON",
            autocompletion=complete_person,
        ),
    ] = None,
    purpose: Annotated[
        str | None, typer.Option(help="What it is for, in one line that everybody can read.", metavar="TEXT")
    ] = None,
    because: BecauseOption = None,
    until: UntilOption = None,
    file: FileOption = None,
    without: WithoutOption = None,
    dry_run: DryRunOption = False,
    no_commit: NoCommitOption = False,
    on: OnOption = None,
    registry: RegistryOption = None,
    json: JsonOption = False,
    no_color: NoColorOption = False,
    quiet: QuietOption = False,
) -> None:
    """Encrypt a new secret to its owner's gatekeepers and the people you name, with its access record.

    The content comes from stdin, from a file, or from a hidden question; never from the command line, which
    other programs can see. The first line is the password, below it lines such as `url: https://…`.

    \b
    Example:
      ocs secret add riverside-food-bank/wiki --purpose "the wiki" --to lena
      pwgen 24 1 | ocs secret add riverside-food-bank/wiki --purpose "the wiki"
    """
    from ocs.tasks import granting as task

    carry_out(
        lambda vault: task.plan_add(
            secret,
            vault,
            to=to or (),
            purpose=purpose,
            because=because,
            until=until,
            without=without or (),
        ),
        Asked(registry, on, json, no_color, quiet, dry_run, no_commit),
        content=lambda: _content(file),
    )
    if file is not None and not dry_run and not quiet:
        typer.echo(f"{file} still holds the secret: delete it", err=True)


def edit(
    secret: SecretArgument,
    on_disk: Annotated[
        bool, typer.Option("--on-disk", help="Use a temporary file on a disk if there is no memory for it.")
    ] = False,
    without: WithoutOption = None,
    no_commit: NoCommitOption = False,
    on: OnOption = None,
    registry: RegistryOption = None,
    no_color: NoColorOption = False,
    quiet: QuietOption = False,
) -> None:
    """Change a secret in your editor, on a file in memory, with the editor's copies of it turned off.

    What differs is encrypted to all readers and counts as rotated.

    \b
    Example:
      ocs secret edit riverside-food-bank/server1-ssh
    """
    from ocs.output.console import Screen
    from ocs.tasks import granting
    from ocs.tasks import reading as task
    from ocs.tasks.encrypting import same
    from ocs.workspace import Workspace

    screen = Screen(color=False if no_color else None, quiet=quiet)
    work = Workspace.open(registry)
    asked = Asked(registry, on, False, no_color, quiet, no_commit=no_commit)
    # Whether it can be encrypted again is known before anybody edits anything.
    plan = granting.plan_rotate(secret, _vault(asked), without=without or (), subject="edit")
    if plan.is_possible:
        before = task.decrypted(secret, work.files, work.schemas, work.keyrings(on or date.today()))
        after, editor, leaves_none = task.edited(before, on_disk=on_disk)
        if not leaves_none:
            screen.say(
                f"it is not known how '{editor.command[0]}' is kept from leaving copies: look for them"
            )
        if same(before, after):
            screen.say("nothing was changed, and nothing was written")
            return
        content = after
    carry_out(lambda vault: plan, asked, content=lambda: content)


def grant(
    secret: SecretArgument,
    people: PeopleArgument,
    because: BecauseOption = None,
    until: UntilOption = None,
    without: WithoutOption = None,
    dry_run: DryRunOption = False,
    no_commit: NoCommitOption = False,
    on: OnOption = None,
    registry: RegistryOption = None,
    json: JsonOption = False,
    no_color: NoColorOption = False,
    quiet: QuietOption = False,
) -> None:
    """Let people read a secret, or for longer. Who can read it now can let others.

    Everybody must be vetted up to what the organisation's sensitivity asks for, have no conflict of interest,
    and a certificate that can be encrypted to; all that is missing is told at once.

    \b
    Example:
      ocs secret grant riverside-food-bank/server1-ssh lena --because "mail"
    """
    from ocs.tasks import granting as task

    carry_out(
        lambda vault: task.plan_grant(
            secret, people, vault, because=because, until=until, without=without or ()
        ),
        Asked(registry, on, json, no_color, quiet, dry_run, no_commit),
    )


def revoke(
    secret: SecretArgument,
    people: PeopleArgument,
    yes: YesOption = False,
    dry_run: DryRunOption = False,
    no_commit: NoCommitOption = False,
    on: OnOption = None,
    registry: RegistryOption = None,
    json: JsonOption = False,
    no_color: NoColorOption = False,
    quiet: QuietOption = False,
) -> None:
    """Take people out of the readers of a secret. No secret key is needed.

    What they could read stays in git's history: change it where it is used, then rotate the secret.

    \b
    Example:
      ocs secret revoke riverside-food-bank/server1-ssh lena --dry-run
      ocs secret revoke riverside-food-bank/server1-ssh lena --yes
    """
    from ocs.tasks import revoking as task

    carry_out(
        lambda vault: task.plan_revoke(secret, people, vault),
        Asked(registry, on, json, no_color, quiet, dry_run, no_commit),
        question=None if yes else "take them out?",
        is_verified=False,
    )


def rotate(
    secret: SecretArgument,
    file: FileOption = None,
    without: WithoutOption = None,
    yes: YesOption = False,
    dry_run: DryRunOption = False,
    no_commit: NoCommitOption = False,
    on: OnOption = None,
    registry: RegistryOption = None,
    json: JsonOption = False,
    no_color: NoColorOption = False,
    quiet: QuietOption = False,
) -> None:
    """Give a secret other content, encrypted to all who read it now, after it was changed where it is used.

    The content comes from stdin, from a file, or from a hidden question. It must differ from what was there.

    \b
    Example:
      ocs secret rotate riverside-food-bank/server1-ssh --yes
      pwgen 24 1 | ocs secret rotate riverside-food-bank/server1-ssh --yes
    """
    from ocs.tasks import granting as task

    carry_out(
        lambda vault: task.plan_rotate(secret, vault, without=without or ()),
        Asked(registry, on, json, no_color, quiet, dry_run, no_commit),
        content=lambda: _content(file),
        question=None if yes else "write this in place of what is there?",
        differs=True,
    )


def sync(
    without: WithoutOption = None,
    yes: YesOption = False,
    dry_run: DryRunOption = False,
    no_commit: NoCommitOption = False,
    on: OnOption = None,
    registry: RegistryOption = None,
    json: JsonOption = False,
    no_color: NoColorOption = False,
    quiet: QuietOption = False,
) -> None:
    """Make all ciphertexts fit their access records, end access that is over, and mend `.gpg-id` files.

    Taking somebody out needs no secret key; letting somebody in needs yours. It can be stopped and goes on
    where it was stopped.

    \b
    Example:
      ocs secret sync --dry-run
      ocs secret sync --yes
    """
    from ocs.tasks import revoking as task

    carry_out(
        lambda vault: task.plan_sync(vault, without=without or ()),
        Asked(registry, on, json, no_color, quiet, dry_run, no_commit),
        question=None if yes else "do this?",
    )


def _vault(asked: Asked, *, is_verified: bool = True) -> Vault:
    from ocs.tasks.vault import Vault
    from ocs.workspace import Workspace

    work = Workspace.open(asked.registry)
    today = asked.on or date.today()
    return Vault(work.files, work.schemas, work.keyrings(today), today, is_verified=is_verified)


def carry_out(
    plan: Callable[[Vault], Plan],
    asked: Asked,
    *,
    content: Callable[[], Plaintext] | None = None,
    question: str | None = None,
    differs: bool = False,
    is_verified: bool = True,
) -> None:
    """Make a plan, show it, and carry it out unless something or somebody is against it."""
    from ocs.output import secretplans as show
    from ocs.output.console import Screen
    from ocs.tasks import encrypting as task
    from ocs.workspace import Workspace

    screen = Screen(color=False if asked.no_color else None, quiet=asked.quiet)
    vault = _vault(asked, is_verified=is_verified)
    made = plan(vault)
    if not asked.json:
        show.planned(made, screen, Workspace(vault.files.root).shown())
    done = None
    if made.is_possible and not made.is_empty and not asked.dry_run:
        given = content() if content else None
        if question:
            ask(question)
        done = task.apply(made, vault, given, commits=not asked.no_commit, differs=differs)
    if asked.json:
        screen.json(show.as_json(made, done))
    elif made.is_possible:
        show.done(made, done, screen, commits=not asked.no_commit)
    if not made.is_possible or (done is not None and done.skipped):
        raise typer.Exit(1)


def _content(file: Path | None) -> Plaintext:
    """What is to be encrypted: from a file, from stdin, or asked for where that is a terminal."""
    from ocs.tasks import reading as task

    if file is not None:
        return task.from_file(file)
    if not sys.stdin.isatty():
        return task.content(sys.stdin.buffer.read(task.MOST_CONTENT + 1))
    asked: str = typer.prompt("Secret (it is not shown)", hide_input=True, confirmation_prompt=True, err=True)
    return task.content(asked.encode() + b"\n")
