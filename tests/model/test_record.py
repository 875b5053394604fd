"""Fields that fit their schema become a typed record, frozen and whole."""

from __future__ import annotations

import dataclasses
from datetime import date

import pytest

from ocs.model.community import Community, Lead, Role
from ocs.model.kinds import KINDS, is_slug, kind_named
from ocs.model.person import Conflict, Person, PersonStatus
from ocs.model.record import build


def test_values_are_of_the_types_that_the_model_says() -> None:
    lead = {"role": "owner", "person": "ana", "since": "2025-03-01", "speaks_for": ["domain"]}
    found = build(Community, "river-walks", {"name": "River Walks", "leads": [lead]})
    expected = Lead(
        role=Role.OWNER, person="ana", since=date(2025, 3, 1), speaks_for=("domain",)
    )
    assert found == Community(id="river-walks", name="River Walks", leads=(expected,))


def test_a_field_that_python_keeps_for_itself_ends_in_an_underscore() -> None:
    found = build(
        Person,
        "ana",
        {"name": "Ana", "status": "away", "conflicts": [{"with": "studio-nord"}]},
    )
    assert found.conflicts == (Conflict(with_="studio-nord"),)
    assert found.status is PersonStatus.AWAY


def test_nothing_said_of_leads_is_not_the_same_as_no_leads() -> None:
    assert build(Community, "x1", {"name": "X"}).leads is None
    assert build(Community, "x1", {"name": "X", "leads": []}).leads == ()


def test_a_record_cannot_be_changed() -> None:
    found = build(Person, "ana", {"name": "Ana", "languages": {"es": "native"}})
    with pytest.raises(dataclasses.FrozenInstanceError):
        found.name = "Eva"  # type: ignore[misc]
    with pytest.raises(TypeError):
        found.languages["de"] = "basic"  # type: ignore[index]


@pytest.mark.parametrize("text", ["ab", "a-b", "a1", "1a", "x" * 60, "con", "r-261120-ab12"])
def test_slugs(text: str) -> None:
    assert is_slug(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a",
        "-a",
        "a-",
        "a--b",
        "A1",
        "a_b",
        "a b",
        "a/b",
        "..",
        "ä1",
        "x" * 61,
        "a\n",
        "а1",
        "a.b",
        "٣٣",
    ],
)
def test_what_is_no_slug(text: str) -> None:
    assert not is_slug(text)


def test_a_kind_is_called_by_its_name_or_its_folder() -> None:
    for kind in KINDS:
        assert kind_named(kind.name) is kind
        if kind.folder:
            assert kind_named(kind.folder) is kind
    assert kind_named("") is None
    assert kind_named("problemss") is None
