"""Names are branches: which commit a name means, whatever a stranger's fetch brought along."""

from __future__ import annotations

from pathlib import Path

import pytest

from ocs.adapters.git.revisions import Revision, base, revision
from ocs.errors import OcsError
from tests.proposing import git


@pytest.fixture
def here(tmp_path: Path) -> Path:
    """`main` with two commits, and `other` with one more."""
    folder = tmp_path / "here"
    folder.mkdir()
    git(folder, "init", "-q", "-b", "main", ".")
    for words in ("one", "two"):
        commit(folder, words)
    git(folder, "branch", "other")
    git(folder, "checkout", "-q", "other")
    commit(folder, "three")
    return folder


def commit(folder: Path, words: str) -> str:
    git(folder, "commit", "-q", "--allow-empty", "-m", words)
    return git(folder, "rev-parse", "HEAD")


def at(folder: Path, name: str) -> str:
    return git(folder, "rev-parse", name)


def upstream(folder: Path, at: str) -> None:
    """A remote `origin` of which `main` is the upstream of ours, and lies at this commit."""
    git(folder, "config", "remote.origin.url", "nowhere")
    git(folder, "config", "remote.origin.fetch", "+refs/heads/*:refs/remotes/origin/*")
    git(folder, "config", "branch.main.remote", "origin")
    git(folder, "config", "branch.main.merge", "refs/heads/main")
    git(folder, "update-ref", "refs/remotes/origin/main", at)


def test_a_name_is_a_local_branch_then_a_remote_one_then_a_whole_id(here: Path) -> None:
    git(here, "update-ref", "refs/remotes/origin/main", at(here, "other"))
    assert revision(here, "main") == Revision(at(here, "main"), "refs/heads/main")
    remote = Revision(at(here, "other"), "refs/remotes/origin/main")
    assert revision(here, "origin/main") == remote
    assert remote.branch == "origin/main"
    assert revision(here, at(here, "main")) == Revision(at(here, "main"))
    assert revision(here, "HEAD") == revision(here, "@") == Revision(at(here, "other"), "HEAD")
    assert revision(here, "refs/heads/main").commit == at(here, "main")


@pytest.mark.parametrize("text", ["other~1", "other^", "other^1", "HEAD~", "other~0^"])
def test_parents_are_counted_from_a_name(here: Path, text: str) -> None:
    assert revision(here, text) == Revision(at(here, "main"))


@pytest.mark.parametrize("kind", ["tags", "notes", "stash", "replace", "original/refs/heads"])
def test_what_is_no_branch_does_not_stand_for_one(here: Path, kind: str) -> None:
    ours = at(here, "main")
    git(here, "update-ref", f"refs/{kind}/main", at(here, "other"))
    git(here, "update-ref", f"refs/{kind}/heads/main", at(here, "other"))
    (here / ".git" / "main").write_text(at(here, "other") + "\n")
    assert revision(here, "main").commit == ours != at(here, "main")
    with pytest.raises(OcsError, match="no revision 'heads/main'"):
        revision(here, "heads/main")


def test_a_tag_with_the_full_name_of_a_branch_is_not_that_branch(here: Path) -> None:
    git(here, "tag", "refs/heads/topic", "other")
    with pytest.raises(OcsError, match="no revision"):
        revision(here, "refs/heads/topic")


def test_a_tag_is_named_in_full(here: Path) -> None:
    git(here, "tag", "-a", "v1", "-m", "first", "main")
    with pytest.raises(OcsError, match="no revision 'v1'") as error:
        revision(here, "v1")
    assert error.value.hint == "a name means a branch; for the tag write refs/tags/v1"
    assert revision(here, "refs/tags/v1").commit == at(here, "main")


def test_an_abbreviated_id_is_no_name(here: Path) -> None:
    with pytest.raises(OcsError, match="no revision") as error:
        revision(here, at(here, "main")[:12])
    assert "write the whole commit id" in str(error.value.hint)


@pytest.mark.parametrize("prefix", ["refs/remotes/", "refs/heads/"])
def test_a_branch_named_like_another_thing_is_refused(here: Path, prefix: str) -> None:
    whole = at(here, "main")
    git(here, "update-ref", f"{prefix}{whole}", at(here, "other"))
    with pytest.raises(OcsError, match=f"ambiguous here: {prefix}{whole} and a commit"):
        revision(here, whole)
    git(here, "update-ref", f"{prefix}HEAD", at(here, "main"))
    with pytest.raises(OcsError, match=f"ambiguous here: {prefix}HEAD and HEAD"):
        revision(here, "HEAD")


def test_a_local_branch_named_like_a_remote_one_is_refused(here: Path) -> None:
    git(here, "update-ref", "refs/remotes/origin/main", at(here, "main"))
    git(here, "update-ref", "refs/heads/origin/main", at(here, "other"))
    with pytest.raises(OcsError, match="ambiguous"):
        revision(here, "origin/main")
    assert revision(here, "refs/heads/origin/main").commit == at(here, "other")


@pytest.mark.parametrize("text", [
    "", "-", "--all", "main:", "main:a", ":/two", "main^{tree}", "main@{0}", "main@{u}", "@{-1}",
    "^main", "main..other", "main other", "ma*", "m[a]in", "main\n", "main\0", "\udcff", "refs/heads",
    "refs/heads/", "heads/main", "main~9", "main~99999999", "f" * 40, "/main", "main/", "..",
])  # fmt: skip
def test_what_names_no_commit_is_told(here: Path, text: str) -> None:
    with pytest.raises(OcsError, match="git has no revision"):
        revision(here, text)


def test_nothing_is_checked_out_yet(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q", ".")
    with pytest.raises(OcsError, match="git has no revision 'HEAD'"):
        revision(tmp_path, "HEAD")


def test_the_base_is_the_newer_one_of_a_branch_and_its_upstream(here: Path) -> None:
    old, new = at(here, "main"), at(here, "other")
    upstream(here, new)
    assert base(here, "main") == Revision(new, "refs/remotes/origin/main")
    assert base(here, "refs/heads/main").commit == new
    assert revision(here, "main").commit == old
    upstream(here, at(here, "main~"))
    assert base(here, "main") == Revision(old, "refs/heads/main")
    git(here, "checkout", "-q", "main")
    upstream(here, new)
    assert base(here, "HEAD").commit == new
    assert base(here, old) == Revision(old)


def test_a_branch_that_diverged_from_its_upstream_is_no_base(here: Path) -> None:
    upstream(here, at(here, "other"))
    git(here, "checkout", "-q", "main")
    mine = commit(here, "mine")
    with pytest.raises(OcsError, match="main and origin/main have diverged") as error:
        base(here, "main")
    assert error.value.hint == "pull or push main first, or name the commit by its whole id"
    assert base(here, mine).commit == mine
    assert base(here, "origin/main").commit == at(here, "other")


def test_an_upstream_that_is_not_here_or_is_local_does_not_count(here: Path) -> None:
    upstream(here, at(here, "other"))
    git(here, "update-ref", "-d", "refs/remotes/origin/main")
    assert base(here, "main").commit == at(here, "main")
    git(here, "config", "branch.main.remote", ".")
    git(here, "config", "branch.main.merge", "refs/heads/other")
    assert base(here, "main").commit == at(here, "main")
