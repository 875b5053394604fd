"""Certificates and what is said of them, as text and for programs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ocs.model.certificate import CertificateFile, CertificateReport
from ocs.output.console import Screen, clean

_STYLES = {"good": "bold green", "warned": "bold yellow", "refused": "bold red"}


def checked(reports: Sequence[CertificateReport], screen: Screen) -> None:
    """Each certificate with its reasons, and how many there are of each grade."""
    for report in reports:
        one(report, screen)
    counts = [(grade, sum(_grade(report) == grade for report in reports)) for grade in _STYLES]
    told = ", ".join(f"{count} {grade}" for grade, count in counts if count)
    screen.say(f"{_certificates(len(reports))}{': ' if told else ''}{told}")


def one(report: CertificateReport, screen: Screen) -> None:
    """A certificate, whose it says it is, and what is to be said of it."""
    grade = _grade(report)
    screen.out(
        (f"{clean(report.file.name)}: ", "bold"),
        (grade, _STYLES[grade]),
        clean(_in_line(_about(report.file))),
    )
    for reason in report.reasons:
        message = clean(_in_line(f"     {reason.fault.message}"))
        screen.out("     ", message.strip(), (f" [{reason.code}]", "dim"))
        screen.out(("     = ", "dim"), clean(_in_line(reason.fault.hint)))


def imported(
    report: CertificateReport, file: str | None, screen: Screen, *, dry_run: bool
) -> None:
    """What taking in a certificate does; *file* is the one that is written."""
    if file:
        screen.out(("new      ", "dim"), clean(file))
    one(report, screen)
    outline = report.file.outline
    if outline and not report.is_refused and not report.file.vetted:
        screen.say(
            f"compare the fingerprint with {report.file.person}, by another way than "
            "this file came; "
            f"then write `key: {outline.fingerprint}` into vetting/{report.file.person}.yaml"
        )
    if dry_run or not file:
        screen.say("nothing was written" + (" (--dry-run)" if dry_run else ""))


def refreshed(
    report: CertificateReport, changes: Sequence[str], screen: Screen, *, dry_run: bool
) -> None:
    """What a newer copy of a certificate changes."""
    if changes:
        screen.out(("changed  ", "dim"), clean(report.file.name))
    for change in changes:
        screen.out("     ", clean(_in_line(change)))
    one(report, screen)
    if not changes:
        screen.say("there is nothing new in this copy; nothing was written")
    elif dry_run:
        screen.say("nothing was written (--dry-run)")


def as_json(report: CertificateReport) -> dict[str, Any]:
    """A certificate and what is said of it as a value of plain types."""
    found = report.file.certificate
    outline = report.file.outline
    return {
        "file": report.file.name,
        "person": report.file.person,
        "fingerprint": outline.fingerprint if outline else None,
        "user_ids": [each.text for each in found.user_ids if not each.is_revoked]
        if found
        else [],
        "expires": found.primary.expires.isoformat()
        if found and found.primary.expires
        else None,
        "grade": _grade(report),
        "reasons": [
            {
                "code": reason.code,
                "refuses": reason.refuses,
                "message": reason.fault.message,
                "hint": reason.fault.hint,
            }
            for reason in report.reasons
        ],
    }


def _grade(report: CertificateReport) -> str:
    if report.is_refused:
        return "refused"
    return "warned" if report.reasons else "good"


def _about(file: CertificateFile) -> str:
    """The fingerprint, the first user id that was not revoked, and when it ends."""
    if file.outline is None:
        return ""
    names = (
        [each.text for each in file.certificate.user_ids if not each.is_revoked]
        if file.certificate
        else []
    )
    ends = file.certificate.primary.expires if file.certificate else None
    return f"  {file.outline.fingerprint}  {names[0] if names else ''}".rstrip() + (
        f", ends {ends}" if ends else ""
    )


def _in_line(text: str) -> str:
    return " ".join(text.split("\n"))


def _certificates(count: int) -> str:
    return f"{count} certificate{'' if count == 1 else 's'}"
