"""What commands that change records have in common: a plan that is shown, and carried out."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any

from ocs.commands import prompt
from ocs.commands.declared import Shared
from ocs.commands.options import Call

if TYPE_CHECKING:
    from ocs.output.console import Screen
    from ocs.tasks.records.fieldedits import Plan
    from ocs.workspace import Workspace

# Records are committed where somebody asks for it: a pull request may hold several changes.
ChangingCall = Annotated[
    Call, Shared("dry_run", "commit", "on", "registry", "json", "no_color", "quiet")
]


def carry_out(
    make_plan: Callable[[Workspace], Plan],
    call: Call,
    *,
    question: str | None = None,
    also: Callable[[Screen], None] = lambda screen: None,
    also_json: Callable[[], dict[str, Any]] = dict,
    body: Callable[[], list[str]] = list,
) -> int:
    """Make a plan, carry it out unless there is something or somebody against it, and show it.

    *also* shows what else is to be told of a plan without findings, *also_json* gives its
    fields, and *body* the lines that a commit has below its subject. The status is 1 if there
    are findings.
    """
    from ocs.output.records import fieldedits as show
    from ocs.tasks.records import fieldedits as task

    screen, work = call.screen, call.work
    question = None if call.dry_run else question
    committed = None
    plan = make_plan(work)
    if not call.dry_run and not plan.findings:
        if question:
            if not call.json:
                show.show(plan.changes, screen, work.shown())
            prompt.confirm(question)
        message = "\n".join([" ".join(plan.subject.split()), "", *body()]).strip()
        committed = task.apply(plan, work.files, message if call.commit else None)
    is_shown = question and not call.json and not plan.findings
    report = (() if is_shown else plan.changes, plan.said, plan.findings, plan.records)
    if call.json:
        screen.json(
            {**show.planned_as_json(*report, committed, dry_run=call.dry_run), **also_json()}
        )
    else:
        show.planned(*report, committed, screen, work.shown(), dry_run=call.dry_run)
        if not plan.findings:
            also(screen)
    return 1 if plan.findings else 0
