"""ocs import and ocs export: other projects' registries."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ocs.commands.asked import Asked, options
from ocs.commands.declared import Argument


def _one_of(formats: tuple[str, ...], format: str) -> str:
    if format not in formats:
        raise ValueError(f"there is no format '{format}', only {', '.join(formats)}")
    return format


def _importable(format: str) -> str:
    from ocs.tasks.exchange.importing import FORMATS

    return _one_of(FORMATS, format)


def _exportable(format: str) -> str:
    from ocs.tasks.exchange.exporting import FORMATS

    return _one_of(FORMATS, format)


@options("commit", "no_commit", "on")
def import_records(
    format: Annotated[
        str, Argument(help="One of mots, sigs.", metavar="FORMAT", parser=_importable)
    ],
    file: Annotated[Path, typer.Argument(help="The other project's file.", metavar="FILE")],
    *,
    asked: Asked,
) -> None:
    """Take over communities and people from another project's file.

    `mots` is Mozilla's module ownership file, `sigs` Kubernetes' groups. What is in the
    registry is brought up to date and keeps what was added by hand; nothing is deleted. The
    report says what was not taken.

    \b
    Example:
      ocs import mots mots.yaml --dry-run
      ocs import mots mots.yaml
    """
    from ocs.output.exchange import transfer as show
    from ocs.tasks.exchange import importing as task
    from ocs.tasks.registry.carryout import carry_out

    screen, work = asked.screen, asked.work
    plan = task.plan(format, file, work.files, work.schemas)
    if not asked.dry_run:
        carry_out(plan, work.files.root)
    if asked.json:
        screen.json(show.imported_as_json(plan, dry_run=asked.dry_run))
    else:
        show.imported(plan, screen, dry_run=asked.dry_run)


@options("commit", "no_commit")
def export_records(
    format: Annotated[str, Argument(help="It is mots.", metavar="FORMAT", parser=_exportable)],
    file: Annotated[Path, typer.Argument(help="The file to write.", metavar="FILE")],
    *,
    asked: Asked,
) -> None:
    """Write communities and people into a file of another project's format.

    The report says what has no place there. A file that is there already is written anew only
    if it is one of that format.

    \b
    Example:
      ocs export mots mots.yaml
    """
    from ocs.output.exchange import transfer as show
    from ocs.tasks.exchange import exporting as task
    from ocs.tasks.registry.carryout import carry_out

    screen, work = asked.screen, asked.work
    export = task.plan(format, file, work.files, work.schemas, asked.today)
    if not asked.dry_run:
        carry_out(export, export.root)
    if asked.json:
        screen.json(show.exported_as_json(export, str(file), dry_run=asked.dry_run))
    else:
        show.exported(export, str(file), screen, dry_run=asked.dry_run)
