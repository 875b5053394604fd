"""A record laid out to be read, with what mentions it; and records as a table."""

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
_FIRST = ("withdrawn", "suspended")
Line = list[Piece]


def show(shown: Shown, screen: Screen) -> None:
    """The record, its fields in the order in which they stand in its file."""
    record = shown.record
    title = KIND[record.kind].title
    # A record about another one is called after that one.
    about = f"{record.id}: " if KIND[record.kind].about else ""
    screen.out((clean(about + record.title), "bold"))
    screen.out((clean(record.reference), "dim"))
    tree = record.tree or {}
    # What makes everything else doubtful comes first.
    order = sorted(tree, key=lambda key: key not in _FIRST)
    fields = {key: tree[key] for key in order if key != title}
    for line in _fields(fields, screen.width):
        screen.out(*line)
    if shown.mentions:
        screen.out()
        screen.out(("mentioned by", "bold"))
    told = dict.fromkeys(
        (mention.source.reference, _way(mention)) for mention in shown.mentions
    )
    column = max((len(reference) for reference, _ in told), default=0) + 2
    for reference, way in told:
        if way:
            screen.out(_INDENT, clean(reference).ljust(column), (way, "dim"))
        else:
            screen.out(_INDENT, clean(reference))


def as_json(shown: Shown) -> dict[str, Any]:
    """A record and what mentions it, as a value of plain types."""
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
    screen.table(
        ["id", *map(label, columns)],
        (
            [record.id, *(_cell(record.field(column)) for column in columns)]
            for record in listed.records
        ),
    )
    count = len(listed.records)
    screen.say(f"{count} record{'' if count == 1 else 's'}")
    warn_of(listed.unreadable, screen)


def warn_of(unreadable: Sequence[str], screen: Screen) -> None:
    """Say that there are files that could not be read."""
    if unreadable:
        others = f" and {len(unreadable) - 1} more" if len(unreadable) > 1 else ""
        screen.say(f"{clean(unreadable[0])}{others} cannot be read: see `ocs validate`")


def table_as_json(listed: Listed) -> dict[str, Any]:
    """The records in full, as a value of plain types."""
    return {
        "kind": listed.kind,
        "total": len(listed.records),
        "records": list(map(_plain, listed.records)),
    }


def _plain(record: Found) -> dict[str, Any]:
    """`record` is null where the file cannot be read."""
    return {"kind": record.kind, "id": record.id, "file": record.file, "record": record.tree}


def label(field: str) -> str:
    """A field's name as a person would say it: `review_by` is `review by`."""
    return clean(field.replace("_", " "))


def _way(mention: Mention) -> str:
    """The fields that lead to where a record is mentioned, list items by their ids or names."""
    told: list[str] = []
    tree: Tree = mention.source.tree
    for step in mention.steps:
        tree = tree[step]
        if isinstance(step, str):
            told.append(label(step))
        elif isinstance(tree, Mapping) and (name := tree.get("id") or tree.get("name")):
            told.append(clean(str(name)))
    return ", ".join(told)


def _cell(value: Tree) -> str:
    if value is None:
        return "-"
    if isinstance(value, list):
        # Of fields the first tells most: a reader's person, a system's id.
        return ", ".join(
            str(next(iter(item.values()), "")) if isinstance(item, Mapping) else str(item)
            for item in value
        )
    return ", ".join(value) if isinstance(value, Mapping) else str(value)


def _fields(tree: Mapping[str, Tree], width: int | None) -> Iterator[Line]:
    """The fields in their order: short ones aligned, long texts and lists under their names."""
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
    """How wide the names of the short fields of these mappings are, with the space behind
    them.
    """
    names = [
        key
        for tree in trees
        if isinstance(tree, Mapping)
        for key, value in tree.items()
        if _is_short(value)
    ]
    return max((len(label(name)) for name in names), default=0) + 2


def _is_short(value: Tree) -> bool:
    """Does the value fit behind the name of its field?"""
    if isinstance(value, list):
        return (
            not any(isinstance(item, list | Mapping) for item in value)
            and len(_in_line(value)) < 200
        )
    if isinstance(value, Mapping):
        return not any(isinstance(item, list | Mapping) for item in value.values()) and (
            len(_in_line(value)) < _SHORT
        )
    text = str(value).rstrip("\n")
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
                lines = _plain_lines(_in_line(item), deeper)
            for number, line in enumerate(lines):
                yield [("  " if number else "- "), *line]
    else:
        yield from _plain_lines(str(value).rstrip("\n"), width)


def _plain_lines(text: str, width: int | None) -> Iterator[Line]:
    for line in wrapped(text, width):
        yield [line]


def _mapping(tree: Mapping[str, Tree], column: int, width: int | None) -> Iterator[Line]:
    for key, value in tree.items():
        if _is_short(value):
            yield from _short_field(key, value, column, width)
        else:
            yield [(label(key), "dim")]
            yield from _indented(_long(value, width and width - len(_INDENT)))


def _indented(lines: Iterable[Line]) -> Iterator[Line]:
    return ([_INDENT, *line] for line in lines)
