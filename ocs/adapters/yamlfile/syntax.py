"""Errors of libyaml, in words for somebody who does not know YAML."""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import yaml

from ocs.adapters.yamlfile.text import Fault, lines_of
from ocs.adapters.yamlfile.writing import (
    is_text,
    requoted,
    single_quoted,
    to_write,
    with_quotes,
)
from ocs.model.finding import Span

# A field's name and its value without a space between them.
_GLUED = re.compile(r"\s*([A-Za-z_-]{1,40}):([^\s:/][^:]{0,200})$")
_CLOSING = {"[": "]", "{": "}"}


def conflict_fault(text: str) -> Fault | None:
    """The fault of a file with git's conflict marks; None where there are none."""
    wanted = iter(("<<<<<<< ", "=======", ">>>>>>> "))
    mark = next(wanted)
    first: Span | None = None
    for number, line in enumerate(lines_of(text), 1):
        if mark and line.startswith(mark):
            first = first or Span(number, 1, len(line), line)
            mark = next(wanted, "")
    if first is None or mark:
        return None
    return Fault(
        "two branches changed this, and git left both versions here",
        first,
        "keep the lines that are right, delete the others and the marks (<<<<<<<, =======, "
        ">>>>>>>), then `git add` the file",
    )


def syntax_fault(error: yaml.MarkedYAMLError, text: str) -> Fault:
    """The fault for an error of libyaml."""
    lines = [*lines_of(text), ""]  # the end of a file counts as one more line
    problem, context = error.problem or "", error.context or ""
    mark = _At.of(error.problem_mark or error.context_mark, lines)
    start = _At.of(error.context_mark or error.problem_mark, lines)
    before, character = mark.text[: mark.column], mark.text[mark.column : mark.column + 1]

    if character == "\t" or "tab character" in problem:
        return mark.fault("a tab is used as indentation", "indent the line with spaces")
    if is_text(start.text) or is_text(mark.text):
        at = mark if is_text(mark.text) else start
        return at.fault(
            "a value that begins with '[' or '{' is a list; quote it if it is text",
            with_quotes(at.text),
        )
    if "cannot start any token" in problem and before.rstrip().endswith(("'", '"')):
        return mark.fault("there is more text after the closing quote", requoted(mark.text))
    if "cannot start any token" in problem:
        return mark.fault(
            f"a value cannot begin with '{character}' unless it is quoted",
            with_quotes(mark.text),
        )
    if "mapping values are not allowed" in problem:
        if ":" in before:
            return mark.fault("a value with ': ' in it must be quoted", with_quotes(mark.text))
        return mark.fault(
            "the indentation of this line does not fit",
            "indent it like the lines around it; a line without ':' before it may be the reason",
        )
    if "quoted scalar" in context:
        if "end of stream" in problem or "document indicator" in problem:
            return start.fault(
                "the quote that opens here is never closed", "close it where the value ends"
            )
        return mark.fault(
            "'\\' has a special meaning between double quotes", single_quoted(mark.text)
        )
    if any(word in context for word in ("alias", "anchor", "tag", "block scalar")):
        first = start.text[start.column : start.column + 1]
        return start.fault(
            f"a value cannot begin with '{first}' unless it is quoted", with_quotes(start.text)
        )
    if "expected ':'" in problem and (glued := _GLUED.match(start.text)):
        hint = to_write(f"{glued[1]}: {glued[2]}")
        return start.fault("there is no space after the ':'", hint)
    if "expected ':'" in problem:
        return start.fault(
            "a field's name without ':'",
            "write `name: value`, or indent the line if it belongs to the one above",
        )
    if "block sequence entries" in problem:
        return mark.fault(
            "a list must begin on the line after its field",
            "put each '- …' on a line of its own",
        )
    if "flow" in context and (opened := _last_opened(text, lines)):
        opening = opened.text[opened.column]
        return opened.fault(
            f"'{opening}' is not closed with '{_CLOSING[opening]}' here, or a comma or quote is "
            "missing",
            "quote items that have ':' or ',' in them",
        )
    if "expected key" in problem and before.rstrip().endswith(("'", '"')):
        return mark.fault("there is more text after the closing quote", requoted(mark.text))
    return mark.fault(
        "this line does not fit the ones above it",
        "look for an indentation that differs, a missing ':' or an open quote",
    )


def _last_opened(text: str, lines: Sequence[str]) -> _At | None:
    """The innermost bracket that is open where the parser fails."""
    opened: list[_At] = []
    with suppress(yaml.YAMLError):
        for event in yaml.parse(text, Loader=yaml.CBaseLoader):
            if isinstance(event, (yaml.MappingStartEvent, yaml.SequenceStartEvent)):
                opened.append(_At.of(event.start_mark, lines))
            elif isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
                opened.pop()
    return next(
        (at for at in reversed(opened) if at.text[at.column : at.column + 1] in _CLOSING), None
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
