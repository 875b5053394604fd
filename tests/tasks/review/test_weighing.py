"""Where signatures are not in use, a gatekeeper weighs the platform's word and passes that on."""

from __future__ import annotations

from pathlib import Path

import pytest

from ocs.adapters.git.objects import Objects
from ocs.errors import OcsError
from ocs.model.review import Outcome, Review
from ocs.rules.records.schema import Schemas
from ocs.tasks.review.review import Given, review
from tests.proposing import ACCOUNTS, LONG_AGO, TODAY, Proposal, git, missing, ocs, proposal

BO = ("people/bo.yaml", "github_id: 12", "github_id: 120")


@pytest.fixture
def pr(tmp_path: Path, schemas: Schemas) -> Proposal:
    return proposal(tmp_path / "registry", schemas)


def judged(
    pr: Proposal,
    *by: str,
    weighed: tuple[tuple[str, str], ...] = (),
    person: str | None = None,
) -> Review:
    reviews = tuple((ACCOUNTS.get(who, who), pr.head) for who in by)
    words = tuple((ACCOUNTS.get(who, who), commit) for who, commit in weighed)
    given = Given("github", reviews, None, LONG_AGO, None, (), words, person)
    with Objects(pr.root) as objects:
        return review("main", "pr", given, TODAY, objects=objects, schemas=pr.schemas)


def test_a_gatekeeper_weighs_the_word_of_the_platform(pr: Proposal) -> None:
    pr.change(BO)
    assert judged(pr, "bo", "amara").answer is Outcome.CANNOT_TELL
    for found in (
        judged(pr, "bo", "amara", weighed=(("joost", pr.head),)),
        judged(pr, "bo", "amara", weighed=(("amara", pr.head),)),
        judged(pr, "bo", "amara", person="joost"),
    ):
        assert found.answer is Outcome.ALLOWED
        assert found.verdicts[0].weighed in (("joost",), ("amara",))


@pytest.mark.parametrize("by", [(), ("bo",), ("amara",), ("eve", "cy")])
def test_weighing_is_no_agreement(pr: Proposal, by: tuple[str, ...]) -> None:
    pr.change(BO)
    words = tuple((who, pr.head) for who in ("amara", "joost", "mirela"))
    found = judged(pr, *by, weighed=words, person="amara")
    assert found.answer is Outcome.NOT_YET
    assert missing(found)


@pytest.mark.parametrize("who", ["bo", "eve", "99", "10137"])
def test_nobody_else_weighs_it(pr: Proposal, who: str) -> None:
    pr.change(BO)
    found = judged(pr, "bo", "amara", weighed=((who, pr.head),))
    assert found.answer is Outcome.CANNOT_TELL
    assert "is no gatekeeper, and cannot weigh anything" in found.ignored[0]
    with pytest.raises(OcsError, match="is no gatekeeper in the base"):
        judged(pr, "bo", "amara", person="bo")


def test_nobody_weighs_what_is_about_themself_or_gives_them_something(pr: Proposal) -> None:
    pr.change(("people/amara.yaml", "github_id: 1}", "github_id: 100}"))
    by = ("joost", "mirela", "amara")
    assert judged(pr, *by, weighed=(("amara", pr.head),)).answer is Outcome.CANNOT_TELL
    assert judged(pr, *by, weighed=(("joost", pr.head),)).answer is Outcome.ALLOWED


def test_a_new_gatekeeper_does_not_weigh_how_they_came(pr: Proposal) -> None:
    pr.change(("ocs.yaml", "{person: mirela}]", "{person: mirela}, {person: eve}]"))
    by = ("amara", "joost", "mirela", "eve")
    assert judged(pr, *by, weighed=(("eve", pr.head),)).answer is Outcome.CANNOT_TELL


def test_a_word_is_for_what_its_commit_proposes(pr: Proposal) -> None:
    seen = pr.change(("people/bo.yaml", "name: Bo", "name: Bob")).head
    pr.change(BO)
    found = judged(pr, "bo", "amara", weighed=(("amara", seen), ("joost", "f" * 40)))
    assert found.answer is Outcome.CANNOT_TELL


def test_a_suspended_gatekeeper_weighs_nothing(pr: Proposal, schemas: Schemas) -> None:
    git(pr.root, "checkout", "-q", "main")
    pr.change(
        (
            "vetting/joost.yaml",
            "",
            "level: vetted\nsince: 2024-01-01\nexpires: 2028-01-01\n"
            "suspended: {since: 2026-01-01}\nchecks: [{kind: call, by: amara, date: 2024-01-01}]\n",
        )
    )
    git(pr.root, "branch", "-f", "pr")
    git(pr.root, "checkout", "-q", "pr")
    pr.change(BO)
    found = judged(pr, "bo", "amara", weighed=(("joost", pr.head),))
    assert found.answer is Outcome.CANNOT_TELL


def test_what_to_write_into_a_review_is_said(pr: Proposal) -> None:
    pr.change(BO)
    by = [
        word
        for who in ("bo", "amara")
        for word in ("--reviewed-by", f"{ACCOUNTS[who]}@{pr.head}")
    ]
    ended = ocs(pr.root, "review", "main..pr", *by)
    assert ended.returncode == 2
    assert (
        "cannot tell: a gatekeeper must confirm what the platform reports (`ocs review --as ME`) "
        "for people/bo" in ended.stdout
    )
    ended = ocs(pr.root, "review", "main..pr", *by, "--as", "joost")
    assert ended.returncode == 0
    assert "weighed joost confirmed what the platform reports" in ended.stdout
    assert ended.stdout.endswith(
        "If these people told you that this is right, write into your review:\n"
        f"  ocs review --as joost {pr.head}\n"
    )
    ended = ocs(pr.root, "review", "main..pr", "--as", "joost")
    assert "write into your review" not in ended.stdout


def test_a20_the_account_of_all_deleted_ones_agrees_for_nobody(pr: Proposal) -> None:
    """Whoever registers GitHub's ghost as their own would agree by every deleted account."""
    git(pr.root, "checkout", "-q", "main")
    pr.change(("people/ana.yaml", "github_id: 11", "github_id: 10137"))
    git(pr.root, "branch", "-f", "pr")
    git(pr.root, "checkout", "-q", "pr")
    pr.change(
        ("communities/river.yaml", "title: Chair\n", "title: Chair\n    until: 2026-12-01\n")
    )
    found = judged(pr, "10137")
    assert "ana" in str(missing(found))
    assert found.ignored == ("the account github:10137 stands for deleted accounts: nobody's",)
