"""What the action makes of the events of a platform: who agreed to what, and since when.

The events have the form in which GitHub sends them. Most tests run the step that asks the
platform, and look at what it gives `ocs review`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from ocs.rules.records.schema import Schemas
from tests.ci.platform import NOW, Platform, Runner, published, served, steps
from tests.proposing import ACCOUNTS, Proposal, git, proposal

RIVER = "communities/river.yaml"
HANDOVER = (RIVER, "person: ana", "person: eve")
ANA, EVE = ACCOUNTS["ana"], ACCOUNTS["eve"]
LONG_AGO, YESTERDAY = (
    (datetime.now(UTC) - timedelta(days=days)).strftime("%Y-%m-%dT%H:%M:%SZ")
    for days in (60, 1)
)
TODAY = datetime.now(UTC).date().isoformat()


@pytest.fixture
def pr(tmp_path: Path, schemas: Schemas) -> Proposal:
    return proposal(tmp_path / "registry", schemas).change(HANDOVER)


@pytest.fixture
def platform() -> Iterator[Platform]:
    with served(Platform(opener=int(ANA))) as platform:
        yield platform


@pytest.fixture
def runner(pr: Proposal, platform: Platform) -> Runner:
    platform.head = pr.head
    platform.commits = git(pr.root, "rev-list", "--reverse", "main..pr").splitlines()
    return Runner(pr.root.parent / "job", platform)


def asked(
    runner: Runner, action: str = "synchronize", sender: str = ANA, **inputs: str
) -> None:
    """Run the step that asks the platform, after an event."""
    work = runner.folder / "temp/ocs"
    work.mkdir(parents=True, exist_ok=True)
    event = (
        runner.platform.event(action, int(sender)) if action else {"schedule": "17 5 * * *"}
    )
    (runner.folder / "event.json").write_text(json.dumps(event))
    runner.inputs.update(inputs)
    done = runner.step(steps()[1], runner.folder / "temp")
    assert done.returncode == 0, done.stderr


def given(runner: Runner, option: str) -> list[str]:
    """The values of an option that goes to `ocs review`."""
    words = (runner.folder / "temp/ocs/given").read_text().split("\n")
    return [value for word, value in pairwise(words) if word == option]


def since(runner: Runner) -> str:
    """The day from which notice of the head counts."""
    (time,) = [
        time for time in given(runner, "--opened-at") if time.endswith(runner.platform.head)
    ]
    return time.partition("T")[0]


# A6: the status of a commit is not about another base.


def test_a6_for_another_base_the_status_has_another_name(
    pr: Proposal, runner: Runner, platform: Platform
) -> None:
    """Opened against `old`, where nothing changes, and then against `main`."""
    git(pr.root, "branch", "old", "pr")
    published(pr.root, runner.folder)
    platform.base = "old"
    assert runner.run().answer == "allowed"
    assert platform.verdict("ocs: into old")["state"] == "success"
    assert not [each for each in platform.statuses[pr.head] if each["context"] == "ocs"]
    platform.base = "main"
    platform.happened("base_ref_changed", NOW)
    runner.event = platform.event("edited", changes={"base": {"ref": {"from": "old"}}})
    assert runner.run().answer == "not yet"
    assert platform.verdict()["state"] == "pending"


def test_a6_no_name_of_a_branch_makes_the_status_of_the_default_branch(
    runner: Runner, platform: Platform
) -> None:
    for base in ("x" * 300, "ocs", "", " "):
        platform.base = base
        asked(runner)
        context = (runner.folder / "temp/ocs/context").read_text()
        assert context.startswith("ocs: into")
        assert len(context) <= 200


def test_a6_what_was_said_of_the_commit_does_not_stand_while_it_is_judged(
    runner: Runner, platform: Platform
) -> None:
    """A second pull request with a commit that was allowed once."""
    platform._write(platform.head, {"state": "success", "context": "ocs", "description": "x"})
    platform.number = 8
    asked(runner, "opened", EVE)
    assert platform.verdict()["state"] == "pending"


# A7: notice runs while everybody can see the pull request.


def test_a7_notice_counts_for_one_pull_request(runner: Runner, platform: Platform) -> None:
    platform.proposed(platform.head, LONG_AGO, ANA)
    asked(runner)
    assert since(runner) == LONG_AGO.partition("T")[0]
    platform.number = 8
    asked(runner, "opened")
    assert since(runner) == TODAY


@pytest.mark.parametrize(
    "what",
    [
        "reopened",
        "ready_for_review",
        "base_ref_changed",
        "automatic_base_change_succeeded",
        "head_ref_force_pushed",
    ],
)
def test_a7_notice_begins_anew(runner: Runner, platform: Platform, what: str) -> None:
    platform.proposed(platform.head, LONG_AGO, ANA)
    for other in ("closed", "labeled", "renamed", "convert_to_draft", "locked"):
        platform.happened(other, YESTERDAY)
    asked(runner, "edited")
    assert since(runner) == LONG_AGO.partition("T")[0]
    platform.happened(what, YESTERDAY)
    platform.happened("labeled", NOW)
    asked(runner, "edited")
    assert since(runner) == YESTERDAY.partition("T")[0]


@pytest.mark.parametrize(
    "event",
    [
        {"type": "reopen"},
        {"type": "change_target_branch"},
        {"type": "pull_push", "body": '{"is_force_push":true,"commit_ids":["1f","2f"]}'},
        {"type": "change_title", "old_title": "WIP: hand over"},
        {"type": "change_title", "old_title": "[wip] hand over"},
    ],
)
def test_a7_notice_begins_anew_on_forgejo(
    runner: Runner, platform: Platform, event: dict[str, str]
) -> None:
    platform.speaker = {"login": "forgejo-actions", "id": -2}
    platform.proposed(platform.head, LONG_AGO, ANA)
    quiet = {"type": "change_title", "old_title": "Wiping the table", "created_at": NOW}
    pushed = {"type": "pull_push", "body": '{"is_force_push":false}', "created_at": NOW}
    platform.events = [quiet, pushed, {**event, "created_at": YESTERDAY}]
    asked(runner, "edited", platform="codeberg")
    assert since(runner) == YESTERDAY.partition("T")[0]
    assert any(asking.endswith("issues/7/timeline") for asking in platform.asked)


def test_a7_the_heads_are_given_in_the_order_in_which_they_became_it(
    runner: Runner, platform: Platform
) -> None:
    first, second = "1" * 40, "2" * 40
    platform.commits = [first, second, platform.head]
    platform.proposed(platform.head, LONG_AGO, ANA)
    platform.proposed(second, LONG_AGO, ANA)
    platform.proposed(first, YESTERDAY, ANA)
    asked(runner)
    told = [each.rpartition("@")[2] for each in given(runner, "--opened-at")]
    assert told == [second, first, platform.head]


@pytest.mark.parametrize(("field", "value"), [("draft", True), ("state", "closed")])
def test_a7_no_notice_runs_for_a_draft_or_while_it_is_closed(
    runner: Runner, platform: Platform, field: str, value: object
) -> None:
    platform.proposed(platform.head, LONG_AGO, ANA)
    setattr(platform, field, value)
    asked(runner, "converted_to_draft")
    assert since(runner) == TODAY


def test_a7_that_a_draft_gets_no_notice_is_told(
    pr: Proposal, runner: Runner, platform: Platform
) -> None:
    published(pr.root, runner.folder)
    platform.draft = True
    platform.proposed(platform.head, LONG_AGO, ANA)
    platform.approve("eve")
    ended = runner.run()
    assert ended.answer == "not yet"
    assert "This is a draft: notice begins when it is ready for review." in ended.summary


# A12: reopening is nobody's agreement.


@pytest.mark.parametrize("action", ["reopened", "ready_for_review", "edited", "labeled", ""])
def test_a12_only_who_puts_a_commit_there_agrees_to_it(
    runner: Runner, platform: Platform, action: str
) -> None:
    """Somebody closed it, pushed into Ana's branch, and Ana opened it again."""
    inputs = {} if action else {"pull-request": "7"}
    asked(runner, action, ANA, **inputs)
    assert given(runner, "--opened-by") == []
    assert platform.said_of(platform.head) == ["by account unknown"]


def test_a12_what_another_one_pushed_is_not_agreed_to_by_reopening(
    runner: Runner, platform: Platform
) -> None:
    asked(runner, "synchronize", EVE)
    asked(runner, "reopened", ANA)
    assert given(runner, "--opened-by") == []
    assert platform.said_of(platform.head) == [f"by account {EVE}"]


def test_a12_an_event_about_another_commit_or_pull_request_is_no_evidence(
    runner: Runner, platform: Platform
) -> None:
    head = platform.head
    for field, value in (("head", "1" * 40), ("number", 9)):
        was = getattr(platform, field)
        setattr(platform, field, value)
        runner.event = platform.event("opened", int(ANA))
        setattr(platform, field, was)
        (runner.folder / "temp/ocs").mkdir(parents=True, exist_ok=True)
        (runner.folder / "event.json").write_text(json.dumps(runner.event))
        runner.inputs["pull-request"] = "7"
        assert runner.step(steps()[1], runner.folder / "temp").returncode == 0
        assert platform.said_of(head) == ["by account unknown"]
        assert given(runner, "--opened-by") == []


def test_a20_an_unknown_account_is_known_by_later_evidence(
    runner: Runner, platform: Platform
) -> None:
    """The daily job saw the commit before the one that the push started."""
    asked(runner, "", **{"pull-request": "7"})
    assert given(runner, "--opened-by") == []
    asked(runner, "synchronize", ANA, **{"pull-request": ""})
    assert given(runner, "--opened-by") == [f"{ANA}@{platform.head}"]
    assert platform.said_of(platform.head) == ["by account unknown", f"by account {ANA}"]
    asked(runner, "synchronize", ANA)
    assert len(platform.said_of(platform.head)) == 2


def test_a20_the_opener_agrees_by_a_comment_that_names_the_commit(
    runner: Runner, platform: Platform
) -> None:
    asked(runner, "reopened", ANA)
    platform.approve(
        "ana", state="COMMENTED", body=f"Yes.\r\nocs review --as ana {platform.head}\r\n"
    )
    asked(runner, "reopened", ANA)
    assert given(runner, "--reviewed-by") == [f"{ANA}@{platform.head}"]


# What a gatekeeper writes into a review.


@pytest.mark.parametrize("state", ["APPROVED", "COMMENTED", "COMMENT"])
def test_the_word_of_a_gatekeeper_is_taken_from_a_review(
    runner: Runner, platform: Platform, state: str
) -> None:
    line = f"ocs review --as amara {platform.head}"
    platform.approve("amara", state=state, body=f"I asked both.\n`{line}`\n")
    platform.approve("joost", state=state, body=f"> {line}\nNo: `{line}` is wrong")
    platform.approve("mirela", state="PENDING", body=line)
    platform.approve("cy", state=state, body=line.replace(platform.head, platform.head[:12]))
    platform.approve("bo", state=state, body=line)
    platform.approve("bo", state="CHANGES_REQUESTED")
    asked(runner)
    assert given(runner, "--weighed-by") == [f"{ACCOUNTS['amara']}@{platform.head}"]
    agreed = given(runner, "--reviewed-by")
    assert (f"{ACCOUNTS['amara']}@{platform.head}" in agreed) is (state == "APPROVED")
    assert f"{ACCOUNTS['bo']}@{platform.head}" not in agreed


@pytest.mark.parametrize("id", [10137, 0, -1, None])
def test_a20_nobodys_account_agrees_to_nothing(
    runner: Runner, platform: Platform, id: int | None
) -> None:
    body = f"ocs review --as ghost {platform.head}"
    review = {"id": 1, "state": "APPROVED", "commit_id": platform.head, "body": body}
    platform.reviews = [
        {**review, "user": {"login": "ghost", "id": id}},
        {**review, "user": None},
    ]
    asked(runner)
    assert given(runner, "--reviewed-by") == given(runner, "--weighed-by") == []


def test_cannot_tell_says_what_a_gatekeeper_runs_and_takes_the_word(
    pr: Proposal, runner: Runner, platform: Platform
) -> None:
    git(pr.root, "reset", "-q", "--hard", "main")
    pr.change(("people/ana.yaml", "github_id: 11", "github_id: 110"))
    platform.head, platform.commits = pr.head, [pr.head]
    published(pr.root, runner.folder)
    platform.approve("joost")
    ended = runner.run()
    assert ended.answer == "cannot tell"
    assert platform.verdict()["state"] == "pending"
    assert (
        "a gatekeeper must confirm what the platform reports"
        in platform.verdict()["description"]
    )
    assert "ocs review --as ME" in platform.verdict()["description"]
    body = platform.comments[0]["body"]
    assert (
        f"    git fetch origin refs/pull/7/head\n    ocs review origin/main..{pr.head} "
        in body
    )
    assert body.partition("    ocs review")[2].partition("\n")[0].endswith(" --as ME")
    platform.approve("joost", body=f"ocs review --as joost {pr.head}")
    ended = runner.run()
    assert ended.answer == "allowed"
    assert platform.verdict()["state"] == "success"
    assert "joost confirmed what the platform reports" in ended.summary


def test_a_hostile_name_of_a_branch_is_quoted_in_what_a_gatekeeper_runs(
    runner: Runner, platform: Platform, tmp_path: Path
) -> None:
    import runpy

    from tests.conftest import ROOT

    module = runpy.run_path(str(ROOT / ".ci/pull_request.py"))
    platform.base = "main$(touch${IFS}x)`y`;z"
    asked(runner)
    said = module["_weighing"](runner.folder / "temp/ocs")
    assert "'origin/main$(touch${IFS}x)`y`;z.." in said


# A20: older jobs, newer verdicts.


def test_a20_the_comment_names_the_commit(
    pr: Proposal, runner: Runner, platform: Platform
) -> None:
    published(pr.root, runner.folder)
    runner.run()
    assert f"*This is about commit {pr.head}.*" in platform.comments[0]["body"]
    assert pr.head[:12] in platform.comments[0]["body"].partition("into")[0]


@pytest.mark.parametrize("change", ["head", "base", "comment"])
def test_a20_an_older_job_writes_over_nothing_newer(
    pr: Proposal, runner: Runner, platform: Platform, change: str
) -> None:
    """Between the steps of one job another one judges a newer state."""
    published(pr.root, runner.folder)
    runner.run()
    before = platform.comments[0]["body"]
    statuses = len(platform.statuses[pr.head])
    if change == "head":
        platform.head = "2" * 40
    elif change == "base":
        platform.base = "other"
    else:
        newer = (datetime.now(UTC) + timedelta(minutes=1)).isoformat(timespec="microseconds")
        old = before.split("read at ")[1].partition(" ")[0]
        platform.comments[0]["body"] = before = before.replace(old, newer)
    work = runner.folder / "temp/ocs"
    (work / "verdict").write_text("**allowed: everybody who must agree has agreed**\n")
    (work / "answer").write_text('{"answer": "allowed"}')
    done = runner.step(steps()[-1], runner.folder / "temp")
    assert "another job tells the verdict on a newer state" in done.stdout
    assert platform.comments[0]["body"] == before
    assert len(platform.statuses[pr.head]) == statuses


@pytest.mark.parametrize("login", ["gitea-actions", "forgejo-actions", "github-actions"])
def test_a_strangers_account_with_the_name_of_another_platforms_job_says_nothing(
    login: str, runner: Runner, platform: Platform, pr: Proposal
) -> None:
    """On GitHub anybody may be called so: the comment would keep ocs from telling a verdict."""
    body = "<!-- ocs: what this changes, and who must agree -->\n"
    body += "<!-- ocs: read at 2999-01-01T00:00:00+00:00 -->\n**allowed**"
    stranger = {"login": login, "id": 66, "type": "User"}
    platform.comments.append({"id": 400, "user": stranger, "body": body})
    platform.statuses[platform.head] = [
        {
            "state": "success",
            "context": "ocs: proposed #7",
            "description": f"by account {EVE}",
            "created_at": LONG_AGO,
            "creator": creator,
        }
        for creator in (stranger, None, {})
    ]
    published(pr.root, runner.folder)
    runner.run()
    assert platform.verdict()["description"].startswith("refused for now")
    assert platform.comments[0]["body"] == body
    assert "until" in platform.comments[1]["body"]
    assert since(runner) == TODAY


@pytest.mark.parametrize(
    "reviews",
    [
        [{"id": 1, "user": "ana", "state": "APPROVED", "commit_id": "0" * 40}],
        [["id", 1]],
        [{"id": "one", "user": None, "state": "APPROVED"}],
        ["APPROVED"],
    ],
)
def test_a_platform_that_answers_otherwise_ends_in_a_sentence(
    reviews: list[object], runner: Runner, platform: Platform
) -> None:
    platform.reviews = reviews  # type: ignore[assignment]
    ended = runner.run()
    assert "Traceback" not in ended.log
    assert "the platform answers otherwise than expected" in ended.log
    assert not ended.passed
    assert platform.verdict()["state"] == "failure"
