"""What an OpenPGP message tells without being decrypted."""

from __future__ import annotations

from dataclasses import dataclass

# The key id of a recipient who is not to be known.
HIDDEN = "0" * 16
# No file of a secret is larger.
MOST_BYTES = 16 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Recipient:
    """Somebody who can decrypt a message. `key_id` is that of a key for encrypting, 16 digits.

    `version` is that of the packet: 3, or 6 with the keys of RFC 9580.
    """

    key_id: str
    version: int

    @property
    def is_hidden(self) -> bool:
        return self.key_id == HIDDEN


@dataclass(frozen=True, slots=True)
class Message:
    """An encrypted message: for whom, in packet order, and what encrypts its content.

    `passphrases` counts the ones that can decrypt it, too. `data_tag` is 9 (without a check of
    integrity), 18 (version 1, or 2 with AEAD) or 20; `content` is a hash of what is encrypted,
    the same for as long as only recipients are taken out.
    """

    recipients: tuple[Recipient, ...]
    passphrases: int
    data_tag: int
    data_version: int | None
    content: str

    @property
    def has_integrity(self) -> bool:
        """Is it noticed when somebody changes what is encrypted?"""
        return self.data_tag != 9

    @property
    def key_ids(self) -> tuple[str, ...]:
        return tuple(recipient.key_id for recipient in self.recipients)


@dataclass(frozen=True, slots=True)
class CiphertextFile:
    """The file of a secret, `owner/name`. `message` is None where it is none; `fault` says
    why.

    `conflict` has the sides that a merge left undecided: 2 is what is here, 3 what is to be
    merged.
    """

    secret: str
    message: Message | None = None
    fault: str = ""
    conflict: frozenset[int] = frozenset()

    @property
    def file(self) -> str:
        return file_of(self.secret)


def file_of(secret: str) -> str:
    """Where the ciphertext of a secret lies."""
    return f"secrets/{secret}.gpg"


def owner_id(secret: str) -> str:
    """The id of the owner that a secret names: `river` for `river/cloud`."""
    return secret.partition("/")[0]
