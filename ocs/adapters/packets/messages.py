"""Encrypted messages: their recipients, and taking one out. Nothing is decrypted.

A message is a row of packets, each with the session key for one recipient or passphrase, then
one packet of encrypted data, and nothing else (RFC 9580, sections 5.1, 5.3, 5.7, 5.13 and
10.3). Anything else is refused, so that no program sees recipients that ocs does not.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection

from ocs.adapters.packets import armor
from ocs.adapters.packets.framing import Packet, walk
from ocs.errors import NotOpenPgpError, OcsError
from ocs.model.ciphertext import HIDDEN, Message, Recipient

_FOR_KEY, _FOR_PASSPHRASE = 1, 3
_DATA_TAGS = (9, 18, 20)


def read_message(data: bytes) -> Message:
    """The message in *data*, armored or not. Raises NotOpenPgpError where it is none."""
    return _message(_packets(_opened(data).data))


def without_recipients(data: bytes, key_ids: Collection[str]) -> bytes:
    """The message without the packets for these keys. Raises OcsError for unknown or all keys."""
    armored = _opened(data)
    packets = _packets(armored.data)
    present = _message(packets).key_ids
    if HIDDEN in key_ids or not set(key_ids) <= set(present):
        raise OcsError("this message has no such recipient")
    if set(present) <= set(key_ids):
        raise OcsError(
            "nobody could read this message any more", "let somebody else read it first"
        )
    kept = b"".join(
        armored.data[packet.start : packet.end]
        for packet in packets
        if packet.tag != _FOR_KEY or _recipient(packet.body).key_id not in key_ids
    )
    return armor.write(armored._replace(data=kept)) if armored.what else kept


def _opened(data: bytes) -> armor.Armored:
    """The message's packets; without armor, `what` is empty."""
    if data[:1] >= b"\x80":
        return armor.Armored("", b"", data)
    armored = armor.read(data)
    if armored.what != "MESSAGE":
        raise NotOpenPgpError("this is not an OpenPGP message, but other OpenPGP data")
    return armored


def _packets(data: bytes) -> list[Packet]:
    packets = list(walk(data))
    for number, packet in enumerate(packets):
        is_last = number == len(packets) - 1
        if packet.tag not in (_DATA_TAGS if is_last else (_FOR_KEY, _FOR_PASSPHRASE)):
            raise NotOpenPgpError(
                f"a packet with the tag {packet.tag} does not belong here in an encrypted message"
            )
    if len(packets) < 2:
        raise NotOpenPgpError("this is not an encrypted message with recipients")
    return packets


def _message(packets: list[Packet]) -> Message:
    content = packets[-1]
    version = None
    if content.tag != 9:
        version = content.body[0] if content.body else 0
        if version not in ((1, 2) if content.tag == 18 else (1,)):
            raise NotOpenPgpError(f"its encrypted data has the unknown version {version}")
    return Message(
        recipients=tuple(
            _recipient(packet.body) for packet in packets if packet.tag == _FOR_KEY
        ),
        passphrases=sum(packet.tag == _FOR_PASSPHRASE for packet in packets),
        data_tag=content.tag,
        data_version=version,
        content=hashlib.sha256(bytes([content.tag]) + content.body).hexdigest(),
    )


def _recipient(body: bytes) -> Recipient:
    version = body[0] if body else 0
    if version in (2, 3) and len(body) > 10:
        return Recipient(body[1:9].hex().upper(), 3)
    if version == 6 and len(body) > 3:
        key_version, fingerprint = body[2:3], body[3 : 2 + body[1]]
        if body[1] == 0:
            return Recipient(HIDDEN, 6)
        if (key_version, len(fingerprint)) == (b"\x04", 20):
            return Recipient(fingerprint[-8:].hex().upper(), 6)
        if (key_version, len(fingerprint)) == (b"\x06", 32):
            return Recipient(fingerprint[:8].hex().upper(), 6)
    raise NotOpenPgpError("a recipient in it is damaged or of an unknown format")
