"""What must hold of how long people's certificates last, and can be encrypted to."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from ocs.model.certificate import Certificate, CertificateFile, KeyFault
from ocs.model.finding import Severity
from ocs.rules.people.keyrule import key_rule

FEWEST_DAYS = 30
_SOON = timedelta(days=60)
_LONGEST = timedelta(days=731)
_REFRESH = (
    "Ask the person to extend it and send a copy. Then run `ocs key refresh PERSON FILE`."
)
_SENDS = "and to send the new copy"


@key_rule(
    "expired-key",
    Severity.WARNING,
    refuses=True,
    example="keys/lena.asc expired on 2026-03-01",
    hint=_REFRESH,
)
def keys_that_have_expired(file: CertificateFile, today: date) -> Iterator[KeyFault]:
    """A certificate has not expired."""
    found = file.certificate
    if found and not found.primary.is_revoked and _has_expired(found, today):
        message = f"the key expired on {found.primary.expires}"
        yield KeyFault(message, lasting_longer(file, found))


@key_rule(
    "no-encryption-key",
    Severity.WARNING,
    refuses=True,
    example="the subkey for encrypting ends on 2026-12-01, on 2026-11-20",
    hint="Ask the person to add a subkey for encrypting or extend an old one, and send the copy.",
)
def certificates_that_cannot_be_encrypted_to(
    file: CertificateFile, today: date
) -> Iterator[KeyFault]:
    """A certificate has a key for encrypting that lasts for at least 30 more days."""
    found = file.certificate
    if not found or found.primary.is_revoked or _has_expired(found, today):
        return
    if not found.encrypting(today):
        adding = f"`gpg --quick-add-key {found.fingerprint} cv25519 encr 1y`"
        yield KeyFault(
            _why_none(found), f"ask {holder(file)} to add one with {adding}, {_SENDS}"
        )
        return
    ends = last_day(found, today)
    if ends and (ends - today).days < FEWEST_DAYS:
        message = (
            f"its last key for encrypting ends on {ends}, and {FEWEST_DAYS} days are needed"
        )
        yield KeyFault(message, lasting_longer(file, found))


@key_rule(
    "key-expires-soon",
    Severity.NOTE,
    refuses=False,
    example="keys/lena.asc ends on 2027-01-10, on 2026-11-20",
    hint=_REFRESH,
)
def keys_that_expire_soon(file: CertificateFile, today: date) -> Iterator[KeyFault]:
    """ocs can encrypt to a certificate for at least 60 more days."""
    found = file.certificate
    ends = last_day(found, today) if found else None
    if found and ends and timedelta(days=FEWEST_DAYS) <= ends - today < _SOON:
        message = f"secrets can be encrypted to it until {ends} only"
        yield KeyFault(message, lasting_longer(file, found))


@key_rule(
    "endless-key",
    Severity.NOTE,
    refuses=False,
    example="a certificate that never expires",
    hint="Ask the person to set an expiry date within two years, and to send the new copy. "
    "They can extend it later.",
)
def keys_that_never_end(file: CertificateFile, today: date) -> Iterator[KeyFault]:
    """A certificate expires within two years, so that a lost key does not stay valid for ever."""
    found = file.certificate
    if not found or not found.encrypting(today):
        return
    ends = last_day(found, today)
    if ends is None or ends - today > _LONGEST:
        until = f"expires only on {ends}" if ends else "never expires"
        message = f"the key {until}; set an expiry date within two years"
        yield KeyFault(message, lasting_longer(file, found))


def _has_expired(certificate: Certificate, today: date) -> bool:
    return certificate.primary.expires is not None and certificate.primary.expires <= today


def holder(file: CertificateFile) -> str:
    """Whose certificate it is, in words; unknown where others have the same."""
    return "its owner" if file.person is None or file.same_as else file.person


def lasting_longer(file: CertificateFile, certificate: Certificate) -> str:
    """What makes a certificate last longer."""
    return (
        f"ask {holder(file)} to run `gpg --quick-set-expire {certificate.fingerprint} 1y`, "
        f"then the same with '*' at the end for the subkeys, {_SENDS}"
    )


def last_day(certificate: Certificate, today: date) -> date | None:
    """The day from which on none of today's keys can be encrypted to; None for never."""
    ends = [certificate.ends(key) for key in certificate.encrypting(today)]
    return None if None in ends else max((day for day in ends if day), default=None)


def _why_none(certificate: Certificate) -> str:
    able = [key for key in certificate.subkeys if "e" in key.capabilities]
    if not able:
        return "the certificate has no key for encrypting"
    if all(key.key.is_weak for key in able):
        return f"its key for encrypting is {able[-1].key.called}, which is too weak"
    return "its keys for encrypting have expired or were revoked"


ENDS = (
    keys_that_have_expired,
    certificates_that_cannot_be_encrypted_to,
    keys_that_expire_soon,
    keys_that_never_end,
)
