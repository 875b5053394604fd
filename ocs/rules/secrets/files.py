"""Files of the folder `secrets` must be encrypted OpenPGP messages."""

from __future__ import annotations

_ARMOR = b"-----BEGIN PGP MESSAGE-----"
# An encrypted message begins with a session key for a key or a passphrase, or with a marker.
_FIRST_TAGS = (1, 3, 10)


def is_ciphertext(head: bytes) -> bool:
    """Does a file that begins so look like an encrypted OpenPGP message, armored or not?

    Source: RFC 9580, sections 4.2 and 5.
    """
    if head.lstrip().startswith(_ARMOR):
        return True
    if not head or not head[0] & 0x80:
        return False
    tag = head[0] & 0x3F if head[0] & 0x40 else (head[0] & 0x3C) >> 2
    return tag in _FIRST_TAGS
