"""Writing records: a tree of fields as the YAML that people would write by hand.

Quotes stand only where they are needed, texts of several lines are blocks, and fields come in the order of
the schema. Of a file that is there already only the fields that changed are written anew; comments and
everything else stay byte for byte.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import yaml
from yaml import CBaseLoader

from ocs.model.record import Tree

# Lists and texts that are longer than this stand on several lines.
_WIDEST = 100
# What is read as it looks without quotes; somewhat stricter than YAML.
_PLAIN = re.compile(r"\w(?:[^:#]|:(?=\S)|(?<=\S)#)*(?<!\s)")
_IN_A_LIST = re.compile(r"[\[\]{},]|:[?]")
_LINE = re.compile("[^\r\n\x85\u2028\u2029]*(?:\r\n|[\r\n\x85\u2028\u2029])|[^\r\n\x85\u2028\u2029]+")
_ORIGIN = re.compile(r"^# imported from (.*?)\r?$", re.MULTILINE)

Schema = Mapping[str, Any]


def text_of(
    tree: Mapping[str, Tree], schema: Schema, *, origin: str | None = None, schema_line: str | None = None
) -> str:
    """The file of a record. `origin` says from where it was imported, `schema_line` is where its schema lies.

    Raises ValueError where there are no fields, since an empty file is no record.
    """
    if not tree:
        raise ValueError("a record has at least one field")
    head = [f"# yaml-language-server: $schema={schema_line}"] if schema_line else []
    head += [f"# imported from {origin}"] if origin else []
    return "".join(f"{line}\n" for line in [*head, *_mapping(tree, schema)])


def origin_of(data: bytes) -> str | None:
    """From where a record says that it was imported, in a comment of its own; None where it does not say."""
    found = _ORIGIN.search(data.decode("utf-8", "replace"))
    return found[1] if found else None


def _mapping(tree: Mapping[str, Tree], schema: Schema) -> Iterator[str]:
    properties = schema.get("properties", {})
    known = [name for name in properties if name in tree]
    for name in [*known, *(name for name in tree if name not in properties)]:
        yield from _field(name, tree[name], properties.get(name, {}))


def _field(name: str, value: Tree, schema: Schema) -> Iterator[str]:
    first, *lines = _lines(value, schema)
    yield f"{_scalar(name)}:{' ' if first else ''}{first}"
    yield from (f"  {line}" if line else "" for line in lines)


def _lines(value: Tree, schema: Schema) -> Iterator[str]:
    """What stands behind a field's name, and the lines below it, without the indentation of the field."""
    block = _block(value) if isinstance(value, str) else None
    if block:
        yield from block
    elif _is_one_line(value):
        yield _one_line(value)
    elif isinstance(value, Mapping):
        yield from ("", *_mapping(value, schema))
    else:
        yield from ("", *_items(value, schema.get("items", {})))


def _items(values: Sequence[Tree], schema: Schema) -> Iterator[str]:
    for value in values:
        # The first field of an item stands behind the sign of the list.
        is_mapping = isinstance(value, Mapping) and bool(value)
        first, *lines = _mapping(value, schema) if is_mapping else _lines(value, schema)
        yield f"- {first}".rstrip()
        yield from (f"  {line}" if line else "" for line in lines)


def _is_one_line(value: Tree) -> bool:
    if isinstance(value, Mapping):
        return not value
    if isinstance(value, Sequence) and not isinstance(value, str):
        single = all(isinstance(item, str | int) for item in value)
        return not value or (single and len(_one_line(value)) <= _WIDEST)
    return True


def _one_line(value: Tree) -> str:
    if isinstance(value, Mapping):
        return "{}"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return f"[{', '.join(map(_item, value))}]"
    if isinstance(value, bool):
        return str(value).lower()
    return _scalar(value) if isinstance(value, str) else str(value)


def _item(value: Tree) -> str:
    """A value within `[…]`, where some signs have a meaning that they do not have elsewhere."""
    if isinstance(value, str) and _IN_A_LIST.search(value):
        return _quoted(value)
    return _one_line(value)


def _scalar(text: str) -> str:
    """The text on one line, in quotes only where it would be read differently without."""
    return text if text.isprintable() and _PLAIN.fullmatch(text) else _quoted(text)


def _quoted(text: str) -> str:
    if text.isprintable() and ('"' in text or "\\" in text):
        return "'" + text.replace("'", "''") + "'"
    return '"' + "".join(map(_escaped, text)) + '"'


def _escaped(character: str) -> str:
    if character in '"\\':
        return f"\\{character}"
    if character.isprintable():
        return character
    number = ord(character)
    return (
        f"\\x{number:02x}" if number < 256 else f"\\u{number:04x}" if number < 65536 else f"\\U{number:08x}"
    )


def _block(text: str) -> Sequence[str] | None:
    """The text as a block: long lines folded, several lines as they stand. None where it is none."""
    lines = text.removesuffix("\n").split("\n")
    end = "" if text.endswith("\n") else "-"
    if not all(map(_fits_a_block, lines)) or not lines[0] or not lines[-1]:
        return None
    if len(lines) > 1:
        return [f"|{end}", *lines]
    # A block of a single line is read as that line, without its end.
    if end and len(text) > _WIDEST and "  " not in text and not text.endswith(" "):
        return [">-", *_folded(lines[0].split(" "))]
    return None


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


@dataclass(frozen=True, slots=True)
class Rewritten:
    """A file with new fields, and the comments that could not be kept."""

    text: str
    lost: tuple[str, ...] = ()


def rewritten(data: bytes, tree: Mapping[str, Tree], schema: Schema) -> Rewritten:
    """The file *data*, which can be read, with the fields of *tree*.

    Lines of fields and list items that are the same stay as they are.
    """
    whole = data.decode("utf-8")
    text = whole.removeprefix("\ufeff")
    end = "\r\n" if "\r\n" in text else "\n"
    lines = _LINE.findall(text)
    try:
        root = _composed(text)
        new_lines = [*_spliced(root, lines, tree, schema), *lines[_last_line(root) + 1 :]]
        new = "".join(line if line.endswith(("\n", "\r")) else f"{line}{end}" for line in new_lines)
        is_right = _as_text(_value(_composed(new))) == _as_text(tree)
    except (_UnusualError, yaml.YAMLError):
        is_right = False
    if not is_right:
        new = text_of(tree, schema, origin=origin_of(data)).replace("\n", end)
    lost = Counter(_comments(text)) - Counter(_comments(new))
    return Rewritten(whole[: len(whole) - len(text)] + new, tuple(lost.elements()))


class _UnusualError(Exception):
    """Something is written in a way of which single lines cannot be replaced."""


def _composed(text: str) -> Any:
    return CBaseLoader(text).get_single_node()


def _value(node: Any) -> Tree:
    if isinstance(node, yaml.MappingNode):
        return {key.value: _value(value) for key, value in node.value}
    if isinstance(node, yaml.SequenceNode):
        return [_value(item) for item in node.value]
    is_one_line = node.style in ("|", ">") and node.value.find("\n") == len(node.value) - 1
    return node.value[:-1] if is_one_line else node.value


def _as_text(tree: Tree) -> Tree:
    """The tree as its file holds it: whole numbers are text there."""
    if isinstance(tree, Mapping):
        return {name: _as_text(value) for name, value in tree.items()}
    if isinstance(tree, Sequence) and not isinstance(tree, str):
        return [_as_text(item) for item in tree]
    return _one_line(tree) if isinstance(tree, int) else tree


def _last_line(node: Any) -> int:
    """The last line of a value, counted from 0. libyaml ends a block where the next one begins."""
    if isinstance(node, yaml.MappingNode) and not node.flow_style:
        return max(_last_line(value) for _, value in node.value)
    if isinstance(node, yaml.SequenceNode) and not node.flow_style:
        return max(_last_line(item) for item in node.value)
    line: int = node.end_mark.line
    return line if node.end_mark.column else max(line - 1, node.start_mark.line)


def _spliced(
    node: Any, lines: Sequence[str], tree: Mapping[str, Tree], schema: Schema, begin: int = 0
) -> Iterator[str]:
    """The lines of a mapping, from line *begin* on, with the fields of *tree*."""
    if not isinstance(node, yaml.MappingNode) or node.flow_style:
        raise _UnusualError
    margin = " " * node.start_mark.column
    properties = schema.get("properties", {})
    spans = [(key.start_mark.line, _last_line(value)) for key, value in node.value]
    parts = _stretches(spans, begin, lines)
    written = {pair[0].value: (pair, *part) for pair, part in zip(node.value, parts, strict=True)}
    yield from parts[0][0]
    for name in _in_place(list(written), tree, list(properties)):
        inner = properties.get(name, {})
        if name not in written:
            yield from (f"{margin}{line}" for line in _field(name, tree[name], inner))
            continue
        pair, before, own = written[name]
        yield from before if before is not parts[0][0] else ()
        if name in tree and _as_text(tree[name]) == _value(pair[1]):
            yield from own
        elif name in tree:
            yield from _changed(pair, lines, tree[name], inner, margin)


def _stretches(
    spans: Iterable[tuple[int, int]], begin: int, lines: Sequence[str]
) -> list[tuple[Sequence[str], Sequence[str]]]:
    """For each first and last line: the comments and empty lines before, and the lines themselves."""
    found = []
    for first, last in spans:
        if first < begin:
            raise _UnusualError
        found.append((lines[begin:first], lines[first : last + 1]))
        begin = last + 1
    return found


def _in_place(old: Sequence[str], tree: Mapping[str, Tree], known: Sequence[str]) -> Sequence[str]:
    """The names of fields in the order of the file, each new one behind those that it follows in *known*."""
    names = list(old)
    for new in [*(name for name in known if name in tree), *tree]:
        if new not in names:
            earlier = known[: known.index(new)] if new in known else names
            names.insert(max((names.index(name) + 1 for name in names if name in earlier), default=0), new)
    return names


def _changed(
    pair: tuple[Any, Any], lines: Sequence[str], new: Tree, schema: Schema, margin: str
) -> Iterator[str]:
    """The lines of a field that has another value."""
    key, value = pair
    line: int = key.start_mark.line
    is_block = value.start_mark.line > line and not getattr(value, "flow_style", True)
    if is_block and isinstance(value, yaml.MappingNode) and isinstance(new, Mapping) and new:
        yield lines[line]
        yield from _spliced(value, lines, new, schema, line + 1)
    elif (
        is_block and isinstance(value, yaml.SequenceNode) and not _is_one_line(new) and isinstance(new, list)
    ):
        yield lines[line]
        yield from _spliced_items(value, lines, new, schema, line + 1)
    else:
        yield from (f"{margin}{each}" for each in _field(key.value, new, schema))


def _spliced_items(
    node: Any, lines: Sequence[str], new: Sequence[Tree], schema: Schema, begin: int
) -> Iterator[str]:
    """The lines of a list with other items; those that are the same stay, with the comments before them."""
    margin = len(lines[node.value[0].start_mark.line].partition("-")[0])
    for item in node.value:
        if lines[item.start_mark.line][: item.start_mark.column].strip() != "-":
            raise _UnusualError
    spans = [(item.start_mark.line, _last_line(item)) for item in node.value]
    old = list(zip(map(_value, node.value), _stretches(spans, begin, lines), strict=True))
    for item in new:
        same = next((number for number, (value, _) in enumerate(old) if value == _as_text(item)), None)
        if same is None:
            yield from (" " * margin + line for line in _items([item], schema.get("items", {})))
        else:
            _, (before, own) = old.pop(same)
            yield from (*before, *own)


_COMMENT = re.compile(r"(?:^|(?<=[ \t]))#.*", re.MULTILINE)


def _comments(text: str) -> list[str]:
    """Every comment, without what only looks like one within a value."""
    plain = list(text)
    for node in _scalars(_composed(text)):
        first, last = node.start_mark.index, node.end_mark.index
        if node.style in ("|", ">"):  # a comment may stand behind the sign
            first = text.find("\n", first) + 1 or last
        plain[first:last] = [sign if sign == "\n" else "x" for sign in plain[first:last]]
    return [found.strip() for found in _COMMENT.findall("".join(plain))]


def _scalars(node: Any) -> Iterator[Any]:
    if isinstance(node, yaml.ScalarNode):
        yield node
    elif isinstance(node, yaml.MappingNode):
        for pair in node.value:
            for inner in pair:
                yield from _scalars(inner)
    elif isinstance(node, yaml.SequenceNode):
        for inner in node.value:
            yield from _scalars(inner)
