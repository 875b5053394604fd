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
    r'(?<![\w.])(?:msg|message|err|error|reason)=("(?:[^"\\]|\\.)*"|[^"\s]\S*(?:\s(?![\w.]+=)\S+)*)',
    re.I,
)
_OTHER_PAIR = re.compile(r'(?<!\S)[\w.-]+=(?:"(?:[^"\\]|\\.)*"|\S*)')
_TAG = re.compile(r"<[^<>]{0,300}>")
# What a container writes is kept as a text of JSON, in which there may be JSON again.
_DEEPEST = 2


def message_of(line: str, depth: int = _DEEPEST) -> str:
    """What stands before the fields of a line, and those that say something to people.

    The line itself where they say nothing.
    """
    if "{" in line and depth and (fields := _JSON.findall(line)):
        before = line[: line.index("{")]
        messages = [message_of(_unquoted(field).strip(), depth - 1) for field in fields]
    elif first := _PAIR.search(line):
        before = _OTHER_PAIR.sub("", line[: first.start()])
        messages = [
            _unquoted(field) if field.startswith('"') else field
            for field in _PAIR.findall(line)
        ]
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
