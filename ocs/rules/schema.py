"""Every record has the shape that its kind's schema gives.

The schemas are the one source of each kind's shape. Besides what JSON Schema knows they say with
`x-refers-to` which values are ids of something else, with `x-past` which dates lie in the past, and with
`x-free` which fields change without anybody's agreement.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from functools import cache, cached_property
from typing import Any

from ocs.model.finding import Finding, Place
from ocs.model.kinds import Kind
from ocs.model.record import Reference, Steps, Tree
from ocs.rules.nearest import did_you_mean, one_of
from ocs.rules.reading import BAD_VALUE, MISSING_FIELD, UNKNOWN_FIELD

Schema = Mapping[str, Any]

# Of a file in which more is wrong, no more is told.
MOST_FINDINGS = 50

EACH = object()  # in a pattern: every item of a list, every value of a mapping
EACH_KEY = object()  # in a pattern: every key of a mapping
Pattern = tuple[Any, ...]

_WHOLE_NUMBER = re.compile("-?(0|[1-9][0-9]{0,17})")


class Schemas:
    """The schemas of all kinds. *read* gives the content of a file of the folder `schemas`."""

    def __init__(self, read: Callable[[str], Schema]) -> None:
        self._read = cache(read)
        self._shapes: dict[str, Shape] = {}

    def of(self, kind: Kind) -> Shape:
        """What the schema of this kind says."""
        shape = self._shapes.get(kind.name)
        if shape is None:
            schema = self._read(f"{kind.name}.schema.json")
            shape = self._shapes[kind.name] = Shape(self._resolved(schema, schema))
        return shape

    def _resolved(self, node: Any, document: Schema) -> Any:
        """The schema with every `$ref` replaced by what it refers to; what stands beside it is added."""
        if isinstance(node, list):
            return [self._resolved(item, document) for item in node]
        if not isinstance(node, dict):
            return node
        beside = {key: self._resolved(value, document) for key, value in node.items() if key != "$ref"}
        reference = node.get("$ref")
        if reference is None:
            return beside
        file, _, name = reference.partition("#/definitions/")
        source = self._read(file) if file else document
        return {**self._resolved(source["definitions"][name], source), **beside}


class Shape:
    """The shape of one kind of record."""

    def __init__(self, schema: Schema) -> None:
        self.schema = schema

    def check(self, file: str, tree: dict[str, Tree]) -> Iterator[Finding]:
        """Every field of a converted tree fits the schema."""
        if self._validator.is_valid(tree):
            return
        said: set[tuple[object, ...]] = set()
        for error in self._validator.iter_errors(tree):
            if len(said) >= MOST_FINDINGS:
                return
            for found in self._explain(error, file):
                # Of a value one complaint is enough; of missing fields each one is told.
                what = found.message if found.code == MISSING_FIELD.code else found.code
                told = (found.place.steps, found.place.of_key, what)
                if told not in said:
                    said.add(told)
                    yield found

    def convert(self, tree: dict[str, Tree]) -> None:
        """Turn the text of whole numbers into numbers, where the schema asks for them."""
        for pattern, convert in self._conversions:
            for container, key in _containers(tree, pattern):
                container[key] = convert(container[key])

    def references(self, tree: Mapping[str, Tree]) -> Iterator[Reference]:
        """Every id of something else that the record mentions."""
        for pattern, space in self._references:
            for steps, value in select(tree, pattern):
                if isinstance(value, str):
                    yield Reference(value, space, steps, pattern[-1] is EACH_KEY)

    def past_dates(self, tree: Mapping[str, Tree]) -> Iterator[tuple[Steps, date]]:
        """Every date that says what has happened, in a tree that fits the schema."""
        for pattern in self._past:
            for steps, value in select(tree, pattern):
                yield steps, date.fromisoformat(value)

    @cached_property
    def _validator(self) -> Any:
        import jsonschema_rs

        # The patterns need no look-around, so the engine without backtracking serves.
        return jsonschema_rs.Draft7Validator(
            dict(self.schema), validate_formats=True, pattern_options=jsonschema_rs.RegexOptions()
        )

    @cached_property
    def _conversions(self) -> list[tuple[Pattern, Callable[[Tree], Tree]]]:
        return [
            (pattern, _CONVERSIONS[node["type"]])
            for pattern, node in _nodes(self.schema)
            if node.get("type") in _CONVERSIONS
        ]

    @cached_property
    def _references(self) -> list[tuple[Pattern, str]]:
        return [
            (pattern, node["x-refers-to"]) for pattern, node in _nodes(self.schema) if "x-refers-to" in node
        ]

    @cached_property
    def _past(self) -> list[Pattern]:
        return [pattern for pattern, node in _nodes(self.schema) if node.get("x-past")]

    def _explain(self, error: Any, file: str) -> Iterator[Finding]:
        """What a validation error says in words."""
        steps: Steps = tuple(error.instance_path)
        path = list(error.schema_path)
        keyword = error.kind.name
        node = _follow(self.schema, path[:-1])
        place = Place(file, steps)
        if keyword == "required":
            yield self._missing(error.kind.property, node, place)
        elif keyword == "additionalProperties":
            known = list(node.get("properties", {}))
            for name in error.kind.unexpected[:MOST_FINDINGS]:
                yield UNKNOWN_FIELD.finding(
                    f"there is no field '{_short(name)}' here",
                    Place(file, (*steps, name), of_key=True),
                    hint=_instead_of(name, known),
                )
        elif keyword == "propertyNames":
            name = error.kind.error.instance
            yield BAD_VALUE.finding(
                f"'{_short(name)}' {node.get('patternErrorMessage', 'is no name that fits here')}",
                Place(file, (*steps, name), of_key=True),
            )
        elif keyword == "oneOf" and not isinstance(error.instance, Mapping):
            return  # that it should be fields is told already
        elif keyword == "oneOf":
            choices = [f"'{choice['required'][0]}'" for choice in node["oneOf"]]
            yield MISSING_FIELD.finding(f"exactly one of {one_of(choices)} must stand here", place)
        else:
            field = next((step for step in reversed(steps) if isinstance(step, str)), "")
            what, hint = _complaint(keyword, node, error.instance, as_yaml(field))
            yield BAD_VALUE.finding(what, place, hint=hint)

    def _missing(self, name: str, node: Schema, place: Place) -> Finding:
        example = node["properties"][name].get("examples", ["…"])[0]
        return MISSING_FIELD.finding(
            f"the field '{name}' is missing",
            place,
            hint=f"write for example: {name}: {as_yaml(example)}",
        )


def select(tree: Tree, pattern: Pattern, steps: Steps = ()) -> Iterator[tuple[Steps, Tree]]:
    """The values that a pattern leads to, with the steps to each."""
    if not pattern:
        yield steps, tree
        return
    step, rest = pattern[0], pattern[1:]
    if step is EACH_KEY:
        if isinstance(tree, Mapping):
            for key in tree:
                yield (*steps, key), key
    elif step is EACH:
        items = (
            enumerate(tree) if isinstance(tree, list) else tree.items() if isinstance(tree, Mapping) else ()
        )
        for key, value in items:
            yield from select(value, rest, (*steps, key))
    elif isinstance(tree, Mapping) and step in tree:
        yield from select(tree[step], rest, (*steps, step))


def as_yaml(value: Any) -> str:
    """A value on one line, as it would stand in a record."""
    if isinstance(value, list):
        return "[" + ", ".join(map(as_yaml, value)) + "]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{as_yaml(key)}: {as_yaml(inner)}" for key, inner in value.items()) + "}"
    text = str(value)
    if not re.fullmatch(r"\w([^\x00-\x1f:#\[\]{},\x7f-\x9f\u2028\u2029]|:(?=[^\s?])|(?<=\S)#)*(?<!\s)", text):
        # Text between double quotes is the same in JSON and YAML, but for what YAML wants to be seen.
        quoted = json.dumps(text, ensure_ascii=False)
        return "".join(sign if sign.isprintable() else f"\\U{ord(sign):08x}" for sign in quoted)
    return text


def _containers(tree: Tree, pattern: Pattern) -> Iterator[tuple[Any, Any]]:
    """The containers and keys of the values that a pattern leads to, so that they can be replaced."""
    *way, last = pattern
    for _, container in select(tree, tuple(way)):
        if last is EACH and isinstance(container, list):
            yield from ((container, number) for number in range(len(container)))
        elif last is EACH and isinstance(container, dict):
            yield from ((container, key) for key in container)
        elif isinstance(container, dict) and last in container:
            yield container, last


def _nodes(schema: Schema, pattern: Pattern = ()) -> Iterator[tuple[Pattern, Schema]]:
    """Every schema within a schema, with the pattern that leads to the values it is for."""
    yield pattern, schema
    for name, node in schema.get("properties", {}).items():
        yield from _nodes(node, (*pattern, name))
    if isinstance(schema.get("items"), dict):
        yield from _nodes(schema["items"], (*pattern, EACH))
    if isinstance(schema.get("additionalProperties"), dict):
        yield from _nodes(schema["additionalProperties"], (*pattern, EACH))
    if isinstance(schema.get("propertyNames"), dict):
        yield (*pattern, EACH_KEY), schema["propertyNames"]


def _whole_number(value: Tree) -> Tree:
    return int(value) if isinstance(value, str) and _WHOLE_NUMBER.fullmatch(value) else value


def _truth(value: Tree) -> Tree:
    return {"true": True, "false": False}.get(value, value) if isinstance(value, str) else value


_CONVERSIONS: dict[str, Callable[[Tree], Tree]] = {"integer": _whole_number, "boolean": _truth}

_TYPES = {
    "string": "must be one value",
    "integer": "must be a whole number",
    "boolean": "must be true or false",
    "array": "must be a list",
    "object": "must be fields of its own",
}


def _complaint(keyword: str, node: Schema, value: Tree, field: str) -> tuple[str, str | None]:
    """What is wrong with a value, and what to write instead."""
    shown = f", not '{_short(value)}'" if isinstance(value, str | int) else ""
    example = node.get("examples", [None])[0]
    hint = f"write for example: {field}: {as_yaml(example)}" if example is not None else None
    wrong_length = keyword in ("minLength", "maxLength") and value and "patternErrorMessage" in node
    if keyword == "type":
        return _TYPES[node["type"]] + shown, _of_right_type(node, value, field) or hint
    if keyword in ("pattern", "format") or wrong_length:
        return node.get("patternErrorMessage", "is not of the form that is needed here") + shown, None
    if keyword == "enum":
        return f"must be {one_of(node['enum'])}{shown}", did_you_mean(str(value), node["enum"])
    if keyword == "const":
        return f"must be {node['const']}{shown}; this ocs knows no other", None
    if keyword in ("minLength", "minItems"):
        return "must not be empty", hint
    if keyword == "maxLength":
        return f"must not be longer than {node['maxLength']} characters", "shorten it"
    if keyword == "minimum":
        return f"must be at least {node['minimum']}{shown}", None
    if keyword == "uniqueItems":
        return "names something twice", "keep one of them"
    return "is not what is needed here", hint


def _of_right_type(node: Schema, value: Tree, field: str) -> str | None:
    """The value as one of the type that is asked for, where that can be guessed."""
    if node["type"] == "array" and isinstance(value, str) and "\n" not in value and len(value) < 60:
        items = [item.strip() for item in value.split(",") if item.strip()]
        inner = node.get("items", {})
        if inner.get("type") == "object":
            return f"write: - {_first_field(inner)}: {as_yaml(items[0])}" if items else None
        return f"write: {field}: {as_yaml(items)}"
    if node["type"] == "object" and isinstance(value, str) and "\n" not in value:
        return f"write: {_first_field(node)}: {as_yaml(value)}"
    if node["type"] == "string" and isinstance(value, list):
        return f"write it as one text: `{field}: |`, and its lines below, indented"
    return None


def _first_field(node: Schema) -> str:
    """The field that a mapping is mostly about."""
    required = [*node.get("required", []), *(each["required"][0] for each in node.get("oneOf", []))]
    return str((required or list(node.get("properties", {"name": None})))[0])


# What people call a secret that they are about to write into a record.
_SECRET = re.compile("pass|pw|kennwort|contrase|clave|secret|token|pin$|login|api_?key", re.IGNORECASE)


def _instead_of(name: str, known: list[str]) -> str:
    if _SECRET.search(name) and "secrets" not in name:
        return "a secret never stands in a record: take it out and change it, since git keeps what was there"
    return did_you_mean(name, known) or f"known here: {one_of(known)}"


def _short(value: object) -> str:
    text = " ".join(str(value).split())
    return text if len(text) <= 60 else text[:57] + "…"


def _follow(schema: Schema, path: Iterable[Any]) -> Any:
    node: Any = schema
    for step in path:
        node = node[step]
    return node
