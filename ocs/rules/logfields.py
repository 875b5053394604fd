"""What a line of a log says that has names for its parts: JSON, key=value, XML."""

from __future__ import annotations

import json
import re

_JSON = re.compile(
    r'"(?:msg|message|log|short_message|full_message|error|err|exception|reason|detail|stack|@mt?)"'
    r'\s*:\s*("(?:[^"\\]|\\.)*")',
    re.I,
)
_PAIR = re.compile(
    r'(?<![\w.])(?:msg|message|err|error|reason)=("(?:[^"\\]|\\.)*"|[^"\s]\S*(?:\s(?![\w.]+=)\S+)*)', re.I
)
_TAG = re.compile(r"<[^<>]{0,300}>")
# What a container said is kept as a text of JSON, in which there may be JSON again.
_DEEPEST = 2


def message_of(line: str, depth: int = _DEEPEST) -> str:
    """The fields of a line that say something to people; the line itself where it has none."""
    if "{" in line and depth and (fields := _JSON.findall(line)):
        return " ".join(message_of(_unquoted(field).strip(), depth - 1) for field in fields)
    if fields := _PAIR.findall(line):
        return " ".join(_unquoted(field) if field.startswith('"') else field for field in fields)
    if line.lstrip().startswith("<") and "</" in line:
        return " ".join(_TAG.sub(" ", line).split())
    return line


def _unquoted(text: str) -> str:
    try:
        return str(json.loads(text, strict=False))
    except ValueError:
        return text.strip('"')
