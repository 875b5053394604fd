"""What a foreign file says is joined with a record: it adds and corrects, and never takes out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from ocs.model.community import Role
from ocs.model.foreign import ForeignCommunity, ForeignLead, ForeignPerson
from ocs.rules.exchange.matching import Identities
from ocs.rules.exchange.merging import Merged, person_fields

IDS = Identities(
    people={("ana",): "ana", ("bo",): "bo"},
    communities={("walks",): "walks", ("river",): "river"},
    gone=(),
    notes=(),
)
ANA = {"person": "ana", "role": "peer"}
BO = {"person": "bo", "role": "peer"}


def merged(old: Mapping[str, Any], **fields: Any) -> tuple[dict[str, Any], list[str]]:
    """The fields of the record, and the code and place of each note."""
    community = ForeignCommunity(key=("walks",), called="walks", kind="module", **fields)
    result = Merged(community, {"Chair", "Vice"}, IDS, old)
    joined: dict[str, Any] = result.fields()
    return joined, [f"{note.code} {note.what} {note.place}" for note in result.notes]


def leads(
    old: list[dict[str, Any]], *new: ForeignLead, **others: Any
) -> tuple[list[Any], list[str]]:
    fields, notes = merged({"leads": old, **others}, leads=new)
    return fields["leads"], notes


def lead(who: str, role: Role = Role.PEER, title: str | None = None) -> ForeignLead:
    return ForeignLead(role=role, person=(who,), title=title)


@pytest.mark.parametrize(
    ("old", "imported", "fields"),
    [
        ({}, True, {"name": "Ana", "accounts": {"github": "Ana"}}),
        ({"name": "A"}, True, {"name": "Ana", "accounts": {"github": "Ana"}}),
        ({"name": "A"}, False, {"name": "A", "accounts": {"github": "Ana"}}),
        ({}, False, {"name": "Ana", "accounts": {"github": "Ana"}}),
        (
            {"mail": "a@x.org", "accounts": {"github": "ANA", "irc": "a"}},
            True,
            {"mail": "a@x.org", "name": "Ana", "accounts": {"github": "ANA", "irc": "a"}},
        ),
        (
            {"accounts": {"github": "ana2"}},
            True,
            {"name": "Ana", "accounts": {"github": "Ana"}},
        ),
    ],
)
def test_accounts_are_added_and_corrected_but_for_their_letters(
    old: dict[str, Any], imported: bool, fields: dict[str, Any]
) -> None:
    ana = ForeignPerson(key=("ana",), called="ana", name="Ana", accounts={"github": "Ana"})
    assert person_fields(ana, old, imported=imported) == fields


def test_a_person_without_accounts_gets_no_field_for_them() -> None:
    ana = ForeignPerson(key=("ana",), called="ana", name="Ana")
    assert person_fields(ana, {}, imported=True) == {"name": "Ana"}


def test_texts_are_corrected_and_other_fields_stay() -> None:
    old = {"kind": "club", "name": "Walks", "purpose": "to walk\n", "reviewed": "2026-01-01"}
    given = {"name": "Strolls", "purpose": "to walk", "chat": "#walks"}
    assert merged(old, fields=given, leads=None) == (
        {**old, "name": "Strolls", "chat": "#walks"},
        [],
    )
    assert merged({}, leads=None) == ({"kind": "module"}, [])
    assert merged({}) == ({"kind": "module", "leads": []}, [])
    assert merged({"name": "Walks"}) == ({"kind": "module", "name": "Walks"}, [])


def test_a_parent_is_added_once_beside_the_others() -> None:
    for old, both in ([], ["river"]), (["hill"], ["hill", "river"]), (["river"], ["river"]):
        fields, notes = merged({"part_of": old}, part_of=("river",), leads=None)
        assert (fields["part_of"], notes) == (both, [])


def test_another_contact_of_a_kind_stays_and_is_told() -> None:
    mine, theirs = {"type": "chat", "url": "a"}, {"type": "chat", "url": "b"}
    site = {"type": "website", "url": "c"}
    fields, notes = merged({"contacts": [mine, site]}, contacts=(theirs,), leads=None)
    assert fields["contacts"] == [mine, site, theirs]
    assert notes == ["not-in-file one of contacts communities/walks: a"]
    fields, notes = merged({"contacts": [mine]}, contacts=(mine,), leads=None)
    assert (fields["contacts"], notes) == ([mine], [])


def test_a_lead_who_is_no_longer_named_stays_and_is_told_while_in_office() -> None:
    for old, notes in (
        (ANA, ["not-in-file a lead (peer) communities/walks: ana"]),
        (
            {"group": "board", "role": "peer"},
            ["not-in-file a lead (peer) communities/walks: board"],
        ),
        (
            {"name": "Cy", "role": "owner"},
            ["not-in-file a lead (owner) communities/walks: Cy"],
        ),
        ({**ANA, "until": "2026-01-01"}, []),
        ({**ANA, "role": "emeritus"}, []),
    ):
        assert leads([old], lead("bo", Role.EMERITUS)) == (
            [old, {"person": "bo", "role": "emeritus"}],
            notes,
        )


def test_a_lead_without_a_record_has_a_name_and_a_title() -> None:
    fields, _ = merged({}, leads=(ForeignLead(role=Role.OWNER, name="Cy", title="Chair"),))
    assert fields["leads"] == [{"name": "Cy", "role": "owner", "title": "Chair"}]


def test_another_role_is_taken_over_where_a_person_added_nothing() -> None:
    owner = {"person": "ana", "role": "owner"}
    assert leads([ANA], lead("ana", Role.OWNER)) == ([owner], [])
    since = {**ANA, "since": "2026-01-01"}
    assert leads([since], lead("ana", Role.OWNER)) == (
        [owner, since],
        ["not-in-file a lead (peer) communities/walks: ana"],
    )


def test_the_same_role_is_the_same_lead_with_what_a_person_added() -> None:
    since = {**ANA, "since": "2026-01-01"}
    assert leads([since], lead("ana")) == ([since], [])
    assert leads([since], lead("ana", title="Chair")) == ([{**since, "title": "Chair"}], [])


def test_a_title_of_the_format_is_corrected_and_another_one_stays() -> None:
    titled = {**ANA, "title": "Chair"}
    assert leads([titled], lead("ana", title="Vice")) == ([{**ANA, "title": "Vice"}], [])
    own = {**ANA, "title": "Mum"}
    assert leads([own], lead("ana", title="Vice")) == ([own], [])


def test_the_title_says_which_of_two_leads_one_is() -> None:
    old = [{**ANA, "title": "Chair"}, {**ANA, "title": "Vice"}]
    found, notes = leads(old, lead("ana", title="Vice"), lead("ana", title="Chair"))
    assert (found, notes) == (old, [])


def test_who_has_an_end_keeps_it_and_is_told_where_the_file_names_them() -> None:
    ended = {**ANA, "until": "2026-01-01"}
    assert leads([ended], lead("ana")) == (
        [ended],
        ["kept a lead whom the file names communities/walks: ana"],
    )
    assert leads([ended], lead("ana", Role.EMERITUS)) == ([ended], [])
    assert leads([ANA], lead("ana")) == ([ANA], [])
    added = {**ended, "since": "2020-01-01"}
    owner = {"person": "ana", "role": "owner"}
    assert leads([added], lead("ana", Role.OWNER)) == ([owner, added], [])


def test_a_new_lead_stands_behind_the_last_of_their_role_or_one_before() -> None:
    owner, emeritus = (
        {"person": who, "role": role} for who, role in (("o1", "owner"), ("e1", "emeritus"))
    )
    ends = [
        {**one, "until": "2026-01-01"} for one in (owner, {**ANA, "person": "p1"}, emeritus)
    ]
    found, _ = leads(ends, lead("bo"))
    assert found == [*ends[:2], BO, ends[2]]
    found, _ = leads(ends, lead("bo", Role.OWNER))
    assert found == [ends[0], {**BO, "role": "owner"}, *ends[1:]]
    found, _ = leads([emeritus], lead("bo"))
    assert found == [BO, emeritus]


def test_a_vacancy_stays_and_is_told_where_somebody_is_in_office() -> None:
    for old in ({"vacant_since": "2026-01-01"}, {"leads_at": "https://x.org"}):
        (name,) = old
        fields, notes = merged(old, leads=(lead("ana"),))
        assert fields[name] == old[name]
        assert notes == [f"kept `{name}` communities/walks"]
        assert merged(old, leads=(lead("ana", Role.EMERITUS),))[1] == []
        assert merged({**old, "leads": [{**ANA, "until": "2026-01-01"}]})[1] == []
