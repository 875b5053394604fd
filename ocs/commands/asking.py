"""Asking at the terminal about people whom the user has not confirmed.

No option answers for a script: where there is no terminal, nobody is confirmed.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from datetime import date
from random import SystemRandom
from typing import TYPE_CHECKING

from ocs.commands import prompt

if TYPE_CHECKING:
    from ocs.errors import OcsError
    from ocs.model.certificate import Certificate
    from ocs.model.change import Replacement
    from ocs.model.trust import Question
    from ocs.output.console import Screen
    from ocs.workspace import Workspace


def asker(screen: Screen) -> Callable[[Question], None] | None:
    """What asks about somebody, and raises OcsError for no; None where there is no terminal."""
    # Nobody answers what they cannot see.
    if not (prompt.can_ask() and sys.stderr.isatty()):
        return None

    def ask(question: Question) -> None:
        from ocs.output.trust import questions as show
        from ocs.tasks.trust import asking as task

        show.question(question, screen)
        if question.has_new_key:
            ends = task.ends_of_keys(question, SystemRandom())
            what = f"which are the last characters of the key of {question.person}?"
            task.check_key(question, prompt.chosen(what, ends))
        else:
            task.check(question, is_right=prompt.is_confirmed("is that right?", default=False))

    return ask


def note(
    written: Iterable[Replacement],
    work: Workspace,
    today: date,
    screen: Screen,
    copies: Iterable[Certificate] = (),
) -> None:
    """Remember what ocs wrote for the user in these files, who need not confirm it."""
    from ocs.tasks.trust.own import note

    not_kept(note(written, work.files, work.schemas, work.memories(), today, copies), screen)


def not_kept(fault: OcsError | None, screen: Screen) -> None:
    """Tell why ocs could not remember something."""
    if fault:
        screen.warn(f"{fault.message}; ocs will ask again")
