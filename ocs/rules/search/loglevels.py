"""How bad a line of a log is: by its level, which programs write in many ways, or by its words."""

from __future__ import annotations

import re
from enum import IntEnum


class Level(IntEnum):
    """How bad a line is, from good to bad."""

    FRAME = 0  # a step of a trace: what is wrong stands in another line
    MILD = 1
    UNKNOWN = 2
    WARNING = 3
    TROUBLE = 4  # no level, but its words are those of an error
    BAD = 5


_NAMES = {
    Level.BAD: "emerg emergency alert crit critical crt fatal ftl panic severe err error fail "
    "failure unexpected fehler kritisch erreur critique fout kritiek errore crítico".split(),
    Level.WARNING: "warn warning wrn deprecated warnung avertissement waarschuwing advertencia "
    "avviso".split(),
    Level.MILD: "info inf information informational informationen información informazioni "
    "debug dbg trace trc notice note log verbose vrb default fine finer finest config success "
    "audit statement detail".split(),
}
_LEVELS = {name: level for level, names in _NAMES.items() for name in names}
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
# One letter or sign, at the start or behind a time or thread: klog, Android, CUPS, X.Org, Redis.
_SIGN = re.compile(
    r"^(?P<first>[IWEFD])(?:\d{4}\s|,? \[)|^(?P<android>[VDIWEF])/"
    r"|(?<=[\d\])|] )\s*(?P<letter>[VDIWEF])[ /]"
    r"|\((?P<xorg>EE|WW|II|!!|\*\*|\+\+|--|==)\)|(?<=\.\d{3} )(?P<redis>[#*.-]) (?=\S)"
)
_SIGNS = dict.fromkeys(("E", "F", "EE"), Level.BAD)
_SIGNS |= dict.fromkeys(("W", "WW", "#"), Level.WARNING)
_FRAME = re.compile(
    r"^\s+at\s|^\s*at [\w.$<>]+\(|^\s*#\d+\s+(?:/|\{main\}|\[internal|[\w\\:>-]+\()|^\s+File \"|"
    r"^Traceback \(|^Stack trace:|^\s*from \S+:\d+:in|^\s*\.\.\. \d+ (?:more|common)|"
    r"^\s*goroutine \d+|^\s*created by |^\s*[\w./-]+\.go:\d+"
)
_TROUBLE = re.compile(
    r"error|exception|fatal|\bfail|denied|refused|\breject(?:ed|s|ing)?\b|unable|cannot"
    r"|could not|n['’]t\b|not found|no such|invalid|undefined|expired|timed? ?out|exceed"
    r"|forbidden|unauthori|unreachable|\blocked\b|corrupt|missing|deferred|\bpanic|\babort"
    r"|crash|full\b|no space|bounced|servfail|nxdomain|errno|\bwrong\b|\bproblem|fehl"
    r"|kann nicht|ung[üu]ltig|0x8[0-9a-f]{7}\b",
    re.I,
)
_NO_TROUBLE = re.compile(
    r"\b(?:no|0|without) (?:errors?|failures?|failed|problems?)\b|"
    r"\b(?:errors?|fail\w*|rejects?|timeouts?)[=: ]+0\b",
    re.I,
)
# A level stands near the start, and words of trouble not far from it.
_LEVEL_WITHIN, _TROUBLE_WITHIN = 300, 600
_SYSLOG_LEVELS = (Level.BAD,) * 4 + (Level.WARNING,) + (Level.MILD,) * 3
_WINDOWS_LEVELS = (Level.MILD, Level.BAD, Level.BAD, Level.WARNING)
_NEXTCLOUD_LEVELS = (Level.MILD, Level.MILD, Level.WARNING, Level.BAD, Level.BAD)


def level_of(line: str) -> Level:
    """How bad a line is: by its level if it has one, by its words if not."""
    if _FRAME.search(line):
        return Level.FRAME
    if level := _by_field(line) or _by_number(line) or _by_name(line):
        return level
    has_trouble = _TROUBLE.search(_NO_TROUBLE.sub("", line[:_TROUBLE_WITHIN]))
    return Level.TROUBLE if has_trouble else Level.UNKNOWN


def _by_field(line: str) -> Level | None:
    """The level in a field of JSON, of key=value or of XML."""
    for field in _FIELD.finditer(line):
        value = field["value"].lower()
        if value in _LEVELS:
            return _LEVELS[value]
        if value.isdecimal() and field["quote"]:
            number, is_syslog = int(value), "short_message" in line or '"PRIORITY"' in line
            if number >= 40:  # pino and bunyan: 10, 20 … 60
                return Level.BAD if number >= 50 else Level.WARNING
            return _at(_SYSLOG_LEVELS if is_syslog else _NEXTCLOUD_LEVELS, number)
    windows = _WINDOWS.search(line)
    return _at(_WINDOWS_LEVELS, int(windows[1])) if windows else None


def _at(levels: tuple[Level, ...], number: int) -> Level:
    return levels[number] if number < len(levels) else Level.MILD


def _by_number(line: str) -> Level | None:
    """The level of a router's severity, a web server's status or syslog's priority."""
    if cisco := _CISCO.search(line):
        return _SYSLOG_LEVELS[int(cisco[1])]
    if http := _HTTP.search(line):
        return Level.WARNING if http["status"] >= "500" else Level.MILD
    priority = _PRIORITY.match(line)
    level = _SYSLOG_LEVELS[int(priority[1]) % 8] if priority else None
    # Many programs send every message as a notice, and write the level into it.
    return level if level is Level.BAD or not _NAME.search(line[:_LEVEL_WITHIN]) else None


def _by_name(line: str) -> Level | None:
    start = line[:_LEVEL_WITHIN]
    if name := _NAME.search(start):
        return _LEVELS[name[name.lastgroup or 0].lower()]
    if sign := _SIGN.search(start):
        return _SIGNS.get(sign[sign.lastgroup or 0], Level.MILD)
    return None


def without_level(line: str) -> str:
    """A line without the name or the sign of its level."""
    return _SIGN.sub(" ", _CISCO.sub(" ", _NAME.sub(" ", line)), count=1)
