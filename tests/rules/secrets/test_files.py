"""What looks like an encrypted message, and what somebody is told of one in conflict."""

from __future__ import annotations

import pytest

from ocs.rules.secrets.conflicts import conflict
from ocs.rules.secrets.files import is_ciphertext


@pytest.mark.parametrize(
    ("head", "is_one"),
    [
        (b"-----BEGIN PGP MESSAGE-----\n", True),
        (b"\n  -----BEGIN PGP MESSAGE-----\n", True),
        (b"-----BEGIN PGP PUBLIC KEY BLOCK-----\n", False),
        (b"x\n-----BEGIN PGP MESSAGE-----\n", False),
        (b"", False),
        (b"password", False),
        # The first octet is 0xC0 and the tag, or of old 0x80 and four times the tag.
        *((bytes([0xC0 | tag]), tag in (1, 3, 10)) for tag in range(64)),
        *((bytes([0x80 | tag << 2]), tag in (1, 3, 10)) for tag in range(16)),
        (b"\x85", True),
        *((bytes([tag]), False) for tag in (1, 3, 10, 0x41, 0x43, 0x4A)),
    ],
)
def test_a_ciphertext_begins_as_an_encrypted_message_does(head: bytes, is_one: bool) -> None:
    assert is_ciphertext(head) is is_one


@pytest.mark.parametrize(
    ("sides", "message", "hint"),
    [
        ({1, 2, 3}, "two branches changed river/login", "take the one that is here with `git"),
        ({1, 2}, "one branch changed river/login and another", "keep what was changed here"),
        ({1, 3}, "one branch changed river/login and another", "keep what was changed there"),
    ],
)
def test_a_conflict_is_told_by_the_sides_that_there_are(
    sides: set[int], message: str, hint: str
) -> None:
    explained = conflict("secrets/river/login.gpg", sides, "river/login")
    assert explained.message.startswith(message)
    assert explained.hint.startswith(hint)
    assert explained.hint.endswith("and run `ocs secret sync`")
