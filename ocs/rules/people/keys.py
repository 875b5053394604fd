"""What must hold of people's certificates.

Refused, so that nobody encrypts to them: what is no certificate of version 4 alone, what its
own key does not speak for, another key than the vetted one, RSA below 2048 bits, DSA, Elgamal,
what is revoked or expired, and what cannot be encrypted to for at least 30 days. Warned: no
end, or one more than two years away; an end within 60 days; signatures of its own with SHA-1.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import cache

from ocs.model.certificate import BROKEN_DIGESTS, CertificateFile, KeyFault, Reason
from ocs.model.finding import Place, Severity
from ocs.model.registry import Registry
from ocs.model.vetting import Vetting
from ocs.rules.check import Check, Violation, at, check
from ocs.rules.nearest import listed
from ocs.rules.people.keyends import ENDS, holder, lasting_longer
from ocs.rules.people.keyrule import key_rule

_NEW_KEY = "make a new one with `gpg --full-generate-key`, and have its fingerprint vetted"


@cache  # a reader's certificate is judged for each of many secrets
def reasons(file: CertificateFile, today: date) -> tuple[Reason, ...]:
    """All that does not hold of a certificate on the day *today*."""
    return tuple(
        Reason(rule.check.code, rule.refuses, fault)
        for rule in KEY_RULES
        for fault in rule.judge(file, today)
    )


def vetted_keys(registry: Registry, person: str) -> frozenset[str]:
    """The fingerprints by which the registry knows a person: vetted, and a gatekeeper's."""
    return frozenset(key for owner, key, _ in _named_keys(registry) if owner == person)


def _named_keys(registry: Registry) -> Iterator[tuple[str, str, Place]]:
    """Every person's key that the registry names, and where."""
    for vetting in registry.records(Vetting):
        if vetting.key:
            yield vetting.id, vetting.key, at("vetting", vetting.id, "key")
    for number, gatekeeper in enumerate(registry.gatekeepers):
        if gatekeeper.key:
            place = at("ocs", "ocs", "gatekeepers", number, "key")
            yield gatekeeper.person, gatekeeper.key, place


@key_rule(
    "unfit-certificate",
    Severity.ERROR,
    refuses=True,
    example="keys/lena.asc holds a secret key, or two certificates",
    hint="Export it again with `gpg --armor --export FINGERPRINT`.",
)
def files_that_may_not_be_used(file: CertificateFile, today: date) -> Iterator[KeyFault]:
    """A file in keys/ is one certificate of version 4: public keys, user ids and signatures."""
    if file.outline is None:
        yield KeyFault(
            file.fault, file.hint or "export it again with `gpg --armor --export FINGERPRINT`"
        )


@key_rule(
    "unsigned-certificate",
    Severity.ERROR,
    refuses=True,
    example="a certificate whose user id somebody changed",
    hint="Export it again with `gpg --armor --export FINGERPRINT`.",
)
def certificates_that_gpg_verifies_nothing_of(
    file: CertificateFile, today: date
) -> Iterator[KeyFault]:
    """The primary key of a certificate signed at least one of its user ids."""
    if file.outline and file.was_asked and file.certificate is None and not file.shared_with:
        yield KeyFault(
            "gpg finds no user id that its own key signed",
            f"export it again with `gpg --armor --export {file.outline.fingerprint}`",
        )


@key_rule(
    "wrong-key",
    Severity.ERROR,
    refuses=True,
    example="keys/lena.asc is another key than vetting/lena.yaml names",
    hint="Ask the person which key is theirs, but not by mail. Then correct the wrong one.",
)
def certificates_that_are_not_the_vetted_ones(
    file: CertificateFile, today: date
) -> Iterator[KeyFault]:
    """A person's certificate has the fingerprint in vetting/, and a gatekeeper's in ocs.yaml."""
    if file.outline and file.vetted and file.vetted != {file.outline.fingerprint}:
        others = sorted(file.vetted - {file.outline.fingerprint})
        yield KeyFault(
            f"this is the key {file.outline.fingerprint}, but the registry names "
            f"{listed(others, 'and')}",
            f"ask {file.person} which key is theirs, but not by mail; then correct keys/, "
            "vetting/ or ocs.yaml",
        )


@key_rule(
    "adopted-key",
    Severity.ERROR,
    refuses=True,
    example="keys/mallory.asc has Lena's key as a subkey",
    hint="Ask both people whose key it is. A key belongs to one person, and one of them "
    "copied it.",
)
def keys_that_two_certificates_have(file: CertificateFile, today: date) -> Iterator[KeyFault]:
    """No key is in the certificates of two people."""
    if file.same_as:
        yield KeyFault(
            f"this is the certificate of {listed(file.same_as, 'and')}",
            "ask both people whose certificate it is; each person needs their own",
        )
    if others := [person for person in file.shared_with if person not in file.same_as]:
        yield KeyFault(
            f"one of its keys is also in the certificate of {listed(others, 'and')}",
            f"ask {listed(sorted({*others, holder(file)}), 'and')} whose key it is; "
            "a key belongs to one person",
        )


@key_rule(
    "weak-key",
    Severity.ERROR,
    refuses=True,
    example="RSA with 1024 bits",
    hint="Make a new key with `gpg --full-generate-key`, and have its fingerprint vetted.",
)
def keys_that_are_weak(file: CertificateFile, today: date) -> Iterator[KeyFault]:
    """A primary key is RSA with at least 2048 bits, or of an elliptic curve."""
    if file.outline and file.outline.primary.is_weak:
        yield KeyFault(
            f"its primary key is {file.outline.primary.called}, which is too weak", _NEW_KEY
        )


@key_rule(
    "revoked-key",
    Severity.ERROR,
    refuses=True,
    example="keys/lena.asc was revoked by Lena",
    hint="Ask whether the key was stolen. If so, rotate the secrets that it could read. Have a new "
    "key vetted.",
)
def keys_that_are_revoked(file: CertificateFile, today: date) -> Iterator[KeyFault]:
    """A certificate is not revoked, and at least one of its user ids is not revoked."""
    found = file.certificate
    if found and (
        found.primary.is_revoked or all(user_id.is_revoked for user_id in found.user_ids)
    ):
        is_whole = found.primary.is_revoked
        yield KeyFault(
            "the key was revoked" if is_whole else "all its user ids were revoked",
            f"ask {holder(file)} whether the key was stolen; if so, rotate the secrets that it "
            f"could read; {_NEW_KEY}",
        )


@key_rule(
    "broken-digest",
    Severity.WARNING,
    refuses=False,
    example="a user id that is signed with SHA-1",
    hint="Ask the person to set a new expiry date with gpg from 2018 or later, and send the copy. "
    "That renews the signatures.",
)
def signatures_with_a_broken_digest(file: CertificateFile, today: date) -> Iterator[KeyFault]:
    """The self-signatures of a certificate use SHA-256 or better."""
    found = file.certificate
    digests = found.digests if found else ()
    broken = [name for number, name in BROKEN_DIGESTS.items() if number in digests]
    if found and broken:
        digest = listed(broken, "and")
        message = f"the self-signatures of the certificate use {digest}"
        yield KeyFault(message, lasting_longer(file, found))


@check(
    "missing-certificate",
    Severity.WARNING,
    example="vetting/lena.yaml names a key, and there is no keys/lena.asc",
    hint="Run `ocs key import PERSON FILE` with the certificate that the person sends.",
)
def vetted_people_without_certificate(registry: Registry, today: date) -> Iterator[Violation]:
    """If the registry keeps certificates, everybody with a vetted key has one."""
    if registry.certificates is None:
        return
    for person, _, place in _named_keys(registry):
        if person not in registry.certificates:
            yield Violation(
                f"there is no certificate of {person}, so nothing can be encrypted to this key",
                (place,),
                f"run `ocs key import {person} FILE`",
                root=person,
            )


KEY_RULES = (
    files_that_may_not_be_used,
    certificates_that_gpg_verifies_nothing_of,
    certificates_that_are_not_the_vetted_ones,
    keys_that_two_certificates_have,
    keys_that_are_weak,
    keys_that_are_revoked,
    *ENDS,
    signatures_with_a_broken_digest,
)
KEYS_UNCHECKED = Check(
    code="keys-unchecked",
    severity=Severity.NOTE,
    meaning="gpg is installed to verify certificates.",
    example="a machine without gpg, and a registry with certificates",
    hint="Install GnuPG. Until then ocs cannot see that a certificate has expired or was revoked.",
)
CHECKS = (
    *(rule.check for rule in KEY_RULES),
    vetted_people_without_certificate,
    KEYS_UNCHECKED,
)
