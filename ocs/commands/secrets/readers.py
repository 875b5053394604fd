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

PeopleArgument = Annotated[list[str], Argument(help="Who it is about.", **PERSON)]


def grant(
    call: SecretCall,
    secret: SecretArgument,
    people: PeopleArgument,
    because: BecauseOption = None,
    until: UntilOption = None,
    without: WithoutOption = None,
) -> int:
    """Let people read a secret, or for longer. Who can read it now can let others.

    Everybody must be vetted up to what the organisation's sensitivity asks for, have no
    conflict of interest, and a certificate that can be encrypted to; all that is missing is
    told at once.

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
    """Take people out of the readers of a secret. No secret key is needed.

    What they could read stays in git's history: change it where it is used, then rotate the
    secret.

    Example:
      ocs secret revoke riverside-food-bank/server1-ssh lena --dry-run
      ocs secret revoke riverside-food-bank/server1-ssh lena --yes
    """
    from ocs.tasks.secrets import revoking as task

    return carry_out(
        lambda vault: task.plan_revoke(secret, people, vault),
        call,
        question=None if yes else "take them out?",
        is_verified=False,
    )


def sync(call: SecretCall, without: WithoutOption = None, yes: YesOption = False) -> int:
    """Make all ciphertexts fit their access records, end access that is over, and mend
    `.gpg-id` files.

    Taking somebody out needs no secret key; letting somebody in needs yours. It can be stopped
    and goes on where it was stopped.

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
