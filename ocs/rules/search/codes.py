"""Exact codes in a text, which machines write, each in one form.

An HRESULT becomes eight hexadecimal digits, also from a decimal number with or without sign.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

# What stands right before a status, and the words that a server writes behind it. Expressions
# that are seldom needed are compiled when they are first used.
_BEFORE_STATUS = (
    r"(?i)\b(?:HTTP(?:/[\d.]+)?|status|error)(?: (?:code|status|error))?[ :=]{1,2}$"
)
_BEHIND_STATUS = (
    r"(?i) (?:Bad Request|Unauthorized|Forbidden|Not Found|Method Not Allowed|Not Acceptable"
    r"|Request Timeout|Conflict|Gone|Payload Too Large|Request Entity Too Large|Locked"
    r"|Too Many Requests|Internal Server Error|Not Implemented|Bad Gateway|Service Unavailable"
    r"|Gateway Timeout|Insufficient Storage)\b"
)
_LONGEST_NAME = 30
# Both begin with what is rare and so skip most of a text: a registry's every text is read.
_HEX = re.compile(r"0(?<!\w.)[xX]([0-9a-fA-F]{1,16})\b")
_NUMBER = re.compile(
    r"[-2458](?<![\w.].)(?:"
    r"(?<=8)[0-9a-fA-F]{7}(?![\w-])"  # an HRESULT without 0x
    r"|(?:(?<=-)2|(?<=2))14[678]\d{6}(?![\w.])"  # one as a decimal number
    r"|(?<=[245])\.\d{1,3}\.\d{1,3}(?!\w|\.\d)"  # what a mail server says
    r"|(?<=[45])\d\d(?![\w-]|[.:]\d))"  # a status
)
_STATUS = "4(?:0[0-9]|1[0-8]|2[1-9]|31|51)|50[0-8]|51[01]"
_CVE = r"\bCVE-\d{4}-\d{4,}\b"
_CAPITALS = r"[A-Z](?<!\w.)[A-Z0-9]*(?:_[A-Z0-9]+)+\b"
_EXIT = r"\b(exit|errno)(?:ed)?(?: with)?(?: (?:code|status))?[ :=]{1,2}(-?\d{1,3})\b"


def codes_in(text: str) -> frozenset[str]:
    """The codes that a record's text mentions."""
    return frozenset(_codes(text))


def codes_meant(text: str) -> frozenset[str]:
    """The codes that a query may mean: also in small letters, also a bare 404."""
    codes = {*_codes(text), *_codes(text.upper())}
    # 550 before 5.7.1 is what a mail server replies.
    if not any(code[0].isdigit() and "." in code for code in codes):
        numbers = (match[0] for match in _NUMBER.finditer(text))
        codes.update(f"http {number}" for number in numbers if re.fullmatch(_STATUS, number))
    return frozenset(codes)


def _codes(text: str) -> Iterator[str]:
    for digits in _HEX.findall(text):
        yield "0x" + digits.lower()
    for match in _NUMBER.finditer(text):
        yield from _number(match)
    if "_" in text:
        yield from map(str.lower, re.findall(_CAPITALS, text))
    if "CVE-" in text:
        yield from map(str.lower, re.findall(_CVE, text))
    small = text.lower()
    if "exit" in small or "errno" in small:
        yield from (f"{name} {number}" for name, number in re.findall(_EXIT, small))


def _number(match: re.Match[str]) -> Iterator[str]:
    """The code that a number is; a status only where it is called one, before or behind."""
    number = match[0]
    if "." in number:
        yield number
    elif number[0] in "-2":  # a decimal number
        yield f"0x{int(number) % 2**32:08x}"
    elif len(number) == 8:
        yield "0x" + number.lower()
    elif re.fullmatch(_STATUS, number):
        before = match.string[max(0, match.start() - _LONGEST_NAME) : match.start()]
        behind = match.string[match.end() : match.end() + _LONGEST_NAME]
        if re.search(_BEFORE_STATUS, before) or re.match(_BEHIND_STATUS, behind):
            yield f"http {number}"
