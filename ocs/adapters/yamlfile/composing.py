"""A tree of fields as the YAML that people would write by hand.

Quotes stand only where they are needed, texts of several lines are blocks, and fields come in
the order of the schema.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from ocs.model.edit import as_text
from ocs.model.record import Tree

# Lists and texts that are longer than this stand on several lines.
_WIDEST = 100
# Text that needs no quotes; somewhat stricter than YAML.
_PLAIN = re.compile(r"\w(?:[^:#]|:(?=\S)|(?<=\S)#)*(?<!\s)")
_IN_A_LIST = re.compile(r"[\[\]{},]|:[?]")
_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t"}
_ORIGIN = re.compile(r"^# imported from (.*?)\r?$", re.MULTILINE)

Schema = Mapping[str, Any]


def text_of(
    tree: Mapping[str, Tree],
    schema: Schema,
    *,
    origin: str | None = None,
    schema_line: str | None = None,
) -> str:
    """The file of a record, from *origin* if imported. Raises ValueError if it has no fields."""
    if not tree:
        raise ValueError("a record has at least one field")
    head = [f"# yaml-language-server: $schema={schema_line}"] if schema_line else []
    head += [f"# imported from {origin}"] if origin else []
    return "".join(f"{line}\n" for line in [*head, *fields_of(tree, schema)])


def origin_of(data: bytes) -> str | None:
    """The source of an imported record, from its own comment; None where there is none."""
    match = _ORIGIN.search(data.decode("utf-8", "replace"))
    return match[1] if match else None


def fields_of(tree: Mapping[str, Tree], schema: Schema) -> Iterator[str]:
    """The lines of a mapping."""
    properties = schema.get("properties", {})
    known = [name for name in properties if name in tree]
    for name in [*known, *(name for name in tree if name not in properties)]:
        yield from field_of(name, tree[name], properties.get(name, {}))


def field_of(name: str, value: Tree, schema: Schema) -> Iterator[str]:
    """The lines of a field."""
    first, *lines = lines_behind(value, schema)
    yield f"{_scalar(name)}:{' ' if first else ''}{first}"
    yield from (f"  {line}" if line else "" for line in lines)


def lines_behind(value: Tree, schema: Schema) -> Iterator[str]:
    """The text behind a field's name, and the lines below it, without the field's margin."""
    block = _block(value) if isinstance(value, str) else ()
    if block:
        yield from block
    elif _is_one_line(value):
        yield _scalar(value) if isinstance(value, str) else in_flow(value)
    elif isinstance(value, Mapping):
        yield from ("", *fields_of(value, schema))
    else:
        yield from ("", *items_of(value, schema.get("items", {})))


def items_of(values: Sequence[Tree], schema: Schema) -> Iterator[str]:
    """The lines of a list."""
    for value in values:
        # The first field of an item stands behind the sign of the list.
        is_mapping = isinstance(value, Mapping) and bool(value)
        first, *lines = fields_of(value, schema) if is_mapping else lines_behind(value, schema)
        yield f"- {first}".rstrip()
        yield from (f"  {line}" if line else "" for line in lines)


def _is_one_line(value: Tree) -> bool:
    if isinstance(value, Mapping):
        return not value
    if isinstance(value, Sequence) and not isinstance(value, str):
        is_flat = all(isinstance(item, str | int) for item in value)
        return not value or (is_flat and len(in_flow(value)) <= _WIDEST)
    return True


def in_flow(value: Tree) -> str:
    """A value on one line, as within `[…]` and `{…}`, where some signs are special."""
    if isinstance(value, Mapping):
        pairs = (f"{in_flow(name)}: {in_flow(inner)}" for name, inner in value.items())
        return f"{{{', '.join(pairs)}}}"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return f"[{', '.join(map(in_flow, value))}]"
    if isinstance(value, str):
        return _quoted(value) if _IN_A_LIST.search(value) else _scalar(value)
    return str(as_text(value))


def _scalar(text: str) -> str:
    """The text on one line, in quotes only where it would be read differently without."""
    return text if text.isprintable() and _PLAIN.fullmatch(text) else _quoted(text)


def _quoted(text: str) -> str:
    if text.isprintable() and ('"' in text or "\\" in text):
        return "'" + text.replace("'", "''") + "'"
    return '"' + "".join(map(_escaped, text)) + '"'


def _escaped(character: str) -> str:
    if character in _ESCAPES:
        return _ESCAPES[character]
    if character.isprintable():
        return character
    number = ord(character)
    if number < 256:
        return f"\\x{number:02x}"
    return f"\\u{number:04x}" if number < 65536 else f"\\U{number:08x}"


def _block(text: str) -> Sequence[str]:
    """The text as a block, long lines folded; empty where it cannot or need not be one."""
    lines = text.removesuffix("\n").split("\n")
    end = "" if text.endswith("\n") else "-"
    if not all(map(_fits_a_block, lines)) or not lines[0] or not lines[-1]:
        return ()
    if len(lines) > 1:
        return [f"|{end}", *lines]
    # A block of a single line is read as that line, without its end.
    if end and len(text) > _WIDEST and "  " not in text and not text.endswith(" "):
        return [">-", *_folded(lines[0].split(" "))]
    return ()


def _folded(words: Iterable[str]) -> Iterator[str]:
    line = ""
    for word in words:
        if line and len(line) + 1 + len(word) > _WIDEST:
            yield line
            line = word
        else:
            line = f"{line} {word}" if line else word
    yield line


def _fits_a_block(line: str) -> bool:
    """A line of a block is empty, or begins with a sign that is seen."""
    return not line or (line[0] not in " \t" and line.replace("\t", " ").isprintable())
