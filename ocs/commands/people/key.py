"""ocs key: check, import and refresh people's certificates."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from ocs.commands.asking import note
from ocs.commands.declared import Argument
from ocs.commands.options import PERSON, ReadingCall, WritingCall
from ocs.errors import OcsError

if TYPE_CHECKING:
    from ocs.model.certificate import Certificate
    from ocs.model.plan import CertificatePlan

# A file to check may be the keyring of a whole project.
_MOST_BYTES = 64 * 1024 * 1024
PersonArgument = Annotated[str, Argument(help="The person whose certificate it is.", **PERSON)]
FileArgument = Annotated[
    str, Argument(help="The file with the certificate, or `-` for stdin.", metavar="FILE")
]


def check(
    call: ReadingCall,
    what: Annotated[
        list[str] | None,
        Argument(
            help="People, or files with certificates. The default is everybody.",
            metavar="PERSON|FILE...",
        ),
    ] = None,
) -> int:
    """Check whether ocs can encrypt to certificates, and show how to fix them.

    A file may hold many certificates, such as the keyring of a project. The exit status is 1 if
    any certificate is refused.

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
    reports = []
    if people or not files:
        work = call.work
        reports += task.people_reports(
            people, work.files, work.schemas, work.keyrings(today), today
        )
    for file in files:
        reports += task.file_reports(_read(file), _shown(file), keyrings(today), today)
    if call.json:
        screen.json({"certificates": [show.as_json(report) for report in reports]})
    else:
        show.checked(reports, screen)
    return 1 if any(report.is_refused for report in reports) else 0


def import_certificate(call: WritingCall, person: PersonArgument, file: FileArgument) -> int:
    """Import a person's certificate, if secrets can be encrypted to it.

    ocs leaves out the signatures of other people. The exit status is 1 if the certificate is
    refused.

    Example:
      ocs key import sam sam.asc --dry-run
      ocs key import sam - < sam.asc
    """
    from ocs.output.people import keys as show
    from ocs.tasks.people import keys as task
    from ocs.tasks.registry.carryout import carry_out
    from ocs.workspace import keyrings

    screen, work, today = call.screen, call.work, call.today
    plan = task.plan_import(
        person, _read(file), _shown(file), work.files, work.schemas, keyrings(today), today
    )
    if not call.dry_run:
        carry_out(plan, work.files.root)
        note(plan.replacements, work, today, screen, _written(plan))
    if call.json:
        written = plan.replacement is not None and not call.dry_run
        fields = {"dry_run": call.dry_run, "written": written}
        screen.json(fields | show.as_json(plan.report))
    else:
        show.imported(plan.report, plan.file, screen, dry_run=call.dry_run)
    return 1 if plan.report.is_refused else 0


def refresh(call: WritingCall, person: PersonArgument, file: FileArgument) -> None:
    """Update a person's certificate from a newer copy, and show what changed.

    ocs merges the two copies, so that no revocation is lost, whichever copy is newer. It
    refuses another key.

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
        note(plan.replacements, work, today, screen, _written(plan))
    if call.json:
        written = plan.replacement is not None and not call.dry_run
        fields = {"dry_run": call.dry_run, "written": written, "changes": list(plan.changes)}
        screen.json(fields | show.as_json(plan.report))
    else:
        show.refreshed(plan.report, plan.changes, screen, dry_run=call.dry_run)


def _written(plan: CertificatePlan) -> tuple[Certificate, ...]:
    """The certificate that a plan wrote."""
    certificate = plan.report.file.certificate
    return (certificate,) if plan.replacement and certificate else ()


def _is_file(name: str) -> bool:
    """Does this name a file, rather than a person?"""
    return name == "-" or "/" in name or "." in name


def _shown(name: str) -> str:
    return "stdin" if name == "-" else name


def _read(name: str) -> bytes:
    from ocs.tasks.people.keys import read

    if name != "-":
        return read(Path(name), _MOST_BYTES)
    if sys.stdin.isatty():
        raise OcsError("stdin is a terminal", "name a file, or pipe a certificate in")
    return sys.stdin.buffer.read(_MOST_BYTES + 1)
