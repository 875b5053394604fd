"""ocs secret grant, revoke and sync: who can read a secret."""

from __future__ import annotations

from typing import Annotated

from ocs.commands.declared import Argument
from ocs.commands.options import PERSON, SecretArgument, YesOption
from ocs.commands.secrets.plan import (
    BecauseOption,
    SecretCall,
    UntilOption,
    WithoutOption,
    carry_out,
)

PeopleArgument = Annotated[
    list[str], Argument(help="The people.", **PERSON | {"metavar": "PERSON..."})
]


def grant(
    call: SecretCall,
    secret: SecretArgument,
    people: PeopleArgument,
    because: BecauseOption = None,
    until: UntilOption = None,
    without: WithoutOption = None,
) -> int:
    """Let people read a secret, or extend their access. Every reader of the secret can do this.

    Each person needs the vetting level that the organisation's sensitivity requires, no
    conflict of interest, and a usable certificate. If something is missing, ocs lists it and
    writes nothing.

    Example:
      ocs secret grant riverside-food-bank/server1-ssh lena --because "mail"
    """
    from ocs.tasks.secrets import granting as task

    return carry_out(
        lambda vault: task.plan_grant(
            secret, people, vault, because=because, until=until, without=without or ()
        ),
        call,
    )


def revoke(
    call: SecretCall, secret: SecretArgument, people: PeopleArgument, yes: YesOption = False
) -> int:
    """Remove people from the readers of a secret. This needs no secret key.

    They can still read old versions in git's history. Change the password where it is used,
    then run `ocs secret rotate`.

    Example:
      ocs secret revoke riverside-food-bank/server1-ssh lena --dry-run
      ocs secret revoke riverside-food-bank/server1-ssh lena --yes
    """
    from ocs.tasks.secrets import revoking as task

    return carry_out(
        lambda vault: task.plan_revoke(secret, people, vault),
        call,
        question=None if yes else "remove them?",
        is_verified=False,
    )


def sync(call: SecretCall, without: WithoutOption = None, yes: YesOption = False) -> int:
    """Make all ciphertexts match their access records, end expired access, and fix `.gpg-id` files.

    You need your secret key to add a reader, but not to remove one. You can stop this at any
    time; the next run continues.

    Example:
      ocs secret sync --dry-run
      ocs secret sync --yes
    """
    from ocs.tasks.secrets import revoking as task

    return carry_out(
        lambda vault: task.plan_sync(vault, without=without or ()),
        call,
        question=None if yes else "do this?",
    )
