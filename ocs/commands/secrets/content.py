"""ocs secret add, edit and rotate: the content of a secret."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from ocs.commands import prompt
from ocs.commands.declared import Option, Shared
from ocs.commands.options import PERSON, Call, SecretArgument, YesOption
from ocs.commands.secrets.plan import (
    BecauseOption,
    SecretCall,
    UntilOption,
    WithoutOption,
    asked,
    carry_out,
    vault_of,
    with_confirmation,
)

if TYPE_CHECKING:
    from ocs.model.secret import Plaintext

FileOption = Annotated[
    Path | None,
    Option("--file", "-f", help="Read the content from this file.", metavar="FILE"),
]


def add(
    call: SecretCall,
    secret: SecretArgument,
    to: Annotated[
        list[str] | None, Option(help="A reader besides the owner's gatekeepers.", **PERSON)
    ] = None,
    purpose: Annotated[
        str | None,
        Option(
            help="The purpose of the secret, in one line. It is not encrypted.",
            metavar="PURPOSE",
        ),
    ] = None,
    because: BecauseOption = None,
    until: UntilOption = None,
    file: FileOption = None,
    without: WithoutOption = None,
) -> int:
    """Encrypt a new secret to its owner's gatekeepers and the people you name.

    ocs also writes the access record. Give the content on stdin, in a file or at a hidden
    prompt. You cannot give it on the command line, because other programs can see it. The
    first line is the password; below it are lines such as `url: https://…`.

    Example:
      ocs secret add riverside-food-bank/wiki --purpose "the wiki" --to lena
      pwgen 24 1 | ocs secret add riverside-food-bank/cloud --purpose "the cloud"
    """
    from ocs.output.console import clean
    from ocs.tasks.secrets import granting as task

    status = carry_out(
        lambda vault: task.plan_add(
            secret,
            vault,
            to=to or (),
            purpose=purpose,
            because=because,
            until=until,
            without=without or (),
        ),
        call,
        content=lambda: _content(file),
    )
    if file is not None and not status and not call.dry_run:
        call.screen.say(clean(f"{file} still holds the secret; delete it"))
    return status


def edit(
    call: Annotated[Call, Shared("no_commit", "on", "registry", "no_color", "quiet")],
    secret: SecretArgument,
    on_disk: Annotated[
        bool,
        Option(help="Use a temporary file on a disk if there is no file system in memory."),
    ] = False,
    without: WithoutOption = None,
) -> int:
    """Change a secret in your editor.

    The text stays in a file in memory, and ocs turns off the editor's backups. ocs encrypts a
    changed secret to all readers, and counts it as rotated.

    Example:
      ocs secret edit riverside-food-bank/server1-ssh
    """
    from ocs.output.secrets import plan as show
    from ocs.tasks.secrets import granting
    from ocs.tasks.secrets import plaintext as task
    from ocs.tasks.secrets.bodies import opened
    from ocs.tasks.secrets.encrypting import same

    call.check_day()
    screen, vault = call.screen, vault_of(call)
    # Find out whether it can be encrypted again before anybody edits anything.
    plan = granting.plan_rotate(secret, vault, without=without or (), subject="edit")
    if plan.is_possible:
        plan = asked(plan, vault, screen)
    if plan.is_possible and plan.steps:
        before = with_confirmation(lambda confirmed: opened(secret, vault, confirmed), call)
        after, editor, leaves_none = task.edited(before, on_disk=on_disk)
        if not leaves_none:
            screen.say(
                f"ocs cannot turn off the backups of '{editor.command[0]}'; look for copies"
            )
        if same(before, after):
            show.uncommitted(vault.uncommitted(), screen)
            screen.say("the secret is unchanged; nothing was written")
            return 0
        content = after
    return carry_out(lambda vault: plan, call, content=lambda: content)


def rotate(
    call: SecretCall,
    secret: SecretArgument,
    file: FileOption = None,
    without: WithoutOption = None,
    yes: YesOption = False,
) -> int:
    """Replace the content of a secret, after you changed the password where it is used.

    ocs encrypts the new content to the current readers. Give the content on stdin, in a file or
    at a hidden prompt. It must differ from the old content.

    Example:
      ocs secret rotate riverside-food-bank/server1-ssh --yes
      pwgen 24 1 | ocs secret rotate riverside-food-bank/server1-ssh --yes
    """
    from ocs.tasks.secrets import granting as task

    return carry_out(
        lambda vault: task.plan_rotate(secret, vault, without=without or ()),
        call,
        content=lambda: _content(file),
        question=None if yes else "replace the secret?",
        differs=True,
    )


def _content(file: Path | None) -> Plaintext:
    """The new content: from a file, from stdin, or typed at the terminal."""
    from ocs.tasks.secrets import plaintext as task

    if file is not None:
        return task.from_file(file)
    if not prompt.can_ask():
        return task.content(sys.stdin.buffer.read(task.MOST_CONTENT + 1))
    return task.content(prompt.hidden("Secret (it is not shown)").encode() + b"\n")
