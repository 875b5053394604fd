"""An edit changes the lines of its value and nothing else, however the file is laid out."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ocs.adapters.files import Files
from ocs.adapters.yamlfile import parse
from ocs.adapters.yamlfile.composing import text_of
from ocs.adapters.yamlfile.editing import EditError, edited, rewritten
from ocs.model.edit import Edit, Insert, Remove, Set, applied, as_text, differences
from ocs.model.kinds import KIND, KIND_OF_FOLDER, RECORD_FOLDERS, Kind
from ocs.rules.records.schema import Schemas
from tests.adapters.layouts import Drawn, drawn_files
from tests.adapters.test_composing import TREES, VALUES
from tests.conftest import EXAMPLE_REGISTRY

PROBLEM = """\
# yaml-language-server: $schema=../../schemas/problem.schema.json
title: Mail waits   # for hours
state: draft        # since May
tags: [mail, queue] # two words

cause: |   # found by Lena
  A full disk.

  And nobody looked.

# who saw it
seen_working:       # sorted by day
  # the first
  - by: joost       # on his own server
    date: 2026-04-02
  - by: mirela
    date: 2026-05-02
  # more to come
# where to read on
references: {}
"""


def edit(text: str, *edits: Edit, schema: object = None) -> str:
    after = edited(text.encode(), edits, schema or {}, "x.yaml")  # type: ignore[arg-type]
    assert parse(after).tree == as_text(applied(parse(text.encode()).tree, edits))
    return after.decode()


@pytest.mark.parametrize(
    ("change", "old", "new"),
    [
        (Set(("state",), "verified"), "state: draft   ", "state: verified   "),
        (Set(("title",), "Mail: late"), "title: Mail waits ", 'title: "Mail: late" '),
        (Set(("title",), "@home"), "title: Mail waits ", 'title: "@home" '),
        (Set(("state",), "a\nb\n"), "state: draft        # since May", "state: |        # since May\n  a\n  b"),
        (Set(("cause",), "A full disk."), "|   # found by Lena\n  A full disk.\n\n  And nobody looked.", "A full disk.   # found by Lena"),
        (Set(("tags",), ["mail"]), "[mail, queue]", "[mail]"),
        (Set(("tags",), [{"a": "b"}]), " [mail, queue] # two words", " # two words\n  - a: b"),
        (Set(("tags", 1), "late, mail"), "[mail, queue]", '[mail, "late, mail"]'),
        (Set(("seen_working", 0, "by"), "tomasz"), "by: joost ", "by: tomasz "),
        (Set(("references",), ["https://example.org"]), "references: {}", "references: [https://example.org]"),
        (Set(("references", "a"), "b"), "references: {}", "references:\n  a: b"),
        (Insert(("tags", 2), "disk"), "queue]", "queue, disk]"),
        (Insert(("tags", 0), "disk"), "[mail", "[disk, mail"),
        (
            Insert(("seen_working", 2), {"by": "lena", "date": "2026-06-02"}),
            "    date: 2026-05-02\n",
            "    date: 2026-05-02\n  - by: lena\n    date: 2026-06-02\n",
        ),
        (
            Insert(("seen_working", 0), {"by": "lena"}),
            "  # the first\n",
            "  # the first\n  - by: lena\n",
        ),
        (Set(("seen_working", 1, "versions"), "3"), "    date: 2026-05-02\n", "    date: 2026-05-02\n    versions: 3\n"),
        (Remove(("cause",)), "cause: |   # found by Lena\n  A full disk.\n\n  And nobody looked.\n", ""),
        (Remove(("seen_working", 1)), "  - by: mirela\n    date: 2026-05-02\n", ""),
        (Remove(("seen_working", 1, "by")), "by: mirela\n    date", "date"),
        (Remove(("tags", 0)), "[mail, queue]", "[queue]"),
        (Remove(("tags", 1)), "[mail, queue]", "[mail]"),
    ],
    ids=str,
)  # fmt: skip
def test_an_edit_changes_what_it_is_about(change: Edit, old: str, new: str) -> None:
    assert PROBLEM.count(old) == 1
    assert edit(PROBLEM, change) == PROBLEM.replace(old, new)


def test_the_last_item_leaves_an_empty_list() -> None:
    text = "a:   # none yet\n  # one\n  - b: c   # that\n# end\nd: e\n"
    assert edit(text, Remove(("a", 0))) == "a: []   # none yet\n  # one\n# end\nd: e\n"
    assert edit(text, Remove(("a", 0)), Insert(("a", 0), {"b": "x"})) == (
        "a:   # none yet\n  - b: x\n  # one\n# end\nd: e\n"
    )


def test_a_new_field_comes_where_the_schema_has_it(schemas: Schemas) -> None:
    schema = schemas.of(KIND["problem"]).schema
    new = edit(
        PROBLEM, Set(("product",), "postfix"), Set(("licence",), "CC0-1.0"), schema=schema
    )
    assert (
        new
        == PROBLEM.replace("# since May\n", "# since May\nproduct: postfix\n")
        + "licence: CC0-1.0\n"
    )
    first = edit("# head\nstate: draft\n", Set(("title",), "Mail"), schema=schema)
    assert first == "# head\ntitle: Mail\nstate: draft\n"


def test_the_layout_of_a_list_is_gone_on_with() -> None:
    assert edit("a:\n- b: c\n", Insert(("a", 1), {"b": "d"})) == "a:\n- b: c\n- b: d\n"
    wide = "a:\n    -   b: c\n        d: e\n"
    assert edit(wide, Insert(("a", 1), {"b": "f\n\ng\n", "d": "h"})) == (
        f"{wide}    -   b: |\n          f\n\n          g\n        d: h\n"
    )
    assert (
        edit(wide, Set(("a", 0, "d"), "x\ny"))
        == "a:\n    -   b: c\n        d: |-\n          x\n          y\n"
    )
    long = 'a: [\n  b,   # one\n  "c",\n  # more\n]\n'
    assert edit(long, Insert(("a", 2), "d")) == long.replace('"c",', '"c", d,')
    assert edit(long, Remove(("a", 1))) == long.replace('  "c",\n', "")
    assert edit(long, Remove(("a", 0))) == long.replace("b,", "")
    assert (
        edit("a:\n  - - b\n    - c\n", Insert(("a", 0, 0), "d"))
        == "a:\n  - - d\n    - b\n    - c\n"
    )


def test_the_empty_lines_behind_a_text_are_kept_or_go_with_it() -> None:
    assert edit("a: |+\n  b\n\n\nc: d\n", Set(("a",), "x")) == "a: x\n\nc: d\n"
    assert edit("a: |\n  b\n\n\nc: d\n", Set(("a",), "x")) == "a: x\n\n\nc: d\n"
    assert edit("a: |+\n  b\n\n\nc: d\n", Remove(("a",))) == "\nc: d\n"


def test_a_number_sign_within_a_text_is_no_comment() -> None:
    assert edit('a: ["b # c", d#e]\n', Set(("a",), ["x"])) == "a: [x]\n"
    assert edit("a:\n  - b: 'c # d'\n", Set(("a",), "x")) == "a: x\n"
    for text in ("a:\n  - b # c\n  - d\n", "a: [b, # c\n  d]\n"):
        with pytest.raises(EditError, match="a comment in it would be lost"):
            edit(text, Set(("a",), "x"))


def test_a_comment_behind_a_value_below_its_name_is_not_lost() -> None:
    with pytest.raises(EditError, match="a comment in it would be lost"):
        edit("a:\n  b   # c\n", Set(("a",), ["x", "y" * 120]))
    with pytest.raises(EditError, match="a comment in it would be lost"):
        edit("a:\n  - b   # c\n", Set(("a",), "x"))


def test_the_whole_record_is_no_value() -> None:
    with pytest.raises(EditError, match="it is the whole record"):
        edited(b"a: b\n", [Set((), {"a": "c"})], {}, "x.yaml")


def test_texts_over_several_lines_are_replaced_as_a_whole() -> None:
    assert edit('a: "b\n  c"   # d\ne: f\n', Set(("a",), "x")) == "a: x   # d\ne: f\n"
    assert edit("a: b\n  c   # d\ne: f\n", Set(("a",), "x")) == "a: x   # d\ne: f\n"
    assert edit("a:\n  b   # d\ne: f\n", Set(("a",), "x")) == "a:\n  x   # d\ne: f\n"
    assert edit("a: >-\n  b\n\n\n# d\ne: f\n", Set(("a",), "x")) == "a: x\n\n\n# d\ne: f\n"


@pytest.mark.parametrize("end", ["\r\n", "\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_ends_of_lines_and_a_byte_order_mark_stay(end: str, mark: str) -> None:
    text = mark + "a: b\nc:\n  - d\n".replace("\n", end)
    new = edit(text, Set(("a",), "x\ny\n"), Insert(("c", 1), "e"), Set(("f",), "g"))
    assert new == mark + "a: |\n  x\n  y\nc:\n  - d\n  - e\nf: g\n".replace("\n", end)


def test_a_file_without_an_end_of_its_last_line_stays_so() -> None:
    assert edit("a: b", Set(("c",), "d")) == "a: b\nc: d"
    assert edit("a:\n  - b", Insert(("a", 1), "c")) == "a:\n  - b\n  - c"
    assert edit("a: b\nc: d", Remove(("c",))) == "a: b\n"


def test_unusual_ends_of_lines_are_seen_as_the_reader_sees_them() -> None:
    text = "a: b\u2028c: d   # e\x85f: g\n"
    assert edit(text, Set(("c",), "x")) == text.replace("d   #", "x   #")
    assert edit(text, Remove(("c",))) == "a: b\u2028f: g\n"
    assert edit(text, Set(("a",), "x")) == text.replace("b", "x")


@pytest.mark.parametrize(
    ("text", "change", "message", "hint"),
    [
        ("a: [b,  # one\n  c]\n", Set(("a",), "d"), "x.yaml:1: 'a' cannot be changed on its own: a comment in it would be lost", "write there: a: d"),
        ("a:\n  - b   # one\n  - c\n", Set(("a",), ["d", "e: f"]), "x.yaml:1: 'a' cannot", 'write there: a: [d, "e: f"]'),
        ("a: b\nc:\n  # why\n  d\n", Set(("c",), "e\nf\n"), "x.yaml:2: 'c' cannot", 'write there: c: "e\\nf\\n"'),
        ("? a\n: b\n", Set(("c",), "d", ), "x.yaml:1: 'c' cannot", "write there: c: d"),
        ("a: b\n", Remove(("a",)), "x.yaml:1: 'a' cannot be changed on its own: it is the whole record", "remove it by hand"),
        ("a: |\n  b\n  c", Set(("d",), "x"), "x.yaml:3: the last line of the file has no line end", "add a line end in an editor, and run this again"),
        ("a: b: c\n", Set(("a",), "d"), "x.yaml:1 cannot be read: a value with ': ' in it must be quoted", 'write: a: "b: c"'),
    ],
)  # fmt: skip
def test_what_cannot_be_changed_by_itself_is_refused(
    text: str, change: Edit, message: str, hint: str
) -> None:
    with pytest.raises(EditError) as refused:
        edited(text.encode(), [change], {"properties": {"c": {}, "a": {}}}, "x.yaml")
    assert refused.value.message.startswith(message)
    assert refused.value.hint == hint


# Parts of records of every kind there is, without what is too large to be drawn.
REAL = [
    (
        KIND_OF_FOLDER[entry.path.rpartition("/")[0].partition("/")[0]],
        {name: value for name, value in tree.items() if len(str(value)) < 300},
    )
    for entry in sorted(Files(EXAMPLE_REGISTRY).records(RECORD_FOLDERS))
    if (tree := parse((EXAMPLE_REGISTRY / entry.path).read_bytes()).tree)
]
PARTS = st.sampled_from(REAL).flatmap(
    lambda real: st.sets(st.sampled_from(list(real[1])), min_size=1, max_size=3).map(
        lambda names: (
            real[0],
            {name: value for name, value in real[1].items() if name in names},
        )
    )
)


@settings(max_examples=200)
@given(
    PARTS.flatmap(lambda part: st.tuples(st.just(part[0]), drawn_files(st.just(part[1])))),
    st.data(),
)
def test_a_new_field_is_in_its_place_in_any_layout(
    schemas: Schemas, real: tuple[Kind, Drawn], data: st.DataObject
) -> None:
    kind, drawn = real
    assert parse(drawn.text.encode()).tree == drawn.tree
    schema = schemas.of(kind).schema
    missing = sorted(set(schema["properties"]) - set(drawn.tree))
    change = Set((data.draw(st.sampled_from(missing)),), data.draw(VALUES))
    try:
        after = edited(drawn.text.encode(), [change], schema, "x.yaml")
    except EditError:
        assert not drawn.text.endswith(drawn.end)
        return
    tree = parse(after).tree
    assert tree == as_text(applied(drawn.tree, [change]))
    known = list(schema["properties"])
    if sorted(drawn.tree, key=known.index) == list(drawn.tree):
        assert sorted(tree, key=known.index) == list(tree)
    before, now = drawn.lines_of(drawn.text), drawn.lines_of(after.decode())
    new = len(now) - len(before)
    assert any(now[:at] + now[at + new :] == before for at in range(len(before) + 1))


@settings(max_examples=300)
@given(st.one_of(drawn_files(), drawn_files(PARTS.map(lambda part: part[1]))), st.data())
def test_all_other_lines_stay_byte_for_byte(drawn: Drawn, data: st.DataObject) -> None:
    assert parse(drawn.text.encode()).tree == drawn.tree
    change, (first, last) = data.draw(drawn.edits(VALUES))
    try:
        after = edited(drawn.text.encode(), [change], {}, "x.yaml")
    except EditError:
        assert drawn.may_be_refused(change)
        return
    assert parse(after).tree == as_text(applied(drawn.tree, [change]))
    before, now = drawn.lines_of(drawn.text), drawn.lines_of(after.decode())
    assert after.decode().startswith("\ufeff") == drawn.text.startswith("\ufeff")
    assert now[:first] == before[:first]
    assert now[len(now) - (len(before) - last) :] == before[last:]
    assert len(now) >= len(before) - (last - first)
    assert drawn.comments_kept(change, after.decode())


@settings(max_examples=150)
@given(TREES, TREES)
@example({"a": ["b", "c"]}, {"a": ["c", {"b": "d"}, "b"]})
def test_differences_lead_from_one_tree_to_the_other(old: dict, new: dict) -> None:
    assert as_text(applied(old, differences(old, new))) == as_text(new)


@settings(max_examples=150)
@given(TREES, TREES, st.booleans())
def test_whatever_changes_the_file_holds_the_new_fields(
    old: dict, new: dict, carries: bool
) -> None:
    text = text_of(old, {})
    data = (text.replace("\n", "\r\n") if carries else text).encode()
    assert parse(rewritten(data, new, {}, "x.yaml")).tree == as_text(new)


@settings(max_examples=50)
@given(TREES)
def test_what_is_the_same_stays_byte_for_byte(tree: dict) -> None:
    text = "# head\n" + text_of(tree, {}) + "# end\n"
    assert rewritten(text.encode(), tree, {}, "x.yaml").decode() == text


FILES = sorted((EXAMPLE_REGISTRY / "communities").glob("*.yaml"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_record_with_another_name_differs_in_that_line(path: Path, schemas: Schemas) -> None:
    data = path.read_bytes()
    tree = {**(parse(data).tree or {}), "name": "Another name"}
    new = rewritten(data, tree, schemas.of(KIND["community"]).schema, path.name)
    before, after = data.decode().splitlines(), new.decode().splitlines()
    assert len(before) == len(after)
    assert [line for old, line in zip(before, after, strict=True) if old != line] == [
        "name: Another name"
    ]
