"""Who must agree to a change, of values alone."""

from __future__ import annotations

from datetime import date

import pytest

from ocs.model.change import Amendment, What
from ocs.model.community import Community, Lead, LeadRef, Role
from ocs.model.kinds import KIND
from ocs.model.ocs import Gatekeeper, OcsRecord
from ocs.model.record import Record
from ocs.model.registry import Document, Registry
from ocs.model.review import Need
from ocs.rules.review.authority import Authority
from ocs.rules.review.diff import of_file
from ocs.rules.review.policy import POLICY, Way

TODAY = date(2026, 11, 20)


def document(kind: str, record: Record, **tree: object) -> Document:
    return Document(KIND[kind], record.id, KIND[kind].file(record.id), tree, record)


def registry(*documents: Document, gatekeepers: tuple[str, ...]) -> Registry:
    named = tuple(Gatekeeper(person=person) for person in gatekeepers)
    policy = document("ocs", OcsRecord(id="ocs", name="Hands", gatekeepers=named))
    return Registry((policy, *documents), {"person": frozenset(gatekeepers)})


def needs(change: Amendment, way: Way, who: Authority) -> list[Need]:
    return [need for needs in way.needs for need in needs(change, who)]


@pytest.mark.parametrize("what", [What.VETTING, What.SUSPENDED, What.IDENTITY])
def test_nobody_is_gatekeeper_for_a_change_of_their_own_record(what: What) -> None:
    who = Authority(registry(gatekeepers=("amara", "joost", "mirela")), TODAY)
    change = Amendment(what, "vetting/amara", "vetting/amara.yaml", "x", subject="amara")
    for way in POLICY[what]:
        assert [need.of for need in needs(change, way, who)] == [("joost", "mirela")]


@pytest.mark.parametrize(("gatekeepers", "count"), [(1, 1), (2, 2), (3, 2), (4, 3), (5, 3)])
def test_a_vetting_needs_most_gatekeepers_where_no_threshold_is_set(
    gatekeepers: int, count: int
) -> None:
    all_of_them = ("amara", "joost", "mirela", "noor", "teo")[:gatekeepers]
    who = Authority(registry(gatekeepers=all_of_them), TODAY)
    change = Amendment(What.VETTING, "vetting/lena", "vetting/lena.yaml", "x", subject="lena")
    [way] = POLICY[What.VETTING]
    assert [need.count for need in needs(change, way, who)] == [count]


@pytest.mark.parametrize(("threshold", "count"), [(None, 3), (2, 3), (4, 4)])
def test_a_change_of_the_policy_needs_the_majority_or_the_threshold_if_it_is_more(
    threshold: int | None, count: int
) -> None:
    named = tuple(
        Gatekeeper(person=person) for person in ("amara", "joost", "mirela", "noor", "teo")
    )
    policy = OcsRecord(id="ocs", name="Hands", gatekeepers=named, threshold=threshold)
    who = Authority(Registry((document("ocs", policy),), {}), TODAY)
    [way] = POLICY[What.POLICY]
    change = Amendment(What.POLICY, "ocs", "ocs.yaml", "x")
    assert [need.count for need in needs(change, way, who)] == [count]


def test_nobody_is_gatekeeper_for_a_change_of_their_own_key() -> None:
    who = Authority(registry(gatekeepers=("amara", "joost")), TODAY)
    change = of_file("keys/amara.asc", is_new=False, is_gone=False)
    with_old_key, without = (needs(change, way, who) for way in POLICY[What.IDENTITY])
    assert [need.of for need in with_old_key] == [("amara",), ("joost",)]
    assert [need.of for need in without] == [("joost",)]


def test_whoever_is_named_like_a_group_agrees_for_themself_alone() -> None:
    """What somebody is called decides nothing: a group is one that the record names as such."""
    team = Community(id="team", name="Team", leads=(Lead(role=Role.OWNER, person="joost"),))
    who = Authority(registry(document("community", team), gatekeepers=("joost",)), TODAY)
    leads = {
        LeadRef(group="team"): ("joost",),
        LeadRef(name="the group team"): (),
        LeadRef(name="joost"): (),
        LeadRef(person="joost"): ("joost",),
    }
    for lead, people in leads.items():
        change = Amendment(
            What.OWNER_BACK, "communities/x", "communities/x.yaml", "", (), (lead,)
        )
        (need,) = needs(change, POLICY[What.OWNER_BACK][0], who)
        assert (need.who, need.of) == (str(lead), people)
