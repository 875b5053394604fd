"""How bad a line of a log is: by its level, in whatever way programs write one, or by its
words.
"""

from __future__ import annotations

import re
from enum import IntEnum


class Level(IntEnum):
    """How bad a line is; TROUBLE is what has no level, but speaks of it."""

    FRAME = 0  # a step of a trace: what is wrong stands in another line
    MILD = 1
    UNKNOWN = 2
    WARNING = 3
    TROUBLE = 4
    BAD = 5


_NAMES = {
    Level.BAD: "emerg emergency alert crit critical crt fatal ftl panic severe err error fail "
    "failure unexpected fehler kritisch erreur critique fout kritiek errore crítico",
    Level.WARNING: "warn warning wrn deprecated warnung avertissement waarschuwing advertencia "
    "avviso",
    Level.MILD: "info inf information informational informationen información informazioni debug "
    "dbg trace trc notice note log verbose vrb default fine finer finest config success audit "
    "statement detail",
}
_LEVELS = {name: level for level, names in _NAMES.items() for name in names.split()}
_ANY = "|".join(sorted(_LEVELS, key=len, reverse=True))
# A level's name stands in capitals, or is set off by a sign or by space.
_NAME = re.compile(
    r"(?<!\w)(?i:PHP (?:Fatal |Parse )?)?"
    rf"(?:(?P<set_off>(?i:{_ANY}))(?=[\]):>|,}}\t;]|  | -)|(?P<capitals>{_ANY.upper()})\b)"
)
_FIELD = re.compile(
    r"(?i)(?<![\w.])(?P<quote>[\"']?)(?:level|lvl|severity|loglevel|log_level|levelname|log\.level|priority|@l)[\"']?"
    r"\s*[:=]\s*[\"']?(?P<value>[\w-]+)"
)
_WINDOWS = re.compile(r"<Level>(\d)</Level>")
_HTTP = re.compile(r"HTTP/\d(?:\.\d)?\" (?P<status>\d{3})\b")
_PRIORITY = re.compile(r"^<(\d{1,3})>")
_CISCO = re.compile(r"%[A-Z][A-Z0-9_-]*-([0-7])-[A-Z0-9_]+:")
# One letter or sign, at the start or behind a time or a thread: klog, Android, CUPS, X.Org,
# Redis.
_SIGN = re.compile(
    r"^(?P<first>[IWEFD])(?:\d{4}\s|,? \[)|^(?P<android>[VDIWEF])/|(?<=[\d\])|] "
    r")\s*(?P<letter>[VDIWEF])[ /]"
    r"|\((?P<xorg>EE|WW|II|!!|\*\*|\+\+|--|==)\)|(?<=\.\d{3} )(?P<redis>[#*.-]) (?=\S)"
)
_SIGNS = {
    "E": Level.BAD,
    "F": Level.BAD,
    "EE": Level.BAD,
    "W": Level.WARNING,
    "WW": Level.WARNING,
    "#": Level.WARNING,
}
_FRAME = re.compile(
    r"^\s+at\s|^\s*at [\w.$<>]+\(|^\s*#\d+\s+(?:/|\{main\}|\[internal|[\w\\:>-]+\()|^\s+File \"|"
    r"^Traceback \(|^Stack trace:|^\s*from \S+:\d+:in|^\s*\.\.\. \d+ (?:more|common)|"
    r"^\s*goroutine \d+|^\s*created by |^\s*[\w./-]+\.go:\d+"
)
_TROUBLE = re.compile(
    r"error|exception|fatal|\bfail|denied|refused|\breject(?:ed|s|ing)?\b|unable|cannot|could "
    r"not|n['’]t\b|"
    r"not found|no such|invalid|undefined|expired|timed? "
    r"?out|exceed|forbidden|unauthori|unreachable|"
    r"\blocked\b|corrupt|missing|deferred|\bpanic|\babort|crash|full\b|no "
    r"space|bounced|servfail|nxdomain|"
    r"errno|\bwrong\b|\bproblem|fehl|kann nicht|ung[üu]ltig|0x8[0-9a-f]{7}\b",
    re.I,
)
_NO_TROUBLE = re.compile(
    r"\b(?:no|0|without) (?:errors?|failures?|failed|problems?)\b|"
    r"\b(?:errors?|fail\w*|rejects?|timeouts?)[=: ]+0\b",
    re.I,
)
# A level stands near the start, and what speaks of trouble not far from it.
_NEAR_THE_START, _SPEAKING = 300, 600
_OF_SYSLOG = (Level.BAD,) * 4 + (Level.WARNING,) + (Level.MILD,) * 3
_OF_WINDOWS = (Level.MILD, Level.BAD, Level.BAD, Level.WARNING)
_OF_NEXTCLOUD = (Level.MILD, Level.MILD, Level.WARNING, Level.BAD, Level.BAD)


def level_of(line: str) -> Level:
    """How bad a line is: by its level if it has one, by its words if not."""
    if _FRAME.search(line):
        return Level.FRAME
    level = _in_a_field(line) or _by_number(line) or _by_name(line)
    if level:
        return level
    return (
        Level.TROUBLE
        if _TROUBLE.search(_NO_TROUBLE.sub("", line[:_SPEAKING]))
        else Level.UNKNOWN
    )


def _in_a_field(line: str) -> Level | None:
    """The level that a field of JSON, of key=value or of XML tells."""
    for field in _FIELD.finditer(line):
        value = field["value"].lower()
        if value in _LEVELS:
            return _LEVELS[value]
        if value.isdecimal() and field["quote"]:
            return _numbered(int(value), "short_message" in line or '"PRIORITY"' in line)
    windows = _WINDOWS.search(line)
    return _at(_OF_WINDOWS, int(windows[1])) if windows else None


def _numbered(number: int, is_syslog: bool) -> Level:
    if number >= 10:  # pino and bunyan: 10, 20 … 60
        return Level.BAD if number >= 50 else Level.WARNING if number >= 40 else Level.MILD
    return _at(_OF_SYSLOG if is_syslog else _OF_NEXTCLOUD, number)


def _at(levels: tuple[Level, ...], number: int) -> Level:
    return levels[number] if number < len(levels) else Level.MILD


def _by_number(line: str) -> Level | None:
    """The level that syslog's priority tells if it is bad, a router's severity, or a web
    server's status.
    """
    if cisco := _CISCO.search(line):
        return _OF_SYSLOG[int(cisco[1])]
    if http := _HTTP.search(line):
        return Level.WARNING if http["status"] >= "500" else Level.MILD
    priority = _PRIORITY.match(line)
    level = _OF_SYSLOG[int(priority[1]) % 8] if priority else None
    # Many programs send all that they say as a notice, and write the level into it.
    return level if level is Level.BAD or not _NAME.search(line[:_NEAR_THE_START]) else None


def _by_name(line: str) -> Level | None:
    start = line[:_NEAR_THE_START]
    if name := _NAME.search(start):
        return _LEVELS[name[name.lastgroup or 0].lower()]
    if sign := _SIGN.search(start):
        return _SIGNS.get(sign[sign.lastgroup or 0], Level.MILD)
    return None


def without_level(line: str) -> str:
    """A line without the name or the sign of its level."""
    return _SIGN.sub(" ", _CISCO.sub(" ", _NAME.sub(" ", line)), count=1)
