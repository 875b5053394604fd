"""Who is in office, for what, and through whom."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from ocs.model.community import Community, Lead, Role
from ocs.model.registry import Registry
from ocs.rules.communities.offices import (
    Office,
    Scope,
    community_called,
    office_in_words,
    offices,
    scope_in_words,
    scope_of,
)
from ocs.rules.communities.standing import active_leads, ancestors, in_office
from tests.rules.sound import TODAY

DAY = timedelta(days=1)
OWNER = Lead(role=Role.OWNER, person="ana")
REGISTRY = """\
== communities/river.yaml
name: River
formerly: [creek]
leads:
  - {group: lake, role: peer, speaks_for: [hosting, list]}
  - {person: ana, role: owner}
  - {person: cy, role: peer, until: 2026-11-20}
  - {group: old, role: owner}
  - {group: lake, role: owner}
  - {group: nobody, role: owner}
  - {name: Dee, role: owner}
part_of: [lac]
== communities/lake.yaml
name: Lake
formerly: [lac]
leads: [{person: bo, role: owner}, {person: amy, role: peer}, {group: sea, role: peer, speaks_for: [list]}]
part_of: [sea]
== communities/sea.yaml
name: Sea
leads: [{person: eve, role: owner}, {group: river, role: owner}]
part_of: [lake, nobody]
== communities/old.yaml
name: Old
status: archived
leads: [{person: joe, role: owner}]
== people/maya.yaml
name: Maya
formerly: [amy]
"""


@pytest.mark.parametrize(
    ("since", "until", "is_in_office"),
    [
        (None, None, True),
        (TODAY, None, True),
        (TODAY + DAY, None, False),
        (None, TODAY + DAY, True),
        (None, TODAY, False),
        (TODAY, TODAY, False),
        (TODAY - DAY, TODAY + DAY, True),
    ],
)
def test_an_office_lasts_from_its_first_day_to_the_day_before_until(
    since: date | None, until: date | None, is_in_office: bool
) -> None:
    for role in Role:
        lead = Lead(role=role, person="ana", since=since, until=until)
        assert in_office(lead, TODAY) is (is_in_office and role is not Role.EMERITUS)


def test_leads_in_office_keep_their_places_in_the_list() -> None:
    past = Lead(role=Role.OWNER, person="ana", until=TODAY)
    community = Community(id="x", name="X", leads=(past, OWNER))
    assert list(active_leads(community, TODAY)) == [(1, OWNER)]
    assert list(active_leads(Community(id="x", name="X"), TODAY)) == []


def test_an_owner_speaks_for_everything_and_a_peer_for_nothing_unless_it_is_said() -> None:
    assert scope_of(OWNER) is None
    assert scope_of(Lead(role=Role.PEER, person="ana")) == frozenset()
    for role in (Role.OWNER, Role.PEER):
        assert scope_of(Lead(role=role, speaks_for=("list",))) == frozenset({"list"})
        assert scope_of(Lead(role=role, speaks_for=())) == frozenset()


@pytest.mark.parametrize(
    ("scope", "speaks", "words"),
    [
        (None, True, "and may ask for everything"),
        (frozenset(), False, "and may ask for nothing"),
        (frozenset({"list"}), True, "and may ask for: list"),
        (frozenset({"domain"}), False, "and may ask for: domain"),
        (
            frozenset({"b", "list", "a", "domain"}),
            True,
            "and may ask for: list, domain, a, b",
        ),
    ],
)
def test_a_scope_says_what_is_spoken_for_in_the_order_of_the_actions(
    scope: Scope, speaks: bool, words: str
) -> None:
    assert Office("ana", OWNER, OWNER, scope).speaks_for("list") is speaks
    assert scope_in_words(scope, ("list", "domain", "budget")) == words


def test_the_leads_of_a_group_are_in_office_through_it(
    registry_of: Callable[[str], Registry],
) -> None:
    registry = registry_of(REGISTRY)
    river = community_called("river", registry)
    assert river is not None
    every = list(offices(river, registry, TODAY))
    assert [
        (office.person, office.scope, [group.id for group in office.through])
        for office in every
    ] == [
        ("ana", None, []),
        ("bo", frozenset({"hosting", "list"}), ["lake"]),
        ("maya", frozenset(), ["lake"]),
        ("eve", frozenset({"list"}), ["lake", "sea"]),
    ]
    assert [office.first.called for office in every] == ["ana", "lake", "lake", "lake"]
    assert [office.lead.called for office in every] == ["ana", "bo", "amy", "eve"]
    assert [office_in_words(office, "river") for office in every] == [
        "ana is owner of river",
        "bo leads lake, which is peer of river",
        "maya leads lake, which is peer of river",
        "eve leads sea, which leads lake, which is peer of river",
    ]


def test_a_title_and_the_first_day_are_told_of_an_office() -> None:
    lead = Lead(role=Role.PEER, person="ana", title="Chair", since=TODAY)
    office = Office("ana", lead, lead, None)
    assert office_in_words(office, "x") == "ana has been peer (Chair) of x since 2026-11-20"


def test_a_community_is_found_by_the_id_that_it_has_or_had(
    registry_of: Callable[[str], Registry],
) -> None:
    registry = registry_of(REGISTRY + "== communities/bad.yaml\nnam: Bad\n")
    found = [community_called(name, registry) for name in ("river", "creek", "brook", "bad")]
    assert [community and community.id for community in found] == [
        "river",
        "river",
        None,
        None,
    ]


def test_a_community_is_part_of_all_above_and_of_itself_only_in_a_circle(
    registry_of: Callable[[str], Registry],
) -> None:
    registry = registry_of(REGISTRY)
    assert ancestors("river", registry) == {"lake", "sea", "nobody"}
    assert ancestors("sea", registry) == {"lake", "sea", "nobody"}
    assert ancestors("old", registry) == set()
    assert ancestors("nobody", registry) == set()
