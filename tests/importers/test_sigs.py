"""Kubernetes' groups, in our words."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ocs.adapters.foreign import parse
from ocs.errors import OcsError
from ocs.importers.sigs import read
from ocs.model.foreign import ForeignCommunity, ForeignSource, Note
from tests.importers.test_mots import mutated

EXAMPLE = """\
sigs:
  - dir: sig-river
    name: River
    mission_statement: >
      Looks after the river.
    charter_link: charter.md
    label: river
    leadership:
      chairs:
        - {github: Ana, name: Ana Ruiz, company: Otters, email: ana@example.org}
      tech_leads:
        - {github: ana, name: Ana Ruiz, company: Otters, email: ana@example.org}
        - {github: bo-li, name: Bo Li}
      emeritus_leads:
        - {github: cleo, name: Cleo}
    contact:
      slack: sig-river
      mailing_list: https://lists.example.org/river
      private_mailing_list: river@example.org
      teams: [{name: x}]
    subprojects:
      - name: K8s.io banks
        owners:
          - https://example.org/banks/OWNERS
          - https://example.org/more/OWNERS
      - name: bridge
        leads:
          - {github: bo-li, name: Bo Lee}
        owners: [https://example.org/bridge/OWNERS]
      - name: ford
workinggroups:
  - dir: wg-flood
    name: Flood
    charter_link: https://example.org/flood/charter
    stakeholder_sigs: [River]
    leadership: {}
usergroups: []
gb_rep: {github: dan, name: Dan}
"""


def source(text: str) -> ForeignSource:
    return read(parse(text.encode(), "x.yaml").tree)


def community(*key: str, text: str = EXAMPLE) -> ForeignCommunity:
    return next(each for each in source(text).communities if each.key == key)


def leads(found: ForeignCommunity) -> list[tuple[object, ...]]:
    return [(lead.role.value, lead.person, lead.title) for lead in found.leads or ()]


def notes(code: str, text: str = EXAMPLE) -> list[Note]:
    return [note for note in source(text).notes if note.code == code]


def test_a_group_becomes_a_community() -> None:
    river, flood = community("sig-river"), community("wg-flood")
    assert river.kind == "team"
    assert river.fields == {"name": "River", "purpose": "Looks after the river."}
    assert flood.kind == "working-group"
    assert flood.fields["governance"] == "https://example.org/flood/charter"
    assert flood.part_of is None


def test_chairs_and_technical_leads_are_owners_and_one_lead_where_they_are_one_person() -> (
    None
):
    assert leads(community("sig-river")) == [
        ("owner", ("github", "ana"), "Chair and technical lead"),
        ("owner", ("github", "bo-li"), "Technical lead"),
        ("emeritus", ("github", "cleo"), "Emeritus lead"),
    ]


def test_every_title_is_one_that_the_importer_knows_as_its_own() -> None:
    found = source(EXAMPLE)
    assert {
        lead.title for each in found.communities for lead in each.leads or ()
    } <= found.titles


def test_a_subproject_is_part_of_its_group_and_called_after_it() -> None:
    banks = community("sig-river", "K8s.io banks")
    assert banks.part_of == ("sig-river",)
    assert banks.called == "sig-river K8s.io banks"


def test_leads_are_where_the_owners_file_is_unless_the_file_names_them() -> None:
    banks, bridge, ford = (
        community("sig-river", name) for name in ("K8s.io banks", "bridge", "ford")
    )
    assert (banks.fields["leads_at"], banks.leads) == (
        "https://example.org/banks/OWNERS",
        None,
    )
    assert "leads_at" not in bridge.fields
    assert leads(bridge) == [("owner", ("github", "bo-li"), "Lead")]
    assert ford.leads == ()
    assert [note.place for note in notes("not-mapped") if note.what == "an OWNERS file"] == [
        "sig-river/K8s.io banks: https://example.org/more/OWNERS",
        "sig-river/bridge: https://example.org/bridge/OWNERS",
    ]


def test_mail_addresses_and_employers_are_not_taken_and_counted_by_person() -> None:
    assert [(note.what, note.place) for note in notes("personal-data")] == [
        ("email", "Ana"),
        ("company", "Ana"),
    ]
    assert "@" not in str(
        [(each.fields, each.contacts) for each in source(EXAMPLE).communities]
    )


def test_people_are_known_by_their_login_whatever_its_letters() -> None:
    assert [(each.called, each.accounts) for each in source(EXAMPLE).people] == [
        ("Ana", {"github": "Ana"}),
        ("bo-li", {"github": "bo-li"}),
        ("cleo", {"github": "cleo"}),
    ]


def test_what_has_no_place_is_noted() -> None:
    assert {note.what for note in notes("not-mapped")} == {
        "gb_rep",
        "label",
        "charter_link",
        "contact: private_mailing_list",
        "contact: teams",
        "an OWNERS file",
        "the name 'Bo Lee'",
        "stakeholder_sigs",
    }


def test_a_misspelt_key_is_noted() -> None:
    (note,) = notes("unknown-key", EXAMPLE.replace("tech_leads:", "techleads:"))
    assert (note.what, note.place) == ("techleads", "sig-river")
    assert "tech_leads" in note.known


@pytest.mark.parametrize("field", ["sigs", "committees"])
def test_a_group_of_another_shape_is_noted_once(field: str) -> None:
    (note,) = source(f"{field}: [1]").notes
    assert (note.code, note.what, note.place) == ("wrong-shape", "a group", f"{field} 1")
    assert note.why == "expected fields, found a single value"


@pytest.mark.parametrize("text", ["[a]", "words", "modules: []"])
def test_another_file_is_refused(text: str) -> None:
    with pytest.raises(OcsError, match="this is not a sigs file"):
        source(text)


@settings(max_examples=500)
@given(st.data())
def test_no_shape_gives_a_traceback(data: st.DataObject) -> None:
    tree = mutated(parse(EXAMPLE.encode(), "x.yaml").tree, data)
    try:
        found = read(tree)
    except OcsError:
        return
    assert all(each.name.strip() for each in found.communities)
