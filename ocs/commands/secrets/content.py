"""ocs secret add, edit and rotate: what is in a secret."""

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
    carry_out,
    vault_of,
)

if TYPE_CHECKING:
    from ocs.model.secret import Plaintext

FileOption = Annotated[
    Path | None,
    Option("--file", "-f", help="Take the content from this file.", metavar="FILE"),
]


def add(
    call: SecretCall,
    secret: SecretArgument,
    to: Annotated[
        list[str] | None,
        Option(
            help="Who is to read it besides the owner's gatekeepers.",
            **PERSON,
        ),
    ] = None,
    purpose: Annotated[
        str | None,
        Option(help="What it is for, in one line that everybody can read.", metavar="TEXT"),
    ] = None,
    because: BecauseOption = None,
    until: UntilOption = None,
    file: FileOption = None,
    without: WithoutOption = None,
) -> int:
    """Encrypt a new secret to its owner's gatekeepers and the people you name, with its access
    record.

    The content comes from stdin, from a file, or from a hidden question; never from the
    command line, which other programs can see. The first line is the password, below it lines
    such as `url: https://…`.

    Example:
      ocs secret add riverside-food-bank/wiki --purpose "the wiki" --to lena
      gpg --gen-random --armor 1 18 | ocs secret add riverside-food-bank/cloud --purpose "the cloud"
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
        call.screen.say(clean(f"{file} still holds the secret: delete it"))
    return status


def edit(
    call: Annotated[Call, Shared("no_commit", "on", "registry", "no_color", "quiet")],
    secret: SecretArgument,
    on_disk: Annotated[
        bool,
        Option(
            "--on-disk", help="Use a temporary file on a disk if there is no memory for it."
        ),
    ] = False,
    without: WithoutOption = None,
) -> int:
    """Change a secret in your editor, on a file in memory, with the editor's copies of it
    turned off.

    What differs is encrypted to all readers and counts as rotated.

    Example:
      ocs secret edit riverside-food-bank/server1-ssh
    """
    from ocs.output.secrets import plan as show
    from ocs.tasks.secrets import granting
    from ocs.tasks.secrets import plaintext as task
    from ocs.tasks.secrets.encrypting import same

    screen, vault = call.screen, vault_of(call)
    # Whether it can be encrypted again is known before anybody edits anything.
    plan = granting.plan_rotate(secret, vault, without=without or (), subject="edit")
    if plan.is_possible:
        before = task.decrypted(secret, vault.files, vault.schemas, vault.keyrings)
        after, editor, leaves_none = task.edited(before, on_disk=on_disk)
        if not leaves_none:
            screen.say(
                f"it is not known how '{editor.command[0]}' is kept from leaving "
                "copies: look for them"
            )
        if same(before, after):
            show.uncommitted(vault.uncommitted(), screen)
            screen.say("nothing was changed, and nothing was written")
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
    """Give a secret other content, encrypted to all who read it now, after it was changed
    where it is used.

    The content comes from stdin, from a file, or from a hidden question. It must differ from
    what was there.

    Example:
      ocs secret rotate riverside-food-bank/server1-ssh --yes
      gpg --gen-random --armor 1 18 | ocs secret rotate riverside-food-bank/server1-ssh --yes
    """
    from ocs.tasks.secrets import granting as task

    return carry_out(
        lambda vault: task.plan_rotate(secret, vault, without=without or ()),
        call,
        content=lambda: _content(file),
        question=None if yes else "write this in place of what is there?",
        differs=True,
    )


def _content(file: Path | None) -> Plaintext:
    """What is to be encrypted: from a file, from stdin, or typed in where that is a terminal."""
    from ocs.tasks.secrets import plaintext as task

    if file is not None:
        return task.from_file(file)
    if not prompt.can_ask():
        return task.content(sys.stdin.buffer.read(task.MOST_CONTENT + 1))
    return task.content(prompt.hidden("Secret (it is not shown)").encode() + b"\n")
