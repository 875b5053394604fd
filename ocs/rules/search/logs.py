"""What a pasted log says: its worst lines, without what belongs to the moment."""

from __future__ import annotations

import re
from collections import Counter
from typing import NamedTuple

from ocs.rules.search.loglevels import Level, level_of, without_level
from ocs.rules.search.logmessage import head_and_message, message_of, without_noise

# Of a long log the last lines are read; more that differ in numbers only say nothing new.
_MOST_LINES = 20_000
_MOST_OF_A_FORM = 12
_LONGEST_LINE = 2000
# Lines that say the same without noise count once, so this many times more are read.
_TRIED = 20
_NUMBER = re.compile("[0-9a-fA-F]{6,}|[0-9]+")


class Line(NamedTuple):
    """What a line says, what stands before that, and how bad it is."""

    message: str
    head: str
    level: Level


def telling_lines(log: str, most: int) -> list[Line]:
    """The worst lines, each once, at most *most*; the worst, and of these the latest, come last.

    Lines that are in order, and steps of traces, are among them only where there are no others.
    """
    levels = _levels(log)
    least = min(max(levels.values(), default=Level.MILD), Level.UNKNOWN)
    worst = sorted(
        (line for line in levels if levels[line] >= least), key=lambda line: -levels[line]
    )
    lines: dict[str, Line] = {}
    for line in worst[: most * _TRIED]:
        if len(lines) == most:
            break
        head, message = head_and_message(without_noise(without_level(message_of(line))))
        message = " ".join(message.split())
        if any(map(str.isalnum, message)):
            lines.setdefault(message, Line(message, head, levels[line]))
    return [*reversed(lines.values())]


def _levels(log: str) -> dict[str, Level]:
    """Each line and how bad it is, the last one first."""
    levels: dict[str, Level] = {}
    forms: Counter[str] = Counter()
    for line in reversed(log.splitlines()[-_MOST_LINES:]):
        line = line[:_LONGEST_LINE]
        form = _NUMBER.sub("0", line)
        forms[form] += 1
        if forms[form] <= _MOST_OF_A_FORM:
            levels.setdefault(line, level_of(line))
    return levels
