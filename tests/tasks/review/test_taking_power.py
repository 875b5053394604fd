"""Taking power away is a removal and giving it an appointment, whatever field does it."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from ocs.model.review import Outcome
from ocs.rules.records.schema import Schemas
from tests.proposing import (
    REGISTRY,
    TODAY,
    Proposal,
    codes,
    kinds,
    missing,
    proposal,
    refused,
    said,
)

RIVER, EVIL = "communities/river.yaml", "communities/evil.yaml"
ANA = "  - person: ana\n    role: owner\n    title: Chair\n    since: 2025-03-01\n"
CY = "  - {person: cy, role: owner, since: 2025-03-01}\n"
# Two owners, one of whom would rather be the only one.
TWO = REGISTRY.replace(ANA, ANA + CY)
WEEKS = TODAY - timedelta(28)


@pytest.fixture
def pr(tmp_path: Path, schemas: Schemas) -> Proposal:
    return proposal(tmp_path / "registry", schemas, TWO)


TAKEN = {
    "since in the future (A4)": ("since: 2025-03-01\n", "since: 2027-05-30\n"),
    "since tomorrow": ("since: 2025-03-01\n", "since: 2026-11-21\n"),
    "until today": ("since: 2025-03-01\n", "since: 2025-03-01\n    until: 2026-11-20\n"),
    "term over": ("since: 2025-03-01\n", "since: 2025-03-01\n    term_ends: 2026-01-01\n"),
    "term over tomorrow": (
        "since: 2025-03-01\n",
        "since: 2025-03-01\n    term_ends: 2026-11-21\n",
    ),
    "speaks for nothing": ("title: Chair", "title: Chair\n    speaks_for: []"),
    "speaks for less": ("title: Chair", "title: Chair\n    speaks_for: [list]"),
    "peer": ("role: owner\n    title: Chair", "role: peer\n    title: Chair"),
    "emeritus": ("role: owner\n    title: Chair", "role: emeritus\n    title: Chair"),
    "a gap": (
        ANA,
        ANA + "    until: 2026-12-01\n  - {person: ana, role: owner, since: 2027-12-01}\n",
    ),
    "a name instead": ("person: ana\n", "name: ana\n"),
    "a group instead": ("person: ana\n", "group: evil\n"),
    "out": (ANA, ""),
}


@pytest.mark.parametrize("how", TAKEN)
def test_an_owner_is_not_removed_by_another_owner_and_one_gatekeeper(
    how: str, pr: Proposal
) -> None:
    """A4: whatever field does it, it takes the owner, or two gatekeepers and notice."""
    pr.change((RIVER, *TAKEN[how]))
    assert pr.review("cy", "joost", "eve").answer is not Outcome.ALLOWED, said(pr.review())
    out = [lead for each in pr.review().verdicts[0].amendments for lead in each.out]
    assert {str(lead) for lead in out} == {"ana"}
    assert set(kinds(pr.review())) & {"owner gone", "owner handover"}
    late = TODAY - timedelta(13)
    assert pr.review("cy", "joost", "mirela", "eve", opened=late).answer is not Outcome.ALLOWED


@pytest.mark.parametrize(
    "how", ["since in the future (A4)", "speaks for nothing", "term over"]
)
def test_who_gives_power_up_needs_nobody_else(how: str, pr: Proposal) -> None:
    assert pr.change((RIVER, *TAKEN[how])).review("ana", opened=None)


def test_what_somebody_loses_is_told_with_the_days(pr: Proposal) -> None:
    pr.change((RIVER, "since: 2025-03-01\n", "since: 2027-05-30\n"))
    assert said(pr.review()) == [
        "ana stops being owner until 2027-05-30",
        "ana, first day in office: 2025-03-01 → 2027-05-30",
    ]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("since: 2999-01-01", "since: 2999-01-01"),
        ("since: 2025-03-01, speaks_for: []", "since: 2999-01-01"),
        ("since: 2025-03-01, term_ends: 2026-01-01", "since: 2025-03-01, speaks_for: []"),
    ],
)
def test_two_owners_are_not_removed_at_once_whatever_field_does_it(
    one: str, other: str, tmp_path: Path, schemas: Schemas
) -> None:
    """A4 in mass: `two-removals` sees every way."""
    eve = "  - {person: eve, role: owner, since: 2025-03-01}\n"
    pr = proposal(tmp_path / "registry", schemas, TWO.replace(CY, CY + eve))
    pr.change(
        (RIVER, CY, f"  - {{person: cy, role: owner, {one}}}\n"),
        (RIVER, eve, f"  - {{person: eve, role: owner, {other}}}\n"),
    )
    assert codes(pr.review("ana", "joost", "mirela")) == {"two-removals"}


GIVEN = {
    "since earlier": ("since: 2027-05-30", "since: 2026-11-21"),
    "until later": ("until: 2028-01-01", "until: 2038-01-01"),
    "until gone": ("until: 2028-01-01, ", ""),
    "term later": ("term_ends: 2026-01-01", "term_ends: 2036-01-01"),
    "speaks for more": ("speaks_for: [list]", "speaks_for: [list, domain]"),
    "speaks for everything": ("speaks_for: [list], ", ""),
}


@pytest.mark.parametrize("how", GIVEN)
def test_an_owner_gains_nothing_without_the_other_owners(
    how: str, tmp_path: Path, schemas: Schemas
) -> None:
    limit, more = (text.removesuffix(", ") + ", " if text else "" for text in GIVEN[how])
    cy = "  - {person: cy, LIMITrole: owner}\n"
    base = REGISTRY.replace(ANA, ANA + cy.replace("LIMIT", limit))
    pr = proposal(tmp_path / "registry", schemas, base)
    pr.change((RIVER, cy.replace("LIMIT", limit), cy.replace("LIMIT", more)))
    assert missing(pr.review("cy", "joost", opened_by="cy")) == ["ana (owner)"]
    everybody = ("ana", "cy", "joost")
    assert pr.review(*everybody, opened=TODAY - timedelta(6)).answer is Outcome.NOT_YET
    assert pr.review(*everybody, opened=TODAY - timedelta(7))


def test_a_second_entry_gives_no_more_than_the_first(pr: Proposal) -> None:
    more = "  - {person: bo, role: peer, since: 2027-01-01, speaks_for: [domain]}\n"
    pr.change((RIVER, "resources:\n", more + "resources:\n"))
    assert missing(pr.review("bo", "joost")) == ["an owner"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("status: active\nreviewed", "status: inactive\nreviewed"),
        ("status: active\nreviewed", "status: forming\nreviewed"),
        ("status: active\nreviewed", "reviewed"),
        (
            "status: active\nreviewed",
            "leads_at: https://evil.example\nstatus: active\nreviewed",
        ),
        ("reviewed: 2026-09-30\n", ""),
        ("reviewed: 2026-09-30", "reviewed: 2024-09-30"),
    ],
)
def test_every_owner_is_asked_before_the_word_of_all_is_worth_less(
    old: str, new: str, pr: Proposal
) -> None:
    pr.change((RIVER, old, new))
    assert missing(pr.review("cy", "joost")) == ["ana (loses by it)"]
    assert pr.review("cy", "ana", "joost")
    assert pr.review("joost", "mirela", opened=WEEKS)


DOMAIN = "  - {name: river.example, type: domain, custodian: ana, deputy: bo}\n"


@pytest.mark.parametrize(
    "new",
    [
        "",
        "  - {name: river.example, type: hosting, custodian: cy, deputy: bo}\n",
        "  - {name: www.river.example, type: domain, custodian: cy, deputy: bo}\n",
        "  - {name: river.example, type: domain, custodian: cy, deputy: bo}\n",
        "  - {name: river.example, type: domain, deputy: bo}\n",
        DOMAIN + "  - {name: river.example., type: domain, custodian: cy}\n",
    ],
)
def test_custody_moves_by_the_agreement_of_who_holds_it_however_it_is_spelt(
    new: str, pr: Proposal
) -> None:
    pr.change((RIVER, "resources:\n" + DOMAIN, f"resources:\n{new}" if new else ""))
    if DOMAIN not in new:
        assert "ana (custody)" in missing(pr.review("cy", "joost"))
    if "custodian: cy" in new:
        assert "cy (custody)" in missing(pr.review("ana", "bo", "joost"))
    assert missing(pr.review("ana", "bo", "cy", "joost")) == []


def test_a_domain_does_not_leave_one_community_for_another_without_its_custodian(
    pr: Proposal,
) -> None:
    pr.change(
        (RIVER, "resources:\n" + DOMAIN, ""),
        (EVIL, "name: Evil", "name: Evil\nresources:\n" + DOMAIN.replace("ana", "eve")),
    )
    assert missing(pr.review("eve", "cy", "joost")) == [
        "bo (custody)",
        "ana (custody)",
        "bo (custody)",
    ]


def attempts(*ago: tuple[date, str]) -> str:
    lines = [
        f"  - {{to: ana, date: {day}, channel: {channel}, by: joost}}\n"
        for day, channel in ago
    ]
    return "attempts:\n" + "".join(lines)


@pytest.mark.parametrize(
    "tried",
    [
        attempts((date(2025, 1, 10), "mail")),
        attempts((date(2025, 1, 10), "mail"), (date(2025, 1, 11), "matrix")),
        attempts((date(2026, 9, 10), "mail"), (date(2026, 9, 11), "mail")),
        attempts((date(2026, 10, 30), "mail"), (date(2026, 10, 31), "matrix")),
        attempts((date(2026, 11, 3), "mail"), (date(2026, 11, 4), "matrix")),
    ],
)
def test_who_handed_over_of_their_own_will_does_not_take_it_back_alone(
    tried: str, tmp_path: Path, schemas: Schemas
) -> None:
    """A5: attempts count as of the day of `until`, on two channels."""
    base = REGISTRY.replace(ANA, ANA + "    until: 2026-11-01\n").replace(
        "role: peer, since: 2024-06-10", "role: owner, since: 2026-11-01"
    )
    pr = proposal(
        tmp_path / "registry", schemas, base.replace("leads:\n  - p", f"{tried}leads:\n  - p")
    )
    pr.change(
        (RIVER, "    until: 2026-11-01\n", ""),
        (RIVER, "role: owner, since: 2026-11-01", "role: peer, since: 2026-11-01"),
    )
    assert "bo (outgoing owner)" in missing(pr.review("ana"))


def test_who_agrees_to_leave_is_not_kept_as_out_of_reach(
    tmp_path: Path, schemas: Schemas
) -> None:
    """A5: otherwise who leaves of their own will could come back alone later."""
    tried = attempts((date(2026, 10, 1), "mail"), (date(2026, 10, 2), "matrix"))
    base = REGISTRY.replace("leads:\n  - p", f"{tried}leads:\n  - p")
    pr = proposal(tmp_path / "registry", schemas, base)
    pr.change(
        (RIVER, ANA, ANA + "    until: 2026-11-20\n"),
        (RIVER, "role: peer, since: 2024-06-10", "role: owner, since: 2026-11-20"),
    )
    assert codes(pr.review("ana", "bo")) == {"reached-after-all"}
    assert codes(pr.review("joost", "mirela", "bo")) == set()
    pr.change((RIVER, tried, ""))
    assert refused(pr.review("ana", "bo", "joost")) == ""
    assert pr.review("ana", "bo", "joost")


def test_one_gatekeeper_does_not_suspend_all_the_others(
    tmp_path: Path, schemas: Schemas
) -> None:
    """One who is left could suspend on and on, and nobody could lift it: the threshold is two."""
    vetted = "level: known\nsince: 2026-01-01\nexpires: 2028-01-01\n"
    vetted += "checks: [{kind: call, by: cy, date: 2026-01-01}]\n"
    base = "".join(f"== vetting/{who}.yaml\n{vetted}" for who in ("amara", "joost", "mirela"))
    pr = proposal(tmp_path / "registry", schemas, REGISTRY + base)

    def suspended(who: str, since: str) -> tuple[str, str, str]:
        return (
            f"vetting/{who}.yaml",
            "level: known\n",
            f"level: known\nsuspended: {{since: {since}}}\n",
        )

    pr.change(suspended("amara", "2026-11-20"))
    assert codes(pr.review("joost")) == set()
    pr.change(suspended("mirela", "2026-11-25"))  # later is as bad
    review = pr.review("joost")
    assert codes(review) == {"too-few-gatekeepers"}
    assert "this leaves 1 gatekeeper whose vetting counts, and the threshold is 2" in refused(
        review
    )


def test_a_sole_gatekeeper_suspends_as_before(tmp_path: Path, schemas: Schemas) -> None:
    alone = REGISTRY.replace(", {person: joost}, {person: mirela}", "").replace(
        "threshold: 2", "threshold: 1"
    )
    pr = proposal(tmp_path / "registry", schemas, alone)
    pr.change(
        ("vetting/bo.yaml", "level: known\n", "level: known\nsuspended: {since: 2026-11-20}\n")
    )
    assert codes(pr.review("amara")) == set()


@pytest.mark.parametrize("day", ["2026-11-22", "2031-01-01"])
def test_a_record_confirmed_on_a_day_to_come_takes_the_word_of_its_leads(
    day: str, pr: Proposal
) -> None:
    """`ocs may` asks a gatekeeper then, so a peer would take an owner's word alone."""
    pr.change((RIVER, "reviewed: 2026-09-30", f"reviewed: {day}"))
    assert "ana (loses by it)" in missing(pr.review("bo"))
    pr.change((RIVER, f"reviewed: {day}", "reviewed: 2026-11-21"))  # tomorrow, somewhere today
    assert missing(pr.review("bo")) == []


def test_a_day_to_come_is_mended_by_a_lead(tmp_path: Path, schemas: Schemas) -> None:
    late = REGISTRY.replace("reviewed: 2026-09-30", "reviewed: 2028-01-01")
    pr = proposal(tmp_path / "late", schemas, late)
    pr.change((RIVER, "reviewed: 2028-01-01", "reviewed: 2026-11-20"))
    assert missing(pr.review("bo")) == []


CLUB = """\
name: Club
part_of: [evil]
status: active
leads: [{person: eve, role: owner}, {person: bo, role: peer}]
"""


def test_nobody_becomes_peer_of_a_new_community_unasked(pr: Proposal) -> None:
    pr.change(("communities/club.yaml", "", CLUB))
    assert said(pr.review()) == ["new community club, led by eve", "bo becomes peer"]
    assert missing(pr.review("eve")) == ["bo (incoming peer)"]
    assert pr.review("eve", "bo")


def test_nobody_is_said_to_have_tried_to_reach_a_lead_unasked(pr: Proposal) -> None:
    """Attempts shorten the notice of a removal, so a gatekeeper invented those of others."""
    tried = "attempts: [{to: ana, date: 2026-10-01, channel: mail, by: amara}]\n"
    pr.change((RIVER, "succession:", f"{tried}succession:"))
    assert missing(pr.review("joost", "mirela")) == ["amara (tried to reach them)"]
    assert pr.review("amara", "joost")
    pr.change((RIVER, tried, ""), ("communities/club.yaml", "", CLUB + tried))
    assert missing(pr.review("eve", "bo")) == ["amara (tried to reach them)"]
