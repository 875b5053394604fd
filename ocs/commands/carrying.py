"""What commands that change records have in common: a plan that is shown, and carried out."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

import typer

from ocs.commands.asked import Asked, options
from ocs.errors import OcsError

if TYPE_CHECKING:
    from ocs.model.plan import EditPlan
    from ocs.output.console import Screen
    from ocs.workspace import Workspace

# Records are committed where somebody asks for it: a pull request may hold several changes.
with_options = partial(options, "no_commit")


def carry_out(
    plan: Callable[[Workspace], EditPlan],
    asked: Asked,
    *,
    question: str | None = None,
    also: Callable[[Screen], None] = lambda screen: None,
    also_json: Callable[[], dict[str, Any]] = dict,
    body: Callable[[], list[str]] = list,
) -> None:
    """Make a plan, carry it out unless there is something or somebody against it, and show it.

    *also* shows what else is to be told of a plan without findings, *also_json* gives its
    fields, and *body* the lines that a commit has below its subject.
    """
    from ocs.output.records import fieldedits as show
    from ocs.tasks.registry import carryout as task

    screen, work = asked.screen, asked.work
    question = None if asked.dry_run else question
    commit = None
    made = plan(work)
    if not asked.dry_run and made.is_possible:
        if question:
            if not asked.json:
                show.changes(made.changes, screen, work.shown())
            ask(question)
        message = "\n".join([" ".join(made.subject.split()), "", *body()]).strip()
        done = task.carry_out(made, work.files.root, message if asked.commit else None)
        commit = done.commit
    if asked.json:
        screen.json({**show.as_json(made, commit, dry_run=asked.dry_run), **also_json()})
    else:
        if not question or not made.is_possible:
            show.changes(made.changes, screen, work.shown())
        show.outcome(made, commit, screen, work.shown(), dry_run=asked.dry_run)
        if made.is_possible:
            also(screen)
    if not made.is_possible:
        raise typer.Exit(1)


def ask(question: str) -> None:
    """Let the user decide. Raises OcsError where nobody can be asked, typer.Abort where the
    answer is no.
    """
    if not sys.stdin.isatty():
        raise OcsError("nothing was written, since nobody could be asked", "say it with --yes")
    typer.confirm(question, abort=True, err=True)
