"""People's certificates: check, import and refresh them."""

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


def people_reports(
    people: Sequence[str], files: Files, schemas: Schemas, keyrings: Keyrings, today: date
) -> list[CertificateReport]:
    """The certificates of these people, or of all. Raises RecordNotFoundError."""
    certificates = compared(certificate_files(files), load(files, schemas).registry)
    known = [file.person or "" for file in certificates]
    for person in people:
        if person not in known:
            raise RecordNotFoundError(
                f"there is no certificate {file_of(person)}",
                did_you_mean(person, known) or f"run `ocs key import {person} FILE`",
            )
    reports = _reports(verified(certificates, keyrings), today)
    return [report for report in reports if not people or report.file.person in people]


def file_reports(
    data: bytes, name: str, keyrings: Keyrings, today: date
) -> list[CertificateReport]:
    """Every certificate in a file; a project's keyring may hold many."""
    try:
        parts = list(certificates_in(data))
    except NotOpenPgpError:
        parts = [data]
    certificates = [certificate_file(part, name) for part in parts]
    return _reports(verified(certificates, keyrings), today)


def plan_import(
    person: str,
    data: bytes,
    name: str,
    files: Files,
    schemas: Schemas,
    keyrings: Keyrings,
    today: date,
) -> CertificatePlan:
    """The import of a person's certificate from a file called *name*.

    Raises OcsError if they have one already.
    """
    registry = load(files, schemas).registry
    people = registry.ids("person")
    if person not in people:
        first = f"write people/{person}.yaml first" if is_slug(person) else None
        raise RecordNotFoundError(
            f"no person has the id '{person}'", did_you_mean(person, people) or first
        )
    others = certificate_files(files)
    given = certificate_file(data, name, person)
    for other in others:
        if other.person == person and given.outline is not None:
            raise _is_there(given, other)
    (report,) = _reports(verified(compared([given, *others], registry)[:1], keyrings), today)
    if given.outline is None or report.is_refused:
        return CertificatePlan(report, None)
    text = _text([given.outline], keyrings)
    return CertificatePlan(report, Replacement(file_of(person), text))


def plan_refresh(
    person: str, data: bytes, files: Files, schemas: Schemas, keyrings: Keyrings, today: date
) -> CertificatePlan:
    """What a newer copy of a certificate changes. Raises OcsError if it is another key.

    The copies are merged, so that the new one cannot undo a revocation in the old one.
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
            f"{path} cannot be used: {old.fault}",
            "delete the file, then run `ocs key import`",
        )
    if given.outline is None:
        raise OcsError(f"the new copy cannot be used: {given.fault}", given.hint)
    if given.outline.fingerprint != old.outline.fingerprint:
        raise _is_there(given, old)
    text = _text([old.outline, given.outline], keyrings)
    merged = certificate_file(text, path, person)
    registry = load(files, schemas).registry
    rest = [other for other in others if other is not old]
    (before,) = verified([old], keyrings)
    (after,) = _reports(verified(compared([merged, *rest], registry)[:1], keyrings), today)
    differences = tuple(changes(before.certificate, after.file.certificate))
    if not differences:
        return CertificatePlan(after, None)
    replacement = Replacement(path, text, files.read(path, 2 * MOST_BYTES))
    return CertificatePlan(after, replacement, differences)


def read(path: Path, most_bytes: int) -> bytes:
    """What is in a file that the user names. Raises UnreadableError."""
    return read_given(path, most_bytes)


def _reports(files: Sequence[CertificateFile], today: date) -> list[CertificateReport]:
    return [CertificateReport(file, reasons(file, today)) for file in files]


def _text(outlines: Sequence[Outline], keyrings: Keyrings) -> bytes:
    """The file of one certificate, merged from copies of it."""
    keyring: Keyring = keyrings(outlines)
    return as_text(keyring.packets_of(outlines[0].fingerprint))


def _is_there(given: CertificateFile, other: CertificateFile) -> OcsError:
    """Why a certificate cannot replace another."""
    there = other.outline.fingerprint if other.outline else ""
    if given.outline and given.outline.fingerprint == there:
        return OcsError(
            f"{other.name} already holds this key",
            f"run `ocs key refresh {other.person} FILE` for a newer copy",
        )
    return OcsError(
        f"{other.name} holds another key, {there or 'which ocs cannot use'}",
        "vet the new key first: write its fingerprint into "
        f"vetting/{other.person}.yaml, delete "
        f"{other.name}, then run `ocs key import {other.person} FILE`",
    )
