"""A person's OpenPGP certificate: the public keys, whose they are, and until when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

# Digests in which two texts with the same signature can be made.
BROKEN_DIGESTS = {1: "MD5", 2: "SHA-1", 3: "RIPEMD-160"}
_FEWEST_RSA_BITS = 2048


@dataclass(frozen=True, slots=True)
class Key:
    """A public key. All of it is bound by the fingerprint, so that it holds without any
    signature.

    `bits` is None where the curve says it all.
    """

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
        """Is it of a kind that may be broken before what it protects has lost its worth?"""
        return (
            self.algorithm == "RSA" and (self.bits or 0) < _FEWEST_RSA_BITS
        ) or self.algorithm in (
            "DSA",
            "Elgamal",
        )


@dataclass(frozen=True, slots=True)
class Outline:
    """What the file of a certificate holds; no signature in it was verified. `data` are its
    packets.
    """

    primary: Key
    subkeys: tuple[Key, ...]
    user_ids: int
    data: bytes

    @property
    def fingerprint(self) -> str:
        return self.primary.fingerprint


@dataclass(frozen=True, slots=True)
class Subkey:
    """A key that the primary key speaks for.

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
    """A certificate whose signatures gpg has verified; what they do not bear out is not in it.

    `primary` is a key as the others are. `digests` are those of the signatures that count now,
    as OpenPGP numbers them.
    """

    primary: Subkey
    subkeys: tuple[Subkey, ...]
    user_ids: tuple[UserId, ...]
    digests: frozenset[int] = frozenset()

    @property
    def fingerprint(self) -> str:
        return self.primary.fingerprint

    @property
    def keys(self) -> tuple[Subkey, ...]:
        return (self.primary, *self.subkeys)

    def ends(self, key: Subkey) -> date | None:
        """The first day on which a key of the certificate may not be used; None where there is
        none.
        """
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
            and not self._over(key, today)
        ]
        return tuple(
            sorted(live, key=lambda key: (key.key.created, key.fingerprint), reverse=True)
        )

    def _over(self, key: Subkey, today: date) -> bool:
        ends = self.ends(key)
        return ends is not None and ends <= today


@dataclass(frozen=True, slots=True)
class CertificateFile:
    """A certificate's file, with what is known of it.

    `outline` is None where the file may not be used; `fault` and `hint` say why. `certificate`
    is None where gpg was not asked (`was_asked`), or verified nothing. `vetted` are the
    fingerprints by which the registry knows the person, and `shared_with` names others whose
    certificate has a key of this one.
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


@dataclass(frozen=True, slots=True)
class KeyFault:
    """What does not hold of a certificate, and what mends it."""

    message: str
    hint: str


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a certificate is refused, or warned of."""

    code: str
    refuses: bool
    fault: KeyFault


@dataclass(frozen=True, slots=True)
class CertificateReport:
    """A certificate's file with all that does not hold of it."""

    file: CertificateFile
    reasons: tuple[Reason, ...]

    @property
    def is_refused(self) -> bool:
        return any(reason.refuses for reason in self.reasons)
