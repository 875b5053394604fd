"""Exact codes in a text: what a machine wrote, and what is looked up better than guessed.

Each is given in one form, however it was written: an HRESULT as eight hexadecimal digits, also where it
stands as a decimal number with or without its sign.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

# What a server says in words behind its status, as far as people paste it.
_REASONS = (
    "Bad Request|Unauthorized|Forbidden|Not Found|Method Not Allowed|Not Acceptable|Request Timeout|Conflict|"
    "Gone|Payload Too Large|Request Entity Too Large|Locked|Too Many Requests|Internal Server Error|"
    "Not Implemented|Bad Gateway|Service Unavailable|Gateway Timeout|Insufficient Storage"
)
_HTTP = r"(?:4(?:0\d|1[0-8]|2[1-9]|31|51)|50[0-8]|51[01])"
_HEX = re.compile(r"\b0x([0-9a-f]{1,16})\b", re.I)
_BARE_HRESULT = re.compile(r"(?<![\w.-])(8[0-9a-f]{7})(?![\w-])", re.I)
_DECIMAL = re.compile(r"(?<![\w.])(-2147\d{6}|2147\d{6}|-2146\d{6}|2148\d{6})(?![\w.])")
_SMTP = re.compile(r"(?<![\w.])([245]\.\d{1,3}\.\d{1,3})(?![\w]|\.\d)")
_CVE = re.compile(r"\bCVE-\d{4}-\d{4,}\b", re.I)
_CAPITALS = re.compile(r"\b[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+\b")
_EXIT = re.compile(r"\b(exit|errno)(?:ed)?(?: with)?(?: (?:code|status))?[ :=]{1,2}(-?\d{1,3})\b", re.I)
_STATUS = re.compile(
    rf"\b(?:HTTP(?:/[\d.]+)?|status|error)(?: (?:code|status|error))?[ :=]{{1,2}}({_HTTP})\b(?![.:-]\d)"
    rf"|\b({_HTTP}) (?:{_REASONS})\b",
    re.I,
)
_LOOSE = re.compile(rf"(?<![\w.-])({_HTTP})(?![\w-]|\.\d)")


def codes_in(text: str) -> frozenset[str]:
    """The codes that a record's text mentions."""
    return frozenset(_codes(text))


def codes_asked(text: str) -> frozenset[str]:
    """The codes that somebody may mean who looks for *text*: also in small letters, also a bare 404."""
    found = set(_codes(text)) | set(_codes(text.upper()))
    # 550 before 5.7.1 is what a mail server replies.
    if not any(_SMTP.fullmatch(code) for code in found):
        found.update(f"http {status}" for status in _LOOSE.findall(text))
    return frozenset(found)


def _codes(text: str) -> Iterator[str]:
    for digits in _HEX.findall(text):
        yield "0x" + digits.lower()
    for digits in _BARE_HRESULT.findall(text):
        yield "0x" + digits.lower()
    for number in _DECIMAL.findall(text):
        yield f"0x{int(number) % 2**32:08x}"
    yield from _SMTP.findall(text)
    yield from map(str.lower, _CVE.findall(text))
    yield from map(str.lower, _CAPITALS.findall(text))
    for what, number in _EXIT.findall(text):
        yield f"{what.lower()} {number}"
    for named, reasoned in _STATUS.findall(text):
        yield f"http {named or reasoned}"
