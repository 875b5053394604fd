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
    from ocs.output.console import Screen
    from ocs.tasks.records.fieldedits import Plan
    from ocs.workspace import Workspace

# Records are committed where somebody asks for it: a pull request may hold several changes.
with_options = partial(options, "no_commit")


def carry_out(
    plan: Callable[[Workspace], Plan],
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
    from ocs.tasks.records import fieldedits as task

    screen, work = asked.screen, asked.work
    question = None if asked.dry_run else question
    committed = None
    made = plan(work)
    if not asked.dry_run and not made.findings:
        if question:
            if not asked.json:
                show.show(made.changes, screen, work.shown())
            ask(question)
        message = "\n".join([" ".join(made.subject.split()), "", *body()]).strip()
        committed = task.apply(made, work.files, message if asked.commit else None)
    is_shown = question and not asked.json and not made.findings
    told = (() if is_shown else made.changes, made.said, made.findings, made.records)
    if asked.json:
        screen.json(
            {**show.planned_as_json(*told, committed, dry_run=asked.dry_run), **also_json()}
        )
    else:
        show.planned(*told, committed, screen, work.shown(), dry_run=asked.dry_run)
        if not made.findings:
            also(screen)
    if made.findings:
        raise typer.Exit(1)


def ask(question: str) -> None:
    """Let the user decide. Raises OcsError where nobody can be asked, typer.Abort where the
    answer is no.
    """
    if not sys.stdin.isatty():
        raise OcsError("nothing was written, since nobody could be asked", "say it with --yes")
    typer.confirm(question, abort=True, err=True)
