"""A record as text with its mentions, and records as a table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from ocs.model.found import Found, Listed, Mention, Shown
from ocs.model.kinds import KIND
from ocs.model.tree import Tree
from ocs.output.console import Piece, Screen, clean, wrapped

_INDENT = "  "
# Fields that together are not longer than this stand in one line.
_SHORT = 76
# What makes everything else doubtful comes first.
_FIRST = ("withdrawn", "suspended")
Line = list[Piece]


def show(shown: Shown, screen: Screen) -> None:
    """The record, with its fields in the order of its file."""
    record, kind = shown.record, KIND[shown.record.kind]
    # A record about another one is called after that one.
    about = f"{record.id}: " if kind.about else ""
    screen.out((clean(about + record.title), "bold"))
    screen.out((clean(record.reference), "dim"))
    tree = record.tree or {}
    order = sorted(tree, key=lambda key: key not in _FIRST)
    fields = {key: tree[key] for key in order if key != kind.title}
    for line in _fields(fields, screen.width):
        screen.out(*line)
    if shown.mentions:
        screen.out()
        screen.out(("mentioned by", "bold"))
    mentions = dict.fromkeys(
        (mention.source.reference, _field_path(mention)) for mention in shown.mentions
    )
    column = max((len(reference) for reference, _ in mentions), default=0) + 2
    for reference, path in mentions:
        if path:
            screen.out(_INDENT, clean(reference).ljust(column), (path, "dim"))
        else:
            screen.out(_INDENT, clean(reference))


def as_json(shown: Shown) -> dict[str, Any]:
    """A record and what mentions it, for programs."""
    return {
        **_plain(shown.record),
        "mentioned_by": [
            {
                "kind": mention.source.kind,
                "id": mention.source.id,
                "file": mention.source.file,
                "field": list(mention.steps),
            }
            for mention in shown.mentions
        ],
    }


def table(listed: Listed, screen: Screen) -> None:
    """The records' ids and the columns of their kind."""
    columns = KIND[listed.kind].columns
    rows = (
        [record.id, *(_cell(record.field(column)) for column in columns)]
        for record in listed.records
    )
    screen.table(["id", *map(label, columns)], rows)
    count = len(listed.records)
    screen.say(f"{count} record{'' if count == 1 else 's'}")
    warn_of(listed.unreadable, screen)


def warn_of(unreadable: Sequence[str], screen: Screen) -> None:
    if unreadable:
        others = f" and {len(unreadable) - 1} more" if len(unreadable) > 1 else ""
        screen.say(f"{clean(unreadable[0])}{others} cannot be read: see `ocs validate`")


def table_as_json(listed: Listed) -> dict[str, Any]:
    """The records in full, for programs."""
    return {
        "kind": listed.kind,
        "total": len(listed.records),
        "records": list(map(_plain, listed.records)),
    }


def _plain(record: Found) -> dict[str, Any]:
    """`record` is null where the file cannot be read."""
    return {"kind": record.kind, "id": record.id, "file": record.file, "record": record.tree}


def label(field: str) -> str:
    """A field's name in words: `review_by` is `review by`."""
    return clean(field.replace("_", " "))


def _field_path(mention: Mention) -> str:
    """The fields that lead to a mention; list items by their ids or names."""
    names: list[str] = []
    tree: Tree = mention.source.tree
    for step in mention.steps:
        tree = tree[step]
        if isinstance(step, str):
            names.append(label(step))
        elif isinstance(tree, Mapping) and (name := tree.get("id") or tree.get("name")):
            names.append(clean(str(name)))
    return ", ".join(names)


def _cell(value: Tree) -> str:
    if value is None:
        return "-"
    if isinstance(value, list):
        # The first field matters most: a reader's person, a system's id.
        return ", ".join(
            str(next(iter(item.values()), "")) if isinstance(item, Mapping) else str(item)
            for item in value
        )
    return ", ".join(value) if isinstance(value, Mapping) else str(value)


def _fields(tree: Mapping[str, Tree], width: int | None) -> Iterator[Line]:
    """The fields in order: short ones aligned, long texts and lists under their names."""
    column = _column([tree])
    in_block = False
    for key, value in tree.items():
        if _is_short(value):
            if not in_block:
                yield []
            in_block = True
            yield from _short_field(key, value, column, width)
        else:
            in_block = False
            yield []
            yield [(label(key), "bold")]
            yield from _indented(_long(value, width and width - len(_INDENT)))


def _column(trees: Iterable[Tree]) -> int:
    """The width of the column with the names of these mappings' short fields."""
    fields = (item for tree in trees if isinstance(tree, Mapping) for item in tree.items())
    widths = (len(label(name)) for name, value in fields if _is_short(value))
    return max(widths, default=0) + 2


def _is_short(value: Tree) -> bool:
    """Does the value fit behind the name of its field?"""
    text = _in_line(value)
    if isinstance(value, list | Mapping):
        items, most = (value, 200) if isinstance(value, list) else (value.values(), _SHORT)
        return len(text) < most and not any(isinstance(item, list | Mapping) for item in items)
    return "\n" not in text and len(text) < 300


def _in_line(value: Tree) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "none"
    if isinstance(value, Mapping):
        return " · ".join(f"{label(key)} {inner}" for key, inner in value.items())
    return str(value).rstrip("\n")


def _short_field(key: str, value: Tree, column: int, width: int | None) -> Iterator[Line]:
    lines = wrapped(_in_line(value), width and width - column)
    yield [(label(key).ljust(column), "dim"), next(lines, "")]
    for line in lines:
        yield [" " * column, line]


def _long(value: Tree, width: int | None) -> Iterator[Line]:
    if isinstance(value, Mapping):
        yield from _mapping(value, _column([value]), width)
    elif isinstance(value, list):
        column = _column(item for item in value if not _is_short(item))
        for item in value:
            deeper = width and width - 2
            if isinstance(item, Mapping) and not _is_short(item):
                lines = _mapping(item, column, deeper)
            else:
                lines = _wrapped(item, deeper)
            for number, line in enumerate(lines):
                yield [("  " if number else "- "), *line]
    else:
        yield from _wrapped(value, width)


def _wrapped(value: Tree, width: int | None) -> Iterator[Line]:
    return ([line] for line in wrapped(_in_line(value), width))


def _mapping(tree: Mapping[str, Tree], column: int, width: int | None) -> Iterator[Line]:
    for key, value in tree.items():
        if _is_short(value):
            yield from _short_field(key, value, column, width)
        else:
            yield [(label(key), "dim")]
            yield from _indented(_long(value, width and width - len(_INDENT)))


def _indented(lines: Iterable[Line]) -> Iterator[Line]:
    return ([_INDENT, *line] for line in lines)
