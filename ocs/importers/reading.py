"""Taking values from a tree of any shape, and noting what is left out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from ocs.errors import OcsError
from ocs.model.foreign import Note
from ocs.model.record import Tree

# The longest line in a field of a record.
LONGEST_LINE = 300
_SHAPES = {str: "a single value", list: "a list", dict: "fields"}
# Plain YAML values that stand for nothing.
_NOTHING = ("", "~", "null")


class Reading:
    """One reading of a file. `notes` says what was left out, and why."""

    def __init__(self) -> None:
        self.notes: list[Note] = []

    def note(
        self, code: str, what: str, why: str, place: str = "", hint: str | None = None
    ) -> None:
        self.notes.append(Note(code, what, why, place, hint))

    def fields(self, value: Tree, what: str, place: str) -> Mapping[str, Tree]:
        """The value if it has fields; none where it is something else, which is noted."""
        if isinstance(value, Mapping):
            return value
        self._wrong(value, what, "fields", place)
        return {}

    def nameless(self, value: Tree, what: str, why: str, place: str) -> None:
        """Note what is left out for want of a name, unless its shape is noted as wrong."""
        if isinstance(value, Mapping) or _is_nothing(value):
            self.note("not-mapped", what, why, place)

    def items(self, value: Tree, what: str, place: str) -> Sequence[Tree]:
        """The value if it is a list; none where it is something else, which is noted."""
        if isinstance(value, list):
            return value
        self._wrong(value, what, "a list", place)
        return []

    def text(self, value: Tree, what: str, place: str) -> str | None:
        """The value without space around it if it is text; None if blank or something else."""
        if isinstance(value, str):
            return value.strip() or None
        self._wrong(value, what, "text", place)
        return None

    def line(self, value: Tree, what: str, place: str) -> str | None:
        """The text as one line, cut to what a record's line holds."""
        text = self.text(value, what, place)
        line = " ".join(text.split()) if text else None
        if line and len(line) > LONGEST_LINE:
            why = f"a line in a record has at most {LONGEST_LINE} characters"
            self.note("cut", what, why, place)
            line = line[:LONGEST_LINE].rstrip()
        return line

    def check_names(
        self, node: Mapping[str, Tree], known: Iterable[str], what: str, place: str
    ) -> None:
        """Note every field whose name is none of the *known* ones."""
        names = tuple(known)
        for name in node:
            if name not in names:
                held = len(node[name]) if isinstance(node[name], list) else 1
                count = f"{held} entries" if held > 1 else "1 entry"
                why = f"{what} has no such key, so it was not imported ({count})"
                self.notes.append(Note("unknown-key", name, why, place, known=names))

    def leave(
        self, node: Mapping[str, Tree], reasons: Mapping[str, str], place: str, above: str = ""
    ) -> None:
        """Note every field without a place in a record, by the reasons for each."""
        for name, why in reasons.items():
            if node.get(name) not in (None, [], {}, *_NOTHING):
                self.note("not-mapped", f"{above}{name}", why, place)

    def _wrong(self, value: Tree, what: str, expected: str, place: str) -> None:
        if not _is_nothing(value):
            shapes = (name for kind, name in _SHAPES.items() if isinstance(value, kind))
            shape = next(shapes, "nothing")
            self.note("wrong-shape", what, f"expected {expected}, found {shape}", place)


def _is_nothing(value: Tree) -> bool:
    return value is None or (isinstance(value, str) and value.strip() in _NOTHING)


def root_of(tree: Tree, must_have: Iterable[str], format: str) -> Mapping[str, Tree]:
    """The fields of a file. Raises OcsError where it has no field that its format must have."""
    names = list(must_have)
    if isinstance(tree, Mapping) and any(name in tree for name in names):
        return tree
    listed = " or ".join(f"'{name}:'" for name in names)
    message = f"this is not a {format} file: it has no {listed} at its root"
    raise OcsError(message, "name a file of that format")


def positive_number(value: Tree) -> int | None:
    """The whole number above zero that a text is, or None."""
    is_number = isinstance(value, str) and re.fullmatch("[0-9]{1,18}", value)
    return (int(value) or None) if is_number else None


def is_address(text: str) -> bool:
    """Is this one web address that a record can hold?"""
    return len(text) <= LONGEST_LINE and re.fullmatch(r"https?://[^\s/]+\S*", text) is not None


def is_login(text: str) -> bool:
    """Is this the name of an account alone?"""
    return len(text) <= 100 and re.fullmatch("[A-Za-z0-9][A-Za-z0-9_.-]*", text) is not None
