"""Files of random records in random layouts, with the lines that each value stands in.

The lines are noted while the file is drawn, so that they do not depend on what reads or edits it.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st

from ocs.model.edit import Edit, Insert, Remove, Set
from ocs.model.record import Steps, Tree

NAMES = ("name", "a", "leads", "by", "d-e", "x_1", "of")
PLAIN = (
    "no",
    "5.70",
    "22:30",
    "a b",
    "https://example.org/#top",
    "it's",
    "é ü",
    "a-b c",
    "x, y",
)
QUOTED = ("a: b", "# no", " x", "@lena", "[x] y", 'say "x"', "", "- x", "it's: so", "a # b")
TEXTS = ("one\ntwo", "one\n\ntwo\n", "- a\n- b\n", "# head\ntext\n", "a: b\n  c\n\n\nd")
SCALARS = st.sampled_from(PLAIN + QUOTED + TEXTS)


def _trees(inner: Any) -> Any:
    fields = st.dictionaries(st.sampled_from(NAMES), inner, max_size=4)
    return st.one_of(st.lists(inner, max_size=4), fields, st.lists(fields, max_size=3))


RECORDS = st.dictionaries(
    st.sampled_from(NAMES), st.recursive(SCALARS, _trees, max_leaves=6), min_size=1, max_size=4
)


@dataclass
class Drawn:
    """A file, what it holds, and for the steps to each value its first and last line, from 0."""

    tree: Tree
    lines: list[str]
    end: str
    text: str
    spans: dict[Steps, tuple[int, int]]
    in_flow: set[Steps] = field(default_factory=set)

    def lines_of(self, text: str) -> list[str]:
        """The lines of a text; a byte order mark stands before the first one."""
        return text.removeprefix("\ufeff").split(self.end)

    def edits(self, values: Any) -> st.SearchStrategy[tuple[Edit, tuple[int, int]]]:
        """Edits, each with the lines that may change: the first, and the one behind the last."""
        return st.sampled_from(sorted(self.spans, key=str)).flatmap(
            lambda steps: values.flatmap(lambda value: self._edits_at(steps, value))
        )

    def _edits_at(self, steps: Steps, value: Tree) -> Any:
        old: Any = self.tree
        for step in steps:
            old = old[step]
        first, last = self.spans[steps]
        possible: list[tuple[Edit, tuple[int, int]]] = []
        if steps:
            possible += [
                (Set(steps, value), (first, last + 1)),
                (Remove(steps), self._removal(steps)),
            ]
        if isinstance(old, dict):
            names = list(old)
            possible.append(
                (Set((*steps, "new"), value), self._addition(steps, names, len(names)))
            )
        elif isinstance(old, list):
            for number in range(len(old) + 1):
                places = list(range(len(old)))
                possible.append(
                    (Insert((*steps, number), value), self._addition(steps, places, number))
                )
        return st.sampled_from(possible)

    def _removal(self, steps: Steps) -> tuple[int, int]:
        """An only child leaves brackets; what follows one behind a `- ` takes its place there."""
        above = self.spans[steps[:-1]]
        siblings = [other for other in self.spans if other and other[:-1] == steps[:-1]]
        first, last = self.spans[steps]
        if len(siblings) == 1:
            first = above[0]
        elif (
            len(steps) > 1
            and isinstance(steps[-2], int)
            and first == above[0]
            and steps == siblings[0]
        ):
            last = max(last, self.spans[siblings[1]][0])
        return first, last + 1

    def _addition(self, steps: Steps, names: list[Any], position: int) -> tuple[int, int]:
        """Nothing that is there changes but a line with brackets, or one that begins with `- ` twice."""
        first, last = self.spans[steps]
        if not names:
            return first, last + 1
        near = self.spans[(*steps, names[max(0, position - 1)])]
        if not position:
            return near[0], near[0] + 1
        return (near[1], near[1] + 1) if steps in self.in_flow else (near[1] + 1, near[1] + 1)

    def may_be_refused(self, edit: Edit) -> bool:
        """A comment would be lost; or the file does not end its last line, and what follows needs that."""
        if isinstance(edit, Remove):
            return len(edit.steps) == 1 and len(self.tree) == 1
        if isinstance(edit, Set) and edit.steps in self.spans:
            first, last = self.spans[edit.steps]
            if first < last and any("# c" in line for line in self.lines[first : last + 1]):
                return True
        return not self.text.endswith(self.end)

    def comments_kept(self, edit: Edit, after: str) -> bool:
        """Is every comment there that does not stand in the lines of what was removed?"""
        first, last = self.spans[edit.steps] if isinstance(edit, Remove) else (0, -1)
        other = self.lines[:first] + self.lines[last + 1 :]
        comments = {
            "# c" + part.split(".")[0] for line in other for part in line.split("# c")[1:]
        }
        return all(f"{comment}." in after for comment in comments)


class Pen:
    """Writes a record with the layout that *draw* decides on."""

    def __init__(self, draw: Callable[[Any], Any]) -> None:
        self.draw = draw
        self.lines = [""]
        self.spans: dict[Steps, tuple[int, int]] = {}
        self.in_flow: set[Steps] = set()
        self.comments = 0

    def once_in(self, times: int = 2) -> bool:
        """Once in so many times; the plainest layout has none of it."""
        return bool(self.draw(st.integers(0, times - 1)) == times - 1)

    def one(self, *choices: Any) -> Any:
        return self.draw(st.sampled_from(choices))

    def write(self, text: str) -> None:
        self.lines[-1] += text

    def comment(self) -> None:
        self.comments += 1
        self.write(f"# c{self.comments}. {self.one('why', 'a: b', '- x', '[', chr(39))}")

    def behind(self) -> None:
        if self.once_in(3):
            self.write(self.one(" ", "   "))
            self.comment()

    def line(self, indent: int) -> None:
        """A new line, with empty lines and comments above it."""
        while self.once_in(6):
            self.lines.append("")
            if self.once_in():
                self.write(" " * self.one(0, indent))
                self.comment()
        self.lines.append(" " * indent)

    def record(self, tree: dict[str, Tree]) -> None:
        if self.once_in():
            self.comment()
            self.lines.append("")
        self.fields(tree, (), 0)
        self.spans[()] = (0, len(self.lines) - 1)
        if self.once_in(3):
            self.lines.append("")
            self.comment()

    def fields(self, tree: dict[str, Tree], steps: Steps, indent: int) -> None:
        for number, (name, value) in enumerate(tree.items()):
            if number:
                self.line(indent)
            begin = len(self.lines) - 1
            self.write(f"{name}:")
            self.value(value, (*steps, name), indent)
            self.spans[(*steps, name)] = (begin, len(self.lines) - 1)

    def value(self, value: Tree, steps: Steps, indent: int, *, is_item: bool = False) -> None:
        if isinstance(value, str):
            self.scalar(value, indent)
        elif not value or self.once_in(3):
            self.write(" ")
            self.flow(value, steps, indent + 1)
            self.behind()
        else:
            self.behind()
            deeper = indent + self.one(
                2, 4, *([] if is_item or isinstance(value, dict) else [0])
            )
            self.line(deeper)
            self.block(value, steps, deeper)

    def block(self, value: Tree, steps: Steps, indent: int) -> None:
        if isinstance(value, dict):
            self.fields(value, steps, indent)
            return
        for number, item in enumerate(value):
            if number:
                self.line(indent)
            begin = len(self.lines) - 1
            self.write("-")
            if item and not isinstance(item, str) and self.once_in():
                width = self.one(1, 3)
                self.write(" " * width)
                self.block(item, (*steps, number), indent + 1 + width)
            else:
                self.value(item, (*steps, number), indent, is_item=True)
            self.spans[(*steps, number)] = (begin, len(self.lines) - 1)

    def scalar(self, text: str, indent: int) -> None:
        if "\n" in text or (text in PLAIN and self.once_in(5)):
            self.write(" |" if text.endswith("\n") else " |-")
            self.behind()
            deeper = " " * (indent + self.one(2, 3))
            self.lines += [
                deeper + line if line else "" for line in text.removesuffix("\n").split("\n")
            ]
            return
        if self.once_in(6):
            self.behind()
            self.line(indent + 1)
        else:
            self.write(" ")
        self.short(text, indent + 1, flow=False)
        self.behind()

    def short(self, text: str, indent: int, *, flow: bool) -> None:
        """A text in quotes or without, now and then over two lines."""
        quote = self.one(
            "'", '"', *([""] if text in PLAIN and not (flow and "," in text) else [])
        )
        text = text.replace("\\", "\\\\") if quote == '"' else text
        first, _, rest = text.partition(" ")
        escaped = {"'": "''", '"': '\\"'}.get(quote, quote)
        if first and rest.strip() == rest and rest and self.once_in(4):
            self.write(quote + first.replace(quote or "\n", escaped))
            self.lines.append(" " * indent + rest.replace(quote or "\n", escaped) + quote)
        else:
            self.write(quote + text.replace(quote or "\n", escaped) + quote)

    def flow(self, value: Tree, steps: Steps, indent: int) -> None:
        if isinstance(value, str):
            if "\n" in value:
                self.write(json.dumps(value))
            else:
                self.short(value, indent, flow=True)
            return
        self.in_flow.add(steps)
        self.write("{" if isinstance(value, dict) else "[")
        self.between(indent)
        for number, step in enumerate(
            list(value) if isinstance(value, dict) else range(len(value))
        ):
            if number:
                self.write(",")
                self.between(indent)
            begin = len(self.lines) - 1
            if isinstance(value, dict):
                self.write(f"{step}: ")
            self.flow(value[step], (*steps, step), indent)
            self.spans[(*steps, step)] = (begin, len(self.lines) - 1)
        self.between(indent)
        self.write("}" if isinstance(value, dict) else "]")

    def between(self, indent: int) -> None:
        if self.once_in(5):
            self.behind()
            self.line(indent)
        elif self.once_in():
            self.write(" ")


def _last(tree: Tree) -> str:
    """The last text of a record."""
    while tree and not isinstance(tree, str):
        tree = list(tree.values())[-1] if isinstance(tree, dict) else tree[-1]
    return tree or ""


@st.composite
def drawn_files(
    draw: Callable[[Any], Any], records: st.SearchStrategy[Any] = RECORDS
) -> Drawn:
    tree = draw(records)
    pen = Pen(draw)
    pen.record(tree)
    end = pen.one("\n", "\n", "\r\n")
    # A text that ends with the end of its line needs that.
    is_open = len(pen.lines) > 1 and not _last(tree).endswith("\n") and pen.once_in(3)
    text = pen.one("", "", "\ufeff") + end.join(pen.lines) + ("" if is_open else end)
    return Drawn(tree, pen.lines, end, text, pen.spans, pen.in_flow)
