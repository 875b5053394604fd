"""Exact codes in a text: what a machine wrote, and what is looked up better than guessed.

Each is given in one form, however it was written: an HRESULT as eight hexadecimal digits, also
where it stands as a decimal number with or without its sign.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

# What a server says in words behind its status, as far as people paste it.
_REASONS = (
    "Bad Request|Unauthorized|Forbidden|Not Found|Method Not Allowed|Not "
    "Acceptable|Request Timeout|Conflict|"
    "Gone|Payload Too Large|Request Entity Too Large|Locked|Too Many "
    "Requests|Internal Server Error|"
    "Not Implemented|Bad Gateway|Service Unavailable|Gateway Timeout|Insufficient Storage"
)
# Of what is seldom asked for the expression is compiled when it is first used.
# What stands right before a status, and right behind it.
_NAMED = r"(?i)\b(?:HTTP(?:/[\d.]+)?|status|error)(?: (?:code|status|error))?[ :=]{1,2}$"
_REASONED = rf"(?i) (?:{_REASONS})\b"
_LONGEST_NAME = 30
# They begin with what is rare, so that most of a text is skipped: all texts of a registry are
# read.
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


def codes_asked(text: str) -> frozenset[str]:
    """The codes that somebody may mean who looks for *text*: also in small letters, also a
    bare 404.
    """
    found = set(_codes(text)) | set(_codes(text.upper()))
    # 550 before 5.7.1 is what a mail server replies.
    if not any(code[0].isdigit() and "." in code for code in found):
        found.update(
            f"http {match[0]}"
            for match in _NUMBER.finditer(text)
            if re.fullmatch(_STATUS, match[0])
        )
    return frozenset(found)


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
        yield from (f"{what} {number}" for what, number in re.findall(_EXIT, small))


def _number(match: re.Match[str]) -> Iterator[str]:
    """The code that a number is; a status only where it is called one, before or behind."""
    number = match[0]
    if "." in number:
        yield number
    elif len(number) > 8:
        yield f"0x{int(number) % 2**32:08x}"
    elif len(number) == 8:
        yield "0x" + number.lower()
    elif re.fullmatch(_STATUS, number):
        before = match.string[max(0, match.start() - _LONGEST_NAME) : match.start()]
        if re.search(_NAMED, before) or re.match(
            _REASONED, match.string[match.end() : match.end() + _LONGEST_NAME]
        ):
            yield f"http {number}"
