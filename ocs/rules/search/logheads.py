"""What stands before the message in a line of a log: program, thread, logger, columns,
exception.
"""

from __future__ import annotations

import re

# What heads are made of, besides times and levels, which are gone already.
_PIECE = re.compile(
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
_FEWEST_GAPS = 2
_FEWEST_LETTERS = 3


def head_and_message(line: str) -> tuple[str, str]:
    """A line, parted where its message begins; all is message where too little would be."""
    place = 0
    if len(_GAP.findall(line)) >= _FEWEST_GAPS:
        place = _behind(_COLUMN, line, 0)
    place = _behind(_PIECE, line, place)
    if kind := _EXCEPTION.match(line, place):
        place = kind.end()
    is_message = sum(map(str.isalnum, line[place:])) >= _FEWEST_LETTERS
    return (line[:place], line[place:]) if is_message else ("", line)


def _behind(piece: re.Pattern[str], line: str, place: int) -> int:
    """Where what is made of such pieces ends."""
    while found := piece.match(line, place):
        place = found.end()
    return place
