"""What a line of a log says to people: without names of fields, and without the moment.

A line may be JSON, key=value or XML. Times, addresses and process numbers change each time.
"""

from __future__ import annotations

import json
import re

# What a container writes is a text in JSON, which may hold JSON again.
_DEEPEST = 2
_JSON = re.compile(
    r'"(?:msg|message|log|short_message|full_message|error|err|exception|reason|detail|stack|@mt?)"'
    r'\s*:\s*("(?:[^"\\]|\\.)*")',
    re.I,
)
_PAIR = re.compile(
    r'(?<![\w.])(?:msg|message|err|error|reason)=("(?:[^"\\]|\\.)*"|[^"\s]\S*(?:\s(?![\w.]+=)\S+)*)',
    re.I,
)
_OTHER_PAIR = re.compile(r'(?<!\S)[\w.-]+=(?:"(?:[^"\\]|\\.)*"|\S*)')
_TAG = re.compile(r"<[^<>]{0,300}>")

_MONTH = "(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
_CLOCK = r"\d\d?:\d\d(?::\d\d)?(?:[.,:]\d+)?(?: ?[AP]M\b)?"
_ZONE = r"(?:\s?(?:Z|UTC|GMT|CES?T|[+-]\d\d:?\d\d))?"
# They are taken out in this order.
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
        r"(?i)\b(?:p|t)id[ =:]+\d+"
        r"|\b(?:port|thread|uid|gid|line|delay|size|request_?id|session)[ =:]+#?\d+",
        r"(?i)\b0x[0-9a-f]{9,}\b",
        r"(?i)\b(?!0x)(?=[a-f]*[0-9])(?=[0-9]*[a-f])[0-9a-f]{7,}\b",
        r"(?<![\w.-])\d{5,}(?![\w.])",
    )
]
_HRESULT = re.compile(r"(\b0x8[0-9a-f]{7}\b)", re.I)

# What stands before a message once times and levels are gone.
_HEAD_PART = re.compile(
    r"\s+|[-:,;|*#>=.]+(?=[\s,:|])|\(\s*\)"
    r"|\[[^\[\]]{0,80}\]:?"  # a thread, a process
    r"|[\w$-]+(?:[./\\:@]+[\w$-]+)+\s*(?::(?=[\s\w])|\s-\s|\]\s)"  # a logger, a file, a class
    r"|\w[\w.-]*\s?\|\s"  # a service of docker compose
    r"|[\w.-]+(?:\([\w.-]*\))?\s*:(?:\s|(?=\w))(?!//)"  # a program
    r"|(?:stdout|stderr)\s[FP]\s"
    r"|(?<=,)[^,]{0,40},"  # a cell
)
_COLUMN = re.compile(r"\s*\S+(?: \S+){0,2}(?:\t+| {2,})")
_GAP = re.compile(r"\S(?:\t| {2,})(?=\S)")
_EXCEPTION = re.compile(r".{0,80}?(?<![\w.])[\w.$\\]*(?:Exception|Error)\s?:\s+(?=\S+\s+\S)")
# A table has so many gaps, and a message so many letters.
_FEWEST_GAPS, _FEWEST_LETTERS = 2, 3


def message_of(line: str, depth: int = _DEEPEST) -> str:
    """A line without its fields but those for people; the line itself where these are empty."""
    if "{" in line and depth and (fields := _JSON.findall(line)):
        before = line[: line.index("{")]
        messages = [message_of(_unquoted(field).strip(), depth - 1) for field in fields]
    elif first := _PAIR.search(line):
        before = _OTHER_PAIR.sub("", line[: first.start()])
        fields = _PAIR.findall(line)
        messages = [_unquoted(field) if field.startswith('"') else field for field in fields]
    elif line.lstrip().startswith("<") and "</" in line:
        return " ".join(_TAG.sub(" ", line).split())
    else:
        return line
    if not any(map(str.isalpha, "".join(messages))):
        return line
    return " ".join(filter(None, [before.strip(), *messages]))


def _unquoted(text: str) -> str:
    try:
        return str(json.loads(text, strict=False))
    except ValueError:
        return text.strip('"')


def without_noise(line: str) -> str:
    """A line without times, process numbers, addresses and long numbers; HRESULTs stay."""
    pieces = _HRESULT.split(line)
    for place in range(0, len(pieces), 2):  # an HRESULT stands at every odd place
        for noise in _NOISE:
            pieces[place] = noise.sub(" ", pieces[place])
    return " ".join(pieces)


def head_and_message(line: str) -> tuple[str, str]:
    """A line, parted where its message begins; all is message where too little would be."""
    place = 0
    if len(_GAP.findall(line)) >= _FEWEST_GAPS:
        place = _end_of(_COLUMN, line, 0)
    place = _end_of(_HEAD_PART, line, place)
    if exception := _EXCEPTION.match(line, place):
        place = exception.end()
    is_message = sum(map(str.isalnum, line[place:])) >= _FEWEST_LETTERS
    return (line[:place], line[place:]) if is_message else ("", line)


def _end_of(part: re.Pattern[str], line: str, place: int) -> int:
    """Where the parts that follow each other from *place* on end."""
    while match := part.match(line, place):
        place = match.end()
    return place
