"""The line to write instead of one that cannot be read."""

from __future__ import annotations

import re

# A line with one value: what stands before it (indentation, list marks, a field's name), and the value.
_FIELD_AND_VALUE = re.compile(r"(?P<before>\s*(?:- +)*(?:[^\s'\"#:][^:#]*:\s+)?)(?P<value>\S.*?)\s*$")


def to_write(line: str) -> str:
    """A hint that gives the line."""
    return f"write: {line.strip()}"


def quoted(value: str) -> str:
    """The value in quotes in which it is read as it stands."""
    if '"' in value or "\\" in value:
        return "'" + value.replace("'", "''") + "'"
    return f'"{value}"'


def with_quotes(line: str) -> str:
    """A hint that gives the line with its value in quotes, without a comment behind it."""
    match = _FIELD_AND_VALUE.match(line)
    if match is None or match["value"][0] in "[{'\"":
        return "put it between quotes"
    return to_write(match["before"] + quoted(re.sub(r"\s+#.*$", "", match["value"])))


def requoted(line: str) -> str:
    """A hint that gives the line with quotes around all of its value, which has some of its own."""
    match = _FIELD_AND_VALUE.match(line)
    if match is None:
        return "put all of it between quotes"
    return to_write(match["before"] + "'" + match["value"].replace("'", "''") + "'")


def single_quoted(line: str) -> str:
    """A hint that gives the line with single quotes for its double ones."""
    return to_write(re.sub(r'"(.*)"', lambda found: "'" + found[1].replace("'", "''") + "'", line))
