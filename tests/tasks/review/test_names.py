"""A2: what a stranger fetches along with a branch does not become the base of a review."""

from __future__ import annotations

from pathlib import Path

import pytest

from ocs.errors import OcsError
from ocs.model.review import Outcome
from ocs.rules.records.schema import Schemas
from tests.proposing import Proposal, codes, git, missing, ocs, proposal, said

RIVER = "communities/river.yaml"


@pytest.fixture
def pr(tmp_path: Path, schemas: Schemas) -> Proposal:
    """The branch `pr` corrects a title. In the tag `main` of its author, eve owns everything."""
    pr = proposal(tmp_path / "registry", schemas)
    pr.change((RIVER, "person: ana", "person: eve"))
    git(pr.root, "tag", "main")
    pr.change((RIVER, "title: Chair", "title: Head"))
    return pr


def test_a2_a_tag_named_like_the_base_is_not_the_base(pr: Proposal) -> None:
    review = pr.review("eve", opened_by="eve")
    assert review.answer is Outcome.NOT_YET
    assert "ana (outgoing owner)" in missing(review)
    assert review.base == git(pr.root, "rev-parse", "refs/heads/main")
    assert review.branches == ("main", "pr")


def test_a2_a_tag_named_like_the_base_does_not_fool_validate(pr: Proposal) -> None:
    git(pr.root, "checkout", "-q", "--detach", "main")
    (pr.root / RIVER).write_text(
        (pr.root / RIVER).read_text().replace("name: River", "nme: R")
    )
    pr.commit()
    git(pr.root, "tag", "-f", "main")
    git(pr.root, "branch", "-f", "pr")
    for since in ("main", "refs/heads/main"):
        for tree in ((), ("--tree", "pr")):
            ended = ocs(pr.root, "validate", "--since", since, *tree)
            assert "there is no field 'nme' here" in ended.stdout, (since, tree)


def test_a2_a_base_that_the_upstream_has_left_behind_is_not_judged_by(pr: Proposal) -> None:
    """Ana handed over to bo on the server; the clone's own `main` does not have that yet."""
    git(pr.root, "checkout", "-q", "-b", "server", "refs/heads/main")
    pr.change((RIVER, "person: bo, role: peer", "person: bo, role: owner"))
    git(pr.root, "update-ref", "refs/remotes/origin/main", "server")
    git(pr.root, "config", "remote.origin.fetch", "+refs/heads/*:refs/remotes/origin/*")
    git(pr.root, "config", "branch.main.remote", "origin")
    git(pr.root, "config", "branch.main.merge", "refs/heads/main")
    review = pr.review("eve", "ana", opened_by="eve")
    assert review.branches == ("origin/main", "pr")
    assert review.base == git(pr.root, "rev-parse", "server")
    git(pr.root, "checkout", "-q", "refs/heads/main")
    git(pr.root, "checkout", "-q", "-B", "main")
    pr.change((RIVER, "title: Chair", "title: Speaker"))
    with pytest.raises(OcsError, match="main and origin/main have diverged"):
        pr.review("eve")


def test_a2_a_branch_named_like_a_commit_is_not_that_commit(pr: Proposal) -> None:
    whole = git(pr.root, "rev-parse", "refs/heads/main")
    git(pr.root, "update-ref", f"refs/remotes/{whole}", "pr")
    ended = ocs(pr.root, "review", f"{whole}..pr")
    assert ended.returncode == 2
    assert "is ambiguous here" in ended.stderr


def test_the_commits_that_were_judged_are_named(pr: Proposal) -> None:
    base, head = (git(pr.root, "rev-parse", f"refs/heads/{name}") for name in ("main", "pr"))
    named = f"merging {head[:12]} (pr) into {base[:12]} (main)"
    for form in ("text", "markdown", "github"):
        ended = ocs(pr.root, "review", "main..pr", "--format", form)
        assert named in ended.stdout, form
    ended = ocs(pr.root, "review", "main..pr", "--json")
    assert f'"head": "{head}"' in ended.stdout
    assert '"base_branch": "main"' in ended.stdout
    ended = ocs(pr.root, "review", f"main..{head}")
    assert f"merging {head[:12]} into {base[:12]} (main)" in ended.stdout
    assert said(pr.review())
    assert codes(pr.review()) == set()
