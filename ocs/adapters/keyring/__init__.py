"""The keyring: the registry's certificates, and gpg to encrypt to them and verify with them.

What must hold, in words:
- Full fingerprints choose a key; names and addresses never do.
- gpg sees only packets that the packet walk has let pass, in a home that holds nothing else.
- The packet walk reads back who a new ciphertext is encrypted to, before anybody gets it.
- A signature counts only with everything that `verify` checks; exit status 0 of gpg says nothing.
- Decrypting happens in the user's own home, with the user's own agent.
- Plaintext reaches gpg's input and comes from its output, and is nowhere else.
"""

from __future__ import annotations

import shutil
import tempfile
import weakref
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from functools import cached_property
from pathlib import Path
from urllib.parse import unquote

from ocs.adapters.keyring.failures import failure
from ocs.adapters.keyring.gpg import Gpg, secret_keys
from ocs.adapters.keyring.home import KEYS, cached, home_of, private_files
from ocs.adapters.keyring.listing import read_listing
from ocs.adapters.keyring.result import GpgResult
from ocs.adapters.packets import read_message
from ocs.errors import KeyringError
from ocs.model.certificate import Certificate, Key, Outline
from ocs.model.secret import Plaintext

# Digests that a signature may have been made with: SHA-256, SHA-384, SHA-512.
_DIGESTS = frozenset({"8", "9", "10"})
_SPOILS = ("EXPKEYSIG", "REVKEYSIG", "EXPSIG", "BADSIG", "ERRSIG", "KEYREVOKED", "FAILURE")


class Keyring:
    """The merged certificates of *outlines* as of *today*; *caches* keep gpg's list of them."""

    def __init__(
        self, outlines: Sequence[Outline], today: date, caches: Sequence[Path] = ()
    ) -> None:
        self._outlines = outlines
        self._today = today
        self._caches = caches

    @cached_property
    def certificates(self) -> Mapping[str, Certificate]:
        """The certificates by fingerprint, but those in which gpg finds no valid signature."""
        own = {outline.fingerprint for outline in self._outlines}
        # What is valid changes with time, too: signatures expire.
        listing = cached(self._home / f"listing-{self._today}", lambda: self._gpg.listing())
        return {
            certificate.fingerprint: certificate
            for certificate in read_listing(listing, self._keys)
            if certificate.fingerprint in own
        }

    def prepare(self) -> None:
        """Make the home and list the certificates now: it changes the umask of all threads."""
        self.certificates  # noqa: B018  it is cached

    def encrypt(self, plaintext: Plaintext, to: Collection[str], name: str = "") -> bytes:
        """A message to the certificates with these primary fingerprints. Raises KeyringError.

        *name* is the file name inside the encrypted data; only its readers see it.
        """
        keys = self._encrypting(to)
        fingerprints = [key.fingerprint for key in keys]
        result = self._gpg.encrypt(plaintext.reveal(), fingerprints, name)
        if result.failed or "END_ENCRYPTION" not in result or "INV_RECP" in result:
            raise KeyringError(
                f"gpg cannot encrypt this: {result.last_words}", "nothing was written"
            )
        message = read_message(result.data)
        if (
            sorted(message.key_ids) != sorted(key.key_id for key in keys)
            or message.passphrases
            or not message.has_integrity
        ):
            raise KeyringError("gpg did not encrypt this as requested", "nothing was written")
        return result.data

    def decrypt(self, ciphertext: bytes) -> Plaintext:
        """The content of a message. Raises KeyringError, NoSecretKeyError, NotOpenPgpError."""
        message = read_message(ciphertext)
        if message.passphrases or not message.recipients:
            raise KeyringError(
                "this is encrypted with a passphrase; secrets must be encrypted to keys"
            )
        result = self._users.decrypt(ciphertext)
        # One content, all of it behind one check of its integrity.
        contents = result.of("PLAINTEXT")
        is_one = len(result.of("DECRYPTION_OKAY")) == 1 and len(contents) == 1
        if result.failed or not is_one:
            raise failure(result, message)
        # Format, time, and the name, of which odd characters are escaped.
        return Plaintext(result.data, unquote("".join(contents[0][2:3])))

    def own_keys(self) -> frozenset[str]:
        """The primary fingerprints of the user's secret keys. Raises KeyringError."""
        listing = Gpg().run("--list-secret-keys").data.decode("utf-8", "replace")
        return frozenset(secret_keys(listing))

    def verify(self, signature: bytes, signed: bytes, by: Collection[str]) -> str:
        """The fingerprint of *by* with the one good signature of *signed*. Raises KeyringError."""
        with (
            private_files(),
            tempfile.NamedTemporaryFile(prefix="ocs-", suffix=".sig") as file,
        ):
            file.write(signature)
            file.flush()
            result = self._gpg.verify(file.name, signed)
        return _signer(result, by)

    def packets_of(self, fingerprint: str) -> bytes:
        """The certificate as gpg holds it: merged, without what other people signed in it."""
        return self._gpg.give_out(fingerprint)

    def _encrypting(self, to: Collection[str]) -> list[Key]:
        """The newest live key of each certificate."""
        if not to:
            raise KeyringError("a secret needs somebody who can read it")
        newest = {fingerprint: self._newest(fingerprint) for fingerprint in sorted(set(to))}
        unusable = [fingerprint for fingerprint, key in newest.items() if key is None]
        if unusable:
            raise KeyringError(
                f"these certificates have no key to encrypt to: {', '.join(unusable)}",
                "see why with `ocs key check`",
            )
        return [key for key in newest.values() if key is not None]

    def _newest(self, fingerprint: str) -> Key | None:
        certificate = self.certificates.get(fingerprint)
        live = certificate.encrypting(self._today) if certificate else ()
        return live[0].key if live else None

    @cached_property
    def _keys(self) -> Mapping[str, Key]:
        return {
            key.fingerprint: key
            for outline in self._outlines
            for key in (outline.primary, *outline.subkeys)
        }

    @cached_property
    def _users(self) -> Gpg:
        """In the user's own home; made once, since each start checks gpg's version."""
        return Gpg()

    @cached_property
    def _gpg(self) -> Gpg:
        return Gpg(str(self._home))

    @cached_property
    def _home(self) -> Path:
        home = home_of([outline.data for outline in self._outlines], self._fill, self._caches)
        if home is None:
            with private_files():
                home = Path(tempfile.mkdtemp(prefix="ocs-"))
                weakref.finalize(self, shutil.rmtree, home, ignore_errors=True)
                self._fill(str(home))
        return home

    def _fill(self, home: str) -> bool:
        """Import all certificates, once more those that gpg left out. Did it take everything?"""
        # Of a key that one certificate has as its own and another as a subkey, gpg would take
        # whichever comes first, and find it by the fingerprint of the other.
        own = {outline.fingerprint for outline in self._outlines}
        fit = [
            outline
            for outline in self._outlines
            if own.isdisjoint(key.fingerprint for key in outline.subkeys)
        ]
        gpg = Gpg(home)
        result = gpg.take_in(b"".join(outline.data for outline in fit))
        taken = {words[1] for words in result.of("IMPORT_OK") if words[1:]}
        left = [outline for outline in fit if outline.fingerprint not in taken]
        retries = [gpg.take_in(outline.data) for outline in left]
        Path(home, KEYS).touch()
        return all("IMPORT_OK" in retry for retry in retries)


def _signer(result: GpgResult, by: Collection[str]) -> str:
    """The fingerprint that made the one good signature that gpg reports."""
    valid = result.of("VALIDSIG")
    spoiled = [keyword for keyword in _SPOILS if keyword in result]
    is_one = len(result.of("NEWSIG")) == 1 and len(valid) == 1
    if result.failed or spoiled or not is_one or "GOODSIG" not in result:
        reason = _REASONS.get(spoiled[0]) if spoiled else None
        raise KeyringError(
            "this is not exactly one good signature" + (f": {reason}" if reason else "")
        )
    # Fingerprint, date, time, until, version, reserved, algorithm, digest, class, primary one.
    fields = valid[0]
    if len(fields) < 10 or fields[7] not in _DIGESTS or fields[8] != "00":
        raise KeyringError(
            "this kind of signature is not accepted", "sign with SHA-256 or SHA-512"
        )
    if fields[9] not in by:
        raise KeyringError(f"this signature is by the key {fields[9]}, which was not expected")
    return fields[9]


_REASONS = {
    "EXPKEYSIG": "its key has expired",
    "REVKEYSIG": "its key was revoked",
    "KEYREVOKED": "its key was revoked",
    "EXPSIG": "it has expired",
    "BADSIG": "the signed data was changed",
    "ERRSIG": "its key is not in the registry, or its digest is SHA-1",
}
