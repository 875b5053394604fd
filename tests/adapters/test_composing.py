"""Records are written as people would write them, and read back as they were."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ocs.adapters.files import Files
from ocs.adapters.yamlfile import parse
from ocs.adapters.yamlfile.composing import in_flow, origin_of, text_of
from ocs.model.kinds import KIND
from ocs.rules.records.schema import Schemas
from tests.conftest import EXAMPLE_REGISTRY

COMMUNITIES = sorted((EXAMPLE_REGISTRY / "communities").glob("*.yaml"))


@pytest.mark.parametrize(
    ("value", "line"),
    [
        ("Lena Brandt", "a: Lena Brandt"),
        ("no", "a: no"),
        ("5.70", "a: 5.70"),
        ("https://example.org/#top", "a: https://example.org/#top"),
        ("Core: String", 'a: "Core: String"'),
        ("room #1", 'a: "room #1"'),
        ("#room", 'a: "#room"'),
        ("@lena", 'a: "@lena"'),
        ("", 'a: ""'),
        (" x", 'a: " x"'),
        ('"Late" mail', "a: '\"Late\" mail'"),
        ("C:\\Users: mine", "a: 'C:\\Users: mine'"),
        ("a\tb", 'a: "a\\tb"'),
        ("\N{ZERO WIDTH SPACE}", 'a: "\\u200b"'),
        (7, "a: 7"),
        ("one, [two]", "a: one, [two]"),
        (
            "word " * 30 + "end",
            "a: >-\n  " + ("word " * 20).strip() + "\n  " + "word " * 10 + "end",
        ),
        ([], "a: []"),
        ({}, "a: {}"),
        (["domain", "a, b"], 'a: [domain, "a, b"]'),
        (["0:?", "a:b"], 'a: ["0:?", a:b]'),
        (["x" * 60, "y" * 60], f"a:\n  - {'x' * 60}\n  - {'y' * 60}"),
        ([{"b": "c", "d": "e"}], "a:\n  - b: c\n    d: e"),
        ("one\ntwo", "a: |-\n  one\n  two"),
        ("one\n\ntwo\n", "a: |\n  one\n\n  two"),
        ({"b": "one\ntwo\n"}, "a:\n  b: |\n    one\n    two"),
        # What cannot stand in a block: empty lines around it, a line that is indented, and
        # signs that are not seen.
        ("\none", 'a: "\\none"'),
        ("one\n\n", 'a: "one\\n\\n"'),
        (" one\ntwo", 'a: " one\\ntwo"'),
        ("one\n\ttwo", 'a: "one\\n\\ttwo"'),
        ("one\ntwo\x07", 'a: "one\\ntwo\\x07"'),
        ("\n", 'a: "\\n"'),
        ("\x07\xad\u200b\U000e0001", 'a: "\\x07\\xad\\u200b\\U000e0001"'),
        # A line has at most 100 characters, where its words are not longer.
        ("x" * 49 + " " + "y" * 50, f"a: {'x' * 49} {'y' * 50}"),
        ("x" * 50 + " " + "y" * 50, f"a: >-\n  {'x' * 50}\n  {'y' * 50}"),
        (
            f"{'x' * 49} {'y' * 50} z",
            f"a: >-\n  {'x' * 49} {'y' * 50}\n  z",
        ),
        ("x" * 101 + " ", f'a: "{"x" * 101} "'),
        ("x" * 101 + "  y", f"a: {'x' * 101}  y"),
        (["x" * 48, "y" * 48], f"a: [{'x' * 48}, {'y' * 48}]"),
        (["x" * 49, "y" * 48], f"a:\n  - {'x' * 49}\n  - {'y' * 48}"),
    ],
)
def test_a_value_is_written_as_people_would(value: object, line: str) -> None:
    assert text_of({"a": value}, {}) == f"{line}\n"


def test_a_record_without_fields_is_none() -> None:
    with pytest.raises(ValueError, match="at least one field"):
        text_of({}, {})


def test_a_value_within_brackets_stands_on_one_line() -> None:
    value = {"a": "b, c", "d": ["e", {"f": 7}], "g": {}}
    assert in_flow(value) == '{a: "b, c", d: [e, {f: 7}], g: {}}'


def test_fields_come_in_the_order_of_the_schema(schemas: Schemas) -> None:
    tree = {"leads": [{"role": "owner", "person": "ana"}], "kind": "team", "name": "River"}
    shape = schemas.of(KIND["community"])
    expected = "name: River\nkind: team\nleads:\n  - person: ana\n    role: owner\n"
    assert text_of(tree, shape.schema) == expected


def test_a_file_says_where_it_was_imported_from() -> None:
    text = text_of({"a": "b"}, {}, origin="mots: x", schema_line="../../schemas/x.json")
    assert (
        text
        == "# yaml-language-server: $schema=../../schemas/x.json\n# imported from mots: x\na: b\n"
    )
    assert origin_of(text.encode()) == "mots: x"
    assert origin_of(b"a: b\n") is None


TEXT = st.one_of(
    st.text(st.characters(codec="utf-8"), max_size=20),
    st.text(
        st.sampled_from("ab \n\t:#-'\"\\|>[]{},&*!%@`?\x85\u2028\r\ufeff\x00"), max_size=12
    ),
)
VALUES = st.recursive(
    st.one_of(TEXT, st.integers()),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(TEXT.filter(bool), inner, min_size=1, max_size=4),
    ),
    max_leaves=12,
)
TREES = st.dictionaries(TEXT.filter(bool), VALUES, min_size=1, max_size=5)


def as_text(tree: object) -> object:
    if isinstance(tree, dict):
        return {name: as_text(value) for name, value in tree.items()}
    return [as_text(item) for item in tree] if isinstance(tree, list) else str(tree)


@settings(max_examples=300)
@given(TREES)
@example({"a": [["b"], [["c"], []], [{}]]})
@example({"a": [{"b": [{"c": "d\n\n e\nf"}]}]})
def test_what_is_written_is_read_back(tree: dict) -> None:
    parsed = parse(text_of(tree, {}).encode())
    assert parsed.faults == ()
    assert parsed.tree == as_text(tree)


def test_the_example_registry_is_read_back_after_writing(schemas: Schemas) -> None:
    for entry in Files(EXAMPLE_REGISTRY).records(
        ("people", "communities", "orgs", "problems")
    ):
        tree = parse((EXAMPLE_REGISTRY / entry.path).read_bytes()).tree
        assert tree
        assert parse(text_of(tree, {}).encode()).tree == tree
