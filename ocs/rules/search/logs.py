"""What a pasted log says: its worst lines, without what belongs to the moment."""

from __future__ import annotations

import re
from collections import Counter
from typing import NamedTuple

from ocs.rules.search.logfields import message_of
from ocs.rules.search.logheads import head_and_message
from ocs.rules.search.loglevels import Level, level_of, without_level
from ocs.rules.search.lognoise import without_noise

# Of a long log the last lines are read; more that differ in numbers only say nothing new.
_MOST_LINES = 20_000
_MOST_OF_A_FORM = 12
_LONGEST_LINE = 2000
# Of so many times the lines that are wanted it is looked which say the same without noise.
_TRIED = 20
_NUMBER = re.compile("[0-9a-fA-F]{6,}|[0-9]+")


class Line(NamedTuple):
    """What a line says, what stands before that, and how bad it is."""

    message: str
    head: str
    level: Level


def telling_lines(log: str, most: int) -> list[Line]:
    """So many of the worst lines, the later ones where they are alike; the worst come last.

    Each is there once, and without what belongs to the moment. Lines that are in order, and
    steps of traces, are among them only where there are no others.
    """
    levels = _levels(log)
    least = min(max(levels.values(), default=Level.MILD), Level.UNKNOWN)
    worst = sorted(
        (line for line in levels if levels[line] >= least), key=lambda line: -levels[line]
    )
    found: dict[str, Line] = {}
    for line in worst[: most * _TRIED]:
        if len(found) == most:
            break
        head, message = head_and_message(without_noise(without_level(message_of(line))))
        message = " ".join(message.split())
        if any(map(str.isalnum, message)):
            found.setdefault(message, Line(message, head, levels[line]))
    return [*reversed(found.values())]


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
