"""A person's OpenPGP certificate: the public keys, whose they are, and until when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

# Digests with which an attacker can make two texts with the same signature.
BROKEN_DIGESTS = {1: "MD5", 2: "SHA-1", 3: "RIPEMD-160"}
_FEWEST_RSA_BITS = 2048


@dataclass(frozen=True, slots=True)
class Key:
    """A public key, all of it bound by the fingerprint. `bits` is None where the curve says it."""

    fingerprint: str
    algorithm: str
    bits: int | None
    created: date

    @property
    def key_id(self) -> str:
        return self.fingerprint[-16:]

    @property
    def called(self) -> str:
        return f"{self.algorithm} with {self.bits} bits" if self.bits else self.algorithm

    @property
    def is_weak(self) -> bool:
        """May it be broken before what it protects has lost its worth?"""
        if self.algorithm == "RSA":
            return (self.bits or 0) < _FEWEST_RSA_BITS
        return self.algorithm in ("DSA", "Elgamal")


@dataclass(frozen=True, slots=True)
class Outline:
    """The packets (`data`) of a certificate's file, in which no signature was verified."""

    primary: Key
    subkeys: tuple[Key, ...]
    user_ids: int
    data: bytes

    @property
    def fingerprint(self) -> str:
        return self.primary.fingerprint


@dataclass(frozen=True, slots=True)
class Subkey:
    """A key that the primary key vouches for.

    `capabilities` are letters of gpg's: e encrypts, s signs, a logs in, c certifies. `expires`
    is the first day on which it may no longer be used.
    """

    key: Key
    capabilities: frozenset[str]
    expires: date | None
    is_revoked: bool = False

    @property
    def fingerprint(self) -> str:
        return self.key.fingerprint


@dataclass(frozen=True, slots=True)
class UserId:
    text: str
    is_revoked: bool = False


@dataclass(frozen=True, slots=True)
class Certificate:
    """A certificate without the parts that lack a valid signature, as gpg has verified.

    `primary` is a key as the others are. `digests` are those of the signatures that count now,
    as OpenPGP numbers them. `signed` is when the primary key last signed each key, in seconds
    since 1970, by fingerprint: for itself, its newest signature of a user id.
    """

    primary: Subkey
    subkeys: tuple[Subkey, ...]
    user_ids: tuple[UserId, ...]
    digests: frozenset[int] = frozenset()
    signed: tuple[tuple[str, int], ...] = ()

    @property
    def fingerprint(self) -> str:
        return self.primary.fingerprint

    @property
    def keys(self) -> tuple[Subkey, ...]:
        return (self.primary, *self.subkeys)

    def ends(self, key: Subkey) -> date | None:
        """The first day on which a key may not be used; None where it has no end."""
        return min((day for day in (self.primary.expires, key.expires) if day), default=None)

    def encrypting(self, today: date) -> tuple[Subkey, ...]:
        """The keys that may be encrypted to on the day *today*, the newest first."""
        if self.primary.is_revoked:
            return ()
        live = [
            key
            for key in self.keys
            if "e" in key.capabilities
            and not key.is_revoked
            and not key.key.is_weak
            and ((end := self.ends(key)) is None or today < end)
        ]
        live.sort(key=lambda key: (key.key.created, key.fingerprint), reverse=True)
        return tuple(live)


@dataclass(frozen=True, slots=True)
class CertificateFile:
    """A certificate's file, with what ocs knows about it.

    `outline` is None where the file may not be used; `fault` and `hint` say why. `certificate`
    is None where gpg was not asked (`was_asked`), or verified nothing. `vetted` are the
    fingerprints by which the registry knows the person. `shared_with` names others whose
    certificate has a key of this one, and `same_as` those of them who have this certificate.
    """

    name: str
    person: str | None = None
    outline: Outline | None = None
    fault: str = ""
    hint: str | None = None
    certificate: Certificate | None = None
    was_asked: bool = False
    vetted: frozenset[str] = frozenset()
    shared_with: tuple[str, ...] = ()
    same_as: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class KeyFault:
    """Something wrong with a certificate, and how to fix it."""

    message: str
    hint: str


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a certificate is refused, or gets a warning."""

    code: str
    refuses: bool
    fault: KeyFault


@dataclass(frozen=True, slots=True)
class CertificateReport:
    """A certificate's file with everything that is wrong with it."""

    file: CertificateFile
    reasons: tuple[Reason, ...]

    @property
    def is_refused(self) -> bool:
        return any(reason.refuses for reason in self.reasons)
