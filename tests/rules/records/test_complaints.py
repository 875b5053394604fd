"""What is said of a value that does not fit, and what to write instead."""

from __future__ import annotations

from typing import Any

import pytest

from ocs.model.record import Tree
from ocs.rules.records.complaints import as_yaml, complaint, instead_of, short

FORM = "has no such form"
EXAMPLE = {"examples": ["x y"]}
WRITE = "write for example: f: x y"


@pytest.mark.parametrize(
    ("keyword", "node", "value", "message", "hint"),
    [
        ("pattern", {}, "x", "has the wrong form, not 'x'", None),
        ("format", {"patternErrorMessage": FORM}, "x", f"{FORM}, not 'x'", None),
        ("minLength", {"patternErrorMessage": FORM}, "x", f"{FORM}, not 'x'", None),
        ("maxLength", {"patternErrorMessage": FORM}, "x", f"{FORM}, not 'x'", None),
        (
            "minLength",
            {"patternErrorMessage": FORM, **EXAMPLE},
            "",
            "must not be empty",
            WRITE,
        ),
        ("minLength", {}, "x", "must not be empty", None),
        ("minItems", {"patternErrorMessage": FORM}, [], "must not be empty", None),
        (
            "maxLength",
            {"maxLength": 3},
            "long",
            "must not be longer than 3 characters",
            "shorten it",
        ),
        (
            "enum",
            {"enum": ["away", "here"]},
            "awy",
            "must be away or here, not 'awy'",
            "did you mean 'away'?",
        ),
        ("enum", {"enum": ["away", "here"]}, ["x"], "must be away or here", None),
        (
            "const",
            {"const": 1},
            2,
            "must be 1, not '2'; this version of ocs supports no other",
            None,
        ),
        ("minimum", {"minimum": 1}, 0, "must be at least 1, not '0'", None),
        ("uniqueItems", {}, ["x", "x"], "must not list anything twice", "keep one of them"),
        ("other", EXAMPLE, "x", "is not valid here", WRITE),
        (
            "type",
            {"type": "integer", **EXAMPLE},
            "x",
            "must be a whole number, not 'x'",
            WRITE,
        ),
        ("type", {"type": "boolean"}, "x", "must be true or false, not 'x'", None),
        (
            "type",
            {"type": "array"},
            "x, y,",
            "must be a list, not 'x, y,'",
            "write: f: [x, y]",
        ),
        (
            "type",
            {"type": "array", **EXAMPLE},
            "x" * 59,
            f"must be a list, not '{'x' * 59}'",
            f"write: f: [{'x' * 59}]",
        ),
        (
            "type",
            {"type": "array", **EXAMPLE},
            "x" * 60,
            f"must be a list, not '{'x' * 60}'",
            WRITE,
        ),
        ("type", {"type": "array", **EXAMPLE}, "x\ny", "must be a list, not 'x y'", WRITE),
        ("type", {"type": "array", **EXAMPLE}, {"a": "b"}, "must be a list", WRITE),
        (
            "type",
            {"type": "array", "items": {"type": "object", "required": ["id", "on"]}},
            "x, y",
            "must be a list, not 'x, y'",
            "write: - id: x",
        ),
        (
            "type",
            {"type": "array", "items": {"type": "object"}, **EXAMPLE},
            " ",
            "must be a list, not ''",
            WRITE,
        ),
        (
            "type",
            {"type": "object", "properties": {"why": {}, "on": {}}},
            "x",
            "must have fields of its own, not 'x'",
            "write: why: x",
        ),
        (
            "type",
            {"type": "object", "oneOf": [{"required": ["who"]}], "properties": {"why": {}}},
            "x",
            "must have fields of its own, not 'x'",
            "write: who: x",
        ),
        (
            "type",
            {"type": "object"},
            "x",
            "must have fields of its own, not 'x'",
            "write: name: x",
        ),
        (
            "type",
            {"type": "object", **EXAMPLE},
            "x\ny",
            "must have fields of its own, not 'x y'",
            WRITE,
        ),
        ("type", {"type": "object", **EXAMPLE}, ["x"], "must have fields of its own", WRITE),
        (
            "type",
            {"type": "string", **EXAMPLE},
            ["x"],
            "must be one value",
            "write it as one text: `f: |`, and its lines below, indented",
        ),
        ("type", {"type": "string", **EXAMPLE}, {"a": "b"}, "must be one value", WRITE),
    ],
)
def test_a_value_is_told_with_what_to_write(
    keyword: str, node: dict[str, Any], value: Tree, message: str, hint: str | None
) -> None:
    assert complaint(keyword, node, value, "f") == (message, hint)


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("password", "never write a secret"),
        ("API_Key", "never write a secret"),
        ("pin", "never write a secret"),
        ("secretss", "did you mean 'secrets'?"),
        ("nam", "did you mean 'name'?"),
        ("pint", "known here: name or secrets"),
    ],
)
def test_an_unknown_field_is_another_one_or_a_secret(name: str, hint: str) -> None:
    assert instead_of(name, ["name", "secrets"]).startswith(hint)


def test_a_long_value_is_cut() -> None:
    assert short("x" * 60) == "x" * 60
    assert short("x" * 61) == "x" * 57 + "…"
    assert short("x\n y") == "x y"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("x y", "x y"),
        ("a:b#c", "a:b#c"),
        ("a: b", '"a: b"'),
        ("@lena", '"@lena"'),
        ("é ", '"é "'),
        ("a:\u2028", '"a:\\U00002028"'),
        (["a", {"b": "", "c": [1, True]}], '[a, {b: "", c: [1, True]}]'),
    ],
)
def test_a_value_is_written_as_it_would_stand_in_a_record(value: Tree, text: str) -> None:
    assert as_yaml(value) == text
