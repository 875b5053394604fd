"""The action's own steps, run as a runner runs them, on a real repository and a stand-in for the platform."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from ocs.rules.records.schema import Schemas
from tests.ci.platform import BOT, NOW, Platform, Runner, action, published, served, steps
from tests.proposing import ACCOUNTS, REGISTRY, Proposal, git, proposal

RIVER = "communities/river.yaml"
HANDOVER = (RIVER, "person: ana", "person: eve")
LONG_AGO = (datetime.now(UTC) - timedelta(days=60)).strftime("%Y-%m-%dT%H:%M:%SZ")


@pytest.fixture
def pr(tmp_path: Path, schemas: Schemas) -> Proposal:
    return proposal(tmp_path / "registry", schemas)


@pytest.fixture
def platform() -> Iterator[Platform]:
    with served(Platform(opener=int(ACCOUNTS["ana"]))) as platform:
        yield platform


def job(pr: Proposal, platform: Platform, **more: object) -> Runner:
    """A job about what is on the branch."""
    folder = pr.root.parent / "job"
    published(pr.root, folder)
    platform.head = pr.head
    platform.commits = git(pr.root, "rev-list", "--reverse", "main..pr").splitlines()
    return Runner(folder, platform, **more)  # type: ignore[arg-type]


def test_a_change_that_nobody_must_agree_to_passes(pr: Proposal, platform: Platform) -> None:
    ended = job(pr.change((RIVER, "title: Chair", "title: Head")), platform).run()
    assert ended.passed, ended.log
    assert ended.answer == "allowed"
    assert "title of ana: Chair → Head" in ended.summary
    assert (
        "::notice file=communities/river.yaml,title=changes::title of ana: Chair → Head"
        in ended.log
    )
    (comment,) = platform.comments
    assert "allowed: everybody who must agree has agreed" in comment["body"]
    assert (platform.verdict()["state"], platform.verdict()["description"]) == (
        "success",
        "allowed: everybody who must agree has agreed",
    )


def test_who_is_missing_is_told_and_the_comment_is_written_over(
    pr: Proposal, platform: Platform
) -> None:
    runner = job(pr.change(HANDOVER), platform)
    stranger = {
        "id": 1,
        "user": {"login": "eve-1"},
        "body": "<!-- ocs: what this changes, and who must agree -->\nallowed",
    }
    platform.comments = [
        stranger,
        *({"id": n, "user": None, "body": "?"} for n in (2, 3, 4, 5)),
    ]
    ended = runner.run()
    assert not ended.passed
    assert ended.answer == "not yet"
    first = platform.comments[-1]
    assert "missing: eve" in first["body"]
    assert platform.verdict()["state"] == "pending"
    platform.approve("eve")
    runner.run()
    assert len(platform.comments) == 6
    assert first["user"] == BOT
    assert "missing: eve" not in first["body"]
    assert stranger["body"].endswith("allowed")
    assert "review by github:66" in first["body"]


def test_all_agree_and_notice_is_over(pr: Proposal, platform: Platform) -> None:
    runner = job(pr.change(HANDOVER), platform)
    platform.approve("eve")
    ended = runner.run()
    assert "notice is not over" in ended.summary
    platform.statuses.clear()
    platform.proposed(pr.head, LONG_AGO, ACCOUNTS["ana"])
    ended = runner.run()
    assert ended.passed, ended.log
    assert f"opened by github:{ACCOUNTS['ana']}" in ended.summary


def test_reviews_are_on_many_pages_and_the_newest_counts(
    pr: Proposal, platform: Platform
) -> None:
    runner = job(pr.change(HANDOVER), platform)
    for who, state in [
        ("eve", "APPROVED"),
        ("joost", "APPROVED"),
        ("eve", "COMMENTED"),
        ("amara", "APPROVED"),
        ("amara", "CHANGES_REQUESTED"),
        ("mirela", "DISMISSED"),
        ("cy", "CHANGES_REQUESTED"),
        ("cy", "APPROVED"),
    ]:
        platform.approve(who, state=state)
    platform.reviews.append(
        {"id": 99, "user": None, "state": "APPROVED", "commit_id": pr.head}
    )
    runner.run()
    given = (runner.folder / "temp/ocs/given").read_text().split("\n")
    reviews = [after for word, after in pairwise(given) if word == "--reviewed-by"]
    assert reviews == [f"{ACCOUNTS[who]}@{pr.head}" for who in ("eve", "joost", "cy")]


def test_a_review_of_an_earlier_commit_does_not_count_for_another(
    pr: Proposal, platform: Platform
) -> None:
    earlier = pr.change((RIVER, "title: Chair", "title: Head")).head
    runner = job(pr.change(HANDOVER), platform)
    platform.proposed(earlier, LONG_AGO, ACCOUNTS["ana"])
    platform.approve("eve", earlier)
    # Eve has pushed the handover into Ana's branch.
    runner.action, runner.sender = "synchronize", int(ACCOUNTS["eve"])
    ended = runner.run()
    assert ended.answer == "not yet"
    assert "missing: ana" in ended.summary
    assert "missing: eve" in ended.summary
    assert "that it was opened by github:11 is for" in ended.summary
    assert "14 days, until" in ended.summary
    assert platform.said_of(pr.head) == ["by account 66"]


def test_a_commit_that_was_pushed_away_is_fetched_again(
    pr: Proposal, platform: Platform
) -> None:
    pr.change(HANDOVER)
    away = pr.head
    git(pr.root, "branch", "away", away)
    git(pr.root, "commit", "-q", "--amend", "-m", "said better")
    runner = job(pr, platform)
    platform.proposed(pr.head, LONG_AGO, ACCOUNTS["ana"])
    platform.approve("eve", away)
    ended = runner.run()
    assert ended.passed, ended.summary


def test_a_commit_that_is_nowhere_any_more_is_told(pr: Proposal, platform: Platform) -> None:
    runner = job(pr.change(HANDOVER), platform)
    platform.approve("eve", "f" * 40)
    assert (
        "the review by github:66 is for ffffffffffff, which is not in this repository"
        in runner.run().summary
    )


def test_what_is_wrong_is_told_at_its_line(pr: Proposal, platform: Platform) -> None:
    ended = job(pr.change((RIVER, "role: owner", "role: onwer")), platform).run()
    assert not ended.passed
    assert ended.answer == "refused"
    assert (
        "::error file=communities/river.yaml,line=7,col=11,title=bad-value::must be owner"
        in ended.log
    )
    assert "communities/river.yaml:7:11: error: must be owner" in platform.comments[0]["body"]
    assert platform.verdict()["state"] == "failure"


def test_a_branch_that_cannot_be_merged_is_told(pr: Proposal, platform: Platform) -> None:
    pr.change((RIVER, "title: Chair", "title: Head"))
    git(pr.root, "checkout", "-q", "main")
    pr.change((RIVER, "title: Chair", "title: Speaker"))
    ended = job(pr, platform).run()
    assert (ended.passed, ended.answer) == (False, "refused")
    assert "cannot judge this" in ended.summary
    assert "both sides changed the same lines" in platform.comments[0]["body"]


def test_the_base_is_what_it_is_now(pr: Proposal, platform: Platform) -> None:
    """What the event says of the base may be of last week."""
    pr.change(("communities/evil.yaml", "person: eve", "person: cy"))
    git(pr.root, "checkout", "-q", "main")
    pr.change(("ocs.yaml", "{person: mirela}]", "{person: mirela}, {person: bo}]"))
    assert "missing: amara, joost, mirela or bo" in job(pr, platform).run().summary


def test_another_event_names_the_pull_request(pr: Proposal, platform: Platform) -> None:
    runner = job(pr.change(HANDOVER), platform, event={"schedule": "0 6 * * *"})
    ended = runner.run()
    assert "this event is about no pull request" in ended.log
    assert not ended.passed
    runner.inputs["pull-request"] = "7"
    assert runner.run().answer == "not yet"
    # Nobody knows who put it there.
    assert platform.said_of(pr.head) == ["by account unknown"]
    runner.inputs["pull-request"] = "7/../../other"
    assert "name one with `pull-request:`" in runner.run().log


def test_a_registry_in_a_folder(tmp_path: Path, schemas: Schemas, platform: Platform) -> None:
    pr = proposal(
        tmp_path / "whole", schemas, "\n" + REGISTRY.replace("== ", "== our/registry/")
    )
    pr.change(("our/registry/" + RIVER, "role: owner", "role: onwer"))
    ended = job(pr, platform, inputs={"registry": "our/registry"}).run()
    assert "::error file=our/registry/communities/river.yaml,line=7" in ended.log
    nowhere = Runner(
        pr.root.parent / "job", platform, inputs={"registry": "their/registry"}
    ).run()
    assert "there is no ocs.yaml in the folder that the workflow names" in nowhere.summary


def test_a_platform_that_does_not_answer_is_told(pr: Proposal, platform: Platform) -> None:
    runner = job(pr.change(HANDOVER), platform, inputs={"token": "wrong"})
    ended = runner.run()
    assert not ended.passed
    assert (
        f"the platform says 401 Unauthorized to {platform.address}/repos/hands/registry/pulls/7"
        in ended.log
    )
    assert "Traceback" not in ended.log
    assert NOW not in ended.summary


@pytest.mark.peers
def test_ocs_is_installed_from_the_commit_of_the_action(
    tmp_path: Path, platform: Platform
) -> None:
    runner = Runner(tmp_path, platform)
    done = runner.step(steps()[0], tmp_path)
    if "No matching distribution" in done.stderr or "connection" in done.stderr.lower():
        pytest.skip("packages cannot be fetched here")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "ocs" / "venv" / "bin" / "ocs").exists()


def test_no_expression_stands_in_a_script_and_nothing_of_others_is_used() -> None:
    for step in steps():
        assert "${{" not in step["run"], step["name"]
        assert "uses" not in step
        assert set(step) <= {"name", "id", "if", "shell", "env", "run"}
    judging = [step for step in steps() if "TOKEN" not in step.get("env", {})]
    assert [step["name"] for step in judging] == ["Install ocs", "Judge"]
    assert all(re.fullmatch(r"\$\{\{ inputs\.[a-z-]+ \}\}", value) for value in _values())


def _values() -> Iterator[str]:
    for step in steps():
        yield from step.get("env", {}).values()
    assert action()["outputs"]
