"""Certificates: the public keys in a file, before gpg sees it. No signature is verified.

What may be in a file of the registry (RFC 9580, section 10.1, and less):
- one primary key and its subkeys, all of version 4, which every gpg reads: one of a newer
  version makes gpg import none of the file;
- user ids and signatures;
- no secret keys, which gpg would store; no trust packets, with which a file can claim that a
  forged signature was verified; no pictures, nor anything else.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime

from ocs.adapters.packets import armor
from ocs.adapters.packets.framing import Packet, walk
from ocs.errors import NotOpenPgpError
from ocs.model.certificate import Key, Outline

MOST_BYTES = 1024 * 1024
_MOST_OF_A_KIND = 500
_SIGNATURE, _PRIMARY, _USER_ID, _SUBKEY = 2, 6, 13, 14
_SMALLER = (
    "export it again with `gpg --armor --export-options export-minimal --export FINGERPRINT`"
)
_SECRET = (
    "it contains a secret key, which only its owner may have",
    "export the public part with `gpg --armor --export FINGERPRINT`; "
    "if others have seen the secret key, revoke it and make a new one",
)
_REFUSED = {
    5: _SECRET,
    7: _SECRET,
    12: ("it contains gpg's trust data, which is private", _SMALLER),
    17: (
        "it contains a picture",
        "export it again with `gpg --armor --export-options export-minimal,no-export-attributes "
        "--export FINGERPRINT`",
    ),
}
# Algorithms by number: the name, and how many numbers the public key has; a curve has none.
_RSA, _DSA, _ELGAMAL = ("RSA", 2), ("DSA", 4), ("Elgamal", 3)
_OF_NUMBERS = {1: _RSA, 2: _RSA, 3: _RSA, 16: _ELGAMAL, 17: _DSA, 20: _ELGAMAL}
_OF_CURVES = {18: "ECDH", 19: "ECDSA", 22: "EdDSA"}
_OTHERS = {25: "X25519", 26: "X448", 27: "Ed25519", 28: "Ed448"}


def read_certificate(data: bytes) -> Outline:
    """The one certificate in *data*, armored or not. Raises NotOpenPgpError with what to do."""
    if len(data) > 2 * MOST_BYTES:
        raise _too_large()
    return _outline(_opened(data))


def certificates_in(data: bytes) -> Iterator[bytes]:
    """The packets of each certificate in a file of several, such as a project's keyring."""
    packets = _opened(data)
    start = 0
    for packet in walk(packets):
        if packet.tag == _PRIMARY and packet.start > start:
            yield packets[start : packet.start]
            start = packet.start
    yield packets[start:]


def as_text(outline_data: bytes) -> bytes:
    """The packets of a certificate as the text of a file."""
    return armor.write(armor.Armored("PUBLIC KEY BLOCK", b"", outline_data))


def _opened(data: bytes) -> bytes:
    if not data:
        raise NotOpenPgpError("the file is empty")
    if data[:1] >= b"\x80":
        return data
    armored = armor.read(data)
    if armored.what == "PRIVATE KEY BLOCK":
        raise NotOpenPgpError(*_SECRET)
    if armored.what != "PUBLIC KEY BLOCK":
        raise NotOpenPgpError("this is not a certificate, but other OpenPGP data")
    return armored.data


def _outline(data: bytes) -> Outline:
    if len(data) > MOST_BYTES:
        raise _too_large()
    primary: Key | None = None
    subkeys: list[Key] = []
    user_ids = 0
    for number, packet in enumerate(walk(data)):
        if packet.tag in _REFUSED:
            raise NotOpenPgpError(*_REFUSED[packet.tag])
        is_first, is_primary = number == 0, packet.tag == _PRIMARY
        is_known = packet.tag in (_SIGNATURE, _PRIMARY, _USER_ID, _SUBKEY)
        if not is_known or is_primary != is_first:
            raise _misplaced(packet, number)
        if is_primary:
            primary = _key(packet.body)
        elif packet.tag == _SUBKEY:
            subkeys.append(_key(packet.body))
        user_ids += packet.tag == _USER_ID
        if max(user_ids, len(subkeys)) > _MOST_OF_A_KIND:
            raise NotOpenPgpError(
                f"it contains more than {_MOST_OF_A_KIND} user ids or subkeys", _SMALLER
            )
    if primary is None:
        raise NotOpenPgpError("the file is empty")
    return Outline(primary, tuple(subkeys), user_ids, data)


def _too_large() -> NotOpenPgpError:
    return NotOpenPgpError(f"it is larger than {MOST_BYTES // 1024} KiB", _SMALLER)


def _misplaced(packet: Packet, number: int) -> NotOpenPgpError:
    if packet.tag == _PRIMARY:
        return NotOpenPgpError(
            "it contains more than one certificate",
            "put each into the file of its owner",
        )
    if number == 0:
        return NotOpenPgpError(
            "this is not a certificate: it does not begin with a public key"
        )
    return NotOpenPgpError(
        f"it contains a packet with the tag {packet.tag}, which does not belong in a certificate"
    )


def _key(body: bytes) -> Key:
    version = body[0] if body else 0
    if version != 4:
        raise NotOpenPgpError(
            f"it contains a key of version {version}, and only version 4 works with every gpg",
            "make a new key with `gpg --full-generate-key`, and export it",
        )
    if not 7 <= len(body) < 1 << 16:
        raise NotOpenPgpError("a key in it is damaged")
    algorithm, bits = _algorithm(body[5], body[6:])
    # SHA-1 is what defines a fingerprint of version 4.
    digest = hashlib.sha1(b"\x99" + len(body).to_bytes(2) + body, usedforsecurity=False)
    created = datetime.fromtimestamp(int.from_bytes(body[1:5]), UTC).date()
    return Key(digest.hexdigest().upper(), algorithm, bits, created)


def _algorithm(number: int, material: bytes) -> tuple[str, int | None]:
    """The name of a key's algorithm, and how many bits it has where that matters."""
    if number in _OF_NUMBERS:
        name, count = _OF_NUMBERS[number]
        return name, _first_bits(material, count)
    return {**_OF_CURVES, **_OTHERS}.get(number, f"algorithm {number}"), None


def _first_bits(material: bytes, count: int) -> int:
    """How many bits the first of *count* numbers has, which fill the key to its end."""
    first = at = 0
    for _ in range(count):
        bits = int.from_bytes(material[at : at + 2])
        first = first or bits
        at += 2 + (bits + 7) // 8
    number = int.from_bytes(material[2 : 2 + (first + 7) // 8])
    if at != len(material) or number.bit_length() != first:
        raise NotOpenPgpError("a key in it is damaged")
    return first
