"""ocs validate: everything that is wrong with the registry, each thing once, at its line."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from ocs.commands.options import JsonOption, NoColorOption, OnOption, QuietOption, RegistryOption


class Format(StrEnum):
    TEXT = "text"
    JSON = "json"
    GITHUB = "github"


def validate(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(help="Only tell what is found in these files and folders.", metavar="PATH"),
    ] = None,
    format: Annotated[Format, typer.Option(help="How findings are printed.")] = Format.TEXT,
    on: OnOption = None,
    registry: RegistryOption = None,
    json: JsonOption = False,
    no_color: NoColorOption = False,
    quiet: QuietOption = False,
) -> None:
    """Check every record: its shape, its place, and that whatever it names exists.

    Ends with status 1 if there are errors; warnings and notes alone leave it at 0.

    \b
    Example:
      ocs validate
      ocs validate people orgs/riverside-food-bank.yaml
      ocs validate --format github
    """
    from ocs.output import findings
    from ocs.output.console import Screen
    from ocs.tasks import validate as task
    from ocs.workspace import Workspace

    screen = Screen(color=False if no_color else None, quiet=quiet)
    work = Workspace.open(registry)
    within = [work.inside(path) for path in paths or ()]
    report = task.validate(work.files, work.schemas, on or date.today(), within)
    if json or format is Format.JSON:
        screen.json(findings.as_json(report.findings, report.records))
    elif format is Format.GITHUB:
        findings.as_github(report.findings, report.records, screen, work.below_repository())
    else:
        findings.as_text(report.findings, report.records, screen, work.shown())
    if not report.passed:
        raise typer.Exit(1)
