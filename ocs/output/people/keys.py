"""Certificates and what is wrong with them, as text and for programs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from ocs.model.certificate import CertificateFile, CertificateReport
from ocs.output.console import Screen, clean

_STYLES = {"good": "bold green", "warned": "bold yellow", "refused": "bold red"}


def checked(reports: Sequence[CertificateReport], screen: Screen) -> None:
    """Each certificate with its reasons, and how many there are of each grade."""
    for report in reports:
        one(report, screen)
    number = len(reports)
    counts = Counter(map(_grade, reports))
    grades = ", ".join(f"{counts[grade]} {grade}" for grade in _STYLES if counts[grade])
    certificates = f"{number} certificate{'' if number == 1 else 's'}"
    screen.say(f"{certificates}{': ' if grades else ''}{grades}")


def one(report: CertificateReport, screen: Screen) -> None:
    """A certificate, its user id, and what is wrong with it."""
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
    """What the import of a certificate does; *file* is the one that is written."""
    if file:
        screen.out(("new      ", "dim"), clean(file))
    one(report, screen)
    outline = report.file.outline
    if outline and not report.is_refused and not report.file.vetted:
        screen.say(
            f"compare the fingerprint with {report.file.person} in a call or in person; "
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
        screen.say("this copy has nothing new; nothing was written")
    elif dry_run:
        screen.say("nothing was written (--dry-run)")


def as_json(report: CertificateReport) -> dict[str, Any]:
    certificate, outline = report.file.certificate, report.file.outline
    expires = certificate.primary.expires if certificate else None
    return {
        "file": report.file.name,
        "person": report.file.person,
        "fingerprint": outline.fingerprint if outline else None,
        "user_ids": _user_ids(report.file),
        "expires": expires.isoformat() if expires else None,
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
    """The fingerprint, the first user id that was not revoked, and when it expires."""
    if file.outline is None:
        return ""
    name = next(iter(_user_ids(file)), "")
    expires = file.certificate.primary.expires if file.certificate else None
    text = f"  {file.outline.fingerprint}  {name}".rstrip()
    return f"{text}, expires {expires}" if expires else text


def _user_ids(file: CertificateFile) -> list[str]:
    user_ids = file.certificate.user_ids if file.certificate else ()
    return [user_id.text for user_id in user_ids if not user_id.is_revoked]


def _in_line(text: str) -> str:
    return " ".join(text.split("\n"))
