"""The program gpg, run through python-gnupg so that its surroundings change nothing.

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

from ocs.adapters.keyring.result import GpgResult
from ocs.errors import KeyringError

# The user's gpg.conf could add or hide recipients, fetch keys, or trust only some of them.
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
# python-gnupg splits gpg's output at every character that ends a line in Unicode, of which
# Latin-1 and UTF-8 have some that may stand in a user id: a stranger could write status lines.
# In this encoding there are none, and every byte is some character.
_ENCODING = "cp437"


class Gpg:
    """gpg with a home: the user's own where *home* is None, else a folder of ours alone."""

    def __init__(self, home: str | None = None) -> None:
        import gnupg  # type: ignore[import-untyped]

        # python-gnupg can log what was decrypted, in older versions at level debug.
        logging.getLogger("gnupg").disabled = True
        # A home of ours is never changed once it is made, so nobody has to wait for a lock.
        options = ["--no-autostart", "--no-permission-warning", "--lock-never"] if home else []
        try:
            self._gpg = gnupg.GPG(
                gpgbinary=find_program(),
                gnupghome=home,
                env=_environment(home),
                options=[*PINNED, *options],
            )
        except (OSError, ValueError) as error:
            raise KeyringError(
                f"cannot run gpg: {error}", "check that `gpg --version` works"
            ) from error
        if not self._gpg.version or self._gpg.version < OLDEST:
            raise KeyringError(
                "this gpg is too old", f"install {'.'.join(map(str, OLDEST))} or newer"
            )
        self._gpg.encoding = _ENCODING
        self._gpg.result_map = dict.fromkeys(self._gpg.result_map, GpgResult)

    def encrypt(self, content: bytes, keys: Sequence[str], name: str) -> GpgResult:
        options = [
            "--cipher-algo",
            "AES256",
            "--compress-algo",
            "none",
            "--set-filename",
            name,
        ]
        recipients = [f"{key}!" for key in keys]
        return self._run(
            self._gpg.encrypt, content, recipients, armor=False, extra_args=options
        )

    def decrypt(self, message: bytes) -> GpgResult:
        return self._run(self._gpg.decrypt, message)

    def verify(self, signature_file: str, signed: bytes) -> GpgResult:
        return self._run(
            self._gpg.verify_data, signature_file, signed, extra_args=["--weak-digest", "SHA1"]
        )

    def take_in(self, certificates: bytes) -> GpgResult:
        """Import certificates, without what other people signed in them."""
        only = "self-sigs-only,no-import-clean,no-repair-keys,keep-ownertrust"
        options = ["--import-options", only]
        return self._run(self._gpg.import_keys, certificates, extra_args=options)

    def listing(self) -> bytes:
        """All certificates with their signatures verified, in gpg's format for programs."""
        result = self.run("--check-sigs")
        if result.failed:
            raise KeyringError(f"gpg cannot list the certificates: {result.last_words}")
        return result.data

    def give_out(self, fingerprint: str) -> bytes:
        """The packets of a certificate."""
        result = self.run("--export", fingerprint)
        if result.failed or not result.data:
            raise KeyringError(
                f"gpg cannot export the certificate {fingerprint}: {result.last_words}"
            )
        return result.data

    def run(self, *arguments: str) -> GpgResult:
        """Run what python-gnupg has no function for, or one that keeps too little."""
        return self._run(
            self._gpg._handle_io,
            list(arguments),
            io.BytesIO(),
            GpgResult(self._gpg),
            binary=True,
        )

    def _run(self, operation: Any, *arguments: Any, **options: Any) -> GpgResult:
        try:
            result: GpgResult = operation(*arguments, **options)
        except OSError as error:  # gpg did not start, or ended while it read its input
            if error.errno in (errno.EMFILE, errno.ENFILE):
                raise KeyringError(
                    "cannot start gpg: too many files are open",
                    "allow more with `ulimit -n 1024`",
                ) from None
            raise KeyringError(
                f"gpg ended early: {error.strerror or error}", "try it again"
            ) from None
        return result


def find_program() -> str:
    """Where gpg is on PATH, never in the current folder. Raises KeyringError."""
    folders = [
        folder
        for folder in os.environ.get("PATH", os.defpath).split(os.pathsep)
        if folder.startswith(os.sep)
    ]
    for name in ("gpg", "gpg2"):
        if program := shutil.which(name, path=os.pathsep.join(folders)):
            return program
    raise KeyringError(
        "gpg is not installed, and keys and secrets need it",
        "install GnuPG: `apt install gnupg`, `dnf install gnupg2` or `brew install gnupg`",
    )


def _environment(home: str | None) -> Mapping[str, str]:
    """The environment of gpg: messages in English, and the terminal at which it can ask."""
    unwanted = ("LC_", "LANG", *(("GNUPGHOME", "GPG_", "PINENTRY_") if home else ()))
    kept = {name: value for name, value in os.environ.items() if not name.startswith(unwanted)}
    terminal = None if home else kept.get("GPG_TTY") or _terminal()
    return {**kept, **({"GPG_TTY": terminal} if terminal else {}), "LC_ALL": "C.UTF-8"}


def _terminal() -> str | None:
    for stream in (0, 2, 1):
        with contextlib.suppress(OSError):  # it is no terminal, or one without a name
            return os.ttyname(stream)
    return None


def secret_keys(listing: str) -> list[str]:
    """The primary fingerprints in the output of `gpg --list-secret-keys --with-colons`."""
    rows = [line.split(":") for line in listing.splitlines()]
    # The first fingerprint behind a primary key is its own (gnupg doc/DETAILS).
    own = (
        next((row[9] for row in rows[at:] if row[0] == "fpr"), "")
        for at, row in enumerate(rows)
        if row[0] == "sec"
    )
    return [fingerprint for fingerprint in own if fingerprint]
