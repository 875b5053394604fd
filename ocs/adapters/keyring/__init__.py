"""The keyring: the registry's certificates, and gpg to encrypt to them and verify with them.

What must hold, in words:
- Full fingerprints choose a key; names and addresses never do.
- gpg sees only packets that the packet walk has let pass, in a home that holds nothing else.
- Who a new ciphertext is encrypted to is read back by the packet walk and compared before
  anybody gets it.
- A signature counts only with everything that `verify` asks for; that gpg ends with 0 says
  nothing.
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

from ocs.adapters.keyring.failures import failure
from ocs.adapters.keyring.gpg import Gpg
from ocs.adapters.keyring.home import KEYS, home_of, kept, private_files
from ocs.adapters.keyring.listing import read_listing
from ocs.adapters.keyring.told import Told
from ocs.adapters.packets import read_message
from ocs.errors import KeyringError
from ocs.model.certificate import Certificate, Key, Outline
from ocs.model.secret import Plaintext

# Digests that a signature may have been made with: SHA-256, SHA-384, SHA-512.
_DIGESTS = frozenset({"8", "9", "10"})
_SPOILS = ("EXPKEYSIG", "REVKEYSIG", "EXPSIG", "BADSIG", "ERRSIG", "KEYREVOKED", "FAILURE")


class Keyring:
    """The certificates of *outlines*, several of one fingerprint merged.

    What gpg lists is kept in one of the folders *caches*, as it is on the day *today*.
    """

    def __init__(
        self, outlines: Sequence[Outline], today: date, caches: Sequence[Path] = ()
    ) -> None:
        self._outlines = outlines
        self._today = today
        self._caches = caches

    @cached_property
    def certificates(self) -> Mapping[str, Certificate]:
        """The certificates by fingerprint. One that gpg finds no valid signature in is
        missing.
        """
        own = {outline.fingerprint for outline in self._outlines}
        # What is valid changes with time, too: signatures expire.
        listing = kept(self._home / f"listing-{self._today}", lambda: self._gpg.listing())
        found = read_listing(listing, self._keys)
        return {each.fingerprint: each for each in found if each.fingerprint in own}

    def prepare(self) -> None:
        """Make the home and list the certificates now: that sets, for a moment, the umask of
        all threads.
        """
        self.certificates  # noqa: B018  it is kept

    def encrypt(self, plaintext: Plaintext, to: Collection[str]) -> bytes:
        """A message that the people with these certificates can read, named by primary
        fingerprint.

        Raises KeyringError that tells all the certificates that cannot be encrypted to.
        """
        keys = self._encrypting(to)
        told = self._gpg.encrypt(plaintext.reveal(), [key.fingerprint for key in keys])
        if told.failed or "END_ENCRYPTION" not in told or "INV_RECP" in told:
            raise KeyringError(
                f"gpg cannot encrypt this: {told.last_words}", "nothing was written"
            )
        message = read_message(told.data)
        if (
            sorted(message.key_ids) != sorted(key.key_id for key in keys)
            or message.passphrases
            or not message.has_integrity
        ):
            raise KeyringError(
                "gpg encrypted this to others than it was asked to", "nothing was written"
            )
        return told.data

    def decrypt(self, ciphertext: bytes) -> Plaintext:
        """What a message says, by the user's own key.

        Raises KeyringError, NoSecretKeyError where it is not for the user, NotOpenPgpError
        where it is none.
        """
        message = read_message(ciphertext)
        if message.passphrases or not message.recipients:
            raise KeyringError(
                "this is encrypted with a passphrase, and secrets are encrypted to keys"
            )
        told = self._users.decrypt(ciphertext)
        # One content, all of it behind one check of its integrity.
        is_one = len(told.of("DECRYPTION_OKAY")) == 1 and len(told.of("PLAINTEXT")) == 1
        if told.failed or not is_one:
            raise failure(told, message)
        return Plaintext(told.data)

    def own_keys(self) -> frozenset[str]:
        """The primary fingerprints of the secret keys in the user's own home. Raises
        KeyringError.
        """
        told = Gpg().run("--list-secret-keys")
        rows = [line.split(":") for line in told.data.decode("utf-8", "replace").splitlines()]
        # The first fingerprint behind a primary key is its own (gnupg doc/DETAILS).
        return frozenset(
            next((row[9] for row in rows[at:] if row[0] == "fpr"), "")
            for at, row in enumerate(rows)
            if row[0] == "sec"
        )

    def verify(self, signature: bytes, signed: bytes, by: Collection[str]) -> str:
        """The primary fingerprint, one of *by*, of whoever made a detached signature of
        *signed*.

        Raises KeyringError where it is not exactly one good signature of one of them.
        """
        with (
            private_files(),
            tempfile.NamedTemporaryFile(prefix="ocs-", suffix=".sig") as file,
        ):
            file.write(signature)
            file.flush()
            told = self._gpg.verify(file.name, signed)
        return _signer(told, by)

    def packets_of(self, fingerprint: str) -> bytes:
        """The certificate as gpg holds it: merged, without what other people signed in it."""
        return self._gpg.give_out(fingerprint)

    def _encrypting(self, to: Collection[str]) -> list[Key]:
        """The newest live key of each certificate."""
        if not to:
            raise KeyringError("a secret needs somebody who can read it")
        newest = {each: self._newest(each) for each in sorted(set(to))}
        unusable = [fingerprint for fingerprint, key in newest.items() if key is None]
        if unusable:
            raise KeyringError(
                f"no key of these certificates can be encrypted to: {', '.join(unusable)}",
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
            for each in self._outlines
            for key in (each.primary, *each.subkeys)
        }

    @cached_property
    def _users(self) -> Gpg:
        """With the user's own home; once for all, since it is asked for its version each time
        it is made.
        """
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
        """Import all certificates at once, and what gpg did not come to alone. Was everything
        taken?
        """
        # Of a key that one certificate has as its own and another as a subkey, gpg would take
        # whichever comes first, and find it by the fingerprint of the other.
        own = {outline.fingerprint for outline in self._outlines}
        fit = [
            each
            for each in self._outlines
            if own.isdisjoint(key.fingerprint for key in each.subkeys)
        ]
        gpg = Gpg(home)
        told = gpg.take_in(b"".join(outline.data for outline in fit))
        taken = {words[1] for words in told.of("IMPORT_OK") if words[1:]}
        left = [outline for outline in fit if outline.fingerprint not in taken]
        again = [gpg.take_in(outline.data) for outline in left]
        Path(home, KEYS).touch()
        return all("IMPORT_OK" in each for each in again)


def _signer(told: Told, by: Collection[str]) -> str:
    """The one who made the one good signature that gpg tells of."""
    valid = told.of("VALIDSIG")
    spoiled = [keyword for keyword in _SPOILS if keyword in told]
    if (
        told.failed
        or spoiled
        or len(told.of("NEWSIG")) != 1
        or len(valid) != 1
        or "GOODSIG" not in told
    ):
        raise KeyringError("this is not one good signature" + _why(spoiled))
    # Fingerprint, date, time, until, version, reserved, algorithm, digest, class, primary
    # fingerprint.
    words = valid[0]
    if len(words) < 10 or words[7] not in _DIGESTS or words[8] != "00":
        raise KeyringError(
            "this signature is of a kind that is not accepted", "sign with SHA-256 or SHA-512"
        )
    if words[9] not in by:
        raise KeyringError(
            f"this signature is of the key {words[9]}, and of none that was expected"
        )
    return words[9]


_WORDS = {
    "EXPKEYSIG": "its key has expired",
    "REVKEYSIG": "its key was revoked",
    "KEYREVOKED": "its key was revoked",
    "EXPSIG": "it has expired",
    "BADSIG": "what it signs was changed",
    "ERRSIG": "its key is not in the registry, or its digest is SHA-1",
}


def _why(spoiled: list[str]) -> str:
    return f": {_WORDS[spoiled[0]]}" if spoiled and spoiled[0] in _WORDS else ""
