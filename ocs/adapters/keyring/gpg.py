"""The program gpg, asked through python-gnupg with everything said that its surroundings could
change.

What gpg answers is judged by its status and its status lines (gnupg's doc/DETAILS), never by
python-gnupg's `ok`: that is true for an encryption that could not be written, and nothing is
raised for what failed.
"""

from __future__ import annotations

import contextlib
import errno
import io
import logging
import os
import shutil
from collections.abc import Mapping, Sequence
from typing import Any

from ocs.adapters.keyring.told import Told
from ocs.errors import KeyringError

# The user's gpg.conf could add recipients, hide them, fetch keys from the network, or trust
# only some.
PINNED = (
    "--no-options",
    "--no-encrypt-to",
    "--no-throw-keyids",
    "--no-auto-key-locate",
    "--no-auto-key-retrieve",
    "--no-auto-check-trustdb",
    "--no-random-seed-file",
    "--disable-dirmngr",
    "--trust-model",
    "always",
    "--exit-on-status-write-error",
)
OLDEST = (2, 2, 17)
# python-gnupg splits what gpg tells at every character that ends a line in Unicode, of which
# Latin-1 and UTF-8 have some that may stand in a user id: a stranger could write status lines.
# In this encoding there are none, and every byte is some character.
_ENCODING = "cp437"


class Gpg:
    """gpg with a home: the user's own where *home* is None, else a folder that nobody else
    uses.
    """

    def __init__(self, home: str | None = None) -> None:
        import gnupg  # type: ignore[import-untyped]

        # Older versions log what was decrypted, at level debug; newer ones where an option
        # asks for it.
        logging.getLogger("gnupg").disabled = True
        # A home of ours is never changed once it is made, so that nobody has to wait for a
        # lock.
        apart = ["--no-autostart", "--no-permission-warning", "--lock-never"] if home else []
        try:
            self._gpg = gnupg.GPG(
                gpgbinary=find_program(),
                gnupghome=home,
                env=_environment(home),
                options=[*PINNED, *apart],
            )
        except (OSError, ValueError) as error:
            raise KeyringError(
                f"gpg does not run: {error}", "see whether `gpg --version` does"
            ) from error
        if not self._gpg.version or self._gpg.version < OLDEST:
            raise KeyringError(
                "this gpg is too old", f"install {'.'.join(map(str, OLDEST))} or newer"
            )
        self._gpg.encoding = _ENCODING
        self._gpg.result_map = dict.fromkeys(self._gpg.result_map, Told)

    def encrypt(self, content: bytes, keys: Sequence[str]) -> Told:
        more = ["--cipher-algo", "AES256", "--compress-algo", "none"]
        return self._asked(
            self._gpg.encrypt,
            content,
            [f"{key}!" for key in keys],
            armor=False,
            extra_args=more,
        )

    def decrypt(self, message: bytes) -> Told:
        return self._asked(self._gpg.decrypt, message)

    def verify(self, signature_file: str, signed: bytes) -> Told:
        return self._asked(
            self._gpg.verify_data, signature_file, signed, extra_args=["--weak-digest", "SHA1"]
        )

    def take_in(self, certificates: bytes) -> Told:
        """Import certificates, without what other people signed in them."""
        only = [
            "--import-options",
            "self-sigs-only,no-import-clean,no-repair-keys,keep-ownertrust",
        ]
        return self._asked(self._gpg.import_keys, certificates, extra_args=only)

    def listing(self) -> bytes:
        """All certificates with their signatures verified, as gpg tells them to programs."""
        told = self.run("--check-sigs")
        if told.failed:
            raise KeyringError(f"gpg cannot list the certificates: {told.last_words}")
        return told.data

    def give_out(self, fingerprint: str) -> bytes:
        """The packets of a certificate."""
        told = self.run("--export", fingerprint)
        if told.failed or not told.data:
            raise KeyringError(
                f"gpg cannot give out the certificate {fingerprint}: {told.last_words}"
            )
        return told.data

    def run(self, *arguments: str) -> Told:
        """Ask what python-gnupg has no function for, or one that keeps too little."""
        return self._asked(
            self._gpg._handle_io, list(arguments), io.BytesIO(), Told(self._gpg), binary=True
        )

    def _asked(self, question: Any, *arguments: Any, **more: Any) -> Told:
        try:
            told: Told = question(*arguments, **more)
        except (
            OSError
        ) as error:  # gpg went away while it was being told something, or could not be begun
            if error.errno in (errno.EMFILE, errno.ENFILE):
                raise KeyringError(
                    "gpg cannot be begun: too many files are open",
                    "allow more with `ulimit -n 1024`",
                ) from None
            raise KeyringError(
                f"gpg ended early: {error.strerror or error}", "try it again"
            ) from None
        return told


def find_program() -> str:
    """Where gpg is, looked up where programs are and never in the current folder. Raises
    KeyringError.
    """
    folders = [
        folder
        for folder in os.environ.get("PATH", os.defpath).split(os.pathsep)
        if folder.startswith(os.sep)
    ]
    for name in ("gpg", "gpg2"):
        found = shutil.which(name, path=os.pathsep.join(folders))
        if found:
            return found
    raise KeyringError(
        "gpg is not installed, and keys and secrets need it",
        "install GnuPG: `apt install gnupg`, `dnf install gnupg2` or `brew install gnupg`",
    )


def _environment(home: str | None) -> Mapping[str, str]:
    """The surroundings of gpg: its messages in English, and the terminal at which it can ask."""
    unwanted = ("LC_", "LANG", *(("GNUPGHOME", "GPG_", "PINENTRY_") if home else ()))
    kept = {name: value for name, value in os.environ.items() if not name.startswith(unwanted)}
    terminal = None if home else kept.get("GPG_TTY") or _terminal()
    return {**kept, **({"GPG_TTY": terminal} if terminal else {}), "LC_ALL": "C.UTF-8"}


def _terminal() -> str | None:
    for stream in (0, 2, 1):
        with contextlib.suppress(OSError):  # it is no terminal, or one without a name
            return os.ttyname(stream)
    return None
