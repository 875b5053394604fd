"""People's certificates: judged, taken into the registry, and brought up to date."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from ocs.adapters.files import Files, read_given
from ocs.adapters.keyring import Keyring
from ocs.adapters.packets import MOST_BYTES, as_text, certificates_in
from ocs.errors import NotOpenPgpError, OcsError, RecordNotFoundError
from ocs.model.certificate import CertificateFile, CertificateReport, Outline
from ocs.model.change import Replacement
from ocs.model.kinds import is_slug
from ocs.model.plan import CertificatePlan
from ocs.rules.nearest import did_you_mean
from ocs.rules.people.keychanges import changes
from ocs.rules.people.keys import reasons
from ocs.rules.records.schema import Schemas
from ocs.tasks.registry.certificates import (
    Keyrings,
    certificate_file,
    certificate_files,
    compared,
    file_of,
    verified,
)
from ocs.tasks.registry.load import load


def judge_people(
    people: Sequence[str], files: Files, schemas: Schemas, keyrings: Keyrings, today: date
) -> list[CertificateReport]:
    """The certificates of these people, of all where there are none. Raises
    RecordNotFoundError.
    """
    read = compared(certificate_files(files), load(files, schemas).registry)
    known = [file.person or "" for file in read]
    for person in people:
        if person not in known:
            raise RecordNotFoundError(
                f"there is no certificate {file_of(person)}",
                did_you_mean(person, known) or f"run `ocs key import {person} FILE`",
            )
    reports = _reports(verified(read, keyrings), today)
    return [report for report in reports if not people or report.file.person in people]


def judge_file(
    data: bytes, name: str, keyrings: Keyrings, today: date
) -> list[CertificateReport]:
    """Every certificate in a file; a project's keyring may hold many."""
    try:
        parts = list(certificates_in(data))
    except NotOpenPgpError:
        parts = [data]
    return _reports(
        verified([certificate_file(part, name) for part in parts], keyrings), today
    )


def plan_import(
    person: str,
    data: bytes,
    name: str,
    files: Files,
    schemas: Schemas,
    keyrings: Keyrings,
    today: date,
) -> CertificatePlan:
    """What taking in the certificate of a person, from a file called *name*, would do.

    Raises OcsError where they have one.
    """
    registry = load(files, schemas).registry
    if person not in registry.ids("person"):
        first = f"write people/{person}.yaml first" if is_slug(person) else None
        raise RecordNotFoundError(
            f"there is no person {person}",
            did_you_mean(person, registry.ids("person")) or first,
        )
    others = certificate_files(files)
    given = certificate_file(data, name, person)
    for other in others:
        if other.person == person:
            raise _is_there(given, other)
    (report,) = _reports(verified(compared([given, *others], registry)[:1], keyrings), today)
    if given.outline is None or report.is_refused:
        return CertificatePlan(report, None)
    return CertificatePlan(
        report, Replacement(file_of(person), _text([given.outline], keyrings))
    )


def plan_refresh(
    person: str, data: bytes, files: Files, schemas: Schemas, keyrings: Keyrings, today: date
) -> CertificatePlan:
    """What a newer copy of a person's certificate would change. Raises OcsError where it is
    another key.

    The copies are merged, so that nothing that the old one says is lost: no revocation can be
    undone.
    """
    path = file_of(person)
    others = certificate_files(files)
    old = next((other for other in others if other.person == person), None)
    if old is None:
        raise RecordNotFoundError(
            f"there is no certificate {path}", f"run `ocs key import {person} FILE`"
        )
    given = certificate_file(data, path, person)
    if old.outline is None:
        raise OcsError(
            f"{path} may not be used: {old.fault}",
            "take the file away, then use `ocs key import`",
        )
    if given.outline is None:
        raise OcsError(f"the new copy may not be used: {given.fault}", given.hint)
    if given.outline.fingerprint != old.outline.fingerprint:
        raise _is_there(given, old)
    text = _text([old.outline, given.outline], keyrings)
    merged = certificate_file(text, path, person)
    registry = load(files, schemas).registry
    rest = [other for other in others if other is not old]
    (before,) = verified([old], keyrings)
    (after,) = _reports(verified(compared([merged, *rest], registry)[:1], keyrings), today)
    what = tuple(changes(before.certificate, after.file.certificate))
    return CertificatePlan(
        after,
        Replacement(path, text, files.read(path, 2 * MOST_BYTES)) if what else None,
        what,
    )


def read(path: Path, most_bytes: int) -> bytes:
    """What is in a file that somebody named. Raises UnreadableError."""
    return read_given(path, most_bytes)


def _reports(read: Sequence[CertificateFile], today: date) -> list[CertificateReport]:
    return [CertificateReport(file, reasons(file, today)) for file in read]


def _text(outlines: Sequence[Outline], keyrings: Keyrings) -> bytes:
    """The file of one certificate, of which there may be several copies."""
    keyring: Keyring = keyrings(outlines)
    return as_text(keyring.packets_of(outlines[0].fingerprint))


def _is_there(given: CertificateFile, other: CertificateFile) -> OcsError:
    """Why a certificate cannot be put where another is."""
    there = other.outline.fingerprint if other.outline else ""
    if given.outline and given.outline.fingerprint == there:
        return OcsError(
            f"{other.name} holds this key already",
            f"run `ocs key refresh {other.person} FILE` for a newer copy",
        )
    return OcsError(
        f"{other.name} holds another key, {there or 'which may not be used'}",
        "a new key is vetted first: write its fingerprint into "
        f"vetting/{other.person}.yaml, take away "
        f"{other.name}, then run `ocs key import {other.person} FILE`",
    )
