"""A1: agreement is to a proposal. Each case is a history of real commits.

`pr` is the branch under review. An agreement counts only for what its commit adds and takes.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from ocs.adapters.git.objects import Objects
from ocs.model.review import Outcome, Review
from ocs.rules.records.schema import Schemas
from ocs.tasks.review.review import Given, review
from tests.proposing import ACCOUNTS, LONG_AGO, TODAY, Proposal, git, missing, proposal

RIVER, WORKFLOW = "communities/river.yaml", ".github/workflows/x.yml"
HANDOVER = (RIVER, "person: ana", "person: eve")
BACK = (RIVER, "person: eve", "person: ana")
OTHER_PEER = (RIVER, "resources:\n", "  - {person: cy, role: peer}\nresources:\n")
NOBODY_MISSING: list[str] = []


@pytest.fixture
def pr(tmp_path: Path, schemas: Schemas) -> Proposal:
    return proposal(tmp_path / "registry", schemas)


def on(pr: Proposal, branch: str, *edits: tuple[str, str, str]) -> str:
    """Commit edits on a branch; gives the commit."""
    git(pr.root, "checkout", "-q", branch)
    pr.change(*edits)
    return git(pr.root, "rev-parse", "HEAD")


def merge(pr: Proposal, into: str, other: str, *options: str) -> str:
    git(pr.root, "checkout", "-q", into)
    git(pr.root, "merge", "-q", "--no-edit", "--no-ff", *options, other)
    return git(pr.root, "rev-parse", "HEAD")


def squash(pr: Proposal, into: str, other: str) -> None:
    git(pr.root, "checkout", "-q", into)
    git(pr.root, "merge", "-q", "--squash", other)
    git(pr.root, "commit", "-q", "-m", "squashed")


def resolved(pr: Proposal, other: str, text: str, path: str = RIVER) -> str:
    """Merge into `pr`, taking all of the other side, and then write this text."""
    git(pr.root, "checkout", "-q", "pr")
    git(pr.root, "merge", "-q", "--no-commit", "--no-ff", "-s", "ours", other)
    git(pr.root, "read-tree", "--reset", "-u", other)
    git(pr.root, "commit", "-q", "--allow-empty", "-m", "merged")
    (pr.root / path).parent.mkdir(parents=True, exist_ok=True)
    (pr.root / path).write_text(text)
    pr.commit()
    return git(pr.root, "rev-parse", "HEAD")


def agreed_at(pr: Proposal, commit: str, *by: str) -> Review:
    """The verdict where these people reviewed a commit, ana opened with it, and notice ran."""
    reviews = tuple((ACCOUNTS[who], commit) for who in by or tuple(ACCOUNTS))
    given = Given("github", reviews, ACCOUNTS["ana"], None, commit, ((LONG_AGO, commit),))
    with Objects(pr.root) as objects:
        return review("main", "pr", given, TODAY, objects=objects, schemas=pr.schemas)


def text(pr: Proposal, revision: str, path: str = RIVER) -> str:
    return git(pr.root, "show", f"{revision}:{path}") + "\n"


def test_a1_an_old_agreement_does_not_undo_what_was_decided_since(pr: Proposal) -> None:
    """Ana corrects a title, and all agree. She is replaced, and restores the old file."""
    seen = on(pr, "pr", (RIVER, "title: Chair", "title: Head"))
    old = text(pr, "pr")
    on(pr, "main", HANDOVER)
    resolved(pr, "main", old)
    found = agreed_at(pr, seen)
    assert found.answer is Outcome.NOT_YET
    assert "eve (outgoing owner)" in missing(found)
    assert found.verdicts[0].notice is not None
    assert found.verdicts[0].notice.until is None
    assert all("communities/river" in ignored for ignored in found.ignored)
    assert agreed_at(pr, git(pr.root, "rev-parse", "pr")).answer is Outcome.ALLOWED


def test_a1_for_a_file_that_is_no_record_too(pr: Proposal) -> None:
    git(pr.root, "checkout", "-q", "main")
    pr.change((WORKFLOW, "", "old"), (".gitattributes", "", "x"))
    git(pr.root, "branch", "-f", "pr")
    seen = on(pr, "pr", (RIVER, "title: Chair", "title: Head"))
    on(pr, "main", (WORKFLOW, "old", "new"))
    resolved(pr, "main", "old", WORKFLOW)
    assert "2 gatekeepers" in str(missing(agreed_at(pr, seen)))


def test_a1_the_agreement_to_a_proposal_is_over_once_it_was_carried_out_and_undone(
    pr: Proposal,
) -> None:
    """Squash-merged, then removed: the old commit still adds it, compared with where it left."""
    seen = on(pr, "pr", HANDOVER)
    squash(pr, "main", "pr")
    on(pr, "main", BACK)
    for _ in range(2):
        found = agreed_at(pr, seen)
        assert "ana (outgoing owner)" in missing(found)
        assert "what it proposes for communities/river was taken back" in found.ignored[0]
        resolved(pr, "main", text(pr, seen))


def test_a1_the_same_after_rebasing_and_after_two_more_commits(pr: Proposal) -> None:
    seen = on(pr, "pr", HANDOVER)
    git(pr.root, "checkout", "-q", "main")
    git(pr.root, "cherry-pick", "--allow-empty", "pr")
    on(pr, "main", (RIVER, "title: Chair", "title: Head"))
    on(pr, "main", BACK)
    on(pr, "main", (RIVER, "notice: 14 days", "notice: 21 days"))
    resolved(pr, "main", text(pr, "main").replace("person: ana", "person: eve"))
    assert "ana (outgoing owner)" in missing(agreed_at(pr, seen))


def test_a1_a_removal_that_was_carried_out_and_undone_is_agreed_to_anew(pr: Proposal) -> None:
    bo = "  - {person: bo, role: peer, since: 2024-06-10, speaks_for: [hosting]}\n"
    seen = on(pr, "pr", (RIVER, bo, ""))
    squash(pr, "main", "pr")
    on(pr, "main", (RIVER, "resources:\n", f"{bo}resources:\n"))
    resolved(pr, "main", text(pr, "main").replace(bo, ""))
    assert missing(agreed_at(pr, seen)) != NOBODY_MISSING
    assert "was taken back since" in str(agreed_at(pr, seen).ignored)


@pytest.mark.parametrize("first", ["main", "side"])
def test_a1_it_does_not_matter_in_which_order_a_merge_names_its_parents(
    pr: Proposal, first: str
) -> None:
    """Merged into a side branch, and that pushed as `main`: what was undone lies aside."""
    seen = on(pr, "pr", HANDOVER)
    git(pr.root, "branch", "-q", "side", "main")
    on(pr, "side", ("README.md", "", "x"))
    squash(pr, "main", "pr")
    on(pr, "main", BACK)
    merge(pr, first, "side" if first == "main" else "main")
    git(pr.root, "branch", "-f", "after")
    git(pr.root, "checkout", "-q", "pr")
    git(pr.root, "branch", "-f", "main", "after")
    resolved(pr, "main", text(pr, "main").replace("person: ana", "person: eve"))
    assert "ana (outgoing owner)" in missing(agreed_at(pr, seen))


@pytest.mark.parametrize("first", ["main", "side"])
def test_a1_what_a_merge_itself_took_back_counts(pr: Proposal, first: str) -> None:
    """The merge commit drops what one of its parents says."""
    seen = on(pr, "pr", HANDOVER)
    git(pr.root, "branch", "-q", "side", "main")
    on(pr, "side", ("README.md", "", "x"))
    squash(pr, "main", "pr")
    other = "side" if first == "main" else "main"
    git(pr.root, "checkout", "-q", first)
    git(pr.root, "merge", "-q", "--no-commit", "--no-ff", other)
    git(pr.root, "checkout", "side", "--", RIVER)
    git(pr.root, "commit", "-q", "-m", "merged")
    git(pr.root, "branch", "-f", "after")
    git(pr.root, "checkout", "-q", "pr")
    git(pr.root, "branch", "-f", "main", "after")
    assert "person: ana" in text(pr, "main")
    resolved(pr, "main", text(pr, "main").replace("person: ana", "person: eve"))
    assert "ana (outgoing owner)" in missing(agreed_at(pr, seen))


def test_a_peer_who_arrives_meanwhile_does_not_end_an_agreement(pr: Proposal) -> None:
    seen = on(pr, "pr", HANDOVER)
    on(pr, "main", OTHER_PEER, (RIVER, "title: Chair", "title: Head"))
    resolved(pr, "main", text(pr, "main").replace("person: ana", "person: eve"))
    found = agreed_at(pr, seen)
    assert (missing(found), found.answer) == (NOBODY_MISSING, Outcome.ALLOWED)
    assert found.verdicts[0].notice is not None
    assert found.verdicts[0].notice.is_over


def test_an_agreement_does_not_cover_what_comes_along_with_a_merge(pr: Proposal) -> None:
    seen = on(pr, "pr", HANDOVER)
    on(pr, "main", OTHER_PEER)
    after = text(pr, "main").replace("person: ana", "person: eve")
    resolved(pr, "main", after.replace("person: cy, role: peer", "person: cy, role: owner"))
    assert "ana (outgoing owner)" in missing(agreed_at(pr, seen))


def test_a_part_of_a_proposal_that_was_merged_meanwhile_is_no_obstacle(pr: Proposal) -> None:
    seen = on(pr, "pr", HANDOVER, OTHER_PEER)
    on(pr, "main", OTHER_PEER)
    assert missing(agreed_at(pr, seen)) == NOBODY_MISSING


def test_criss_cross_merges_are_compared_with_each_place_where_they_parted(
    pr: Proposal,
) -> None:
    on(pr, "pr", ("README.md", "", "x"))
    start = git(pr.root, "rev-parse", "main")
    on(pr, "main", OTHER_PEER)
    ours = git(pr.root, "rev-parse", "main")
    merge(pr, "main", "pr")
    merge(pr, "pr", ours)
    seen = on(pr, "pr", HANDOVER)
    assert len(git(pr.root, "merge-base", "--all", "main", "pr").split()) == 2
    assert missing(agreed_at(pr, seen)) == NOBODY_MISSING
    # What one of the two places does not have, the commit would add as well.
    on(pr, "main", (RIVER, "  - {person: cy, role: peer}\n", ""))
    on(
        pr,
        "main",
        (RIVER, "  - {person: bo,", "  - {person: amara, role: peer}\n  - {person: bo,"),
    )
    assert start
    resolved(pr, "main", text(pr, seen))
    assert "ana (outgoing owner)" in missing(agreed_at(pr, seen))


def test_an_old_branch_that_is_merged_meanwhile_takes_nothing_back(pr: Proposal) -> None:
    """It still says what was changed before the proposal; merging it undoes nothing."""
    git(pr.root, "branch", "-q", "old", "main")
    on(pr, "old", ("README.md", "", "x"))
    on(pr, "main", (RIVER, "notice: 14 days", "notice: 21 days"))
    git(pr.root, "branch", "-f", "pr", "main")
    seen = on(pr, "pr", (RIVER, "notice: 21 days", "notice: 14 days"))
    merge(pr, "main", "old")
    assert missing(agreed_at(pr, seen)) == NOBODY_MISSING
    # Another one removes what the proposal takes away, and puts it back: then it is asked anew.
    on(pr, "main", (RIVER, "notice: 21 days", "notice: 28 days"))
    on(pr, "main", (RIVER, "notice: 28 days", "notice: 21 days"))
    assert missing(agreed_at(pr, seen)) != NOBODY_MISSING


def test_a_branch_that_was_merged_proposes_nothing_more(pr: Proposal) -> None:
    seen = on(pr, "pr", HANDOVER)
    merge(pr, "main", "pr")
    on(pr, "main", BACK)
    git(pr.root, "branch", "-f", "pr", "main")
    on(pr, "pr", HANDOVER)
    found = agreed_at(pr, seen)
    assert "ana (outgoing owner)" in missing(found)
    assert "which does not propose communities/river" in found.ignored[0]


def test_a_record_that_is_new_and_one_with_another_id_are_proposals(pr: Proposal) -> None:
    new = (
        "communities/brook.yaml",
        "",
        "name: Brook\nstatus: active\nleads: [{person: bo, role: owner}]\n",
    )
    git(pr.root, "mv", "communities/lake.yaml", "communities/sea.yaml")
    seen = on(
        pr, "pr", new, ("communities/sea.yaml", "name: Lake", "name: Sea\nformerly: [lake]")
    )
    on(pr, "main", ("README.md", "", "x"))
    assert missing(agreed_at(pr, seen)) == NOBODY_MISSING
    elsewhere = on(pr, "main", ("README.md", "x", "y"))
    assert missing(agreed_at(pr, elsewhere)) != NOBODY_MISSING


def test_a_file_is_agreed_to_as_a_whole(pr: Proposal) -> None:
    seen = on(pr, "pr", (WORKFLOW, "", "on: push\n"))
    assert missing(agreed_at(pr, seen)) == NOBODY_MISSING
    on(pr, "main", (WORKFLOW, "", "on: push\n"))
    git(pr.root, "rm", "-q", WORKFLOW)
    pr.commit()
    resolved(pr, "main", "on: push\n", WORKFLOW)
    assert missing(agreed_at(pr, seen)) != NOBODY_MISSING


def test_a_record_that_cannot_be_read_at_a_commit_is_compared_as_a_whole(pr: Proposal) -> None:
    broken = on(pr, "pr", (RIVER, text(pr, "main"), "name: [\n"))
    on(pr, "pr", (RIVER, "name: [\n", text(pr, "main").replace("person: ana", "person: eve")))
    assert "ana (outgoing owner)" in missing(agreed_at(pr, broken))


def test_in_a_shallow_clone_no_commit_is_agreed_to(pr: Proposal, tmp_path: Path) -> None:
    """The base may have taken it back in a commit that is not there."""
    seen = on(pr, "pr", HANDOVER)
    on(pr, "main", ("README.md", "", "x"))
    whole = missing(agreed_at(pr, seen))
    (pr.root / ".git" / "shallow").write_text(git(pr.root, "rev-parse", "main~") + "\n")
    found = agreed_at(pr, seen)
    assert whole == NOBODY_MISSING != missing(found)
    assert "this clone lacks the history since then" in found.ignored[0]


@pytest.mark.parametrize("below", ["", "our/registry"])
def test_notice_runs_on_while_other_facts_move(
    tmp_path: Path, schemas: Schemas, below: str
) -> None:
    from tests.proposing import REGISTRY

    prefix = f"{below}/" if below else ""
    pr = proposal(
        tmp_path / "x", schemas, ("\n" + REGISTRY).replace("\n== ", f"\n== {prefix}")
    )

    def there(*edits: tuple[str, str, str]) -> list[tuple[str, str, str]]:
        return [(prefix + path, old, new) for path, old, new in edits]

    first = on(pr, "pr", *there(HANDOVER))
    on(pr, "main", *there(OTHER_PEER))
    second = merge(pr, "pr", "main")
    given = Given(
        "github", (), None, None, None, ((date(2026, 11, 1), first), (TODAY, second))
    )
    with Objects(pr.root / below) as objects:
        found = review("main", "pr", given, TODAY, objects=objects, schemas=pr.schemas)
    (verdict,) = found.verdicts
    assert verdict.notice is not None
    assert verdict.notice.until == date(2026, 11, 15)


def test_what_happened_since_is_asked_once_for_each_commit(
    pr: Proposal, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    steps = Objects.steps_since

    def counted(self: Objects, old: str, *rest: str) -> object:
        asked.append(old)
        return steps(self, old, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(Objects, "steps_since", counted)
    seen = on(pr, "pr", HANDOVER, ("communities/evil.yaml", "person: eve", "person: cy"))
    agreed_at(pr, seen)
    assert asked == [seen] * 2


def test_a7_notice_does_not_run_while_something_else_stands_there(pr: Proposal) -> None:
    """A handover is proposed, hidden under a correction for a month, and comes back."""
    shown = on(pr, "pr", HANDOVER)
    hidden = on(pr, "pr", BACK, (RIVER, "title: Chair", "title: Head"))
    again = on(pr, "pr", HANDOVER, (RIVER, "title: Head", "title: Chair"))
    early = ((LONG_AGO, shown), (LONG_AGO, hidden))

    def until(*heads: tuple[date, str]) -> date | None:
        given = Given("github", (), None, LONG_AGO, None, heads)
        with Objects(pr.root) as objects:
            found = review("main", "pr", given, TODAY, objects=objects, schemas=pr.schemas)
        assert found.verdicts[0].notice is not None
        return found.verdicts[0].notice.until

    assert until((LONG_AGO, shown), (TODAY, again)) == date(2026, 1, 15)
    assert until(*early, (TODAY, again)) == date(2026, 12, 4)
    assert until((TODAY, again), *early) == date(2026, 12, 4)
    assert until(*early) is None
