"""A kind of record is a schema, a model, a row of KINDS and an example; this fails where one is missing."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator
from typing import Any

import jsonschema_rs
import pytest

from ocs.adapters.files import read_schema
from ocs.model.change import What
from ocs.model.kinds import KIND, KINDS, Kind
from ocs.model.record import Record, build
from ocs.rules.records.schema import Schemas
from ocs.rules.review.protected import NOBODY, marks_of
from tests.conftest import EXAMPLE_REGISTRY, ROOT

KIND_IDS = [kind.name for kind in KINDS]
each_kind = pytest.mark.parametrize("kind", KINDS, ids=KIND_IDS)


def properties(schema: Any, way: str = "") -> Iterator[tuple[str, Any]]:
    """Every property that a schema describes, however deep."""
    for name, node in schema.get("properties", {}).items():
        yield f"{way}{name}", node
        yield from properties(node, f"{way}{name}.")
    for word in ("items", "additionalProperties"):
        if isinstance(schema.get(word), dict):
            yield from properties(schema[word], way)


def mappings(schema: Any) -> Iterator[Any]:
    """Every schema of a mapping within a schema."""
    if schema.get("type") == "object":
        yield schema
    inner = [
        *schema.get("properties", {}).values(),
        schema.get("items"),
        schema.get("additionalProperties"),
    ]
    for node in inner:
        if isinstance(node, dict):
            yield from mappings(node)


def test_every_schema_is_of_a_kind() -> None:
    files = {path.name for path in (ROOT / "schemas").iterdir()}
    assert files == {f"{name}.schema.json" for name in KIND_IDS} | {"definitions.json"}


@each_kind
def test_the_schema_is_draft_07(kind: Kind) -> None:
    schema = read_schema(f"{kind.name}.schema.json")
    assert schema["$schema"] == "http://json-schema.org/draft-07/schema#"
    jsonschema_rs.meta.validate(schema)


@each_kind
def test_the_schema_is_closed(kind: Kind, schemas: Schemas) -> None:
    for mapping in mappings(schemas.of(kind).schema):
        closed = mapping["additionalProperties"] is False
        named = "propertyNames" in mapping and isinstance(
            mapping["additionalProperties"], dict
        )
        assert closed or named, mapping


@each_kind
def test_every_property_has_a_description_and_an_example_that_fits(
    kind: Kind, schemas: Schemas
) -> None:
    for name, node in properties(schemas.of(kind).schema):
        assert node.get("description", "").endswith((".", "?")), name
        assert node.get("examples"), name
        for example in node["examples"]:
            jsonschema_rs.validate(node, example, validate_formats=True)


@each_kind
def test_the_model_has_the_fields_of_the_schema(kind: Kind, schemas: Schemas) -> None:
    fields = {field.name.rstrip("_") for field in dataclasses.fields(kind.record_type())} - {
        "id"
    }
    assert fields == set(schemas.of(kind).schema["properties"])


@each_kind
def test_the_model_requires_what_the_schema_requires(kind: Kind, schemas: Schemas) -> None:
    required = {
        field.name
        for field in dataclasses.fields(kind.record_type())
        if field.default is dataclasses.MISSING
        and field.default_factory is dataclasses.MISSING
    }
    assert required - {"id"} == set(schemas.of(kind).schema["required"])


@each_kind
def test_a_record_of_all_examples_is_built(kind: Kind, schemas: Schemas) -> None:
    tree = {
        name: node["examples"][0]
        for name, node in schemas.of(kind).schema["properties"].items()
    }
    record = build(kind.record_type(), "some-id", json.loads(json.dumps(tree)))
    assert isinstance(record, Record)
    assert record.id == "some-id"


@each_kind
def test_an_example_record_exists(kind: Kind) -> None:
    pattern = "*/*.yaml" if kind.owner_folders else "*.yaml"
    assert list((EXAMPLE_REGISTRY / kind.folder).glob(pattern))


@each_kind
def test_title_and_columns_are_fields(kind: Kind, schemas: Schemas) -> None:
    assert {kind.title, *kind.columns} <= set(schemas.of(kind).schema["properties"])


def test_the_defaults_of_the_policy_stand_in_the_schema_as_in_the_model(
    schemas: Schemas,
) -> None:
    schema = schemas.of(KIND["ocs"]).schema["properties"]
    policy = build(KIND["ocs"].record_type(), "ocs", {"name": "Helping Hands"})
    levels = schema["vetting"]["properties"]
    assert list(policy.vetting.levels) == levels["levels"]["default"]
    assert policy.vetting.lasts == levels["lasts"]["default"]
    assert policy.vetting.checkers == levels["checkers"]["default"]
    assert dict(policy.sensitivity) == schema["sensitivity"]["default"]
    assert list(policy.community_kinds) == schema["community_kinds"]["default"]
    assert list(policy.actions) == schema["actions"]["default"]


def free_fields(kind: str, schemas: Schemas) -> set[str]:
    """The fields that change without anybody's agreement; a field within a free one is not named."""

    def walk(schema: Any, way: str) -> Iterator[str]:
        for name, node in schema.get("properties", {}).items():
            if node.get("x-free"):
                yield f"{way}{name}"
            else:
                yield from walk(node, f"{way}{name}.")
                yield from walk(node.get("items", {}), f"{way}{name}.")

    return set(walk(schemas.of(KIND[kind]).schema, ""))


def test_what_a_statement_leaves_out_is_what_was_agreed_to_be_words(schemas: Schemas) -> None:
    assert free_fields("vetting", schemas) == set()
    assert free_fields("ocs", schemas) == {"name", "description", "contact"}
    assert free_fields("access", schemas) == {
        "purpose",
        "readers.because",
        "rotated",
        "rotate_by",
    }
    assert free_fields("community", schemas) == {
        *("name", "kind", "purpose", "reviewed"),
        *(
            "leads.title",
            "leads.decision",
            "resources.where",
            "resources.expires",
            "resources.secrets",
        ),
    }
    people = schemas.of(KIND["person"]).schema["properties"]
    decide = {"accounts", "formerly", "mail", "conflicts", "status", "public"}
    assert free_fields("person", schemas) == set(people) - decide
    orgs = set(schemas.of(KIND["org"]).schema["properties"])
    assert free_fields("org", schemas) == orgs - {
        *("status", "contacts", "gatekeepers", "sensitivity", "domains", "formerly"),
        *("suppliers", "may_be_named", "review_by", "registered_as", "website"),
    } | {"domains.registrar", "domains.expires", "domains.secrets"}
    assert free_fields("problem", schemas) == set(
        schemas.of(KIND["problem"]).schema["properties"]
    )


@pytest.mark.parametrize("kind", [kind.name for kind in KINDS])
def test_every_field_says_by_whose_agreement_it_changes(kind: str, schemas: Schemas) -> None:
    """A new field without `x-agree` is a decision that nobody took."""
    shape = schemas.of(KIND[kind])
    marks = {name: set(marks_of(node)) for name, node in shape.schema["properties"].items()}
    assert [name for name, found in marks.items() if None in found] == []
    known = {NOBODY, "what it gives or takes", *(what.value for what in What)}
    assert set().union(*marks.values()) <= known
    assert "what it gives or takes" not in set().union(
        *(found for name, found in marks.items() if (kind, name) != ("community", "leads"))
    )


def test_what_anybody_may_change_decides_nothing(schemas: Schemas) -> None:
    """These fields are words, and no rule, no command and no reader goes by them."""

    def free(kind: str) -> set[str]:
        fields = schemas.of(KIND[kind]).schema["properties"].items()
        return {name for name, node in fields if set(marks_of(node)) == {NOBODY}}

    assert {kind.name: free(kind.name) for kind in KINDS} == {
        "ocs": set(),
        "access": set(),
        "vetting": set(),
        "community": {"purpose"},
        "org": {"languages", "time_zone", "since", "sensitivity_because"},
        "person": {"languages", "time_zone", "skills", "hours_a_week", "most_open_requests"},
        "problem": {
            *("title", "product", "versions", "environment", "tags", "symptoms", "takes"),
            *("solved_on", "review_by", "related", "licence"),
        },
    }
