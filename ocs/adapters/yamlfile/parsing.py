"""One walk over libyaml's events: it sees anchors, tags and styles, and its depth is bounded."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import yaml
from yaml._yaml import CParser

from ocs.adapters.yamlfile.syntax import conflict_fault, syntax_fault
from ocs.adapters.yamlfile.text import Fault, FaultError, decode, lines_of
from ocs.adapters.yamlfile.writing import LONGEST_TO_WRITE, quoted, to_write, with_quotes
from ocs.model.finding import Span
from ocs.model.record import Tree

DEEPEST = 20
# Further faults of a file are not reported.
MOST_FAULTS = 20
# A field or list mark with nothing but a comment behind it.
_EMPTIED = re.compile(r"(?P<before>.*?(?::|^\s*-)\s+)(?P<comment>#(?P<text>.*))$")
# A value, and a `#` with a space before it but none after it.
_HASH = re.compile(r"#[^\s#]")
_CUT_SHORT = re.compile(r"\S[ \t]+#[^\s#]")


@dataclass(frozen=True, slots=True)
class Parsed:
    """The fields of a file as text, or the faults for which it is not read."""

    tree: dict[str, Tree] | None
    faults: tuple[Fault, ...] = ()


def parse(data: bytes) -> Parsed:
    """The fields that *data* holds, as dicts and lists of text, or its faults. It never raises."""
    try:
        text = decode(data)
        walk = _Walk(text)
        walk.run()
    except FaultError as stop:
        return Parsed(None, (stop.fault,))
    except yaml.MarkedYAMLError as error:
        walk.faults.append(syntax_fault(error, text))
    if walk.faults:
        undecided = conflict_fault(text)
        return Parsed(None, (undecided,) if undecided else tuple(walk.faults))
    assert isinstance(walk.root, dict)
    return Parsed(walk.root)


class _Container:
    """A mapping or list that is being read."""

    __slots__ = ("key", "key_line", "value")

    def __init__(self, value: dict[str, Tree] | list[Tree]) -> None:
        self.value = value
        self.key: str | None = None
        self.key_line: dict[str, int] = {}


class _Walk:
    """One walk over a file's events; then `root` holds the fields unless there are `faults`."""

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
        has_hash = _HASH.search(self.text) is not None
        next_event: Callable[[], Any] = CParser(self.text).get_event
        stack: list[_Container] = []
        documents = 0
        while (event := next_event()) is not None and len(self.faults) < MOST_FAULTS:
            kind = type(event)
            if kind is yaml.ScalarEvent:
                if event.anchor or event.tag or (not event.value and not event.style):
                    self._check_scalar(event, stack)
                if has_hash and event.value and not event.style:
                    self._check_whole(event)
                self._put(_one_line(event), event, stack)
            elif kind is yaml.MappingStartEvent or kind is yaml.SequenceStartEvent:
                if event.anchor or event.tag:
                    self._check_marks(event)
                is_mapping = kind is yaml.MappingStartEvent
                value: dict[str, Tree] | list[Tree] = {} if is_mapping else []
                self._put(value, event, stack)
                stack.append(_Container(value))
                if len(stack) > DEEPEST:
                    message = f"fields are nested deeper than {DEEPEST}"
                    self._fault(event, message, "nest it less deeply")
                    return
            elif kind is yaml.MappingEndEvent or kind is yaml.SequenceEndEvent:
                stack.pop()
            elif kind is yaml.AliasEvent:
                message = (
                    "a value that begins with '*' refers to an anchor, and anchors "
                    "are not used here"
                )
                self._fault(event, message, with_quotes(self._line(event)))
                self._put("", event, stack)
            elif kind is yaml.DocumentStartEvent:
                documents += 1
                if documents > 1:
                    message = "a second document begins here"
                    self._fault(event, message, "keep one record in each file")
                    return
                if event.tags:
                    hint = "delete the line that begins with %TAG"
                    self._fault(event, "tags are not allowed", hint)
        if not documents and not self.faults:
            hint = "write its fields, or delete it"
            self.faults.append(Fault("the file is empty", Span(1, 1), hint))

    def _put(self, value: Tree, event: Any, stack: list[_Container]) -> None:
        """Put a value where it belongs: below its key, into its list, or at the root."""
        if not stack:
            if not isinstance(value, dict):
                hint = "write fields such as `name: Lena Brandt`"
                self._fault(event, "this is not a list of fields", hint)
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
            top.key_line.setdefault("", event.start_mark.line)
        else:
            top.key = value
            line = event.start_mark.line
            if value in top.value:
                first = top.key_line[value] + 1
                message = f"the field '{value}' appears twice, first in line {first}"
                self._fault(event, message, "keep one of them")
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
        emptied = _EMPTIED.match(line) if len(line) <= LONGEST_TO_WRITE else None
        if emptied is None:
            self._fault(event, f"{what} has no value", "write one, or delete the line")
        elif emptied["text"].startswith((" ", "#")) or not emptied["text"]:
            message = f"{what} has no value but a comment"
            self._fault(event, message, "write one before the '#'")
        else:
            message = f"{what} has no value: the text after a '#' is a comment"
            hint = to_write(emptied["before"] + quoted(emptied["comment"]))
            self._fault(event, message, hint)

    def _check_whole(self, event: Any) -> None:
        """A `#` without a space after it is rather part of the value than a comment."""
        end = event.end_mark
        line = self.lines[end.line] if end.line < len(self.lines) else ""
        if _CUT_SHORT.match(line, end.column - 1):
            message = "this value is cut short: the text after ' #' is a comment"
            hint = with_quotes(line, keep_comment=True)
            hint += " (or put a space after the '#', if it is a comment)"
            self._fault(event, message, hint)

    def _check_marks(self, event: Any) -> None:
        """Anchors and tags are not used: quote such a value, or delete the mark."""
        is_scalar = type(event) is yaml.ScalarEvent
        hint = with_quotes(self._line(event)) if is_scalar else "delete it"
        if event.anchor:
            message = "a value that begins with '&' is an anchor, and anchors are not allowed"
            self._fault(event, message, hint)
        if event.tag:
            message = "a value that begins with '!' is a tag, and tags are not allowed"
            self._fault(event, message, hint)

    def _fault(self, event: Any, message: str, hint: str | None) -> None:
        start, end = event.start_mark, event.end_mark
        length = end.column - start.column if end.line == start.line else 1
        line = self._line(event)
        self.faults.append(
            Fault(message, Span(start.line + 1, start.column + 1, max(1, length), line), hint)
        )

    def _line(self, event: Any) -> str:
        number = event.start_mark.line
        return self.lines[number] if number < len(self.lines) else ""


def _one_line(event: Any) -> str:
    """The value; a block of a single line is read as that line."""
    value: str = event.value
    if event.style in ("|", ">") and value.find("\n") == len(value) - 1:
        return value[:-1]
    return value
