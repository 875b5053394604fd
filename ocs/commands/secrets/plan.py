"""What commands that change secrets share: a plan that is shown, carried out and committed."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Annotated, TypeVar

from ocs.commands import prompt
from ocs.commands.asking import asker, not_kept
from ocs.commands.declared import Option, Shared
from ocs.commands.options import DATE, PERSON, Call
from ocs.errors import NotItsOwnError

if TYPE_CHECKING:
    from ocs.model.secret import Plaintext
    from ocs.model.secretplan import SecretPlan
    from ocs.output.console import Screen
    from ocs.tasks.secrets.vault import Vault

T = TypeVar("T")

BecauseOption = Annotated[
    str | None, Option(help="The reason, in one line. It is not encrypted.", metavar="REASON")
]
UntilOption = Annotated[
    date | None,
    Option(help="The last day on which the new readers may read the secret.", **DATE),
]
WithoutOption = Annotated[
    list[str] | None,
    Option(
        help="Do not encrypt to this reader, such as one whose key is not usable.", **PERSON
    ),
]

# Changes to secrets are committed by default.
SecretCall = Annotated[
    Call, Shared("dry_run", "no_commit", "on", "registry", "json", "no_color", "quiet")
]


def vault_of(call: Call, *, is_verified: bool = True) -> Vault:
    from ocs.tasks.secrets.vault import Vault

    work, today = call.work, call.today
    return Vault(
        work.files,
        work.schemas,
        work.keyrings(today),
        today,
        work.memories(),
        is_verified=is_verified,
    )


def with_confirmation(opening: Callable[[Collection[str]], T], call: Call) -> T:
    """What *opening* gives, which takes the secrets of which somebody confirmed the content.

    Raises NotItsOwnError where nobody can be asked, or it would not help.
    """
    try:
        return opening(())
    except NotItsOwnError as error:
        if not error.may_be_confirmed or not _is_confirmed({error.secret: error.reason}, call):
            raise
        return opening((error.secret,))


def _is_confirmed(reasons: Mapping[str, str], call: Call) -> bool:
    """Does somebody say that these secrets hold what was written for them?"""
    from ocs.output.secrets import plan as show

    if not prompt.can_ask():
        return False
    show.unconfirmed(reasons, call.screen)
    what = "this secret" if len(reasons) == 1 else "these secrets"
    question = f"is that the content of {what}, and may the readers get it?"
    return prompt.is_confirmed(question, default=False)


def asked(plan: SecretPlan, vault: Vault, screen: Screen) -> SecretPlan:
    """What of a plan may be carried out, after asking about people who are not confirmed."""
    from ocs.output.trust import questions as show
    from ocs.tasks.secrets import confirming as task

    begin = partial(
        show.begin, vault.memory.unusable, screen=screen, is_first=vault.memory.is_first_use
    )
    return task.confirmed(plan, vault, asker(screen), begin)


def carry_out(
    make_plan: Callable[[Vault], SecretPlan],
    call: Call,
    *,
    content: Callable[[], Plaintext] | None = None,
    question: str | None = None,
    differs: bool = False,
    is_verified: bool = True,
) -> int:
    """Make a plan, show it, and carry it out unless there are obstacles or the answer is no.

    The status is 1 if not all of it was carried out.
    """
    from ocs.output.secrets import plan as show
    from ocs.tasks.secrets import encrypting as task
    from ocs.workspace import Workspace

    if content:
        call.check_day()
    screen = call.screen
    vault = vault_of(call, is_verified=is_verified)
    show.uncommitted(vault.uncommitted(), screen)
    plan = make_plan(vault)
    if not call.json:
        show.planned(plan, screen, Workspace(vault.files.root).shown())
    done = None
    if plan.is_possible and not plan.is_empty and not call.dry_run:
        plan = asked(plan, vault, screen)
    if plan.is_possible and not plan.is_empty and not call.dry_run:
        plaintext = content() if content else None
        if question:
            prompt.confirm(question)
        done = with_confirmation(
            lambda confirmed: task.carry_out(
                plan,
                vault,
                plaintext,
                ask=asker(screen),
                commits=not call.no_commit,
                differs=differs,
                confirmed=confirmed,
            ),
            call,
        )
        if done.unconfirmed and _is_confirmed(done.unconfirmed, call):
            vault = vault_of(call)
            rest = task.carry_out(
                make_plan(vault),
                vault,
                ask=asker(screen),
                commits=not call.no_commit,
                confirmed=done.unconfirmed,
            )
            done = done.followed_by(rest)
        not_kept(vault.memory.fault, screen)
    if call.json:
        screen.json(show.as_json(plan, done))
    elif plan.is_possible:
        show.done(plan, done, screen, commits=not call.no_commit)
    is_whole = plan.is_possible and not plan.skipped and not (done and done.skipped)
    return 0 if is_whole else 1
