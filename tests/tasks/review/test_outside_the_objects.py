"""A15: nothing in `.git` beside the objects decides what a review says."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from ocs.model.review import Review
from ocs.rules.records.schema import Schemas
from tests.proposing import Proposal, git, proposal

RIVER = "communities/river.yaml"


def grafted(pr: Proposal) -> None:
    """The head is said to be a parent of the base: there would be nothing to merge."""
    base, head = (git(pr.root, "rev-parse", name) for name in ("main", "pr"))
    (pr.root / ".git/info").mkdir(exist_ok=True)
    (pr.root / ".git/info/grafts").write_text(f"{base} {head}\n")


def replaced(pr: Proposal) -> None:
    git(pr.root, "replace", "--graft", "main", "pr")


def union(pr: Proposal) -> None:
    for setting in ("merge.default union", "merge.renames false", "diff.algorithm patience"):
        git(pr.root, "config", *setting.split())
    (pr.root / ".git/info").mkdir(exist_ok=True)
    for place in (".gitattributes", ".git/info/attributes"):
        (pr.root / place).write_text("* merge=union\n")


def told(review: Review) -> object:
    return review.answer, review.verdicts, review.refusals, review.ignored


@pytest.mark.parametrize("trick", [grafted, replaced, union])
def test_a15_a_review_says_the_same(
    tmp_path: Path, schemas: Schemas, trick: Callable[[Proposal], None]
) -> None:
    pr = proposal(tmp_path / "registry", schemas)
    seen = pr.change((RIVER, "person: ana", "person: eve")).head
    pr.change(("README.md", "", "x"))
    git(pr.root, "checkout", "-q", "main")
    pr.change((RIVER, "notice: 14 days", "notice: 21 days"))
    before = told(pr.review("ana", "eve", "amara", at=seen))
    assert "eve" in str(before)
    trick(pr)
    assert told(pr.review("ana", "eve", "amara", at=seen)) == before
