"""What commands that change records have in common: make a plan, carry it out, and show it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

if TYPE_CHECKING:
    from ocs.output.console import Screen
    from ocs.tasks.edits import Plan
    from ocs.workspace import Workspace


def carry_out(
    plan: Callable[[Workspace], Plan],
    *,
    dry_run: bool,
    registry: Path | None,
    json: bool,
    no_color: bool,
    quiet: bool,
    also: Callable[[Screen], None] = lambda screen: None,
    also_json: Callable[[], dict[str, Any]] = dict,
) -> None:
    """Make a plan, carry it out unless there is something against it, and show it.

    *also* shows what else is to be told of a plan without findings, *also_json* gives its fields.
    """
    from ocs.output import edits as show
    from ocs.output.console import Screen
    from ocs.tasks import edits as task
    from ocs.workspace import Workspace

    screen = Screen(color=False if no_color else None, quiet=quiet)
    work = Workspace.open(registry, screen.counted)
    made = plan(work)
    if not dry_run and not made.findings:
        task.apply(made, work.files)
    told = (made.changes, made.said, made.findings, made.records)
    if json:
        screen.json({**show.planned_as_json(*told, dry_run=dry_run), **also_json()})
    else:
        show.planned(*told, screen, work.shown(), dry_run=dry_run)
        if not made.findings:
            also(screen)
    if made.findings:
        raise typer.Exit(1)
