"""Whatever a record holds, checking it against its schema ends in findings."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ocs.adapters.files import read_schema
from ocs.adapters.yamlfile import parse
from ocs.model.kinds import KIND, KINDS
from ocs.model.record import build
from ocs.rules.records.complaints import as_yaml
from ocs.rules.records.schema import Schemas, Shape

SCHEMAS = Schemas(read_schema)
EXAMPLES = {
    kind.name: {
        name: node["examples"][0]
        for name, node in SCHEMAS.of(kind).schema["properties"].items()
    }
    for kind in KINDS
}
VALUES = st.recursive(
    st.text(max_size=12) | st.sampled_from(["2026-11-20", "12", "true", "x" * 400]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=6,
)


def places(tree: Any) -> list[tuple[Any, Any]]:
    """Every container in a tree with every key in it."""
    items = (
        tree.items()
        if isinstance(tree, dict)
        else enumerate(tree)
        if isinstance(tree, list)
        else ()
    )
    return [place for key, value in items for place in [(tree, key), *places(value)]]


@settings(max_examples=400)
@given(st.sampled_from(sorted(EXAMPLES)), st.data())
def test_no_record_gives_a_traceback(kind: str, data: st.DataObject) -> None:
    tree = copy.deepcopy(EXAMPLES[kind])
    for _ in range(data.draw(st.integers(1, 3))):
        container, key = data.draw(st.sampled_from(places(tree)))
        container[key] = data.draw(VALUES)
    tree.update(data.draw(st.dictionaries(st.text(max_size=8), VALUES, max_size=1)))
    shape = SCHEMAS.of(KIND[kind])
    shape.convert(tree)
    findings = list(shape.check("x.yaml", tree))
    for found in findings:
        assert found.message
        assert "\n" not in (found.hint or "")
    said = [(found.place.steps, found.place.of_key, found.message) for found in findings]
    assert len(set(said)) == len(said)
    if not findings:
        assert build(KIND[kind].record_type(), "x", tree)
    for reference in shape.references(tree):
        assert isinstance(reference.target, str)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("3", 3),
        ("0", 0),
        ("-4", -4),
        ("007", "007"),
        ("3.0", "3.0"),
        ("1e3", "1e3"),
        ("٣", "٣"),
        ("9" * 30, "9" * 30),
    ],
)
def test_a_whole_number_is_converted_where_the_schema_asks_for_one(
    written: str, read: object
) -> None:
    tree = {
        "name": written,
        "hours_a_week": written,
        "accounts": {"github_id": written, "github": written},
    }
    SCHEMAS.of(KIND["person"]).convert(tree)
    assert tree == {
        "name": written,
        "hours_a_week": read,
        "accounts": {"github_id": read, "github": written},
    }


@given(VALUES.filter(lambda value: value != ""))
def test_a_value_to_write_is_read_as_it_was_meant(value: Any) -> None:
    parsed = parse(f"x: {as_yaml(value)}".encode())
    assert parsed.tree == {"x": value} or parsed.faults[0].message.startswith(
        ("fields are nested", "the field")
    )


def test_references_are_found_in_lists_maps_and_keys() -> None:
    found = {
        (reference.steps, reference.space, reference.target)
        for reference in SCHEMAS.of(KIND["community"]).references(
            {
                "leads": [{"person": "ana", "speaks_for": ["domain"]}, {"group": "board"}],
                "part_of": ["parent"],
                "resources": [{"custodian": "ana", "secrets": ["login"]}],
            }
        )
    }
    assert found == {
        (("leads", 0, "person"), "person", "ana"),
        (("leads", 0, "speaks_for", 0), "action", "domain"),
        (("leads", 1, "group"), "community", "board"),
        (("part_of", 0), "community", "parent"),
        (("resources", 0, "custodian"), "person", "ana"),
        (("resources", 0, "secrets", 0), "secret", "login"),
    }


@pytest.mark.parametrize(
    ("written", "read"),
    [("true", True), ("false", False), ("yes", "yes"), ("True", "True"), (["true"], ["true"])],
)
def test_a_truth_is_converted_where_the_schema_asks_for_one(
    written: object, read: object
) -> None:
    tree = {"is_on": written, "name": written}
    Shape({"properties": {"is_on": {"type": "boolean"}}}).convert(tree)
    assert tree == {"is_on": read, "name": written}


def test_no_more_than_fifty_findings_of_one_file() -> None:
    shape = SCHEMAS.of(KIND["person"])

    def count(unknown: int) -> int:
        tree = {"name": "X", "skills": {f"s{number}": [] for number in range(unknown)}}
        return len(list(shape.check("people/x1.yaml", tree)))

    assert [count(number) for number in (0, 1, 49, 50, 51)] == [0, 1, 49, 50, 50]


def test_each_missing_field_is_told_and_a_value_once() -> None:
    shape = Shape(
        {
            "type": "object",
            "required": ["a", "b"],
            "properties": {
                "a": {"examples": ["x y"]},
                "b": {},
                "c": {"type": "string", "pattern": "^x", "minLength": 3},
            },
        }
    )
    assert list(shape.check("x.yaml", {"a": "", "b": ""})) == []
    found = [
        (finding.code, finding.place.steps, finding.hint)
        for finding in shape.check("x.yaml", {"c": "y"})
    ]
    assert found == [
        ("missing-field", (), "write for example: a: x y"),
        ("missing-field", (), 'write for example: b: "…"'),
        ("bad-value", ("c",), None),
    ]


def test_what_a_schema_refers_to_stands_in_its_place_with_what_is_beside_it() -> None:
    files: dict[str, Any] = {
        "person.schema.json": {
            "oneOf": [{"$ref": "common.json#/definitions/id"}, {"$ref": "#/definitions/own"}],
            "definitions": {"own": {"type": "array"}},
            "items": {"$ref": "common.json#/definitions/name", "minLength": 3},
        },
        "common.json": {
            "definitions": {
                "id": {"$ref": "#/definitions/name"},
                "name": {"type": "string", "minLength": 1},
            }
        },
    }
    schema = Schemas(files.__getitem__).of(KIND["person"]).schema
    assert schema["oneOf"] == [{"type": "string", "minLength": 1}, {"type": "array"}]
    assert schema["items"] == {"type": "string", "minLength": 3}
