"""ocs import and ocs export: other projects' registries."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from ocs.commands.days import OnOption
from ocs.commands.options import (
    DryRunOption,
    JsonOption,
    NoColorOption,
    QuietOption,
    RegistryOption,
)


def _one_of(formats: tuple[str, ...], format: str) -> str:
    if format not in formats:
        raise typer.BadParameter(f"there is no format '{format}', only {', '.join(formats)}")
    return format


def _importable(format: str) -> str:
    from ocs.tasks.importing import FORMATS

    return _one_of(FORMATS, format)


def _exportable(format: str) -> str:
    from ocs.tasks.exporting import FORMATS

    return _one_of(FORMATS, format)


def import_records(
    format: Annotated[str, typer.Argument(help="One of mots, sigs.", metavar="FORMAT", parser=_importable)],
    file: Annotated[Path, typer.Argument(help="The other project's file.", metavar="FILE")],
    dry_run: DryRunOption = False,
    registry: RegistryOption = None,
    json: JsonOption = False,
    no_color: NoColorOption = False,
    quiet: QuietOption = False,
) -> None:
    """Take over communities and people from another project's file.

    `mots` is Mozilla's module ownership file, `sigs` Kubernetes' groups. What is in the registry is brought
    up to date and keeps what was added by hand; nothing is deleted. The report says what was not taken.

    \b
    Example:
      ocs import mots mots.yaml --dry-run
      ocs import mots mots.yaml
    """
    from ocs.output import transfer as show
    from ocs.output.console import Screen
    from ocs.tasks import importing as task
    from ocs.workspace import Workspace

    screen = Screen(color=False if no_color else None, quiet=quiet)
    work = Workspace.open(registry)
    plan = task.plan(format, file, work.files, work.schemas)
    if not dry_run:
        task.apply(plan, work.files)
    if json:
        screen.json(show.imported_as_json(plan.changes, plan.unchanged, plan.report, dry_run=dry_run))
    else:
        show.imported(plan.changes, plan.unchanged, plan.report, screen, dry_run=dry_run)


def export_records(
    format: Annotated[str, typer.Argument(help="It is mots.", metavar="FORMAT", parser=_exportable)],
    file: Annotated[Path, typer.Argument(help="The file to write.", metavar="FILE")],
    dry_run: DryRunOption = False,
    on: OnOption = None,
    registry: RegistryOption = None,
    json: JsonOption = False,
    no_color: NoColorOption = False,
    quiet: QuietOption = False,
) -> None:
    """Write communities and people into a file of another project's format.

    The report says what has no place there. A file that is there already is written anew only if it is one
    of that format.

    \b
    Example:
      ocs export mots mots.yaml
    """
    from ocs.output import transfer as show
    from ocs.output.console import Screen
    from ocs.tasks import exporting as task
    from ocs.workspace import Workspace

    screen = Screen(color=False if no_color else None, quiet=quiet)
    work = Workspace.open(registry)
    export = task.plan(format, file, work.files, work.schemas, on or date.today())
    if not dry_run:
        task.apply(export)
    told = (str(file), export.communities, export.people, export.report)
    if json:
        screen.json(show.exported_as_json(*told, dry_run=dry_run))
    else:
        show.exported(*told, screen, dry_run=dry_run)
