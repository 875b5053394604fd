"""ocs import and ocs export: other projects' registries."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from ocs.commands.declared import Argument, Shared
from ocs.commands.options import Call, WritingCall


def _one_of(formats: tuple[str, ...], format: str) -> str:
    if format not in formats:
        raise ValueError(f"'{format}' is not a format; the formats are {', '.join(formats)}")
    return format


def _importable(format: str) -> str:
    from ocs.tasks.exchange.importing import FORMATS

    return _one_of(FORMATS, format)


def _exportable(format: str) -> str:
    from ocs.tasks.exchange.exporting import FORMATS

    return _one_of(FORMATS, format)


def import_records(
    call: Annotated[Call, Shared("dry_run", "registry", "json", "no_color", "quiet")],
    format: Annotated[
        str, Argument(help="One of mots, sigs.", metavar="FORMAT", parser=_importable)
    ],
    file: Annotated[Path, Argument(help="The other project's file.", metavar="FILE")],
) -> int:
    """Import communities and people from another project's file.

    `mots` is Mozilla's module ownership file, `sigs` is Kubernetes' list of groups. ocs updates
    records that exist and keeps what people added by hand. It deletes nothing. The report lists
    what was not imported. The status is 1 if nothing in the file can be imported.

    Example:
      ocs import mots mots.yaml --dry-run
      ocs import mots mots.yaml
    """
    from ocs.output.exchange import transfer as show
    from ocs.tasks.exchange import importing as task
    from ocs.tasks.registry.carryout import carry_out

    screen, work = call.screen, call.work
    plan = task.plan(format, file, work.files, work.schemas)
    if not call.dry_run:
        carry_out(plan, work.files.root)
    if call.json:
        screen.json(show.imported_as_json(plan, dry_run=call.dry_run))
    else:
        show.imported(plan, screen, dry_run=call.dry_run)
    return 1 if plan.is_empty else 0


def export_records(
    call: WritingCall,
    format: Annotated[
        str,
        Argument(
            help="The format; only mots is supported.", metavar="FORMAT", parser=_exportable
        ),
    ],
    file: Annotated[Path, Argument(help="The file to write.", metavar="FILE")],
) -> None:
    """Export communities and people to a file in another project's format.

    The report lists what the format cannot hold. ocs overwrites a file only if it is in that
    format.

    Example:
      ocs export mots mots.yaml
    """
    from ocs.output.exchange import transfer as show
    from ocs.tasks.exchange import exporting as task
    from ocs.tasks.registry.carryout import carry_out

    screen, work = call.screen, call.work
    export = task.plan(format, file, work.files, work.schemas, call.today)
    if not call.dry_run:
        carry_out(export, export.root)
    if call.json:
        screen.json(show.exported_as_json(export, str(file), dry_run=call.dry_run))
    else:
        show.exported(export, str(file), screen, dry_run=call.dry_run)
