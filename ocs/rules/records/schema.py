"""Every record has the shape that its kind's schema gives.

The schemas are the one source of each kind's shape. Besides what JSON Schema knows they say
with `x-refers-to` which values are ids of something else, with `x-past` which dates lie in the
past, with `x-agree` by whose agreement a field changes, and with `x-free` which fields are
words that no statement of a record's facts repeats.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from functools import cache, cached_property
from typing import Any

from ocs.model.finding import Finding, Place
from ocs.model.kinds import Kind
from ocs.model.record import Reference, Steps, Tree
from ocs.rules.nearest import one_of
from ocs.rules.records.annotations import Marked, Marks, Schema
from ocs.rules.records.complaints import as_yaml, complaint, instead_of, short
from ocs.rules.records.filechecks import BAD_VALUE, MISSING_FIELD, UNKNOWN_FIELD

# The most findings of one file.
MOST_FINDINGS = 50

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
        """The schema with every `$ref` replaced by its target, and what stands beside it added."""
        if isinstance(node, list):
            return [self._resolved(item, document) for item in node]
        if not isinstance(node, dict):
            return node
        others = ((key, value) for key, value in node.items() if key != "$ref")
        beside = {key: self._resolved(value, document) for key, value in others}
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
        known: set[tuple[object, ...]] = set()
        for finding in self._violations(file, tree):
            # One finding is enough for a value, but each missing field has its own.
            is_missing = finding.code == MISSING_FIELD.code
            key = finding.place, finding.message if is_missing else finding.code
            if key not in known:
                known.add(key)
                yield finding
            if len(known) >= MOST_FINDINGS:
                return

    def _violations(self, file: str, tree: dict[str, Tree]) -> Iterator[Finding]:
        for error in self._but_for_names.iter_errors(tree):
            yield from self._explain(error, file)
        for mark in self._names.of(tree):
            yield from self._misnamed(mark, file)

    def convert(self, tree: dict[str, Tree]) -> None:
        """Turn the text of whole numbers into numbers, where the schema asks for them."""
        for mark in self._conversions.of(tree):
            container = _follow(tree, mark.steps[:-1])
            container[mark.steps[-1]] = mark.mark(mark.value)

    def references(self, tree: Mapping[str, Tree]) -> Iterator[Reference]:
        """Every id of something else that the record mentions."""
        for steps, value, space, of_key in self._references.of(tree):
            if isinstance(value, str):
                yield Reference(value, space, steps, of_key)

    def past_dates(self, tree: Mapping[str, Tree]) -> Iterator[tuple[Steps, date]]:
        """Every date that says what has happened, in a tree that fits the schema."""
        for mark in self._past.of(tree):
            yield mark.steps, date.fromisoformat(mark.value)

    @cached_property
    def _validator(self) -> Any:
        return _validator(self.schema)

    @cached_property
    def _but_for_names(self) -> Any:
        # The library copies the whole mapping for each name in it that does not fit.
        return _validator(_without(self.schema, "propertyNames"))

    @cached_property
    def _names(self) -> Marks:
        """The mappings whose names have a schema, with it and its validator."""

        def of_names(node: Schema) -> tuple[Schema, Any] | None:
            names = node.get("propertyNames")
            return (names, _validator(names)) if isinstance(names, dict) else None

        return Marks(self.schema, of_names)

    @cached_property
    def _conversions(self) -> Marks:
        return Marks(self.schema, lambda node: _CONVERSIONS.get(node.get("type", "")))

    @cached_property
    def _references(self) -> Marks:
        return Marks(self.schema, lambda node: node.get("x-refers-to"))

    @cached_property
    def _past(self) -> Marks:
        return Marks(self.schema, lambda node: node.get("x-past"))

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
                    f"there is no field '{short(name)}' here",
                    Place(file, (*steps, name), of_key=True),
                    hint=instead_of(name, known),
                )
        elif keyword == "oneOf" and not isinstance(error.instance, Mapping):
            return  # another error says that it must be fields
        elif keyword == "oneOf":
            choices = one_of(f"'{choice['required'][0]}'" for choice in node["oneOf"])
            yield MISSING_FIELD.finding(f"exactly one of {choices} is needed here", place)
        else:
            field = next((step for step in reversed(steps) if isinstance(step, str)), "")
            what, hint = complaint(keyword, node, error.instance, as_yaml(field))
            yield BAD_VALUE.finding(what, place, hint=hint)

    def _misnamed(self, mapping: Marked, file: str) -> Iterator[Finding]:
        """The names in a mapping that do not fit the schema of its names."""
        node, validator = mapping.mark
        known = node.get("enum", [])
        for name in mapping.value if isinstance(mapping.value, Mapping) else ():
            if not validator.is_valid(name):
                what = node.get("patternErrorMessage", "is not a valid name here")
                yield BAD_VALUE.finding(
                    f"'{short(name)}' {what}",
                    Place(file, (*mapping.steps, name), of_key=True),
                    hint=instead_of(name, known) if known else None,
                )

    def _missing(self, name: str, node: Schema, place: Place) -> Finding:
        example = node["properties"][name].get("examples", ["…"])[0]
        hint = f"write for example: {name}: {as_yaml(example)}"
        return MISSING_FIELD.finding(f"the field '{name}' is missing", place, hint=hint)


def _validator(schema: Schema) -> Any:
    import jsonschema_rs

    # The patterns need no look-around, so the engine without backtracking serves.
    return jsonschema_rs.Draft7Validator(
        dict(schema),
        validate_formats=True,
        pattern_options=jsonschema_rs.RegexOptions(),
    )


def _without(node: Any, keyword: str) -> Any:
    """A schema without a keyword, in all its branches."""
    if isinstance(node, list):
        return [_without(item, keyword) for item in node]
    if not isinstance(node, dict):
        return node
    return {key: _without(value, keyword) for key, value in node.items() if key != keyword}


def _whole_number(value: Tree) -> Tree:
    return int(value) if isinstance(value, str) and _WHOLE_NUMBER.fullmatch(value) else value


def _truth(value: Tree) -> Tree:
    return {"true": True, "false": False}[value] if value in ("true", "false") else value


_CONVERSIONS: dict[str, Callable[[Tree], Tree]] = {"integer": _whole_number, "boolean": _truth}


def _follow(schema: Schema, path: Iterable[Any]) -> Any:
    node: Any = schema
    for step in path:
        node = node[step]
    return node
