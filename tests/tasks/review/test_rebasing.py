"""A17: a branch that lands otherwise when it is rebased than when it is merged is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from ocs.adapters.git import rebasing
from ocs.errors import OcsError
from ocs.rules.records.schema import Schemas
from tests.proposing import Proposal, codes, git, proposal, refused, said

RIVER, WATERS = "communities/river.yaml", "communities/waters.yaml"
EVIL = (RIVER, "person: ana", "person: eve")
UNDONE = (RIVER, "person: eve", "person: ana")


@pytest.fixture
def pr(tmp_path: Path, schemas: Schemas) -> Proposal:
    return proposal(tmp_path / "registry", schemas)


def on(pr: Proposal, branch: str, *edits: tuple[str, str, str]) -> str:
    git(pr.root, "checkout", "-q", branch)
    pr.change(*edits)
    return git(pr.root, "rev-parse", "HEAD")


def merged(pr: Proposal, other: str, *edits: tuple[str, str, str]) -> None:
    """A merge into `pr` that makes these edits itself."""
    git(pr.root, "checkout", "-q", "pr")
    git(pr.root, "merge", "-q", "--no-commit", "--no-ff", other)
    pr.change(*edits)


def test_a17_a_commit_that_the_branchs_merge_undoes(pr: Proposal) -> None:
    on(pr, "pr", EVIL)
    on(pr, "main", (WATERS, "name: Waters", "name: The waters"))
    merged(pr, "main", UNDONE)
    review = pr.review()
    assert codes(review) == {"rebase-differs"}
    assert "would land other content in communities/river.yaml than merging it" in refused(
        review
    )
    git(pr.root, "rebase", "-q", "main")
    assert "rebase-differs" not in codes(pr.review())
    assert said(pr.review())[0] == "owner handover: ana → eve"


def test_a17_the_same_without_a_new_base(pr: Proposal) -> None:
    git(pr.root, "branch", "-q", "side", "main")
    on(pr, "pr", EVIL)
    on(pr, "side", ("README.md", "", "x"))
    merged(pr, "side", UNDONE)
    assert codes(pr.review()) == {"rebase-differs"}


def test_a17_a_file_that_is_no_record_and_comes_in_another_branch_alone(pr: Proposal) -> None:
    git(pr.root, "branch", "-q", "side", "main")
    on(pr, "side", (".github/workflows/evil.yml", "", "on: push\n"))
    git(pr.root, "checkout", "-q", "pr")
    git(pr.root, "merge", "-q", "--no-edit", "--no-ff", "-s", "ours", "side")
    assert codes(pr.review()) == {"rebase-differs"}
    assert ".github/workflows/evil.yml" in refused(pr.review())


def test_a17_a_commit_of_which_the_base_had_the_same_change(pr: Proposal) -> None:
    """Rebasing leaves it out: ana would go, and cy not come."""
    cy = (RIVER, "resources:\n", "  - {person: cy, role: owner}\nresources:\n")
    ana = "  - person: ana\n    role: owner\n    title: Chair\n    since: 2025-03-01\n"
    on(pr, "pr", cy)
    on(pr, "pr", (RIVER, ana, ""))
    on(pr, "main", ("README.md", "", "x"))
    on(pr, "main", cy)
    git(pr.root, "revert", "--no-edit", "HEAD")
    review = pr.review()
    assert "rebase-differs" in codes(review)


def test_a_branch_that_merged_its_base_is_judged(pr: Proposal) -> None:
    on(pr, "pr", (RIVER, "title: Chair", "title: Head"))
    on(pr, "main", (WATERS, "name: Waters", "name: The waters"))
    merged(pr, "main")
    on(pr, "pr", (RIVER, "title: Head", "title: Speaker"))
    on(pr, "main", ("README.md", "", "x"))
    assert codes(pr.review()) == set()
    assert said(pr.review()) == ["title of ana: Chair → Speaker"]


def test_a_branch_that_cannot_be_rebased_is_judged_as_it_is_merged(pr: Proposal) -> None:
    on(pr, "pr", (RIVER, "title: Chair", "title: Head"))
    on(pr, "main", (RIVER, "title: Chair", "title: Speaker"))
    git(pr.root, "checkout", "-q", "pr")
    git(pr.root, "merge", "-q", "--no-edit", "--no-ff", "-s", "ours", "main")
    assert codes(pr.review()) == set()
    assert said(pr.review()) == ["title of ana: Speaker → Head"]


def test_commits_that_undo_each_other_land_as_they_are_merged(pr: Proposal) -> None:
    on(pr, "pr", EVIL)
    on(pr, "pr", UNDONE)
    on(pr, "main", (WATERS, "name: Waters", "name: The waters"))
    assert codes(pr.review()) == set()
    assert said(pr.review()) == []


def test_a_history_of_its_own_within_the_branch_is_rebased_too(pr: Proposal) -> None:
    git(pr.root, "checkout", "-q", "--orphan", "alone")
    git(pr.root, "rm", "-rfq", ".")
    pr.change(("README.md", "", "x"))
    git(pr.root, "checkout", "-q", "pr")
    git(pr.root, "merge", "-q", "--no-edit", "--allow-unrelated-histories", "alone")
    on(pr, "main", (WATERS, "name: Waters", "name: The waters"))
    assert codes(pr.review()) == set()
    git(pr.root, "checkout", "-q", "pr")
    git(pr.root, "rm", "-q", "README.md")
    git(pr.root, "commit", "-q", "--amend", "--no-edit")
    assert codes(pr.review()) == {"rebase-differs"}


def test_a_branch_that_is_too_long_to_tell_is_refused(
    pr: Proposal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rebasing, "MOST_COMMITS", 2)
    for title in ("a", "b"):
        on(pr, "pr", ("README.md", "", title))
    pr.review()
    on(pr, "pr", ("README.md", "", "c"))
    with pytest.raises(OcsError, match="more than 2 commits"):
        pr.review()


def test_rebasing_that_takes_too_long_is_refused(
    pr: Proposal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rebasing, "_LONGEST_SECONDS", 0.0)
    on(pr, "pr", EVIL)
    with pytest.raises(OcsError, match="cannot tell what rebasing the branch would land"):
        pr.review()


def test_nothing_but_objects_is_left_behind(pr: Proposal) -> None:
    on(pr, "pr", EVIL)
    on(pr, "main", (WATERS, "name: Waters", "name: The waters"))
    merged(pr, "main", UNDONE)
    git_folder = pr.root / ".git"
    before = {
        path: path.read_bytes()
        for path in git_folder.rglob("*")
        if path.is_file() and "objects" not in path.parts
    }
    pr.review()
    after = {
        path: path.read_bytes()
        for path in git_folder.rglob("*")
        if path.is_file() and "objects" not in path.parts
    }
    assert before == after
