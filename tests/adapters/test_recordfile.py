"""Records are written as people would write them, and read back as they were."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ocs.adapters.files import Files
from ocs.adapters.recordfile import origin_of, rewritten, text_of
from ocs.adapters.replacing import Replacement, replace_all
from ocs.adapters.yamlfile import parse
from ocs.errors import OcsError
from ocs.model.kinds import KIND
from ocs.rules.schema import Schemas
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
        ("a\tb", 'a: "a\\x09b"'),
        ("\N{ZERO WIDTH SPACE}", 'a: "\\u200b"'),
        (7, "a: 7"),
        ("one, [two]", "a: one, [two]"),
        ("word " * 30 + "end", "a: >-\n  " + ("word " * 20).strip() + "\n  " + "word " * 10 + "end"),
        ([], "a: []"),
        ({}, "a: {}"),
        (["domain", "a, b"], 'a: [domain, "a, b"]'),
        (["0:?", "a:b"], 'a: ["0:?", a:b]'),
        (["x" * 60, "y" * 60], f"a:\n  - {'x' * 60}\n  - {'y' * 60}"),
        ([{"b": "c", "d": "e"}], "a:\n  - b: c\n    d: e"),
        ("one\ntwo", "a: |-\n  one\n  two"),
        ("one\n\ntwo\n", "a: |\n  one\n\n  two"),
        ({"b": "one\ntwo\n"}, "a:\n  b: |\n    one\n    two"),
    ],
)
def test_a_value_is_written_as_people_would(value: object, line: str) -> None:
    assert text_of({"a": value}, {}) == f"{line}\n"


def test_fields_come_in_the_order_of_the_schema(schemas: Schemas) -> None:
    tree = {"leads": [{"role": "owner", "person": "ana"}], "kind": "team", "name": "River"}
    shape = schemas.of(KIND["community"])
    expected = "name: River\nkind: team\nleads:\n  - person: ana\n    role: owner\n"
    assert text_of(tree, shape.schema) == expected


def test_a_file_says_where_it_was_imported_from() -> None:
    text = text_of({"a": "b"}, {}, origin="mots: x", schema_line="../../schemas/x.json")
    assert text == "# yaml-language-server: $schema=../../schemas/x.json\n# imported from mots: x\na: b\n"
    assert origin_of(text.encode()) == "mots: x"
    assert origin_of(b"a: b\n") is None


TEXT = st.one_of(
    st.text(st.characters(codec="utf-8"), max_size=20),
    st.text(st.sampled_from("ab \n\t:#-'\"\\|>[]{},&*!%@`?\x85\u2028\r\ufeff\x00"), max_size=12),
)
VALUES = st.recursive(
    st.one_of(TEXT, st.integers()),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4), st.dictionaries(TEXT.filter(bool), inner, min_size=1, max_size=4)
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


@settings(max_examples=150)
@given(TREES, TREES, st.booleans())
def test_whatever_changes_the_file_holds_the_new_fields(old: dict, new: dict, carries: bool) -> None:
    text = text_of(old, {})
    data = (text.replace("\n", "\r\n") if carries else text).encode()
    parsed = parse(rewritten(data, new, {}).text.encode())
    assert parsed.tree == as_text(new)


@settings(max_examples=100)
@given(TREES, st.data())
def test_what_is_the_same_stays_byte_for_byte(tree: dict, data: st.DataObject) -> None:
    text = "# head\n" + text_of(tree, {}) + "# end\n"
    assert rewritten(text.encode(), tree, {}).text == text
    name = data.draw(st.sampled_from(sorted(tree)))
    other = {**tree, name: "something else"}
    assert rewritten(text.encode(), other, {}).lost == ()


@pytest.mark.parametrize("path", COMMUNITIES, ids=lambda path: path.stem)
def test_a_record_with_another_name_differs_in_that_line(path: Path, schemas: Schemas) -> None:
    data = path.read_bytes()
    tree = {**(parse(data).tree or {}), "name": "Another name"}
    new = rewritten(data, tree, schemas.of(KIND["community"]).schema)
    before, after = data.decode().splitlines(), new.text.splitlines()
    assert len(before) == len(after)
    assert [line for old, line in zip(before, after, strict=True) if old != line] == ["name: Another name"]
    assert new.lost == ()


HAND_MADE = """\
# yaml-language-server: $schema=../../schemas/community.schema.json
# imported from mots: river
name: River       # so called since 2019

# who leads
leads:            # sorted by age
  # the first
  - person: ana   # our ana
    role: owner
  - person: bo    # our bo
    role: peer
  # the end
# the last line
"""


def test_an_item_that_is_added_leaves_the_others_alone(schemas: Schemas) -> None:
    tree = parse(HAND_MADE.encode()).tree
    assert tree
    tree["leads"].append({"role": "peer", "person": "cleo"})
    tree["kind"] = "team"
    new = rewritten(HAND_MADE.encode(), tree, schemas.of(KIND["community"]).schema)
    assert new.lost == ()
    assert new.text == HAND_MADE.replace("2019\n", "2019\nkind: team\n").replace(
        "    role: peer\n", "    role: peer\n  - person: cleo\n    role: peer\n"
    )


def test_a_comment_that_cannot_be_kept_is_told(schemas: Schemas) -> None:
    tree = parse(HAND_MADE.encode()).tree
    assert tree
    tree["leads"][1]["role"] = "owner"
    new = rewritten(HAND_MADE.encode(), tree, schemas.of(KIND["community"]).schema)
    assert new.lost == ("# our bo",)
    assert "# our ana" in new.text


def test_carriage_returns_and_a_byte_order_mark_stay() -> None:
    new = rewritten("\ufeffa: b\r\nc: d\r\n".encode(), {"a": "x", "c": "d"}, {})
    assert new.text == "\ufeffa: x\r\nc: d\r\n"


def test_all_files_are_written_with_their_modes(tmp_path: Path) -> None:
    (tmp_path / "people").mkdir()
    old = tmp_path / "people" / "ana.yaml"
    old.write_bytes(b"name: Ana\n")
    old.chmod(0o640)
    replace_all(
        tmp_path,
        [
            Replacement("people/ana.yaml", b"name: Anna\n", b"name: Ana\n"),
            Replacement("communities/river.yaml", b"name: River\n"),
        ],
    )
    assert old.read_bytes() == b"name: Anna\n"
    assert old.stat().st_mode & 0o777 == 0o640
    assert (tmp_path / "communities" / "river.yaml").read_bytes() == b"name: River\n"
    assert len([path for path in tmp_path.rglob("*") if path.is_file()]) == 2


def leftovers(root: Path) -> list[str]:
    return sorted(path.name for path in root.rglob(".*"))


def test_nothing_is_written_where_a_file_changed_meanwhile(tmp_path: Path) -> None:
    (tmp_path / "people").mkdir()
    (tmp_path / "people" / "bo.yaml").write_bytes(b"name: Bob\n")
    wanted = [
        Replacement("people/ana.yaml", b"x: y\n"),
        Replacement("people/bo.yaml", b"x: y\n", b"name: Bo\n"),
    ]
    with pytest.raises(OcsError, match=r"people/bo\.yaml changed meanwhile"):
        replace_all(tmp_path, wanted)
    assert [path.name for path in (tmp_path / "people").iterdir()] == ["bo.yaml"]


def test_nothing_is_written_where_one_file_cannot_be(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[int] = []

    def full(descriptor: int) -> None:
        synced.append(descriptor)
        if len(synced) == 2:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OcsError, match="No space left on device"):
        replace_all(tmp_path, [Replacement("people/a.yaml", b"x"), Replacement("people/b.yaml", b"x")])
    assert list((tmp_path / "people").iterdir()) == []


@pytest.mark.parametrize("make", [lambda at, to: at.symlink_to(to), lambda at, to: at.write_text("")])
def test_a_folder_that_is_none_is_not_written_into(
    tmp_path: Path, make: Callable[[Path, Path], object]
) -> None:
    (tmp_path / "elsewhere").mkdir()
    make(tmp_path / "people", tmp_path / "elsewhere")
    with pytest.raises(OcsError, match="cannot write into people"):
        replace_all(tmp_path, [Replacement("people/a.yaml", b"x")])
    assert list((tmp_path / "elsewhere").iterdir()) == []
    assert leftovers(tmp_path) == []


def test_the_example_registry_is_read_back_after_writing(schemas: Schemas) -> None:
    for entry in Files(EXAMPLE_REGISTRY).records(("people", "communities", "orgs", "problems")):
        tree = parse((EXAMPLE_REGISTRY / entry.path).read_bytes()).tree
        assert tree
        assert parse(text_of(tree, {}).encode()).tree == tree
