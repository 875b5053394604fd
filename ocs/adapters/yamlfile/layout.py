"""Where in the text of a file its values stand, with their names or `-`.

Positions count characters. libyaml ends a block where the next one begins; here it ends with
its last value.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import yaml
from yaml import CBaseLoader

from ocs.model.record import Steps

BREAKS = "\r\n\x85\u2028\u2029"  # what libyaml takes for the end of a line
_LINE_END = re.compile(f"[{BREAKS}]|\\Z")
_BREAK = re.compile(f"\r\n|[{BREAKS}]|\\Z")
# White space and comments, over any number of lines.
_GAP = f"(?:[ \t]*(?:#[^{BREAKS}]*)?(?:\r\n|[{BREAKS}]))*[ \t]*"
_COLON = re.compile(f"{_GAP}(:)")
_DASH = re.compile(f"{_GAP}(-)")
_BLOCK_HEAD = re.compile("[|>][-+0-9]*")


class UnusualError(Exception):
    """Something is written in a way in which it cannot be changed on its own."""


@dataclass(frozen=True, slots=True)
class Slot:
    """A value's place: `begin` is where its name or `-` begins, `behind` follows its `:` or `-`.

    In a list within `[…]` both are where the value begins. `in_flow`: it stands in `[…]` or
    `{…}`. `is_item`: it stands behind a `-`.
    """

    node: Any
    begin: int
    behind: int
    in_flow: bool = False
    is_item: bool = False

    @property
    def start(self) -> int:
        """Where the value itself begins."""
        index: int = self.node.start_mark.index
        return index


class Layout:
    """The values of *text*, which can be read."""

    def __init__(self, text: str) -> None:
        self.text = text
        node: Any = CBaseLoader(text).get_single_node()
        self.root = Slot(node, node.start_mark.index, node.start_mark.index)

    def slot(self, steps: Steps) -> Slot:
        """The value at *steps*. Raises LookupError where there is none."""
        slot = self.root
        for step in steps:
            number: str | int | None = step
            if is_mapping(slot.node):
                names = [key.value for key, _ in slot.node.value]
                number = names.index(step) if step in names else None
            if not isinstance(number, int):
                raise LookupError(step)
            slot = self.children(slot)[number]
        return slot

    def children(self, slot: Slot) -> list[Slot]:
        """What a mapping or list holds, in the order of the file."""
        return list(self._fields(slot) if is_mapping(slot.node) else self._items(slot))

    def _fields(self, slot: Slot) -> Iterator[Slot]:
        for key, value in slot.node.value:
            behind = _behind(_COLON, self.text, key.end_mark.index)
            yield Slot(value, key.start_mark.index, behind, self.is_in_flow(slot))

    def _items(self, slot: Slot) -> Iterator[Slot]:
        place = slot.start
        for node in slot.node.value:
            if self.is_in_flow(slot):
                yield Slot(node, node.start_mark.index, node.start_mark.index, True)
            else:
                behind = _behind(_DASH, self.text, place)
                yield Slot(node, behind - 1, behind, is_item=True)
                place = self.end(node)

    def is_beside(self, slot: Slot) -> bool:
        """Does a value begin in the line of its name or `-`?"""
        return slot.start <= self.line_end(slot.behind)

    def width(self, slot: Slot) -> int:
        """How far a value's lines are indented: as an item from its `-`, else two spaces."""
        return slot.start - slot.begin if slot.is_item and self.is_beside(slot) else 2

    def is_in_flow(self, slot: Slot) -> bool:
        """Do the fields or items of this value stand in `[…]` or `{…}`?"""
        return slot.in_flow or bool(slot.node.flow_style)

    def end(self, node: Any) -> int:
        """Where a value ends: behind its last letter or bracket, before the end of that line."""
        if is_block_text(node):
            return self._end_of_text(node)
        if not is_block(node):
            index: int = node.end_mark.index
            return index
        return self.end(node.value[-1][1] if is_mapping(node) else node.value[-1])

    def _end_of_text(self, node: Any) -> int:
        head = self.head_end(node)
        body = self.text[head : node.end_mark.index]
        # With `+` the empty lines at its end belong to it.
        if "+" in self.text[node.start_mark.index : head]:
            return head + len(re.sub(f"(?:\r\n|[{BREAKS}])$", "", body))
        return head + len(body.rstrip(f" {BREAKS}"))

    def head_end(self, node: Any) -> int:
        """Behind the `|` or `>` of a text of several lines."""
        head = _BLOCK_HEAD.match(self.text, node.start_mark.index)
        assert head
        return head.end()

    def line_start(self, place: int) -> int:
        """Where the line of *place* begins."""
        return max(self.text.rfind(sign, 0, place) for sign in BREAKS) + 1

    def line_end(self, place: int) -> int:
        """Where the line of *place* ends, before its line end."""
        match = _LINE_END.search(self.text, place)
        return match.start() if match else len(self.text)

    def next_line(self, place: int) -> int:
        """Where the line behind that of *place* begins."""
        match = _BREAK.search(self.text, place)
        return match.end() if match else len(self.text)

    def line_number(self, place: int) -> int:
        """The number of the line of *place*, from 1."""
        return len(re.findall(f"\r\n|[{BREAKS}]", self.text[:place])) + 1

    def margin(self, slot: Slot) -> str:
        """The indentation at which a field's name or an item's `-` stands."""
        return " " * (slot.begin - self.line_start(slot.begin))

    def has_comment(self, node: Any) -> bool:
        """Does a comment stand within a value, before its last letter or bracket?"""
        if is_block_text(node):  # a comment behind its `|` is not within it
            return False
        start = node.start_mark.index
        plain = list(self.text[start : self.end(node)])
        for scalar in scalars(node):
            first = scalar.start_mark.index
            if is_block_text(scalar):
                first = self.line_end(first)
            last = self.end(scalar)
            plain[first - start : last - start] = "x" * (last - first)
        return "#" in plain


def is_mapping(node: Any) -> bool:
    """Is it a value with fields?"""
    return isinstance(node, yaml.MappingNode)


def is_block(node: Any) -> bool:
    """Do its fields or items stand in lines of their own?"""
    return not isinstance(node, yaml.ScalarNode) and not node.flow_style


def is_block_text(node: Any) -> bool:
    """Is it a text of several lines behind a `|` or `>`?"""
    return isinstance(node, yaml.ScalarNode) and node.style in ("|", ">")


def scalars(node: Any) -> Iterator[Any]:
    """Every text within a value, names of fields among them."""
    if isinstance(node, yaml.ScalarNode):
        yield node
        return
    for child in node.value:
        for inner in child if is_mapping(node) else (child,):
            yield from scalars(inner)


def _behind(sign: re.Pattern[str], text: str, place: int) -> int:
    match = sign.match(text, place)
    if match is None:
        raise UnusualError("it is written in an unusual way")
    return match.end()
