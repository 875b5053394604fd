"""ocs key: people's certificates, judged, taken in, and brought up to date."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

from ocs.commands.declared import Argument
from ocs.commands.options import PERSON, ReadingCall, WritingCall
from ocs.errors import OcsError

# A file to check may be the keyring of a whole project.
_MOST_BYTES = 64 * 1024 * 1024
PersonArgument = Annotated[
    str, Argument(help="The id of the person whose certificate it is.", **PERSON)
]
FileArgument = Annotated[
    str,
    Argument(help="The file with the certificate; `-` reads it from stdin.", metavar="FILE"),
]


def check(
    call: ReadingCall,
    what: Annotated[
        list[str] | None,
        Argument(
            help="People, or files with certificates; everybody if left out.",
            metavar="PERSON|FILE",
        ),
    ] = None,
) -> int:
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

    screen, today = call.screen, call.today
    files = [name for name in what or () if _is_file(name)]
    people = [name for name in what or () if not _is_file(name)]
    judged = []
    if people or not files:
        work = call.work
        judged += task.people_reports(
            people, work.files, work.schemas, work.keyrings(today), today
        )
    for file in files:
        name = "stdin" if file == "-" else file
        judged += task.file_reports(_read(file), name, keyrings(today), today)
    if call.json:
        screen.json({"certificates": [show.as_json(certificate) for certificate in judged]})
    else:
        show.checked(judged, screen)
    return 1 if any(certificate.is_refused for certificate in judged) else 0


def import_certificate(call: WritingCall, person: PersonArgument, file: FileArgument) -> int:
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

    screen, work, today = call.screen, call.work, call.today
    name = "stdin" if file == "-" else file
    plan = task.plan_import(
        person, _read(file), name, work.files, work.schemas, keyrings(today), today
    )
    if not call.dry_run:
        carry_out(plan, work.files.root)
    written = plan.replacement is not None
    if call.json:
        screen.json(
            {
                "dry_run": call.dry_run,
                "written": written and not call.dry_run,
                **show.as_json(plan.report),
            }
        )
    else:
        show.imported(plan.report, plan.file, screen, dry_run=call.dry_run)
    return 1 if plan.report.is_refused else 0


def refresh(call: WritingCall, person: PersonArgument, file: FileArgument) -> None:
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

    screen, work, today = call.screen, call.work, call.today
    plan = task.plan_refresh(
        person, _read(file), work.files, work.schemas, keyrings(today), today
    )
    if not call.dry_run:
        carry_out(plan, work.files.root)
    if call.json:
        written = plan.replacement is not None and not call.dry_run
        fields = {"dry_run": call.dry_run, "written": written, "changes": list(plan.changes)}
        screen.json({**fields, **show.as_json(plan.report)})
    else:
        show.refreshed(plan.report, plan.changes, screen, dry_run=call.dry_run)


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
