"""Hints with the line to write instead of one that cannot be read."""

from __future__ import annotations

import re

# A line with one value: its indentation, list marks and field's name, and the value.
_FIELD_AND_VALUE = re.compile(
    r"(?P<before>\s*(?:- +)*(?:[^\s'\"#:][^:#]*:\s+)?)(?P<value>\S.*?)\s*$"
)
# What looks like a list or mapping, with more text behind it.
_MORE_BEHIND = re.compile(r"(\[[^\]]*\]|\{[^}]*\})\s*[^\s,#]")

# A longer line is not written anew.
LONGEST_TO_WRITE = 500


def to_write(line: str) -> str:
    """A hint with the line."""
    return f"write: {line.strip()}"


def quoted(value: str) -> str:
    """The value in quotes in which it is read as it stands."""
    if '"' in value or "\\" in value:
        return "'" + value.replace("'", "''") + "'"
    return f'"{value}"'


def _parts(line: str) -> re.Match[str] | None:
    return _FIELD_AND_VALUE.match(line) if len(line) <= LONGEST_TO_WRITE else None


def with_quotes(line: str, *, keep_comment: bool = False) -> str:
    """A hint with the line and its value in quotes, without the comment unless kept."""
    match = _parts(line)
    if match is None or (match["value"][0] in "[{'\"" and not is_text(line)):
        return "put it between quotes"
    value = match["value"] if keep_comment else re.sub(r"\s+#.*$", "", match["value"])
    return to_write(match["before"] + quoted(value))


def is_text(line: str) -> bool:
    """Is the value meant as text, though it begins as a list does: `[error] 12 is wrong`?"""
    match = _parts(line)
    return match is not None and _MORE_BEHIND.match(match["value"]) is not None


def requoted(line: str) -> str:
    """A hint with the line and quotes around the whole value, which has some of its own."""
    match = _parts(line)
    if match is None:
        return "put all of it between quotes"
    value = re.sub(r"\s+#\s.*$", "", match["value"])
    if len(value) > 1 and value[0] == value[-1]:
        return to_write(match["before"] + quoted(value[1:-1]))
    return to_write(match["before"] + "'" + value.replace("'", "''") + "'")


def single_quoted(line: str) -> str:
    """A hint with the line and single quotes for its double ones."""
    if len(line) > LONGEST_TO_WRITE:
        return "write single quotes instead"
    single = re.sub(r'"(.*)"', lambda match: "'" + match[1].replace("'", "''") + "'", line)
    return to_write(single)
