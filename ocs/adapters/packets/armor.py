"""OpenPGP data as text, ASCII armor (RFC 9580, section 6), read strictly and written."""

from __future__ import annotations

import base64
import binascii
import re
from typing import NamedTuple

from ocs.errors import NotOpenPgpError

_ARMOR = re.compile(
    rb"\s*-----BEGIN PGP (?P<what>[A-Z ]{1,30})-----[ \t]*\r?\n"
    rb"(?P<headers>(?:[A-Za-z-]{1,30}: [^\r\n]*\r?\n)*)"
    rb"[ \t]*\r?\n"
    rb"(?P<text>(?:[A-Za-z0-9+/]+={0,2}[ \t]*\r?\n)*)"
    rb"(?:=(?P<crc>[A-Za-z0-9+/]{4})[ \t]*\r?\n)?"
    rb"-----END PGP (?P<end>[A-Z ]{1,30})-----\s*"
)
_LINE = 64
_MOST_BYTES = 16 * 1024 * 1024


class Armored(NamedTuple):
    """The content of an armor: `what` is its kind, such as MESSAGE; `headers` are whole lines."""

    what: str
    headers: bytes
    data: bytes


def read(text: bytes) -> Armored:
    """The content of the one armor that *text* is. Raises NotOpenPgpError where it is none."""
    if len(text) > _MOST_BYTES:
        raise NotOpenPgpError(f"it is larger than {_MOST_BYTES // 1024 // 1024} MiB")
    armor = _ARMOR.fullmatch(text)
    if armor is None:
        if b"-----BEGIN PGP " not in text:
            raise NotOpenPgpError("this is not OpenPGP data")
        raise NotOpenPgpError(
            "its armor is damaged: it needs all lines from -----BEGIN to -----END, "
            "and nothing around them"
        )
    if armor["what"] != armor["end"]:
        raise NotOpenPgpError("the BEGIN and END lines of its armor differ")
    try:
        data = base64.b64decode(b"".join(armor["text"].split()), validate=True)
    except binascii.Error:
        raise NotOpenPgpError(
            "its armor is damaged: the text in it cannot be decoded"
        ) from None
    crc = armor["crc"]
    if crc is not None and int.from_bytes(base64.b64decode(crc)) != _crc24(data):
        raise NotOpenPgpError("its armor is damaged: the checksum at its end does not match")
    return Armored(armor["what"].decode(), armor["headers"], data)


def write(armored: Armored) -> bytes:
    text = base64.b64encode(armored.data)
    lines = b"".join(text[at : at + _LINE] + b"\n" for at in range(0, len(text), _LINE))
    crc = base64.b64encode(_crc24(armored.data).to_bytes(3))
    what = armored.what.encode()
    headers = armored.headers.replace(b"\r\n", b"\n")
    body = b"%b\n%b=%b\n" % (headers, lines, crc)
    return b"-----BEGIN PGP %b-----\n%b-----END PGP %b-----\n" % (what, body, what)


def _crc_table() -> list[int]:
    table = []
    for byte in range(256):
        crc = byte << 16
        for _ in range(8):
            crc = (crc << 1) ^ (0x1864CFB if crc & 0x800000 else 0)
        table.append(crc & 0xFFFFFF)
    return table


_CRC_TABLE = _crc_table()


def _crc24(data: bytes) -> int:
    crc = 0xB704CE
    for byte in data:
        crc = ((crc << 8) & 0xFFFFFF) ^ _CRC_TABLE[(crc >> 16) ^ byte]
    return crc
