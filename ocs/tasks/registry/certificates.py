"""The certificates of a registry: read, verified by gpg where it is there, and held against
each other.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
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
    """Where the person's certificate lies."""
    return f"{FOLDER}/{person}.asc"


def with_certificates(
    registry: Registry,
    files: Files,
    keyrings: Keyrings | None,
    read_before: Mapping[str, CertificateFile] | None = None,
) -> tuple[Registry, list[Finding]]:
    """The registry with its certificates, and what keeps them from being verified.

    Without *keyrings*, and without gpg, only what stands in their packets is known of them.
    The files *read_before* are not read again.
    """
    if not any(entry.path == FOLDER for entry in files.top()):
        return registry, []
    unverified = (
        certificate_files(files)
        if read_before is None
        else [
            replace(file, certificate=None, was_asked=False) for file in read_before.values()
        ]
    )
    read = compared(unverified, registry)
    findings = []
    if keyrings is not None and read:
        try:
            read = verified(read, keyrings)
        except KeyringError as error:
            message = f"ends and revocations of keys were not looked at: {error.message}"
            findings.append(KEYS_UNCHECKED.finding(message, Place(FOLDER), hint=error.hint))
    return replace(registry, certificates={each.person or "": each for each in read}), findings


def certificate_files(files: Files) -> list[CertificateFile]:
    """The files in keys/, by name; what could not be a certificate's is told elsewhere."""
    found = []
    for entry in sorted(files.records((FOLDER,))):
        if entry.what != "file":
            continue
        try:
            person = identify_key(entry.path)
            found.append(
                certificate_file(files.read(entry.path, 2 * MOST_BYTES), entry.path, person)
            )
        except UnreadableError as error:
            found.append(
                CertificateFile(
                    entry.path, person, fault=error.message, hint="make it readable"
                )
            )
        except Misplaced:
            continue
    return found


def certificate_file(data: bytes, name: str, person: str | None = None) -> CertificateFile:
    """What is in a file, as far as its packets tell."""
    try:
        return CertificateFile(name, person, read_certificate(data))
    except NotOpenPgpError as error:
        return CertificateFile(name, person, fault=error.message, hint=error.hint)


def compared(read: Sequence[CertificateFile], registry: Registry) -> list[CertificateFile]:
    """The files with the fingerprints that the registry expects in them, and who has a key of
    another.
    """
    sharing = _sharing(read)
    return [
        replace(
            each,
            vetted=vetted_keys(registry, each.person) if each.person else frozenset(),
            shared_with=sharing.get(each.name, ()),
        )
        for each in read
    ]


def verified(read: Sequence[CertificateFile], keyrings: Keyrings) -> list[CertificateFile]:
    """The files with what gpg verified. Raises KeyringError."""
    found = keyrings([each.outline for each in read if each.outline]).certificates
    return [
        replace(each, certificate=found.get(each.outline.fingerprint), was_asked=True)
        if each.outline
        else each
        for each in read
    ]


def keyring_of(files: Iterable[CertificateFile], keyrings: Keyrings) -> Keyring:
    """The keyring of all certificates in these files that may be used."""
    return keyrings([file.outline for file in files if file.outline])


def _fingerprints(file: CertificateFile) -> set[str]:
    outline = file.outline
    return (
        {key.fingerprint for key in (outline.primary, *outline.subkeys)} if outline else set()
    )


def _sharing(read: Sequence[CertificateFile]) -> Mapping[str, tuple[str, ...]]:
    """For each file that has a key of another, the names of those."""
    count = Counter(fingerprint for each in read for fingerprint in _fingerprints(each))
    twice = {fingerprint for fingerprint, times in count.items() if times > 1}
    having = [each for each in read if not twice.isdisjoint(_fingerprints(each))]
    return {
        each.name: tuple(
            other.person or other.name
            for other in having
            if other is not each and not _fingerprints(other).isdisjoint(_fingerprints(each))
        )
        for each in having
    }
