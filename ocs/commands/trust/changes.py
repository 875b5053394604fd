"""ocs changes: what changed since you last looked."""

from __future__ import annotations

from typing import Annotated

from ocs.commands.asking import asker, not_kept
from ocs.commands.declared import Option
from ocs.commands.options import ReadingCall
from ocs.errors import OcsError


def changes(
    call: ReadingCall,
    all: Annotated[
        bool, Option(help="Also list what you have confirmed and nobody has changed.")
    ] = False,
    confirm: Annotated[
        bool,
        Option(help="Confirm what the default branch says, after comparing every key."),
    ] = False,
) -> int:
    """Show what changed since you last looked: keys, vetting levels, readers and gatekeepers.

    ocs remembers whom you have confirmed, and encrypts to nobody else. What you wrote with
    ocs on this machine counts as confirmed. With --confirm, ocs shows the commits for each
    person, and asks you at a terminal. The exit status is 1 if something is not confirmed.

    Example:
      ocs changes
      ocs changes --all
      ocs changes --confirm
    """
    from ocs.output.trust import changes as show
    from ocs.output.trust import questions
    from ocs.tasks.trust import changes as task

    screen, work, today = call.screen, call.work, call.today
    ask = asker(screen)
    if confirm and ask is None:
        raise OcsError(
            "there is no terminal to ask: nothing was confirmed",
            "run `ocs changes --confirm` at a terminal",
        )
    found = task.changes(
        work.files,
        work.schemas,
        work.memories(),
        work.keyrings(today),
        today,
        is_verified=confirm,
    )
    memory = found.memory
    questions.begin(memory.unusable, found.users, screen, is_first=memory.is_first_use)
    if not call.json:
        show.as_text(
            found.differences,
            found.registry,
            found.branch,
            found.lost,
            screen,
            may_be_older=found.may_be_older,
        )
        if all:
            show.same(found.same, screen)
        show.summary(found.differences, screen)
    confirmed = task.confirm(found, ask) if confirm and ask else ()
    if call.json:
        same = found.same if all else ()
        screen.json(show.as_json(found.differences, same, found.branch, found.lost, confirmed))
    elif confirm:
        show.confirmed(len(confirmed), len(found.gone), screen)
    not_kept(memory.fault, screen)
    left = {change.fact for change in found.differences if not change.is_gone}
    return 1 if left - set(confirmed) else 0
