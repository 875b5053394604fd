"""Reading a record's file: YAML as people write it, by hand and in web editors.

YAML guesses (`no` is false, `5.70` is 5.7, `22:30` is 1350), so every scalar is read as text here, and the
schema decides what it is. What reads differently than it looks is refused with the line to write instead:
repeated fields, anchors and aliases, tags, values that a comment has emptied, an unquoted `@`.

libyaml's events are walked directly. That sees anchors, tags and styles, costs no more than composing
nodes, and never descends deeper than it is asked to.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import yaml
from yaml import CBaseLoader
from yaml._yaml import CParser

from ocs.model.finding import Span
from ocs.model.record import Steps, Tree

MOST_BYTES = 1024 * 1024
DEEPEST = 20
# What libyaml takes for the end of a line.
_LINE_END = re.compile("\r\n|[\r\n\x85\u2028\u2029]")
_FIELD_AND_VALUE = re.compile(r"(?P<before>\s*(?:- +)*(?:[^\s'\"#:][^:#]*:\s+)?)(?P<value>\S.*?)\s*$")


@dataclass(frozen=True, slots=True)
class Fault:
    """Something in a file that is not read. The hint says what to write instead."""

    message: str
    span: Span
    hint: str | None = None


@dataclass(frozen=True, slots=True)
class Parsed:
    """The fields of a file as text, or the faults for which it is not read."""

    tree: dict[str, Tree] | None
    faults: tuple[Fault, ...] = ()


def parse(data: bytes) -> Parsed:
    """The fields that *data* holds: nested dicts and lists of text.

    A byte order mark and CRLF are accepted. Never raises on any bytes.
    """
    try:
        text = _decode(data)
        walk = _Walk(text)
        walk.run()
    except _FaultError as stop:
        return Parsed(None, (stop.fault,))
    except yaml.MarkedYAMLError as error:
        return Parsed(None, (*walk.faults, _syntax_fault(error, text)))
    if walk.faults:
        return Parsed(None, tuple(walk.faults))
    assert isinstance(walk.root, dict)
    return Parsed(walk.root)


def locate(data: bytes, wanted: Iterable[tuple[Steps, bool]]) -> list[Span]:
    """Where each of the *wanted* values stands (with True: its key) in a file that parses.

    Steps that lead nowhere give the nearest place above: a missing field is shown at what misses it.
    """
    text = _decode(data)
    root = CBaseLoader(text).get_single_node()
    lines = lines_of(text)
    return [_span(_node(root, steps, of_key), lines) for steps, of_key in wanted]


def lines_of(text: str) -> list[str]:
    """The lines of a file, without their ends, as libyaml counts them."""
    return _LINE_END.split(text)


class _FaultError(Exception):
    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.message)
        self.fault = fault


def _decode(data: bytes) -> str:
    if len(data) > MOST_BYTES:
        raise _FaultError(
            Fault("the file is larger than 1 MiB", Span(1, 1), "keep large texts elsewhere and link to them")
        )
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise _FaultError(Fault("the file is saved as UTF-16", Span(1, 1), "save it as UTF-8"))
    data = data.removeprefix(codecs.BOM_UTF8)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8")
        line = before.count("\n") + 1
        column = len(before) - (before.rfind("\n") + 1) + 1
        shown = before[before.rfind("\n") + 1 :]
        raise _FaultError(
            Fault(
                f"the byte {data[error.start]:02x} is not UTF-8",
                Span(line, column, 1, shown),
                "save the file as UTF-8",
            )
        ) from None
    # libyaml reads ahead, so it would meet these before the fields in front of them.
    if unprintable := _UNPRINTABLE.search(text):
        raise _FaultError(
            _fault_at(
                text,
                unprintable.start(),
                f"the character U+{ord(unprintable.group()):04X} cannot be seen and is not allowed",
                "delete it",
            )
        )
    return text


# What YAML 1.1 does not count as printable.
_UNPRINTABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def _fault_at(text: str, offset: int, message: str, hint: str | None) -> Fault:
    lines = lines_of(text[:offset])
    line = len(lines)
    return Fault(message, Span(line, len(lines[-1]) + 1, 1, lines_of(text)[line - 1]), hint)


class _Container:
    """A mapping or list that is being read."""

    __slots__ = ("key", "key_line", "value")

    def __init__(self, value: dict[str, Tree] | list[Tree]) -> None:
        self.value = value
        self.key: str | None = None
        self.key_line: dict[str, int] = {}


class _Walk:
    """One walk over the events of a file. After `run`, `root` holds the fields unless there are faults."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.root: Tree = None
        self.faults: list[Fault] = []
        self._lines: Sequence[str] | None = None

    @property
    def lines(self) -> Sequence[str]:
        if self._lines is None:
            self._lines = lines_of(self.text)
        return self._lines

    def run(self) -> None:
        next_event: Callable[[], Any] = CParser(self.text).get_event
        stack: list[_Container] = []
        documents = 0
        while (event := next_event()) is not None:
            kind = type(event)
            if kind is yaml.ScalarEvent:
                if event.anchor or event.tag or (not event.value and not event.style):
                    self._check_scalar(event, stack)
                self._put(event.value, event, stack)
            elif kind is yaml.MappingStartEvent or kind is yaml.SequenceStartEvent:
                if event.anchor or event.tag:
                    self._check_marks(event)
                value: dict[str, Tree] | list[Tree] = {} if kind is yaml.MappingStartEvent else []
                self._put(value, event, stack)
                stack.append(_Container(value))
                if len(stack) > DEEPEST:
                    self._fault(event, f"fields are nested deeper than {DEEPEST}", "write it flatter")
                    return
            elif kind is yaml.MappingEndEvent or kind is yaml.SequenceEndEvent:
                stack.pop()
            elif kind is yaml.AliasEvent:
                self._fault(
                    event,
                    "a value that begins with '*' refers to an anchor, and anchors are not used here",
                    _with_quotes(self._line(event)),
                )
                self._put("", event, stack)
            elif kind is yaml.DocumentStartEvent:
                documents += 1
                if documents > 1:
                    self._fault(event, "a second document begins here", "keep one record in each file")
                    return
                if event.tags:
                    self._fault(event, "tags are not used here", "delete the line that begins with %TAG")
        if not documents:
            self.faults.append(Fault("the file is empty", Span(1, 1), "write its fields, or delete it"))

    def _put(self, value: Tree, event: Any, stack: list[_Container]) -> None:
        """Put a value where it belongs: below its key, into its list, or at the root."""
        if not stack:
            if not isinstance(value, dict):
                self._fault(event, "this is not a list of fields", "write fields such as `name: Lena Brandt`")
            self.root = value
            return
        top = stack[-1]
        if isinstance(top.value, list):
            top.value.append(value)
        elif top.key is not None:
            top.value[top.key] = value
            top.key = None
        elif not isinstance(value, str):
            self._fault(event, "a field's name must be a word", "write `name: value`")
            top.key = ""
        else:
            top.key = value
            line = event.start_mark.line
            if value in top.value:
                first = top.key_line[value] + 1
                self._fault(
                    event, f"the field '{value}' stands here twice, first in line {first}", "keep one of them"
                )
            top.key_line[value] = line

    def _check_scalar(self, event: Any, stack: list[_Container]) -> None:
        self._check_marks(event)
        if event.value or event.style:
            return
        top = stack[-1] if stack else None
        if top is None or (isinstance(top.value, dict) and top.key is None):
            self._fault(event, "a field without a name", "write `name: value`")
            return
        what = f"'{top.key}'" if top.key is not None else "this item"
        line = self._line(event)
        emptied = re.match(r"(?P<before>.*?(?::|^\s*-)\s+)(?P<comment>#(?P<text>.*))$", line)
        if emptied is None:
            self._fault(event, f"{what} has no value", "write one, or delete the line")
        elif emptied["text"].startswith((" ", "#")) or not emptied["text"]:
            self._fault(event, f"{what} has no value but a comment", "write one before the '#'")
        else:
            self._fault(
                event,
                f"a comment has emptied {what}: what follows a '#' is not read",
                _write(emptied["before"] + _quote(emptied["comment"])),
            )

    def _check_marks(self, event: Any) -> None:
        """Anchors and tags are not used: a value that begins so is quoted, or else they are deleted."""
        is_scalar = type(event) is yaml.ScalarEvent
        hint = _with_quotes(self._line(event)) if is_scalar else "delete it"
        if event.anchor:
            message = "a value that begins with '&' is an anchor, and anchors are not used here"
            self._fault(event, message, hint)
        if event.tag:
            message = "a value that begins with '!' is a tag, and tags are not used here"
            self._fault(event, message, hint)

    def _fault(self, event: Any, message: str, hint: str | None) -> None:
        start, end = event.start_mark, event.end_mark
        length = end.column - start.column if end.line == start.line else 1
        line = self._line(event)
        self.faults.append(Fault(message, Span(start.line + 1, start.column + 1, max(1, length), line), hint))

    def _line(self, event: Any) -> str:
        number = event.start_mark.line
        return self.lines[number] if number < len(self.lines) else ""


def _syntax_fault(error: yaml.MarkedYAMLError, text: str) -> Fault:
    """What libyaml could not read, in the words of somebody who does not know YAML."""
    lines = [*lines_of(text), ""]  # the end of a file counts as one more line
    problem, context = error.problem or "", error.context or ""
    mark = _At.of(error.problem_mark or error.context_mark, lines)
    start = _At.of(error.context_mark or error.problem_mark, lines)
    before, character = mark.text[: mark.column], mark.text[mark.column : mark.column + 1]

    if character == "\t" or "tab character" in problem:
        return mark.fault("a tab is used as indentation", "indent the line with spaces")
    if "cannot start any token" in problem:
        return mark.fault(
            f"a value cannot begin with '{character}' unless it is quoted", _with_quotes(mark.text)
        )
    if "mapping values are not allowed" in problem:
        if ":" in before:
            return mark.fault("a value with ': ' in it must be quoted", _with_quotes(mark.text))
        return mark.fault(
            "this line does not belong where its indentation puts it",
            "indent it like the lines around it; a line without ':' before it may be the reason",
        )
    if "quoted scalar" in context:
        if "end of stream" in problem or "document indicator" in problem:
            return start.fault("the quote that opens here is never closed", "close it where the value ends")
        return mark.fault("'\\' has a meaning between double quotes", _write(_single_quoted(mark.text)))
    if any(word in context for word in ("alias", "anchor", "tag", "block scalar")):
        first = start.text[start.column : start.column + 1]
        return start.fault(
            f"a value cannot begin with '{first}' unless it is quoted", _with_quotes(start.text)
        )
    if "expected ':'" in problem:
        return start.fault(
            "a field's name without ':'",
            "write `name: value`, or indent the line if it belongs to the one above",
        )
    if "block sequence entries" in problem:
        return mark.fault("a list begins in the line after its field", "put each '- …' on a line of its own")
    if "flow" in context:
        opening, closing = ("[", "]") if "sequence" in context else ("{", "}")
        return start.fault(
            f"what opens with '{opening}' here is not closed with '{closing}', or lacks a comma or a quote",
            "quote items that have ':' or ',' in them",
        )
    if "expected key" in problem and before.rstrip().endswith(("'", '"')):
        return mark.fault("there is more text after the closing quote", _write(_requoted(mark.text)))
    return mark.fault(
        "this line does not fit the ones above it",
        "look for an indentation that differs, a missing ':' or an open quote",
    )


@dataclass(frozen=True, slots=True)
class _At:
    """A mark of libyaml's, with the text of its line. Line and column count from 0."""

    line: int
    column: int
    text: str

    @classmethod
    def of(cls, mark: Any, lines: Sequence[str]) -> _At:
        return cls(mark.line, mark.column, lines[mark.line]) if mark else cls(0, 0, lines[0])

    def fault(self, message: str, hint: str | None) -> Fault:
        return Fault(message, Span(self.line + 1, self.column + 1, 1, self.text), hint)


def _write(line: str) -> str:
    return f"write: {line.strip()}"


def _quote(value: str) -> str:
    if '"' in value or "\\" in value:
        return "'" + value.replace("'", "''") + "'"
    return f'"{value}"'


def _with_quotes(line: str) -> str | None:
    """The line with its value in quotes; None where the value is part of a larger structure."""
    match = _FIELD_AND_VALUE.match(line)
    if match is None or match["value"][0] in "[{'\"":
        return "put it between quotes"
    value = re.sub(r"\s+#.*$", "", match["value"])
    return _write(match["before"] + _quote(value))


def _single_quoted(line: str) -> str:
    return re.sub(r'"(.*)"', lambda found: "'" + found[1].replace("'", "''") + "'", line)


def _requoted(line: str) -> str:
    match = _FIELD_AND_VALUE.match(line)
    if match is None:
        return line
    return match["before"] + "'" + match["value"].replace("'", "''") + "'"


def _node(root: Any, steps: Steps, of_key: bool) -> Any:
    node = shown = root
    for number, step in enumerate(steps):
        if isinstance(node, yaml.MappingNode):
            pair = next((pair for pair in node.value if pair[0].value == step), None)
            if pair is None:
                return shown
            node = pair[1]
            shown = pair[0] if of_key and number == len(steps) - 1 else node
        elif isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
            node = shown = node.value[step]
        else:
            return shown
    return shown


def _span(node: Any, lines: Sequence[str]) -> Span:
    start, end = node.start_mark, node.end_mark
    line = lines[start.line] if start.line < len(lines) else ""
    if isinstance(node, yaml.ScalarNode):
        length = end.column - start.column if end.line == start.line else len(line) - start.column
    else:
        length = 1
    return Span(start.line + 1, start.column + 1, max(1, length), line)
