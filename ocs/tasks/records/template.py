"""A record to fill in: required fields stand open, all others are examples in comments.

`## ` begins an explanation and `# ` an example, so that an editor that takes one `# ` from
many lines makes fields of the examples and comments of the explanations.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping
from typing import Any

from ocs.adapters.yamlfile import parse
from ocs.adapters.yamlfile.composing import text_of
from ocs.model.record import Tree
from ocs.rules.nearest import one_of
from ocs.rules.records.complaints import as_yaml

Schema = Mapping[str, Any]

_WIDTH = 96
_HOW = (
    'Fill in the open fields. Further down, remove "# " before the fields that you know, and '
    "replace the examples. ocs drops what you leave unchanged."
)
_ENOUGH = "This is enough to begin. Optional fields:"


def template(schema: Schema, given: Mapping[str, str], schema_line: str | None = None) -> str:
    """The text to begin a record with. *given* is what is known of its fields."""
    head = [f"# yaml-language-server: $schema={schema_line}"] if schema_line else []
    return "".join(
        f"{line}\n"
        for line in [*head, *_explained(schema["description"], _HOW), *_fields(schema, given)]
    )


def _fields(schema: Schema, given: Mapping[str, str]) -> Iterator[str]:
    fields = schema["properties"]
    first = [name for name in fields if name in schema["required"] or name in given]
    for name in first:
        yield ""
        yield from _explained(fields[name]["description"])
        if name in given:
            yield from _written(name, given[name])
        else:
            yield from _open(name, fields[name])
    yield ""
    yield from _explained(_ENOUGH)
    for name, node in fields.items():
        if name not in first:
            yield from _example(name, node)


def _open(name: str, node: Schema) -> Iterator[str]:
    """A field without a value; for a list the first item with what it needs."""
    inner = node.get("items", {})
    if not inner.get("properties"):
        yield from _explained(_for_example(node))
        yield f"{name}: "
        return
    yield f"{name}:"
    choices = [option["required"][0] for option in inner.get("oneOf", [])]
    needed = [*inner.get("required", []), *choices[:1]]
    sign = "- "
    for field in needed:
        meaning = inner["properties"][field]
        explained = _explained(meaning["description"], _for_example(meaning))
        yield from (f"  {line}" for line in explained)
        yield f"  {sign}{field}: "
        sign = "  "
    for field, meaning in inner["properties"].items():
        if field not in needed and field not in choices:
            yield from (f"    {line}" for line in _example(field, meaning))
    for field in choices[1:]:
        first, *lines = _example(field, inner["properties"][field])
        yield f"  {first}"
        yield from (f"  {line.replace('# ', '# - ', 1)}" for line in lines)


def _for_example(node: Schema) -> str:
    return f"For example: {as_yaml(node['examples'][0])}"


def _example(name: str, node: Schema) -> Iterator[str]:
    yield from _explained(_meaning(node))
    value = node["examples"][0]
    if isinstance(value, str) and "\n" in value:
        value += "\n"
    yield from (f"# {line}" for line in _written(name, value))


def _written(name: str, value: Tree) -> list[str]:
    return text_of({name: value}, {}).splitlines()


def _meaning(node: Schema) -> str:
    """What a field means, what it can be, and which fields its example does not show."""
    sentences = [node["description"]]
    if "enum" in node:
        sentences.append(f"It is {one_of(node['enum'])}.")
    inner = node.get("items", node)
    example = node["examples"][0]
    shown = example[0] if isinstance(example, list) else example
    more = [name for name in inner.get("properties", {}) if name not in shown]
    if more and node["type"] != "string":
        sentences.append(f"Also: {', '.join(more)}.")
    return " ".join(sentences)


def _explained(*texts: str) -> list[str]:
    return [f"## {line}" for text in texts for line in textwrap.wrap(text, _WIDTH)]


def is_untouched(text: bytes, template: str) -> bool:
    """Is there nothing in *text* that the template does not have?"""
    lines = {line.strip() for line in text.decode("utf-8", "replace").splitlines()}
    return lines <= {line.strip() for line in template.splitlines()} | {""}


def without_comments(text: bytes, template: str) -> bytes:
    """The text without the comments of the template that still stand in it."""
    comments = _comments(template)
    lines: list[bytes] = []
    was_left_out = False
    for line in text.splitlines(keepends=True):
        if _stripped(line) in comments:
            was_left_out = True
        elif line.strip() or not was_left_out:
            was_left_out = False
            lines.append(line)
    return _if_the_same(b"".join(lines).rstrip() + b"\n", text)


def with_blanks(text: bytes, template: str) -> bytes:
    """The text with an empty line for each comment of the template that still stands in it."""
    comments = _comments(template)
    lines = text.splitlines(keepends=True)
    kept = (b"\n" if _stripped(line) in comments else line for line in lines)
    return _if_the_same(b"".join(kept), text)


def still_comments(text: bytes, template: str) -> list[str]:
    """Examples of the template that were changed, and are comments as before."""
    comments = _comments(template)
    fields = {
        line.partition(":")[0] for line in comments if line.startswith("# ") and ":" in line
    }
    lines = (line.strip() for line in text.decode("utf-8", "replace").splitlines())
    changed = (line for line in lines if line not in comments)
    return [line for line in changed if line.partition(":")[0] in fields]


def _comments(template: str) -> frozenset[str]:
    lines = (line.strip() for line in template.splitlines())
    return frozenset(
        line for line in lines if line.startswith(("## ", "# ")) and "$schema=" not in line
    )


def _stripped(line: bytes) -> str:
    return line.decode("utf-8", "replace").strip()


def _if_the_same(new: bytes, text: bytes) -> bytes:
    """The new text if it means the same: in a text of several lines `#` begins no comment."""
    return new if parse(new).tree == parse(text).tree else text
