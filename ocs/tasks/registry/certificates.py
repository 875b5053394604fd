"""The certificates of a registry: read, compared, and verified where there is gpg."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from ocs.adapters.files import Files
from ocs.adapters.keyring import Keyring
from ocs.adapters.packets import MOST_BYTES, read_certificate
from ocs.errors import KeyringError, NotOpenPgpError, UnreadableError
from ocs.model.certificate import CertificateFile, Outline
from ocs.model.finding import Finding, Place
from ocs.model.registry import Registry
from ocs.rules.people.keys import CHECKS, KEYS_UNCHECKED, vetted_keys
from ocs.rules.records.naming import Misplaced, identify_key

FOLDER = "keys"
CODES = frozenset(check.code for check in CHECKS)
# Makes a keyring of certificates, on the day that the command judges.
Keyrings = Callable[[Sequence[Outline]], Keyring]


def file_of(person: str) -> str:
    return f"{FOLDER}/{person}.asc"


def with_certificates(
    registry: Registry,
    files: Files,
    keyrings: Keyrings | None,
    read_before: Mapping[str, CertificateFile] | None = None,
) -> tuple[Registry, list[Finding]]:
    """The registry with its certificates, and what keeps gpg from verifying them.

    Without *keyrings*, and without gpg, they have only what their packets say. Files that were
    *read_before* are not read again.
    """
    if not any(entry.path == FOLDER for entry in files.top()):
        return registry, []
    if read_before is None:
        unverified = certificate_files(files)
    else:
        unverified = [
            replace(file, certificate=None, was_asked=False) for file in read_before.values()
        ]
    certificates = compared(unverified, registry)
    findings = []
    if keyrings is not None and certificates:
        try:
            certificates = verified(certificates, keyrings)
        except KeyringError as error:
            message = (
                f"cannot check whether keys have expired or were revoked: {error.message}"
            )
            findings.append(KEYS_UNCHECKED.finding(message, Place(FOLDER), hint=error.hint))
    by_person = {file.person or "": file for file in certificates}
    return replace(registry, certificates=by_person), findings


def certificate_files(files: Files) -> list[CertificateFile]:
    """The files in keys/ by name, but for those that are no certificate by their name."""
    certificates = []
    for entry in sorted(files.records((FOLDER,))):
        if entry.what != "file":
            continue
        try:
            person = identify_key(entry.path)
            data = files.read(entry.path, 2 * MOST_BYTES)
        except UnreadableError as error:
            certificates.append(
                CertificateFile(
                    entry.path, person, fault=error.message, hint="make it readable"
                )
            )
        except Misplaced:
            continue
        else:
            certificates.append(certificate_file(data, entry.path, person))
    return certificates


def certificate_file(data: bytes, name: str, person: str | None = None) -> CertificateFile:
    """What the packets in a file say."""
    try:
        return CertificateFile(name, person, read_certificate(data))
    except NotOpenPgpError as error:
        return CertificateFile(name, person, fault=error.message, hint=error.hint)


def compared(
    certificates: Sequence[CertificateFile], registry: Registry
) -> list[CertificateFile]:
    """The files with the fingerprints that the registry expects, and who shares their keys."""
    return [
        replace(
            file,
            vetted=vetted_keys(registry, file.person) if file.person else frozenset(),
            shared_with=_people(others),
            same_as=_people(other for other in others if _primary(other) == _primary(file)),
        )
        for file, others in zip(certificates, _sharing(certificates), strict=True)
    ]


def verified(
    certificates: Sequence[CertificateFile], keyrings: Keyrings
) -> list[CertificateFile]:
    """The files with what gpg verified. Raises KeyringError."""
    verdicts = keyrings([file.outline for file in certificates if file.outline]).certificates
    return [
        replace(file, certificate=verdicts.get(file.outline.fingerprint), was_asked=True)
        if file.outline
        else file
        for file in certificates
    ]


def keyring_of(files: Iterable[CertificateFile], keyrings: Keyrings) -> Keyring:
    """The keyring of all certificates in these files that may be used."""
    return keyrings([file.outline for file in files if file.outline])


def _fingerprints(file: CertificateFile) -> set[str]:
    keys = (file.outline.primary, *file.outline.subkeys) if file.outline else ()
    return {key.fingerprint for key in keys}


def _primary(file: CertificateFile) -> str | None:
    return file.outline.fingerprint if file.outline else None


def _people(files: Iterable[CertificateFile]) -> tuple[str, ...]:
    return tuple(file.person or file.name for file in files)


def _sharing(certificates: Sequence[CertificateFile]) -> Iterator[list[CertificateFile]]:
    """For each file, the others that have a key of it."""
    files_with: dict[str, list[CertificateFile]] = {}
    for file in certificates:
        for fingerprint in _fingerprints(file):
            files_with.setdefault(fingerprint, []).append(file)
    for file in certificates:
        sharers = {
            other.name: other
            for fingerprint in sorted(_fingerprints(file))
            for other in files_with[fingerprint]
            if other is not file
        }
        yield [sharers[name] for name in sorted(sharers)]
