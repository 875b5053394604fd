"""What a proposed change changes, and what it takes: real commits, and who agreed as a platform tells it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from ocs.adapters.git.objects import Objects
from ocs.errors import OcsError
from ocs.model.change import Amendment, What
from ocs.model.community import LeadRef
from ocs.model.registry import Registry
from ocs.model.review import Agreement, Evidence, Outcome
from ocs.output.review.review import summary
from ocs.rules.records.schema import Schemas
from ocs.rules.review.authority import Authority
from ocs.rules.review.requirements import ChangedRecord, verdict_on
from ocs.tasks.review.review import Given, review
from tests.proposing import (
    REGISTRY,
    TODAY,
    Proposal,
    git,
    kinds,
    missing,
    proposal,
    refused,
    said,
)

RIVER = "communities/river.yaml"
CHAIR = "  - person: ana\n    role: owner\n    title: Chair\n    since: 2025-03-01\n"
PEER = "  - {person: bo, role: peer, since: 2024-06-10, speaks_for: [hosting]}\n"
DOMAIN = "  - {name: river.example, type: domain, custodian: ana, deputy: bo}\n"
HANDOVER = [
    (RIVER, CHAIR, CHAIR + "    until: 2026-11-18\n"),
    (
        RIVER,
        "bo, role: peer, since: 2024-06-10, speaks_for: [hosting]",
        "bo, role: owner, since: 2026-11-18",
    ),
]


@pytest.fixture
def pr(tmp_path: Path, schemas: Schemas) -> Proposal:
    return proposal(tmp_path / "registry", schemas)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("River   # the whole of it", '"River"'),
        (CHAIR + PEER, PEER + CHAIR),
        ("    role: owner\n    title: Chair\n", "    title: Chair\n    role: owner\n"),
        ("part_of: [waters]\nstatus: active\n", "status: active\npart_of:\n- waters\n"),
        ("\n", "\r\n"),
        ("succession: {notice: 14 days}", "succession:\n    notice: '14 days'\n# the end"),
    ],
)
def test_another_order_or_form_is_no_change(pr: Proposal, old: str, new: str) -> None:
    review = pr.change((RIVER, old, new)).review()
    assert review.answer is Outcome.ALLOWED
    assert review.verdicts == ()
    assert review.unchanged == 1


@pytest.mark.parametrize(
    ("file", "old", "new", "kind", "told"),
    [
        (
            RIVER,
            "reviewed: 2026-09-30",
            "reviewed: 2026-11-19",
            "confirmed by a lead",
            "reviewed: 2026-09-30 → 2026-11-19",
        ),
        (RIVER, "title: Chair", "title: Speaker", "text", "title of ana: Chair → Speaker"),
        (RIVER, "    title: Chair\n", "", "text", "title of ana: Chair → none"),
        (RIVER, "bo, role", "bo, title: Helper, role", "text", "title of bo: none → Helper"),
        (
            RIVER,
            "bo, role",
            "bo, decision: 'https://x.example', role",
            "text",
            "decision about bo: none → https://x.example",
        ),
        (RIVER, "[hosting]", "[]", "peer gone", "bo speaks for: hosting → nothing"),
        (
            RIVER,
            PEER,
            PEER + "  - {person: cy, role: peer}\n",
            "peer added",
            "cy becomes peer",
        ),
        (RIVER, PEER, "", "peer gone", "bo stops being peer"),
        (RIVER, "bo, role: peer", "bo, role: emeritus", "peer gone", "bo stops being peer"),
        (
            RIVER,
            CHAIR,
            CHAIR + "    until: 2026-12-01\n",
            "owner gone",
            "ana stops being owner and leaves on 2026-12-01",
        ),
        (
            RIVER,
            PEER,
            PEER + "  - {name: Old Oak, role: emeritus}\n",
            "anything else",
            "a past office of Old Oak (no record) changes",
        ),
        (
            RIVER,
            "role: peer, since",
            "until: 2026-12-01, role: peer, since",
            "peer gone",
            "bo stops being peer on 2026-12-01",
        ),
        (RIVER, CHAIR, "", "owner gone", "ana stops being owner and leaves"),
        (
            RIVER,
            "role: owner",
            "role: peer",
            "owner gone",
            "ana stops being owner and stays as peer",
        ),
        (
            RIVER,
            PEER,
            "  - {person: bo, role: owner}\n",
            "co-owner added",
            "bo (was peer since 2024-06-10) becomes owner, beside the others",
        ),
        (
            RIVER,
            "[hosting]",
            "[hosting, domain]",
            "terms of office",
            "bo speaks for: hosting → hosting, domain",
        ),
        (
            RIVER,
            "since: 2025-03-01",
            "since: 2025-03-01\n    term_ends: 2027-03-01",
            "owner gone",
            "ana, end of term: open → 2027-03-01",
        ),
        (
            RIVER,
            "custodian: ana, deputy: bo",
            "custodian: bo, deputy: bo",
            "custody",
            "custodian of river.example (domain): ana → bo",
        ),
        (
            RIVER,
            "deputy: bo",
            "deputy: ana",
            "custody",
            "deputy of river.example (domain): bo → ana",
        ),
        (
            RIVER,
            ", deputy: bo",
            "",
            "custody",
            "deputy of river.example (domain): bo → nobody",
        ),
        (
            RIVER,
            DOMAIN,
            DOMAIN + "  - {name: big.example, type: domain}\n",
            "resource added",
            "resource added: big.example (domain)",
        ),
        (
            RIVER,
            DOMAIN,
            DOMAIN + "  - {name: van}\n",
            "resource added",
            "resource added: van (other)",
        ),
        (
            RIVER,
            "resources:\n" + DOMAIN,
            "",
            "resource dropped",
            "resource removed: river.example (domain), custodian ana, deputy bo",
        ),
        (
            RIVER,
            "name: river.example",
            "name: River.Example.",
            "details",
            "name of River.Example. (domain): river.example → River.Example.",
        ),
        (RIVER, "part_of: [waters]", "part_of: [evil]", "parents", "part of: waters → evil"),
        (RIVER, "part_of: [waters]", "part_of: []", "parents", "part of: waters → none"),
        (
            RIVER,
            "status: active",
            "status: inactive",
            "rules of the community",
            "status: active → inactive",
        ),
        (
            RIVER,
            "notice: 14 days",
            "notice: 1 day",
            "rules of the community",
            "succession: notice 14 days → notice 1 day",
        ),
        (
            RIVER,
            "reviewed:",
            "gatekeepers: [amara]\nreviewed:",
            "gatekeepers of an owner",
            "gatekeepers: none → amara",
        ),
        (
            "communities/lake.yaml",
            "leads: []",
            "leads: [{person: bo, role: owner}]",
            "vacancy filled",
            "bo becomes owner; there was none",
        ),
        (
            "communities/pond.yaml",
            "",
            "name: Pond\n",
            "new community",
            "new community pond, which nobody leads yet",
        ),
        (
            "communities/pond.yaml",
            "",
            "name: Pond\nleads_at: https://x.example\n",
            "new community",
            "new community pond, whose leads are kept elsewhere: https://x.example",
        ),
        ("people/bo.yaml", "name: Bo", "name: Bo B.", "about a person", "name: Bo → Bo B."),
        (
            "people/bo.yaml",
            "github_id: 12",
            "github_id: 120",
            "key or account",
            "accounts: github bo-1, github_id 12 → github bo-1, github_id 120",
        ),
        ("people/new.yaml", "", "name: New\n", "applicant", "new is new here"),
        (
            "vetting/bo.yaml",
            "level: known",
            "level: vetted",
            "vetting",
            "level: known → vetted",
        ),
        (
            "vetting/bo.yaml",
            "level: known",
            "level: known\nsuspended: {since: 2026-11-20}",
            "suspended",
            "the vetting of bo is suspended",
        ),
        (
            "access/food/login.yaml",
            "[{person: bo}]",
            "[]",
            "access",
            "readers: (person bo) → ",
        ),
        ("ocs.yaml", "threshold: 2", "threshold: 1", "policy", "threshold: 2 → 1"),
        (
            "orgs/food.yaml",
            "status: active",
            "status: left",
            "anything else",
            "status: active → left",
        ),
        (
            "problems/mail-waits.yaml",
            "title: Mail waits",
            "title: Mail is late",
            "problem",
            "title: Mail waits → Mail is late",
        ),
        (
            "problems/new-one.yaml",
            "",
            "title: New\nsymptoms: [{seen: X}]\n",
            "problem",
            "problems/new-one is new",
        ),
        (
            "secrets/food/login.gpg",
            "",
            "x",
            "access",
            "the secret secrets/food/login.gpg is new",
        ),
        ("keys/bo.asc", "", "x", "key or account", "the key of bo is new"),
        (
            ".github/workflows/checks.yml",
            "",
            "x",
            "what judges changes",
            ".github/workflows/checks.yml, which can control programs, is new",
        ),
    ],
)
def test_every_kind_of_change_is_told(
    pr: Proposal, file: str, old: str, new: str, kind: str, told: str
) -> None:
    review = pr.change((file, old, new)).review()
    assert (kinds(review), said(review)) == ([kind], [told])


def test_every_kind_of_change_has_a_row_in_the_policy() -> None:
    from ocs.rules.review.policy import POLICY

    assert set(POLICY) == set(What)


def test_a_handover_takes_both_and_the_notice_of_the_community(pr: Proposal) -> None:
    pr.change(*HANDOVER)
    assert said(pr.review()) == ["owner handover: ana → bo (was peer since 2024-06-10)"]
    assert missing(pr.review()) == ["ana (outgoing owner)", "bo (incoming owner)"]
    assert missing(pr.review("bo")) == ["ana (outgoing owner)"]
    review = pr.review("bo", opened_by="ana")
    assert review
    assert review.verdicts[0].notice is not None
    assert review.verdicts[0].notice.until == date(2026, 1, 15)
    assert review.verdicts[0].stays_behind == (
        "ana is still custodian of river.example (domain)",
    )


def test_notice_counts_from_what_the_platform_vouches_for(pr: Proposal) -> None:
    pr.change(*HANDOVER)
    assert pr.review("ana", "bo", opened=None).answer is Outcome.CANNOT_TELL
    assert pr.review("ana", "bo", opened=date(2026, 11, 7)).answer is Outcome.NOT_YET
    assert pr.review("ana", "bo", opened=date(2026, 11, 6)).answer is Outcome.ALLOWED
    with pytest.raises(OcsError, match="in the future"):
        pr.review(opened=date(2026, 11, 21))


def test_notice_that_is_over_is_not_told_as_missing(pr: Proposal) -> None:
    pr.change(*HANDOVER)
    told = [
        summary(pr.review("ana", opened=day)) for day in (date(2026, 11, 6), date(2026, 11, 7))
    ]
    assert told == [
        "refused for now: 1 agreement is missing",
        "refused for now: 1 agreement is missing; notice is not over before 2026-11-21",
    ]


def test_a_change_of_owners_says_from_when_and_where_it_was_decided(pr: Proposal) -> None:
    new = (
        "  - {person: bo, role: owner, since: 2026-12-01, decision: 'https://example.org/7'}\n"
    )
    pr.change((RIVER, CHAIR, CHAIR + "    until: 2026-12-01\n"), (RIVER, PEER, new))
    (told,) = said(pr.review())
    assert told.endswith(
        "bo (was peer since 2024-06-10), from 2026-12-01 on, decided: https://example.org/7"
    )


def test_an_owner_who_goes_says_where_it_was_decided(pr: Proposal) -> None:
    pr.change(
        (RIVER, CHAIR, CHAIR + "    until: 2026-11-20\n    decision: https://example.org/8\n")
    )
    assert said(pr.review()) == [
        "ana stops being owner and leaves, decided: https://example.org/8"
    ]


def test_the_day_of_a_vacancy_goes_with_who_leads(pr: Proposal) -> None:
    lake = "communities/lake.yaml"
    pr.change(
        (lake, "vacant_since: 2026-01-01\nleads: []", "leads: [{person: bo, role: owner}]")
    )
    assert kinds(pr.review()) == ["vacancy filled", "text"]
    assert pr.review("bo", "cy")
    pr.change(
        (lake, "leads: [{person: bo, role: owner}]", "vacant_since: 2026-02-02\nleads: []")
    )
    assert kinds(pr.review()) == ["rules of the community"]


def test_who_leaves_last_says_so_alone(pr: Proposal) -> None:
    pr.change(
        (
            "communities/evil.yaml",
            "leads: [{person: eve, role: owner}]",
            "leads: []\nvacant_since: 2026-11-20",
        )
    )
    assert pr.review(opened_by="eve", opened=None)


def test_custody_is_taken_from_who_does_not_agree(pr: Proposal) -> None:
    pr.change((RIVER, "custodian: ana, deputy: bo", "custodian: bo, deputy: bo"))
    assert pr.review("bo", "amara").verdicts[0].other_ways == (
        "without the agreement of the holder or another owner: 2 gatekeepers must agree, with 28 days of notice",
    )
    assert (
        pr.review("bo", "amara", "joost", opened=date(2026, 10, 24)).answer is Outcome.NOT_YET
    )
    assert pr.review("bo", "amara", "joost", opened=date(2026, 10, 23))


def test_an_owner_who_vanished_is_replaced_with_custody_and_all(pr: Proposal) -> None:
    pr.change(*HANDOVER, (RIVER, "custodian: ana, deputy: bo", "custodian: bo"))
    assert pr.review("bo", "amara", "joost", opened=date(2026, 10, 23))
    assert not pr.review("bo", "amara", "joost", opened=date(2026, 10, 24))


def test_how_else_an_office_is_lost_is_said_without_what_goes_with_it(pr: Proposal) -> None:
    pr.change(*HANDOVER, (RIVER, "custodian: ana, deputy: bo", "custodian: bo"))
    assert pr.review("bo").verdicts[0].other_ways == (
        "without the outgoing owner's agreement: 2 gatekeepers must agree, with 28 days of notice",
    )


def test_a_community_at_the_top_needs_a_gatekeeper_too(pr: Proposal) -> None:
    pr.change(("communities/waters.yaml", "person: cy", "person: bo"))
    assert missing(pr.review("cy", "bo")) == ["1 gatekeeper"]
    assert pr.review("cy", "bo", "amara")


def test_who_announced_before_to_go_hands_over(tmp_path: Path, schemas: Schemas) -> None:
    base = REGISTRY.replace("since: 2025-03-01", "since: 2025-03-01\n    until: 2026-12-15")
    pr = proposal(tmp_path / "other", schemas, base)
    pr.change((RIVER, PEER, PEER + "  - {person: bo, role: owner, since: 2026-12-15}\n"))
    assert kinds(pr.review()) == ["owner handover"]
    assert missing(pr.review("bo")) == ["ana (outgoing owner)"]


@pytest.mark.parametrize("begins", [["2026-12-01"], [""], ["2026-12-15", "2026-12-01"]])
def test_who_begins_before_another_one_goes_joins_them(
    tmp_path: Path, schemas: Schemas, begins: list[str]
) -> None:
    base = REGISTRY.replace("since: 2025-03-01", "since: 2025-03-01\n    until: 2026-12-15")
    pr = proposal(tmp_path / "other", schemas, base)
    starts = [f", since: {day}" if day else "" for day in begins]
    more = [
        f"  - {{person: {who}, role: owner{day}}}\n"
        for who, day in zip(("cy", "eve"), starts, strict=False)
    ]
    pr.change((RIVER, PEER, PEER + "".join(more)))
    assert kinds(pr.review()) == ["co-owner added"] * len(begins)


@pytest.mark.parametrize(
    ("scope", "more"),
    [("[hosting]", []), ("[hosting, domain]", ["another office of bo changes: peer"])],
)
def test_a_peer_is_peer_until_the_day_of_a_handover_as_before(
    pr: Proposal, scope: str, more: list[str]
) -> None:
    ends = f"  - {{person: bo, role: peer, since: 2024-06-10, until: 2026-12-01, speaks_for: {scope}}}\n"
    begins = "  - {person: bo, role: owner, since: 2026-12-01}\n"
    pr.change((RIVER, CHAIR, CHAIR + "    until: 2026-12-01\n"), (RIVER, PEER, ends + begins))
    handover = "owner handover: ana → bo (was peer since 2024-06-10), from 2026-12-01 on"
    assert said(pr.review()) == [handover, *more]


def test_a_peer_who_ends_on_a_day_and_is_owner_from_none_on_is_told_twice(
    pr: Proposal,
) -> None:
    ends = "  - {person: bo, role: peer, since: 2024-06-10, until: 2026-12-01, speaks_for: [hosting]}\n"
    pr.change((RIVER, CHAIR, ""), (RIVER, PEER, ends + "  - {person: bo, role: owner}\n"))
    assert "another office of bo changes: peer" in said(pr.review())


def test_a_group_that_owns_agrees_by_its_owners_and_not_by_its_peers(
    tmp_path: Path, schemas: Schemas
) -> None:
    delta = "== communities/delta.yaml\nname: Delta\nstatus: active\nleads:\n  - {group: river, role: owner}\n"
    pr = proposal(tmp_path / "other", schemas, REGISTRY + delta)
    pr.change(
        (
            "communities/delta.yaml",
            "role: owner}\n",
            "role: owner}\n  - {person: cy, role: peer}\n",
        )
    )
    assert not pr.review("bo", "cy")
    assert pr.review("ana", "cy")


def test_a_group_that_is_peer_has_no_say_as_owner_whoever_leads_it(
    tmp_path: Path, schemas: Schemas
) -> None:
    more = (
        "== communities/delta.yaml\nname: Delta\nleads: [{group: river, role: owner}]\n"
        "== communities/sea.yaml\nname: Sea\nleads: [{group: delta, role: peer}, {person: cy, role: owner}]\n"
    )
    pr = proposal(tmp_path / "other", schemas, REGISTRY + more)
    pr.change(("communities/sea.yaml", "leads: [", "leads: [{person: bo, role: peer}, "))
    assert not pr.review("ana", "bo")
    assert pr.review("cy", "bo")


def test_a_group_that_is_archived_owns_nothing(tmp_path: Path, schemas: Schemas) -> None:
    delta = "== communities/delta.yaml\nname: Delta\nleads: [{group: evil, role: owner}]\n"
    base = REGISTRY.replace("name: Evil\nstatus: active", "name: Evil\nstatus: archived")
    pr = proposal(tmp_path / "other", schemas, base + delta)
    pr.change(("communities/delta.yaml", "leads: [", "leads: [{person: cy, role: peer}, "))
    assert missing(pr.review("eve", "cy")) == ["1 gatekeeper"]


def test_a_gatekeeper_who_is_suspended_counts_no_more(
    tmp_path: Path, schemas: Schemas
) -> None:
    vetting = "== vetting/{}.yaml\nlevel: known\nsince: 2026-01-01\n{}"
    suspended = vetting.format("joost", "suspended: {since: 2026-11-01}\n")
    broken = vetting.format("mirela", "levle: known\n")
    pr = proposal(tmp_path / "other", schemas, REGISTRY + suspended + broken)
    pr.change(("README.md", "", "x"))
    assert not pr.review("joost")
    assert not pr.review("mirela")
    assert pr.review("amara")


def test_that_a_suspended_gatekeeper_is_still_named_does_not_keep_them_from_being_suspended(
    tmp_path: Path, schemas: Schemas
) -> None:
    base = REGISTRY + "== vetting/joost.yaml\nlevel: known\nsince: 2026-01-01\n"
    suspended = ("vetting/joost.yaml", "since", "suspended: {since: 2026-11-20}\nsince")
    pr = proposal(tmp_path / "one", schemas, base)
    assert not pr.change(suspended).review()
    # Only a signature would make sure that it was amara; the platform's word counts for communities.
    assert (pr.review("amara").answer, pr.review("amara").refusals) == (
        Outcome.CANNOT_TELL,
        (),
    )
    # Who is put among the gatekeepers, or stays there in a file that changes, is looked at.
    pr = proposal(tmp_path / "other", schemas, base)
    pr.change(suspended, ("ocs.yaml", "threshold: 2", "threshold: 2\ndescription: x"))
    assert [each.code for each in pr.review("amara", "mirela", "joost").refusals] == [
        "suspended-reader"
    ]


def test_a_gatekeeper_who_was_renamed_is_the_same(tmp_path: Path, schemas: Schemas) -> None:
    base = REGISTRY.replace("== people/joost.yaml\n", "== people/jo.yaml\nformerly: [joost]\n")
    pr = proposal(tmp_path / "other", schemas, base)
    pr.change(("README.md", "", "x"), ("access/food/login.yaml", "[{person: bo}]", "[]"))
    assert missing(pr.review("joost")) == []
    suspended = "level: known\nsuspended: {since: 2026-11-01}\n"
    again = proposal(tmp_path / "third", schemas, base + "== vetting/jo.yaml\n" + suspended)
    again.change(("README.md", "", "x"), ("access/food/login.yaml", "[{person: bo}]", "[]"))
    assert missing(again.review("joost")) == ["1 gatekeeper of food", "1 gatekeeper"]


def test_a_lead_who_was_renamed_is_the_same(tmp_path: Path, schemas: Schemas) -> None:
    base = REGISTRY.replace(
        "== people/ana.yaml\n", "== people/anamaria.yaml\nformerly: [ana]\n"
    )
    pr = proposal(tmp_path / "other", schemas, base)
    pr.change(
        (RIVER, CHAIR, CHAIR + "    until: 2026-12-01\n"), (RIVER, "deputy: bo", "deputy: ana")
    )
    review = pr.review("bo")
    assert missing(review) == ["ana (outgoing owner, custody)"]
    assert not [each for each in review.verdicts[0].other_ways if "another" in each]
    assert pr.review("ana", "bo")


@pytest.mark.parametrize(
    ("deputy", "told"),
    [("bo", ("bo is still deputy for river.example (domain)",)), ("cy", ())],
)
def test_it_is_told_what_somebody_who_leaves_stands_in_for(
    pr: Proposal, deputy: str, told: tuple[str, ...]
) -> None:
    pr.change((RIVER, PEER, ""), (RIVER, "deputy: bo", f"deputy: {deputy}"))
    assert pr.review().verdicts[0].stays_behind == told


def test_an_account_takes_two_gatekeepers_where_no_threshold_is_named(
    tmp_path: Path, schemas: Schemas
) -> None:
    pr = proposal(tmp_path / "other", schemas, REGISTRY.replace("threshold: 2\n", ""))
    pr.change(("people/cy.yaml", "github_id: 13", "github_id: 130"))
    assert missing(pr.review("amara")) != []
    assert missing(pr.review("amara", "joost")) == []


def test_who_steps_down_needs_nobody_else(pr: Proposal) -> None:
    pr.change((RIVER, CHAIR, CHAIR + "    until: 2026-12-01\n"))
    assert pr.review("ana", opened=None)


def test_an_owner_is_removed_by_two_gatekeepers_and_after_four_weeks(pr: Proposal) -> None:
    pr.change((RIVER, CHAIR, CHAIR + "    until: 2026-11-18\n"))
    assert pr.review("amara").answer is Outcome.NOT_YET
    assert pr.review("amara", "joost", opened=date(2026, 10, 24)).answer is Outcome.NOT_YET
    assert pr.review("amara", "joost", opened=date(2026, 10, 23))


def test_a_peer_is_removed_by_an_owner_after_a_week(pr: Proposal) -> None:
    pr.change((RIVER, PEER, ""))
    assert pr.review("bo", opened=None)
    assert pr.review("ana", opened=date(2026, 11, 14)).answer is Outcome.NOT_YET
    assert pr.review("ana", opened=date(2026, 11, 13))


@pytest.mark.parametrize(
    ("file", "old", "new", "enough", "short"),
    [
        (
            RIVER,
            PEER,
            PEER + "  - {person: cy, role: peer}\n",
            ["ana", "cy"],
            ["ana", "amara"],
        ),
        (
            RIVER,
            PEER,
            PEER + "  - {person: cy, role: owner}\n",
            ["ana", "cy"],
            ["bo", "cy", "amara"],
        ),
        (
            RIVER,
            "custodian: ana, deputy: bo",
            "custodian: bo, deputy: bo",
            ["ana", "bo"],
            ["bo", "amara"],
        ),
        (
            RIVER,
            DOMAIN,
            "  - {name: r.example, type: domain}\n",
            ["ana", "bo", "joost"],
            ["ana", "joost"],
        ),
        (
            RIVER,
            "part_of: [waters]",
            "part_of: [evil]",
            ["ana", "cy", "eve", "amara"],
            ["ana", "eve", "amara"],
        ),
        (
            RIVER,
            "notice: 14 days",
            "notice: 1 day",
            ["ana", "amara"],
            ["amara", "joost", "mirela"],
        ),
        (
            "communities/lake.yaml",
            "leads: []",
            "leads: [{person: bo, role: owner}]",
            ["bo", "cy"],
            ["bo", "ana"],
        ),
        (
            "communities/lake.yaml",
            "leads: []",
            "leads: [{person: bo, role: owner}]",
            ["bo", "joost"],
            ["cy", "joost"],
        ),
        (
            "communities/pond.yaml",
            "",
            "name: Pond\npart_of: [waters]\nleads: [{person: bo, role: owner}]\n",
            ["bo", "cy"],
            ["bo", "ana"],
        ),
        ("README.md", "", "x", ["amara"], ["ana"]),
    ],
)
def test_what_is_enough_and_what_falls_short(
    pr: Proposal, file: str, old: str, new: str, enough: list[str], short: list[str]
) -> None:
    pr.change((file, old, new))
    assert pr.review(*short).answer is Outcome.NOT_YET
    review = pr.review(*enough)
    assert review.answer is Outcome.ALLOWED
    assert review.verdicts[0].other_ways == ()


@pytest.mark.parametrize(
    ("file", "old", "new", "enough", "short"),
    [
        (
            "vetting/bo.yaml",
            "level: known",
            f"level: known\nkey: {40 * 'A'}",
            ["amara", "joost"],
            ["amara", "bo"],
        ),
        (
            "vetting/bo.yaml",
            "level: known",
            "level: known\nsuspended: {since: 2026-11-20}",
            ["amara"],
            ["bo"],
        ),
        ("people/bo.yaml", "github_id: 12", "github_id: 120", ["bo", "amara"], ["bo"]),
        ("people/bo.yaml", "github_id: 12", "github_id: 120", ["joost", "amara"], ["amara"]),
        ("access/food/login.yaml", "[{person: bo}]", "[]", ["joost"], ["mirela"]),
        ("ocs.yaml", "threshold: 2", "threshold: 1", ["amara", "joost"], ["amara"]),
    ],
)
def test_for_keys_vetting_and_access_a_platforms_word_is_not_enough(
    pr: Proposal, file: str, old: str, new: str, enough: list[str], short: list[str]
) -> None:
    pr.change((file, old, new))
    assert pr.review(*short).answer is Outcome.NOT_YET
    assert pr.review(*enough).answer is Outcome.CANNOT_TELL


@pytest.mark.parametrize(
    "order", [(Evidence.REVIEWED, Evidence.SIGNED), (Evidence.SIGNED, Evidence.REVIEWED)]
)
def test_who_signed_and_reviewed_has_signed(order: tuple[Evidence, ...]) -> None:
    back = Amendment(
        What.OWNER_BACK,
        "communities/river",
        RIVER,
        "ana is back",
        into=(LeadRef(person="ana"),),
    )
    given = tuple(
        Agreement("ana", back.record, evidence, evidence.value) for evidence in order
    )
    found = verdict_on(
        ChangedRecord(back.record, (back,), Authority(Registry(()), TODAY), given), None
    )
    assert [each.evidence for each in found.required[0].given] == [Evidence.SIGNED]


@pytest.mark.parametrize(
    ("evidence", "answer"),
    [(Evidence.SIGNED, Outcome.ALLOWED), (Evidence.REVIEWED, Outcome.CANNOT_TELL)],
)
def test_for_records_of_people_a_signature_is_enough(
    evidence: Evidence, answer: Outcome
) -> None:
    back = Amendment(
        What.OWNER_BACK,
        "people/ana",
        "people/ana.yaml",
        "ana is back",
        into=(LeadRef(person="ana"),),
    )
    given = (Agreement("ana", back.record, evidence, evidence.value),)
    assert (
        verdict_on(
            ChangedRecord(back.record, (back,), Authority(Registry(()), TODAY), given), None
        ).answer
        is answer
    )


def test_a_change_of_several_kinds_takes_all_of_it(pr: Proposal) -> None:
    pr.change((RIVER, PEER, PEER + "  - {person: cy, role: peer}\n"), ("README.md", "", "x"))
    assert missing(pr.review()) == ["an owner", "cy (incoming peer)", "1 gatekeeper"]
    assert pr.review("ana", "cy", "amara")


def test_a_renamed_community_is_the_same_one(pr: Proposal) -> None:
    git(pr.root, "mv", RIVER, "communities/stream.yaml")
    pr.change(
        ("communities/stream.yaml", "status: active", "status: active\nformerly: [river]")
    )
    review = pr.review("ana", "amara")
    assert said(review) == ["renamed: river → stream"]
    assert review


def test_a_renamed_person_is_the_same_one(pr: Proposal) -> None:
    git(pr.root, "mv", "people/ana.yaml", "people/anamaria.yaml")
    pr.change(
        ("people/anamaria.yaml", "name: Ana", "name: Ana\nformerly: [ana]"),
        (RIVER, "ana", "anamaria"),
    )
    review = pr.review()
    assert kinds(review) == ["renamed", "key or account"]
    assert missing(review)[-1] == "ana (with their current account or key)"


def test_what_belongs_to_a_renamed_owner_moves_with_it(pr: Proposal) -> None:
    git(pr.root, "mv", "orgs/food.yaml", "orgs/soup.yaml")
    git(pr.root, "mv", "access/food", "access/soup")
    pr.change(("orgs/soup.yaml", "status: active", "status: active\nformerly: [food]"))
    assert said(pr.review()) == ["renamed: food/login → soup/login", "renamed: food → soup"]
    assert refused(pr.review()) == ""


def test_what_is_merged_is_judged(pr: Proposal) -> None:
    pr.change((RIVER, "title: Chair", "title: Speaker"))
    git(pr.root, "checkout", "-q", "main")
    Proposal(pr.root, pr.schemas).change((RIVER, "notice: 14 days", "notice: 21 days"))
    assert said(pr.review()) == ["title of ana: Chair → Speaker"]
    Proposal(pr.root, pr.schemas).change((RIVER, "title: Chair", "title: Head"))
    with pytest.raises(OcsError, match="cannot be merged as it is"):
        pr.review()


def test_nothing_of_the_branch_is_written_or_run(pr: Proposal) -> None:
    pr.change(
        (".gitattributes", "", "* filter=evil diff=evil merge=evil\n"),
        (RIVER, "Chair", "Head"),
    )
    trap = pr.root / "trapped"
    for name in (
        "filter.evil.smudge",
        "filter.evil.clean",
        "diff.evil.textconv",
        "diff.evil.command",
    ):
        git(pr.root, "config", name, f"touch {trap}; cat")
    git(pr.root, "config", "core.fsmonitor", f"touch {trap}; false")
    trap.unlink(missing_ok=True)
    before = sorted(pr.root.rglob("*"))
    assert "title of ana: Chair → Head" in said(pr.review())
    assert not trap.exists()
    assert sorted(pr.root.rglob("*")) == before


def test_links_and_files_too_large_are_refused(pr: Proposal) -> None:
    (pr.root / "communities/pond.yaml").symlink_to("/etc/passwd")
    (pr.root / "communities/sea.yaml").write_text("name: Sea\n" + "# x\n" * 400_000)
    (pr.root / "communities/dew.yaml").write_text("name: Dew\nunknown: x\n")
    told = refused(pr.commit().review("amara", "joost", "mirela"))
    assert "it is a symbolic link, and ocs follows no links" in told
    assert "1 MiB" in told or "large" in told
    assert "there is no field 'unknown' here" in told


def test_what_did_not_change_and_is_not_referred_to_is_not_read(
    pr: Proposal, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ocs.tasks.registry import committree

    seen: list[str] = []
    read, texts = committree.read, committree.Snapshot.texts
    monkeypatch.setattr(
        committree, "read", lambda path, *rest: seen.append(path) or read(path, *rest)
    )
    monkeypatch.setattr(
        committree.Snapshot,
        "texts",
        lambda self, folder, most: seen.append(folder) or texts(self, folder, most),
    )
    pr.change((RIVER, "title: Chair", "title: Head")).review()
    community = [
        RIVER,
        RIVER,
        "communities/waters.yaml",
        "people/ana.yaml",
        "people/bo.yaml",
        "people/cy.yaml",
    ]
    policy = ["ocs.yaml", "people/amara.yaml", "people/joost.yaml", "people/mirela.yaml"]
    assert sorted(seen) == sorted([*community, *policy, "vetting/bo.yaml"])


def test_who_else_has_it_is_looked_for_only_where_somebody_claims_something(
    pr: Proposal, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ocs.tasks.registry import committree

    seen: list[str] = []
    texts = committree.Snapshot.texts
    monkeypatch.setattr(
        committree.Snapshot,
        "texts",
        lambda self, folder, most: seen.append(folder) or texts(self, folder, most),
    )
    pr.change(("people/bo.yaml", "github_id: 12", "github_id: 120")).review()
    assert seen == ["people"]


def test_a_registry_in_a_folder_of_a_repository_is_reviewed(
    tmp_path: Path, schemas: Schemas
) -> None:
    inner = "\n" + REGISTRY.replace("== ", "== registry/")
    pr = proposal(tmp_path / "whole", schemas, inner)
    pr.change(("registry/" + RIVER, "title: Chair", "title: Head"), ("outside.md", "", "x"))
    within = Proposal(pr.root / "registry", schemas)
    assert said(within.review()) == ["title of ana: Chair → Head"]


def test_commits_that_are_not_there_have_no_verdict(pr: Proposal) -> None:
    pr.change((RIVER, "Chair", "Head"))
    with Objects(pr.root) as objects, pytest.raises(OcsError, match="git has no revision"):
        review("main", "f" * 40, Given(), TODAY, objects=objects, schemas=pr.schemas)
    git(pr.root, "checkout", "-q", "--orphan", "alone")
    git(pr.root, "commit", "-q", "-m", "alone")
    git(pr.root, "branch", "-q", "-M", "alone", "pr")
    with pytest.raises(OcsError, match="nothing in common"):
        pr.review()
