"""OpenPGP packets in the old and the new format: where each begins and ends (RFC 9580, 4.2)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from ocs.errors import NotOpenPgpError

# No file of a registry and no keyring of a project is larger.
MOST_BYTES = 64 * 1024 * 1024
# Packets of data, whose length may become known only while they are written.
_DATA_TAGS = frozenset({8, 9, 11, 18, 20})
_SHORTEST_FIRST_PART = 512


class Packet(NamedTuple):
    """A packet that lies at `data[start:end]`; `body` is its content, its parts put together."""

    tag: int
    start: int
    end: int
    body: bytes


def walk(data: bytes) -> Iterator[Packet]:
    """The packets, one after the other. Raises NotOpenPgpError where they are malformed."""
    if len(data) > MOST_BYTES:
        raise NotOpenPgpError(f"it is larger than {MOST_BYTES // 1024 // 1024} MiB")
    position = 0
    while position < len(data):
        packet = _packet(data, position)
        yield packet
        position = packet.end


def _packet(data: bytes, start: int) -> Packet:
    head = data[start]
    if not head & 0x80:
        raise NotOpenPgpError(f"no OpenPGP packet begins at byte {start}")
    is_new = bool(head & 0x40)
    tag = head & 0x3F if is_new else (head >> 2) & 0x0F
    if tag == 0:
        raise NotOpenPgpError(f"the packet at byte {start} has no type")
    return _new(data, start, tag) if is_new else _old(data, start, tag, head & 3)


def _old(data: bytes, start: int, tag: int, length_type: int) -> Packet:
    if length_type == 3:
        _check_open_end(tag, start)
        return Packet(tag, start, len(data), data[start + 1 :])
    size = 1 << length_type
    begin = start + 1 + size
    length = int.from_bytes(_bytes(data, start + 1, size))
    return Packet(tag, start, begin + length, _bytes(data, begin, length))


def _new(data: bytes, start: int, tag: int) -> Packet:
    length, begin, is_part = _new_length(data, start + 1)
    if not is_part:
        return Packet(tag, start, begin + length, _bytes(data, begin, length))
    _check_open_end(tag, start)
    if length < _SHORTEST_FIRST_PART:
        raise NotOpenPgpError(
            f"the packet at byte {start} begins with a part that is too small"
        )
    parts = [_bytes(data, begin, length)]
    while is_part:
        length, begin, is_part = _new_length(data, begin + length)
        parts.append(_bytes(data, begin, length))
    return Packet(tag, start, begin + length, b"".join(parts))


def _new_length(data: bytes, at: int) -> tuple[int, int, bool]:
    """A length, where its content begins, and whether another part follows."""
    first = _bytes(data, at, 1)[0]
    if first < 192:
        return first, at + 1, False
    if first < 224:
        return ((first - 192) << 8) + _bytes(data, at + 1, 1)[0] + 192, at + 2, False
    if first == 255:
        return int.from_bytes(_bytes(data, at + 1, 4)), at + 5, False
    return 1 << (first & 0x1F), at + 1, True


def _bytes(data: bytes, begin: int, length: int) -> bytes:
    if begin + length > len(data):
        raise NotOpenPgpError("it is cut short: its last packet is incomplete")
    return data[begin : begin + length]


def _check_open_end(tag: int, start: int) -> None:
    if tag not in _DATA_TAGS:
        raise NotOpenPgpError(f"the packet at byte {start} has no length")
