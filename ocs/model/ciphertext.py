"""What an OpenPGP message shows without decryption."""

from __future__ import annotations

from dataclasses import dataclass

# The key id of a hidden recipient.
HIDDEN = "0" * 16
# No file of a secret is larger.
MOST_BYTES = 16 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Recipient:
    """`key_id` is of a key for encrypting, 16 digits; `version` of the packet: 3 or 6."""

    key_id: str
    version: int

    @property
    def is_hidden(self) -> bool:
        return self.key_id == HIDDEN


@dataclass(frozen=True, slots=True)
class Message:
    """An encrypted message: its recipients, in packet order, and how its content is encrypted.

    `passphrases` counts those that can decrypt it, too. `data_tag` is 9 (no integrity check),
    18 (version 1, or 2 with AEAD) or 20; `content` is a hash of the encrypted data, the same
    as long as only recipients are taken out.
    """

    recipients: tuple[Recipient, ...]
    passphrases: int
    data_tag: int
    data_version: int | None
    content: str

    @property
    def has_integrity(self) -> bool:
        """Does decryption notice changes to the encrypted data?"""
        return self.data_tag != 9

    @property
    def key_ids(self) -> tuple[str, ...]:
        return tuple(recipient.key_id for recipient in self.recipients)


@dataclass(frozen=True, slots=True)
class CiphertextFile:
    """The file of a secret. `message` is None where `fault` says why."""

    secret: str
    message: Message | None = None
    fault: str = ""
    conflict: frozenset[int] = frozenset()  # undecided sides of a merge: 2 is ours, 3 theirs

    @property
    def file(self) -> str:
        return file_of(self.secret)


def file_of(secret: str) -> str:
    """The path of a secret's ciphertext."""
    return f"secrets/{secret}.gpg"


def owner_id(secret: str) -> str:
    """The id of the owner that a secret names: `river` for `river/cloud`."""
    return secret.partition("/")[0]
