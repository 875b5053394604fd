"""The real gpg for tests: homes with short paths, keys that are made once per run, and packets made by hand."""

from __future__ import annotations

import base64
import contextlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

needs_gpg = pytest.mark.skipif(not shutil.which("gpg"), reason="gpg is not installed")
KEYRINGS = {
    "debian": Path("/usr/share/keyrings/debian-keyring.gpg"),
    "archlinux": Path("/usr/share/keyrings/archlinux.gpg"),
}
_EASY = ("--batch", "--no-tty", "--quiet", "--pinentry-mode", "loopback")


class Home:
    """A GNUPGHOME with somebody's secret keys."""

    def __init__(self) -> None:
        # The path of the agent's socket may have about 100 bytes, and pytest's folders are longer.
        self.path = tempfile.mkdtemp(prefix="ocs-t-", dir="/tmp")
        self.configure_agent()

    def configure_agent(self, *lines: str) -> None:
        """Start the agent anew with these lines; a passphrase is checked at once rather than after 0.3 s."""
        Path(self.path, "gpg-agent.conf").write_text(
            "\n".join(("s2k-count 65536", *lines, ""))
        )
        self._kill()

    def _kill(self) -> None:
        subprocess.run(
            ["gpgconf", "--homedir", self.path, "--kill", "all"],
            check=False,
            capture_output=True,
        )

    def close(self) -> None:
        self._kill()
        shutil.rmtree(self.path, ignore_errors=True)

    def gpg(self, *arguments: str, input: bytes = b"", check: bool = True) -> bytes:
        done = subprocess.run(
            ["gpg", "--homedir", self.path, *_EASY, *arguments],
            input=input,
            capture_output=True,
            check=False,
            env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"},
        )
        assert not check or done.returncode == 0, done.stderr.decode()
        return done.stdout

    def make(
        self,
        name: str,
        *,
        primary: str = "ed25519",
        subkey: str | None = "cv25519",
        until: str = "1y",
        subkey_until: str | None = None,
        passphrase: str = "",
        options: tuple[str, ...] = (),
    ) -> str:
        """A new key with a key for encrypting; its fingerprint."""
        secret = ("--passphrase", passphrase, *options)
        self.gpg(
            *secret,
            "--quick-gen-key",
            f"{name} <{name.lower()}@x.example>",
            primary,
            "sign",
            until,
        )
        fingerprint = self.fingerprints()[-1]
        if subkey:
            self.gpg(
                *secret, "--quick-add-key", fingerprint, subkey, "encr", subkey_until or until
            )
        return fingerprint

    def fingerprints(self) -> list[str]:
        """The primary ones, in the order in which they were made."""
        lines = self.gpg("--with-colons", "--list-keys").decode().splitlines()
        return [
            lines[at + 1].split(":")[9]
            for at, line in enumerate(lines)
            if line.startswith("pub:")
        ]

    def export(self, fingerprint: str, *options: str) -> bytes:
        return self.gpg(*options, "--export", fingerprint)

    def sign(self, fingerprint: str, data: bytes, *options: str) -> bytes:
        return self.gpg(*options, "--local-user", fingerprint, "--detach-sign", input=data)

    def encrypt(self, data: bytes, *options: str) -> bytes:
        return self.gpg("--trust-model", "always", *options, input=data)

    def revoke(self, fingerprint: str) -> None:
        """Import the revocation that gpg makes with each key."""
        file = Path(self.path, "openpgp-revocs.d", f"{fingerprint}.rev")
        self.gpg("--import", input=file.read_bytes().replace(b":-----BEGIN", b"-----BEGIN"))

    def take_as_subkey(self, own: str, other: Home, others: str, at: tuple[str, ...]) -> None:
        """Make the primary key of another home, made at the same time, a subkey of one's own."""
        listed = other.gpg("--with-colons", "--with-keygrip", "--list-keys", others).decode()
        grip = next(line for line in listed.splitlines() if line.startswith("grp")).split(":")[
            9
        ]
        self.gpg("--import", input=other.gpg("--export-secret-keys", others))
        asked = f"addkey\n13\n{grip}\nS\nA\nQ\n0\nsave\n"
        edit = ("--expert", "--command-fd", "0", "--status-fd", "1", "--edit-key", own)
        subprocess.run(
            ["gpg", "--homedir", self.path, *_EASY[1:], "--passphrase", "", *at, *edit],
            input=asked.encode(),
            capture_output=True,
            check=True,
        )


@contextlib.contextmanager
def home() -> Iterator[Home]:
    made = Home()
    try:
        yield made
    finally:
        made.close()


def packet(tag: int, body: bytes) -> bytes:
    """A packet in the new format."""
    return bytes([0xC0 | tag, 255]) + len(body).to_bytes(4) + body


def old_packet(tag: int, body: bytes) -> bytes:
    """A packet in the old format."""
    return bytes([0x80 | tag << 2 | 1]) + len(body).to_bytes(2) + body


def armored(what: str, data: bytes) -> bytes:
    """Armor without a checksum, which need not be there."""
    text = base64.encodebytes(data).decode()
    return f"-----BEGIN PGP {what}-----\n\n{text}-----END PGP {what}-----\n".encode()


def subpacket(kind: int, data: bytes) -> bytes:
    return bytes([len(data) + 1, kind]) + data


def forged_binding(fingerprint: str, created: int) -> bytes:
    """A signature by which a primary key seems to speak for a key for encrypting; it was not made by it."""
    own = bytes.fromhex(fingerprint)
    hashed = (
        subpacket(2, created.to_bytes(4))
        + subpacket(27, b"\x0c")
        + subpacket(33, b"\x04" + own)
    )
    unhashed = subpacket(16, own[-8:])
    number = b"\x01\x00" + b"\xff" * 32
    return packet(
        2,
        b"\x04\x18\x16\x08"
        + len(hashed).to_bytes(2)
        + hashed
        + len(unhashed).to_bytes(2)
        + unhashed
        + b"\x00\x00"
        + number * 2,
    )


def packets(data: bytes) -> list[tuple[int, bytes]]:
    """The packets of what gpg wrote: each tag, and the packet whole."""
    from ocs.adapters.packets.framing import walk

    return [(each.tag, data[each.start : each.end]) for each in walk(data)]
