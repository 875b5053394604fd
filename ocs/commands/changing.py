"""What commands that change records share: a plan that is shown, and carried out."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any

from ocs.commands import prompt
from ocs.commands.asking import note
from ocs.commands.declared import Shared
from ocs.commands.options import Call

if TYPE_CHECKING:
    from ocs.model.plan import EditPlan
    from ocs.output.console import Screen
    from ocs.workspace import Workspace

# Records are committed on request only: a pull request may hold several changes.
ChangingCall = Annotated[
    Call, Shared("dry_run", "commit", "on", "registry", "json", "no_color", "quiet")
]


def carry_out(
    make_plan: Callable[[Workspace], EditPlan],
    call: Call,
    *,
    question: str | None = None,
    also: Callable[[Screen], None] = lambda screen: None,
    also_json: Callable[[], dict[str, Any]] = dict,
    body: Callable[[], list[str]] = list,
) -> int:
    """Make a plan, show it, and carry it out unless there are findings or the answer is no.

    *also* shows more about a plan without findings, *also_json* gives its fields, and *body*
    the lines of the commit message below its subject. The status is 1 if there are findings.
    """
    from ocs.output.records import fieldedits as show
    from ocs.tasks.registry import carryout as task

    call.check_day()
    screen, work = call.screen, call.work
    question = None if call.dry_run else question
    commit = None
    plan = make_plan(work)
    if not call.dry_run and plan.is_possible:
        if question:
            if not call.json:
                show.changes(plan.changes, screen, work.shown())
            prompt.confirm(question)
        message = "\n".join([" ".join(plan.subject.split()), "", *body()]).strip()
        commit = task.carry_out(plan, work.files.root, message if call.commit else None).commit
        note(plan.replacements, work, call.today, screen)
    if call.json:
        screen.json({**show.as_json(plan, commit, dry_run=call.dry_run), **also_json()})
    else:
        if not question or not plan.is_possible:
            show.changes(plan.changes, screen, work.shown())
        show.outcome(plan, commit, screen, work.shown(), dry_run=call.dry_run)
        if plan.is_possible:
            also(screen)
    return 0 if plan.is_possible else 1
