"""Leadership that changes by a command: the lines concerned, what is left to do, and what a review says of it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from ocs.adapters.files import Files
from ocs.errors import OcsError
from ocs.rules.records.schema import Schemas
from ocs.tasks.communities import leadedits as task
from ocs.tasks.communities import leaders
from ocs.tasks.communities.leadedits import LeadPlan, Setting
from ocs.tasks.registry.carryout import carry_out
from ocs.tasks.registry.validate import validate
from tests.proposing import TODAY, Proposal, git, missing, proposal, said

RIVER = "communities/river.yaml"


@pytest.fixture
def pr(tmp_path: Path, schemas: Schemas) -> Proposal:
    return proposal(tmp_path / "registry", schemas)


@pytest.fixture
def at(pr: Proposal) -> Setting:
    return Setting(Files(pr.root), pr.schemas, TODAY)


def done(proposed: LeadPlan, pr: Proposal) -> str:
    """Carries it out and commits it; gives the lines that changed."""
    assert proposed.plan.findings == ()
    carry_out(proposed.plan, pr.root)
    pr.commit()
    lines = git(pr.root, "diff", "-U0", "main", "pr").splitlines()
    return "\n".join(
        line for line in lines if line[:1] in "+-" and line[:3] not in ("+++", "---")
    )


def handover(at: Setting, to: str, *, of: str | None = None, stays: bool = False) -> LeadPlan:
    return task.plan_handover(
        "river", to, of, None, "https://example.org/x", stays=stays, at=at
    )


def test_a_handover_is_the_lines_concerned_and_a_handover_in_review(
    pr: Proposal, at: Setting
) -> None:
    proposed = handover(at, "cy")
    assert done(proposed, pr).splitlines() == [
        "+  - person: cy",
        "+    role: owner",
        "+    title: Chair",
        "+    since: 2026-11-20",
        "+    decision: https://example.org/x",
        "+    until: 2026-11-20",
        "-  - {name: river.example, type: domain, custodian: ana, deputy: bo}",
        "+  - {name: river.example, type: domain, custodian: cy, deputy: bo}",
    ]
    assert said(pr.review()) == [
        "owner handover: ana → cy, decided: https://example.org/x",
        "custodian of river.example (domain): ana → cy",
    ]
    assert proposed.steps.verdict is not None
    assert missing(pr.review()) == [
        each.need.label for each in proposed.steps.verdict.required
    ]
    assert proposed.steps.holds == ()
    assert pr.review("ana", "cy")


def test_a_peer_is_promoted_and_is_deputy_for_themself_no_more(
    pr: Proposal, at: Setting
) -> None:
    lines = done(handover(at, "bo"), pr)
    assert (
        "+  - {person: bo, role: peer, since: 2024-06-10, until: 2026-11-20, speaks_for: [hosting]}"
        in lines
    )
    assert "+  - {name: river.example, type: domain, custodian: bo}" in lines
    assert (
        said(pr.review())[0]
        == "owner handover: ana → bo (was peer since 2024-06-10), decided: https://example.org/x"
    )


def test_whoever_hands_over_may_stay_as_peer(pr: Proposal, at: Setting) -> None:
    proposed = handover(at, "bo", stays=True)
    lines = done(proposed, pr)
    assert "+  - person: ana\n+    role: peer\n+    since: 2026-11-20" in lines
    assert "custodian: bo, deputy: ana" in lines
    assert "leads river as peer" in proposed.steps.holds
    assert pr.review("ana", "bo").verdicts[0].missing == 0


def test_who_announced_to_go_hands_over_on_that_day(pr: Proposal, at: Setting) -> None:
    pr.change((RIVER, "since: 2025-03-01", "since: 2025-03-01\n    until: 2026-12-15"))
    lines = done(handover(at, "cy"), pr)
    assert "+    since: 2026-12-15" in lines
    with pytest.raises(OcsError, match="cy already becomes owner of river on 2026-12-15"):
        handover(at, "cy")


def test_who_steps_down_is_told_what_they_hold(pr: Proposal, at: Setting) -> None:
    pr.change(
        ("access/food/login.yaml", "person: bo", "person: ana"),
        ("communities/waters.yaml", "cy", "ana"),
    )
    pr.change((RIVER, "deputy: bo", "deputy: bo, secrets: [registrar]"))
    git(pr.root, "branch", "-f", "main", "pr")
    proposed = task.plan_step_down("river", "ana", None, at)
    assert done(proposed, pr) == "+    until: 2026-11-20"
    assert proposed.steps.holds == (
        "is custodian of river.example (domain) of river",
        "leads waters as owner",
        "can read the secret food/login",
    )
    assert proposed.steps.rotate == ("river/registrar",)
    assert pr.review("ana")


def test_the_last_lead_leaves_a_vacancy(pr: Proposal, at: Setting) -> None:
    proposed = task.plan_step_down("waters", "cy", "https://example.org/x", at)
    assert "+vacant_since: 2026-11-20" in done(proposed, pr)


def test_a_new_peer_ends_a_vacancy(pr: Proposal, at: Setting) -> None:
    proposed = task.plan_add_peer("lake", "bo", "Helper", ["hosting"], None, at)
    lines = done(proposed, pr)
    assert "-vacant_since: 2026-01-01" in lines
    assert "+    speaks_for: [hosting]" in lines
    assert said(pr.review())[0] == "bo becomes peer, where bo speaks for: hosting"


def test_a_lead_confirms_and_nobody_else(pr: Proposal, at: Setting) -> None:
    assert (
        done(task.plan_confirm("river", "bo", at), pr)
        == "-reviewed: 2026-09-30\n+reviewed: 2026-11-20"
    )
    assert not pr.review("eve", opened_by="eve")
    assert pr.review("bo")
    with pytest.raises(OcsError, match="already confirmed on 2026-11-20"):
        task.plan_confirm("river", "bo", at)
    with pytest.raises(OcsError, match="cy does not lead river") as refusal:
        task.plan_confirm("river", "cy", at)
    assert refusal.value.hint == "only its leads can do this: ana or bo"
    with pytest.raises(OcsError, match="cannot tell who you are"):
        task.plan_confirm("river", None, at)


def test_what_cannot_be_is_said(pr: Proposal, at: Setting) -> None:
    with pytest.raises(OcsError, match="ana is already an owner of river"):
        handover(at, "ana")
    with pytest.raises(OcsError, match="bo is not an owner of river"):
        handover(at, "cy", of="bo")
    with pytest.raises(OcsError, match="nobody owns lake"):
        task.plan_handover("lake", "bo", None, None, None, stays=False, at=at)
    with pytest.raises(OcsError, match="no person has the id 'nobody'"):
        handover(at, "nobody")
    with pytest.raises(OcsError, match="bo already leads river as peer"):
        task.plan_add_peer("river", "bo", None, (), None, at)
    with pytest.raises(OcsError, match="there is no action 'dance'"):
        task.plan_add_peer("river", "cy", None, ["dance"], None, at)
    pr.change((RIVER, "status: active", "status: active\nleads_at: https://example.org/leads"))
    with pytest.raises(OcsError, match="recorded elsewhere"):
        task.plan_step_down("river", "ana", None, at)


def test_whose_record_is_meant_where_there_are_several_owners(
    pr: Proposal, at: Setting
) -> None:
    pr.change((RIVER, "role: peer", "role: owner"))
    with pytest.raises(OcsError, match="river has 2 owners"):
        handover(at, "cy")
    with pytest.raises(OcsError, match="ana is already an owner of river"):
        handover(at, "ana", of="bo")
    assert handover(at, "cy", of="bo").steps.leaves == "bo"


def test_what_is_not_a_record_then_is_not_written(pr: Proposal, at: Setting) -> None:
    proposed = task.plan_handover("river", "cy", None, "a\nb", None, stays=False, at=at)
    assert [found.code for found in proposed.plan.findings] == ["bad-value"]


def test_history_is_of_the_record_and_of_git(pr: Proposal, at: Setting) -> None:
    done(handover(at, "cy"), pr)
    git(pr.root, "mv", RIVER, "communities/stream.yaml")
    pr.change(("communities/stream.yaml", "status:", "formerly: [river]\nstatus:"))
    pr.change(("communities/stream.yaml", "# the whole", "# all"))
    found = leaders.history("river", TODAY, files=Files(pr.root), schemas=pr.schemas)
    assert [each.person for each in found.leads] == ["cy", "ana", "bo"]
    assert [each.sentences[0] for each in found.events] == [
        "renamed: river → stream",
        "owner handover: ana → cy, decided: https://example.org/x",
        "new community river, led by ana",
    ]


def test_history_without_git_is_of_the_record(tmp_path: Path, schemas: Schemas) -> None:
    (tmp_path / "communities").mkdir()
    (tmp_path / RIVER).write_text("name: River\nleads: []\n")
    found = leaders.history("river", TODAY, files=Files(tmp_path), schemas=schemas)
    assert (found.leads, found.events) == ((), ())


def test_leads_who_were_not_heard_of_are_told(pr: Proposal) -> None:
    files = Files(pr.root)

    def unheard(today: date) -> list[tuple[str, str, str]]:
        return [
            (each.who, str(each.last), each.sign)
            for each in leaders.stale(today, files=files, schemas=pr.schemas)
            if each.community == "river"
        ]

    assert unheard(TODAY) == []
    later = date(2027, 6, 1)
    assert unheard(later) == [
        ("ana", "2026-09-30", "record confirmed"),
        ("bo", "2026-09-30", "record confirmed"),
    ]
    pr.change(
        (
            "problems/mail-waits.yaml",
            "title:",
            "seen_working: [{by: bo, date: 2027-05-01}]\ntitle:",
        )
    )
    assert [who for who, _, _ in unheard(later)] == ["ana"]
    pr.change(("people/ana.yaml", "name: Ana", "name: Ana\nmail: ANA@example.org"))
    days = {
        each.who: each.sign
        for each in leaders.stale(date(2038, 1, 1), files=files, schemas=pr.schemas)
    }
    assert days["ana"] == "commit"


def test_a_plan_of_every_community_of_the_example_passes(
    schemas: Schemas, tmp_path: Path
) -> None:
    import shutil

    from tests.conftest import EXAMPLE_REGISTRY

    shutil.copytree(EXAMPLE_REGISTRY, tmp_path / "registry")
    files = Files(tmp_path / "registry")
    at = Setting(files, schemas, TODAY)
    for name, of in (
        ("open-map-hispano", None),
        ("open-map-tiles", None),
        ("open-map-communities", "noor-haddad"),
    ):
        proposed = task.plan_handover(name, "diego", of, None, None, stays=False, at=at)
        assert proposed.plan.findings == ()
        carry_out(proposed.plan, files.root)
    assert all(
        found.severity.value != "error" for found in validate(files, schemas, TODAY).findings
    )
