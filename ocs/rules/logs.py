"""What a pasted log says: the lines that tell of trouble, without what belongs to the moment."""

from __future__ import annotations

import re
from collections.abc import Iterator

# Of a long log the last lines are read; more different ones than this say nothing new.
_MOST_LINES = 20_000
_MOST_KEPT = 12
_LONGEST_LINE = 600

_MONTH = "(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
_CLOCK = r"\d\d?:\d\d(?::\d\d)?(?:[.,]\d+)?"
_ZONE = r"(?:\s?(?:Z|UTC|GMT|[+-]\d\d:?\d\d))?"
# Each is taken out, in this order.
_NOISE = [
    re.compile(pattern)
    for pattern in (
        r"\x1b\[[0-9;]*m",
        rf"^{_MONTH}\s+\d+\s+{_CLOCK}\s+\S+\s+",  # syslog's time and host
        rf"\d{{4}}[-/]\d\d[-/]\d\d(?:[T ]+{_CLOCK})?{_ZONE}",
        rf"\d\d?[-/ ](?:{_MONTH}|\d\d?)[-/ ]\d{{4}}(?:[: ]+{_CLOCK})?{_ZONE}",
        rf"(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),?\s+)?{_MONTH}\s+\d+\s+{_CLOCK}(?:\s+\d{{4}})?",
        rf"(?<![\w.]){_CLOCK}{_ZONE}(?![\w.])",
        r"(?i)\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b",
        r"<?[\w.+%-]+@[\w-]+(?:\.[\w-]+)*>?",
        r"(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?::\d+|/\d+)?(?![\w.])",
        r"(?i)(?<![\w:])(?=[0-9a-f]*:[0-9a-f]*:)[0-9a-f:]{6,}(?![\w:])",
        r"\[\d+(?::\d+)?\]|\d+#\d+:|(?<!\S)\*\d+|\(\d+\)|<[0-7]\d{0,2}>",
        r"(?i)\b(?:p|t)id[ =:]+\d+|\b(?:port|thread|uid|gid|line|delay|size|request_?id|session)[ =:]+#?\d+",
        r"(?i)\b0x[0-9a-f]{9,}\b",
        r"(?i)\b(?!0x)(?=[g-z]*[0-9])(?=[0-9]*[a-f])[0-9a-f]{7,}\b",
        r"(?<![\w.-])\d{5,}(?![\w.])",
    )
]
_LEVELS = {
    "bad": "emerg|emergency|alert|crit|critical|fatal|panic|severe|err|error",
    "warn": "warn|warning",
    "mild": "info|debug|trace|notice|verbose",
}
# A level stands in capitals, or is set off by a sign.
_LEVEL = re.compile(
    "|".join(
        rf"\b(?P<{name}>(?i:{words})(?=[\]:)>|])|(?:{words.upper()})\b)" for name, words in _LEVELS.items()
    )
)
_TROUBLE = re.compile(
    r"error|exception|fatal|fail|denied|refused|reject|unable|cannot|can't|could ?n[o']t|not found|no such|"
    r"invalid|undefined|expired|timed? ?out|exceed|forbidden|unauthori|unreachable|locked|corrupt|missing|"
    r"deferred|panic|abort|crash|full\b|no space|bounced|servfail|nxdomain|fehl|kann nicht|ung[üu]ltig|errno",
    re.I,
)
_HRESULT = re.compile(r"\b0x8[0-9a-f]{7}\b", re.I)


def telling_lines(log: str) -> str:
    """The lines of a log that tell of the worst trouble, each once, without what belongs to the moment."""
    worst: dict[str, int] = {}
    for line in log.splitlines()[-_MOST_LINES:]:
        said = without_noise(line[:_LONGEST_LINE])
        if any(map(str.isalnum, said)):
            worst.setdefault(said, _severity(line))
    most = max(worst.values(), default=0)
    return "\n".join([line for line, severity in worst.items() if severity == most][-_MOST_KEPT:])


def without_noise(line: str) -> str:
    """A line without times, process numbers, addresses and long numbers; HRESULTs stay."""
    pieces = []
    for piece, is_code in _split(line, _HRESULT):
        if not is_code:
            for noise in _NOISE:
                piece = noise.sub(" ", piece)
        pieces.append(piece)
    return " ".join(" ".join(pieces).split())


def _split(line: str, kept: re.Pattern[str]) -> Iterator[tuple[str, bool]]:
    position = 0
    for found in kept.finditer(line):
        yield line[position : found.start()], False
        yield found[0], True
        position = found.end()
    yield line[position:], False


def _severity(line: str) -> int:
    """0 for a line that is in order, 1 for a warning, 2 for trouble."""
    level = _LEVEL.search(line)
    if level and not level["bad"]:
        return 1 if level["warn"] else 0
    return 2 if level or _TROUBLE.search(line) or _HRESULT.search(line) else 0
