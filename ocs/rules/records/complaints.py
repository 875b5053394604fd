"""What is wrong with a value, and what to write instead, in words."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from ocs.model.record import Tree
from ocs.rules.nearest import did_you_mean, one_of

Schema = Mapping[str, Any]


def as_yaml(value: Any) -> str:
    """A value on one line, as it would stand in a record."""
    if isinstance(value, list):
        return "[" + ", ".join(map(as_yaml, value)) + "]"
    if isinstance(value, dict):
        fields = (f"{as_yaml(key)}: {as_yaml(inner)}" for key, inner in value.items())
        return "{" + ", ".join(fields) + "}"
    text = str(value)
    if not re.fullmatch(
        r"\w([^\x00-\x1f:#\[\]{},\x7f-\x9f\u2028\u2029]|:(?=[^\s?])|(?<=\S)#)*(?<!\s)", text
    ):
        # Text between double quotes is the same in JSON and YAML, but for unprintable signs.
        quoted = json.dumps(text, ensure_ascii=False)
        return "".join(c if c.isprintable() else f"\\U{ord(c):08x}" for c in quoted)
    return text


_TYPES = {
    "string": "must be one value",
    "integer": "must be a whole number",
    "boolean": "must be true or false",
    "array": "must be a list",
    "object": "must have fields of its own",
}


def complaint(keyword: str, node: Schema, value: Tree, field: str) -> tuple[str, str | None]:
    """What is wrong with a value, and what to write instead."""
    shown = f", not '{short(value)}'" if isinstance(value, str | int) else ""
    example = node.get("examples", [None])[0]
    hint = f"write for example: {field}: {as_yaml(example)}" if example is not None else None
    form = node.get("patternErrorMessage")
    if keyword == "type":
        return _TYPES[node["type"]] + shown, _of_right_type(node, value, field) or hint
    is_length = keyword in ("minLength", "maxLength")
    if keyword in ("pattern", "format") or (is_length and value and form is not None):
        return (form or "has the wrong form") + shown, None
    if keyword == "enum":
        return f"must be {one_of(node['enum'])}{shown}", did_you_mean(str(value), node["enum"])
    if keyword == "const":
        return f"must be {node['const']}{shown}; this version of ocs supports no other", None
    if keyword in ("minLength", "minItems"):
        return "must not be empty", hint
    if keyword == "maxLength":
        return f"must not be longer than {node['maxLength']} characters", "shorten it"
    if keyword == "minimum":
        return f"must be at least {node['minimum']}{shown}", None
    if keyword == "uniqueItems":
        return "must not list anything twice", "keep one of them"
    return "is not valid here", hint


def _of_right_type(node: Schema, value: Tree, field: str) -> str | None:
    """The value as one of the type that the field takes, where that can be guessed."""
    line = value if isinstance(value, str) and "\n" not in value else None
    if node["type"] == "array" and line is not None and len(line) < 60:
        items = [item.strip() for item in line.split(",") if item.strip()]
        inner = node.get("items", {})
        if inner.get("type") == "object":
            return f"write: - {_first_field(inner)}: {as_yaml(items[0])}" if items else None
        return f"write: {field}: {as_yaml(items)}"
    if node["type"] == "object" and line is not None:
        return f"write: {_first_field(node)}: {as_yaml(line)}"
    if node["type"] == "string" and isinstance(value, list):
        return f"write it as one text: `{field}: |`, and its lines below, indented"
    return None


def _first_field(node: Schema) -> str:
    """The field that a mapping is mostly about."""
    choices = (option["required"][0] for option in node.get("oneOf", []))
    required = [*node.get("required", []), *choices]
    return str((required or list(node.get("properties", {"name": None})))[0])


# What people call a secret that they are about to write into a record.
_SECRET = re.compile(
    "pass|pw|kennwort|contrase|clave|secret|token|pin$|login|api_?key", re.IGNORECASE
)


def instead_of(name: str, known: list[str]) -> str:
    """What to write instead of a field that is none of the *known* ones."""
    if _SECRET.search(name) and "secrets" not in name:
        return (
            "never write a secret into a record: remove it and change it, because git "
            "keeps the old one"
        )
    return did_you_mean(name, known) or f"known here: {one_of(known)}"


def short(value: object) -> str:
    """The value on one line, cut where it is long."""
    text = " ".join(str(value).split())
    return text if len(text) <= 60 else text[:57] + "…"
