"""The bytes of a file as text, or the reason why they are none."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from ocs.model.finding import Span

MOST_BYTES = 1024 * 1024
# What libyaml takes for the end of a line.
_LINE_END = re.compile("\r\n|[\r\n\x85\u2028\u2029]")
# What YAML 1.1 does not count as printable.
_PRINTABLE_ASCII = bytes([0x09, 0x0A, 0x0D, *range(0x20, 0x7F)])
_UNPRINTABLE = re.compile(
    "[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"
)


@dataclass(frozen=True, slots=True)
class Fault:
    """Something in a file that is not read. The hint says what to write instead."""

    message: str
    span: Span
    hint: str | None = None


class FaultError(Exception):
    def __init__(self, message: str, span: Span, hint: str) -> None:
        super().__init__(message)
        self.fault = Fault(message, span, hint)


def lines_of(text: str) -> list[str]:
    """The lines of a file, without their ends, as libyaml counts them."""
    return _LINE_END.split(text)


def decode(data: bytes) -> str:
    """The text of a file. Raises FaultError where it is too large, no UTF-8, or not printable."""
    if len(data) > MOST_BYTES:
        hint = "keep large texts elsewhere and link to them"
        raise FaultError("the file is larger than 1 MiB", Span(1, 1), hint)
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise FaultError("the file is saved as UTF-16", Span(1, 1), "save it as UTF-8")
    data = data.removeprefix(codecs.BOM_UTF8)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        lines = data[: error.start].decode("utf-8").split("\n")
        span = Span(len(lines), len(lines[-1]) + 1, 1, lines[-1])
        message = f"the byte {data[error.start]:02x} is not UTF-8"
        raise FaultError(message, span, "save the file as UTF-8") from None
    # libyaml reads ahead, so it would meet these before the fields in front of them.
    is_plain = text.isascii() and not data.translate(None, _PRINTABLE_ASCII)
    if not is_plain and (unprintable := _UNPRINTABLE.search(text)):
        before = lines_of(text[: unprintable.start()])
        shown = lines_of(text)[len(before) - 1]
        message = (
            f"the character U+{ord(unprintable.group()):04X} is invisible and not allowed"
        )
        raise FaultError(
            message, Span(len(before), len(before[-1]) + 1, 1, shown), "delete it"
        )
    return text
