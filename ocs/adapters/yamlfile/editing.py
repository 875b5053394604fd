"""Edits of a record's file: only the values concerned change, the rest stays byte for byte.

After each edit the file is read again; where it does not hold exactly what it should, nothing
changes.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Mapping, Sequence

from ocs.adapters.yamlfile.composing import Schema, field_of, fields_of, in_flow, lines_behind
from ocs.adapters.yamlfile.layout import (
    BREAKS,
    Layout,
    Slot,
    UnusualError,
    is_block,
    is_block_text,
    is_mapping,
)
from ocs.adapters.yamlfile.parsing import parse
from ocs.errors import OcsError
from ocs.model.edit import Edit, Remove, Set, applied, as_text, differences
from ocs.model.record import Steps, Tree

# A stretch of the text, and what replaces it.
Splice = tuple[int, int, str]
_COMMENT_WITHIN = "a comment in it would be lost"
# A comma with the space behind it, unless a comment needs that.
_COMMA = re.compile("[ \t]*,(?:[ \t]+(?![ \t#]))?")


class EditError(OcsError):
    """A value cannot be changed on its own; the hint says what to write by hand."""


def edited(data: bytes, edits: Iterable[Edit], schema: Schema, file: str) -> bytes:
    """The file *data* with the edits. Raises EditError where more than the values would change."""
    mark = codecs.BOM_UTF8 if data.startswith(codecs.BOM_UTF8) else b""
    tree = _tree(data, file)
    text = data.removeprefix(mark).decode()
    for edit in edits:
        tree = as_text(applied(tree, [edit]))
        text = _edited(text, edit, tree, schema, file)
    return mark + text.encode()


def rewritten(data: bytes, tree: Mapping[str, Tree], schema: Schema, file: str) -> bytes:
    """The file *data* with the fields of *tree*; only what differs changes. Raises EditError."""
    return edited(data, differences(_tree(data, file), tree), schema, file)


def _tree(data: bytes, file: str) -> dict[str, Tree]:
    parsed = parse(data)
    if parsed.tree is None:
        fault = parsed.faults[0]
        raise EditError(
            f"{file}:{fault.span.line} cannot be read: {fault.message}", fault.hint
        )
    return parsed.tree


def _edited(text: str, edit: Edit, tree: Tree, schema: Schema, file: str) -> str:
    """The text with one edit, after which it holds *tree*."""
    layout = Layout(text)
    try:
        new = _spliced(text, _Editing(layout).splices(edit, schema))
        if parse(new.encode()).tree != tree:
            raise _changes_more(layout, file)
    except UnusualError as error:
        line = layout.line_number(_nearest(layout, edit.steps).begin)
        name = ".".join(map(str, edit.steps))
        raise EditError(
            f"{file}:{line}: '{name}' cannot be changed on its own: {error}", _by_hand(edit)
        ) from None
    return new


def _changes_more(layout: Layout, file: str) -> Exception:
    """Why a file would not hold what it should."""
    if layout.text.endswith(tuple(BREAKS)):
        return UnusualError("the text around it would be read differently")
    line = layout.line_number(len(layout.text))
    message = (
        f"{file}:{line}: the last line of the file has no line end, and would be "
        "read differently with one"
    )
    return EditError(message, "add a line end in an editor, and run this again")


def _spliced(text: str, splices: Iterable[Splice]) -> str:
    for start, end, new in sorted(splices, reverse=True):
        text = text[:start] + new + text[end:]
    return text


def _nearest(layout: Layout, steps: Steps) -> Slot:
    """The value at *steps*, or else the nearest one above."""
    while True:
        try:
            return layout.slot(steps)
        except LookupError:
            steps = steps[:-1]


def _by_hand(edit: Edit) -> str:
    if isinstance(edit, Remove):
        return "remove it by hand"
    name = edit.steps[-1] if edit.steps else ""
    value = in_flow(edit.value)
    mark = f"{in_flow(name)}:" if isinstance(name, str) else "-"
    return f"write there: {mark} {value}"


def _schema_at(schema: Schema, steps: Steps) -> Schema:
    for step in steps:
        is_item = isinstance(step, int)
        schema = (
            schema.get("items", {}) if is_item else schema.get("properties", {}).get(step, {})
        )
    return schema


class _Editing:
    """An edit of a file that has this layout."""

    def __init__(self, layout: Layout) -> None:
        self._layout = layout
        self._text = layout.text
        self._line_end = "\r\n" if "\r\n" in layout.text else "\n"

    def splices(self, edit: Edit, schema: Schema) -> list[Splice]:
        if not edit.steps:
            raise UnusualError("it is the whole record")
        parent, step = self._layout.slot(edit.steps[:-1]), edit.steps[-1]
        if isinstance(edit, Remove):
            return self._removed(parent, step)
        if isinstance(edit, Set) and (isinstance(step, int) or step in _names(parent)):
            slot = self._layout.slot(edit.steps)
            return self._replaced(slot, edit.value, _schema_at(schema, edit.steps))
        return self._added(parent, step, edit.value, _schema_at(schema, edit.steps[:-1]))

    def _replaced(
        self, slot: Slot, value: Tree, schema: Schema, *, may_lose: bool = False
    ) -> list[Splice]:
        """Replace a value. Comments before it and behind it stay."""
        layout, node, end = self._layout, slot.node, self._layout.end(slot.node)
        if layout.has_comment(node) and not may_lose:
            raise UnusualError(_COMMENT_WITHIN)
        if slot.in_flow:
            return [(slot.start, end, in_flow(value))]
        first, *rest = _behind_mark(value, slot, schema)
        below = self._lines(rest, layout.margin(slot) + " " * layout.width(slot))
        if not layout.is_beside(slot):
            return self._replaced_below(slot, first, below, may_lose)
        last = layout.head_end(node) if is_block_text(node) else end
        head = (slot.start, last, first) if first else (slot.behind, last, "")
        return [head, (layout.line_end(last), layout.line_end(end), below)]

    def _replaced_below(
        self, slot: Slot, first: str, below: str, may_lose: bool
    ) -> list[Splice]:
        """Replace a value that begins in a line below its name or `-`."""
        layout, end = self._layout, self._layout.end(slot.node)
        if not below and not is_block(slot.node):
            return [(slot.start, end, first)]
        if "#" in self._text[end : layout.line_end(end)] and not may_lose:
            raise UnusualError(_COMMENT_WITHIN)
        above = layout.line_start(slot.start) - 1
        above -= self._text[above - 1 : above + 1] == "\r\n"
        behind = (slot.behind, slot.behind, f" {first}" if first else "")
        return [behind, (above, layout.line_end(end), below)]

    def _added(
        self, parent: Slot, step: str | int, value: Tree, schema: Schema
    ) -> list[Splice]:
        """A new field in the place that the schema gives it, or a new item."""
        layout = self._layout
        children = layout.children(parent)
        if not children and not parent.in_flow and not layout.has_comment(parent.node):
            only = {step: value} if isinstance(step, str) else [value]
            return self._replaced(parent, only, schema)
        position = step if isinstance(step, int) else _position(step, _names(parent), schema)
        if layout.is_in_flow(parent):
            return [self._added_in_flow(parent, position, step, value)]
        margin = layout.margin(children[0])
        if isinstance(step, str):
            first, *rest = field_of(step, value, _schema_at(schema, (step,)))
        else:
            width = layout.width(children[0])
            first, *rest = _behind_mark(value, children[0], _schema_at(schema, (step,)))
            first = f"{'-':{width}}{first}".rstrip()
            rest = [" " * width + line if line else "" for line in rest]
        if position:
            place = layout.line_end(layout.end(children[position - 1].node))
            return [(place, place, self._lines([first, *rest], margin))]
        place = children[0].begin
        return [(place, place, first + self._lines(rest, margin) + self._line_end + margin)]

    def _added_in_flow(
        self, parent: Slot, position: int, step: str | int, value: Tree
    ) -> Splice:
        children = self._layout.children(parent)
        new = f"{in_flow(step)}: {in_flow(value)}" if isinstance(step, str) else in_flow(value)
        if not children:
            place = parent.start + 1
        elif position:
            place, new = self._layout.end(children[position - 1].node), f", {new}"
        else:
            place, new = children[0].begin, f"{new}, "
        return place, place, new

    def _removed(self, parent: Slot, step: str | int) -> list[Splice]:
        """Remove a field or item with its lines. The last one leaves `{}` or `[]`."""
        layout, children = self._layout, self._layout.children(parent)
        number = step if isinstance(step, int) else _names(parent).index(step)
        slot = children[number]
        if layout.is_in_flow(parent):
            return [self._with_comma(slot.begin, layout.end(slot.node))]
        if len(children) == 1:
            if parent is layout.root:
                raise UnusualError("it is the whole record")
            empty: Tree = {} if is_mapping(parent.node) else []
            return self._replaced(parent, empty, {}, may_lose=True)
        end, begins = layout.line_end(layout.end(slot.node)), layout.line_start(slot.begin)
        if not self._text[begins : slot.begin].strip():
            return [(begins, layout.next_line(end), "")]
        following = children[number + 1].begin
        return [(slot.begin, end if self._text[end:following].strip() else following, "")]

    def _with_comma(self, begin: int, end: int) -> Splice:
        """An item in `[…]` with its comma, and its line where nothing else is left there."""
        layout = self._layout
        comma = _COMMA.match(self._text, end)
        before = re.search(",[ \t]*$", self._text[layout.line_start(begin) : begin])
        if comma:
            end = comma.end()
        elif before:
            begin -= len(before[0])
        line = layout.line_start(begin), layout.line_end(end)
        if not self._text[line[0] : begin].strip() and not self._text[end : line[1]].strip():
            return line[0], layout.next_line(end), ""
        return begin, end, ""

    def _lines(self, lines: Iterable[str], margin: str) -> str:
        """The lines, each after a line end."""
        return "".join(self._line_end + (margin + line if line else "") for line in lines)


def _names(slot: Slot) -> list[str]:
    return [key.value for key, _ in slot.node.value] if is_mapping(slot.node) else []


def _behind_mark(value: Tree, slot: Slot, schema: Schema) -> Iterable[str]:
    """The text behind a field's name or an item's `-`, and the lines below it."""
    if slot.is_item and isinstance(value, Mapping) and value:
        return fields_of(value, schema)
    return lines_behind(value, schema)


def _position(name: str, names: Sequence[str], schema: Schema) -> int:
    """The place among *names* of a new field: behind all that come before it in the schema."""
    known = list(schema.get("properties", {}))
    earlier = known[: known.index(name)] if name in known else names
    return max((place + 1 for place, other in enumerate(names) if other in earlier), default=0)
