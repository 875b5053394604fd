"""What in a line of a log belongs to the moment: times, process numbers, addresses, long
numbers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_MONTH = "(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
_CLOCK = r"\d\d?:\d\d(?::\d\d)?(?:[.,:]\d+)?(?: ?[AP]M\b)?"
_ZONE = r"(?:\s?(?:Z|UTC|GMT|CES?T|[+-]\d\d:?\d\d))?"
# Each is taken out, in this order.
_NOISE = [
    re.compile(pattern)
    for pattern in (
        r"\x1b\[[0-9;]*m",
        # what RFC 5424 has before the message
        r"^<\d{1,3}>\d \S+ \S+ \S+ \S+ \S+ (?:-|\[[^\]]*\]) ?",
        # syslog's time and host
        rf"^(?:<\d{{1,3}}>)?{_MONTH}\s+\d+\s+(?:\d{{4}}\s+)?{_CLOCK}\s+[\w.:-]+\s+",
        rf"\d{{4}}[-/.]\d\d[-/.]\d\d(?:[T ]+{_CLOCK})?{_ZONE}",
        rf"\d\d?[-/. ](?:{_MONTH}|\d\d?)[-/. ]\d{{4}}(?:[: ]+{_CLOCK})?{_ZONE}",
        rf"(?<!\S)\d\d-\d\d {_CLOCK}\s+\d+\s+\d+(?!\S)",  # Android's time, process and thread
        rf"(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),?\s+)?{_MONTH}\s+\d+\s+{_CLOCK}(?:\s+\d{{4}})?",
        rf"(?<![\w.]){_CLOCK}{_ZONE}(?![\w.])",
        r"(?i)\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b",
        r"(?<![\w.+%-])<?[\w.+%-]+@[\w-]+(?:\.[\w-]+)*>?",
        r"(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?::\d+|/\d+)?(?![\w.])",
        r"(?i)(?<![\w:])(?=[0-9a-f]*:[0-9a-f]*:)[0-9a-f:]{6,}(?![\w:])",
        r"\[\d+(?::\d+)?\]|(?<!\d)\d+#\d+:|(?<!\S)\*\d+|\(\d+\)|<[0-7]\d{0,2}>",
        r"(?i)\b(?:p|t)id[ "
        r"=:]+\d+|\b(?:port|thread|uid|gid|line|delay|size|request_?id|session)[ =:]+#?\d+",
        r"(?i)\b0x[0-9a-f]{9,}\b",
        r"(?i)\b(?!0x)(?=[a-f]*[0-9])(?=[0-9]*[a-f])[0-9a-f]{7,}\b",
        r"(?<![\w.-])\d{5,}(?![\w.])",
    )
]
_HRESULT = re.compile(r"\b0x8[0-9a-f]{7}\b", re.I)


def without_noise(line: str) -> str:
    """A line without times, process numbers, addresses and long numbers; HRESULTs and columns
    stay.
    """
    pieces = []
    for piece, is_code in _split(line, _HRESULT):
        if not is_code:
            for noise in _NOISE:
                piece = noise.sub(" ", piece)
        pieces.append(piece)
    return " ".join(pieces)


def _split(line: str, kept: re.Pattern[str]) -> Iterator[tuple[str, bool]]:
    position = 0
    for found in kept.finditer(line):
        yield line[position : found.start()], False
        yield found[0], True
        position = found.end()
    yield line[position:], False
