"""ocs key: people's certificates, judged, taken in, and brought up to date."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from ocs.commands.asked import Asked, options, with_reading_options
from ocs.commands.options import complete_person
from ocs.errors import OcsError

# A file to check may be the keyring of a whole project.
_MOST_BYTES = 64 * 1024 * 1024
PersonArgument = Annotated[
    str,
    typer.Argument(
        help="The id of the person whose certificate it is.",
        metavar="PERSON",
        autocompletion=complete_person,
    ),
]
FileArgument = Annotated[
    str,
    typer.Argument(
        help="The file with the certificate; `-` reads it from stdin.", metavar="FILE"
    ),
]


@with_reading_options
def check(
    what: Annotated[
        list[str] | None,
        typer.Argument(
            help="People, or files with certificates; everybody if left out.",
            metavar="PERSON|FILE",
        ),
    ] = None,
    *,
    asked: Asked,
) -> None:
    """Say whether secrets can be encrypted to certificates, and if not, why not and what mends
    it.

    A file may hold many certificates, such as the keyring of a project. Ends with status 1 if
    any is refused.

    \b
    Example:
      ocs key check
      ocs key check sam
      ocs key check sam-new.asc
    """
    from ocs.output.people import keys as show
    from ocs.tasks.people import keys as task
    from ocs.workspace import keyrings

    screen, today = asked.screen, asked.today
    files = [each for each in what or () if _is_file(each)]
    people = [each for each in what or () if not _is_file(each)]
    judged = []
    if people or not files:
        work = asked.work
        judged += task.judge_people(
            people, work.files, work.schemas, work.keyrings(today), today
        )
    for file in files:
        name = "stdin" if file == "-" else file
        judged += task.judge_file(_read(file), name, keyrings(today), today)
    if asked.json:
        screen.json({"certificates": [show.as_json(each) for each in judged]})
    else:
        show.checked(judged, screen)
    if any(each.is_refused for each in judged):
        raise typer.Exit(1)


@options("commit", "no_commit")
def import_certificate(
    person: PersonArgument,
    file: FileArgument,
    *,
    asked: Asked,
) -> None:
    """Take a person's certificate into the registry, if secrets can be encrypted to it.

    What other people signed in it is left out. Ends with status 1 if it is refused.

    \b
    Example:
      ocs key import sam sam.asc
      gpg --armor --export FINGERPRINT | ocs key import sam -
    """
    from ocs.output.people import keys as show
    from ocs.tasks.people import keys as task
    from ocs.tasks.registry.carryout import carry_out
    from ocs.workspace import keyrings

    screen, work, today = asked.screen, asked.work, asked.today
    name = "stdin" if file == "-" else file
    plan = task.plan_import(
        person, _read(file), name, work.files, work.schemas, keyrings(today), today
    )
    if not asked.dry_run:
        carry_out(plan, work.files.root)
    written = plan.replacement is not None
    if asked.json:
        screen.json(
            {
                "dry_run": asked.dry_run,
                "written": written and not asked.dry_run,
                **show.as_json(plan.report),
            }
        )
    else:
        show.imported(plan.report, plan.file, screen, dry_run=asked.dry_run)
    if plan.report.is_refused:
        raise typer.Exit(1)


@options("commit", "no_commit")
def refresh(
    person: PersonArgument,
    file: FileArgument,
    *,
    asked: Asked,
) -> None:
    """Bring a person's certificate up to date with a newer copy of it, and say what changed.

    The copies are merged: no revocation is lost, whichever of them is the newer one. Another
    key is refused.

    \b
    Example:
      ocs key refresh sam sam-new.asc --dry-run
      ocs key refresh sam sam-new.asc
    """
    from ocs.output.people import keys as show
    from ocs.tasks.people import keys as task
    from ocs.tasks.registry.carryout import carry_out
    from ocs.workspace import keyrings

    screen, work, today = asked.screen, asked.work, asked.today
    plan = task.plan_refresh(
        person, _read(file), work.files, work.schemas, keyrings(today), today
    )
    if not asked.dry_run:
        carry_out(plan, work.files.root)
    if asked.json:
        written = plan.replacement is not None and not asked.dry_run
        told = {"dry_run": asked.dry_run, "written": written, "changes": list(plan.changes)}
        screen.json({**told, **show.as_json(plan.report)})
    else:
        show.refreshed(plan.report, plan.changes, screen, dry_run=asked.dry_run)


def _is_file(name: str) -> bool:
    """Is this meant as a file, rather than as a person?"""
    return name == "-" or "/" in name or "." in name


def _read(name: str) -> bytes:
    from ocs.tasks.people.keys import read

    if name == "-":
        if sys.stdin.isatty():
            raise OcsError(
                "nothing comes from stdin", "name a file, or pipe a certificate into it"
            )
        return sys.stdin.buffer.read(_MOST_BYTES + 1)
    return read(Path(name), _MOST_BYTES)
