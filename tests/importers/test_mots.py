"""Mozilla's module ownership files, in our words."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ocs.adapters.foreign import parse
from ocs.errors import OcsError
from ocs.importers.mots import read
from ocs.model.foreign import ForeignCommunity, ForeignSource, Note

EXAMPLE = """\
repo: river
created_at: '2021-10-14'
aliases:
  - &council
    nick: COUNCIL
people:
  - &ana
    bmo_id: 7
    name: Ana Ruiz
    nick: ana
  - &bo
    bmo_id: 9
    name: ''
    nick: Bo.Li
modules:
  - name: River
    machine_name: the_river
    description: |
      All of the river.
    includes: [src/**/*]
    owners: [*ana, *council]
    peers: [*ana, *bo]
    meta:
      owners_emeritus: [Ana Ruiz, Old Otter]
      peers_emeritus: [*bo, Old Otter]
      owner_emeritus: [Somebody]
      url: https://river.example/, :ref:`River`
      components: [Core]
    submodules:
      - name: Banks
        machine_name: banks
        owners: []
        peers: [*bo]
  - machine_name: empty
"""


def source(text: str) -> ForeignSource:
    return read(parse(text.encode(), "x.yaml").tree)


def community(text: str, called: str = "the_river") -> ForeignCommunity:
    return next(each for each in source(text).communities if each.called == called)


def leads(text: str, called: str = "the_river") -> list[tuple[object, ...]]:
    return [
        (lead.role.value, lead.person or lead.name, lead.title)
        for lead in community(text, called).leads or ()
    ]


def notes(text: str, code: str) -> list[Note]:
    return [note for note in source(text).notes if note.code == code]


def module(fields: str) -> str:
    return f"people: [{{bmo_id: 7, name: Ana Ruiz, nick: ana}}]\nmodules: [{{machine_name: the_river, {fields}}}]"


def test_a_module_becomes_a_community_and_a_submodule_is_part_of_it() -> None:
    river, banks = community(EXAMPLE), community(EXAMPLE, "banks")
    assert (river.kind, river.part_of) == ("module", None)
    assert river.fields == {"name": "River", "purpose": "All of the river."}
    assert river.contacts == ({"type": "website", "url": "https://river.example/"},)
    assert banks.part_of == river.key
    assert source(EXAMPLE).of == "river"


def test_people_have_the_number_of_their_account_and_a_name() -> None:
    ana, bo = source(EXAMPLE).people
    assert (ana.called, ana.name, ana.accounts) == ("ana", "Ana Ruiz", {"bugzilla_id": 7})
    assert (bo.called, bo.name) == ("Bo.Li", "Bo.Li")
    assert [note.place for note in notes(EXAMPLE, "changed")] == ["Bo.Li"]


def test_owners_peers_and_emeriti_keep_their_roles() -> None:
    assert leads(EXAMPLE) == [
        ("owner", ("bmo", "7"), None),
        ("owner", "COUNCIL", None),
        ("peer", ("bmo", "9"), None),
        ("emeritus", ("bmo", "7"), "Owner emeritus"),
        ("emeritus", "Old Otter", "Owner emeritus"),
        ("emeritus", ("bmo", "9"), "Peer emeritus"),
        ("emeritus", "Old Otter", "Peer emeritus"),
    ]


def test_a_group_that_is_only_a_nick_is_no_person() -> None:
    assert ("COUNCIL", "the_river") in [
        (note.what, note.place) for note in notes(EXAMPLE, "name-only")
    ]
    assert len(source(EXAMPLE).people) == 2


def test_nobody_is_taken_for_one_of_two_namesakes() -> None:
    text = EXAMPLE.replace("name: ''", "name: Ana Ruiz")
    assert ("emeritus", "Ana Ruiz", "Owner emeritus") in leads(text)


def test_a_module_without_owner_has_peers_alone_or_nobody() -> None:
    assert leads(EXAMPLE, "banks") == [("peer", ("bmo", "9"), None)]
    assert leads(EXAMPLE, "empty") == []
    assert [(note.place, bool(note.hint)) for note in notes(EXAMPLE, "vacancy")] == [
        ("banks", False),
        ("empty", True),
    ]


def test_a_misspelt_key_is_noted_with_the_keys_that_there_are() -> None:
    (note,) = notes(EXAMPLE, "unknown-key")
    assert (note.what, note.place) == ("owner_emeritus", "the_river")
    assert "(1 entry)" in note.why
    assert "owners_emeritus" in note.known


def test_what_has_no_place_is_noted() -> None:
    left = {note.what for note in notes(EXAMPLE, "not-mapped")}
    assert left == {"created_at", "includes", "meta: components", "meta: url", "one of peers"}


@pytest.mark.parametrize(
    ("fields", "what", "why"),
    [
        ("owners: ana", "owners", "expected a list, found a single value"),
        ("owners: {a: b}", "owners", "expected a list, found fields"),
        ("owners: [[ana]]", "one of owners", "expected text, found a list"),
        ("name: [River]", "name", "expected text, found a list"),
        ("description: {a: b}", "description", "expected text, found fields"),
        ("meta: [x]", "meta", "expected fields, found a list"),
        ("submodules: [x]", "a module", "expected fields, found a single value"),
    ],
)
def test_a_wrong_shape_is_noted_and_the_rest_taken(fields: str, what: str, why: str) -> None:
    noted = [(note.what, note.why) for note in notes(module(fields), "wrong-shape")]
    assert noted == [(what, why)]
    assert community(module(fields)).name


@pytest.mark.parametrize("nothing", ["", "~", "null", "[]"])
def test_nothing_is_no_wrong_shape(nothing: str) -> None:
    assert notes(module(f"owners: {nothing}, peers: {nothing}"), "wrong-shape") == []


def test_who_is_described_where_they_lead_is_a_person() -> None:
    text = module("owners: [{bmo_id: 8, nick: cleo, name: Cleo}, ana, Ana Ruiz, zed]")
    assert leads(text) == [
        ("owner", ("bmo", "8"), None),
        ("owner", ("bmo", "7"), None),
        ("owner", "zed", None),
    ]


def test_of_two_modules_with_one_name_the_first_is_taken_and_the_other_noted() -> None:
    text = "modules: [{machine_name: a, name: One}, {machine_name: a, name: Two}]"
    assert [each.name for each in source(text).communities] == ["One"]
    assert [note.what for note in notes(text, "not-mapped")] == ["a module"]


def test_who_is_described_twice_is_taken_once_and_other_names_noted() -> None:
    text = "people: [{bmo_id: 7, name: Ana, nick: ana}, {bmo_id: 7, name: Anna, nick: Ana}, {bmo_id: 7, nick: an}]"
    assert [each.name for each in source(text).people] == ["Ana"]
    assert [(note.what, note.place) for note in notes(text, "not-mapped")] == [
        ("the name 'Anna'", "person 2"),
        ("the nick 'an'", "person 3"),
    ]


def test_a_line_that_is_too_long_is_cut_and_noted() -> None:
    text = module(f"name: {'x' * 400}")
    assert len(community(text).name) == 300
    assert [note.what for note in notes(text, "cut")] == ["name"]


@pytest.mark.parametrize("text", ["[a]", "words", "sigs: []", "{}"])
def test_another_file_is_refused(text: str) -> None:
    with pytest.raises(OcsError, match="this is not a mots file"):
        source(text)


SHAPES = st.recursive(
    st.sampled_from(["", "7", "ana", "x y", "~", "https://a.example", "\x00", "é" * 400]),
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.dictionaries(st.sampled_from(["nick", "bmo_id", "a"]), inner)
    ),
    max_leaves=4,
)


def mutated(tree: object, data: st.DataObject) -> object:
    """The tree with something in it replaced by something of any shape."""
    if isinstance(tree, dict) and tree and data.draw(st.booleans()):
        name = data.draw(st.sampled_from(sorted(tree)))
        return {**tree, name: mutated(tree[name], data)}
    if isinstance(tree, list) and tree and data.draw(st.booleans()):
        number = data.draw(st.integers(0, len(tree) - 1))
        return [*tree[:number], mutated(tree[number], data), *tree[number + 1 :]]
    return data.draw(SHAPES)


@settings(max_examples=500)
@given(st.data())
def test_no_shape_gives_a_traceback(data: st.DataObject) -> None:
    tree = mutated(parse(EXAMPLE.encode(), "x.yaml").tree, data)
    try:
        found = read(tree)
    except OcsError:
        return
    for each in found.communities:
        assert each.name.strip()
        assert all(lead.person is not None or lead.name for lead in each.leads or ())
