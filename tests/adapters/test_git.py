"""Where a repository keeps what is its own, asked of real repositories."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from ocs.adapters.git import changes_since, private_folder, top_folder
from ocs.errors import OcsError


def git(*arguments: str, cwd: Path) -> None:
    identity = ["-c", "user.name=Ana", "-c", "user.email=ana@example.org", "-c", "protocol.file.allow=always"]
    subprocess.run(["git", *identity, *arguments], cwd=cwd, check=True, capture_output=True)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    path = tmp_path / "repository"
    (path / "registry").mkdir(parents=True)
    git("init", "-q", ".", cwd=path)
    git("commit", "-q", "--allow-empty", "-m", "begin", cwd=path)
    return path


def test_a_folder_belongs_to_the_repository_around_it(repository: Path) -> None:
    assert top_folder(repository / "registry") == repository
    assert private_folder(repository / "registry") == repository / ".git"


def test_a_worktree_has_a_folder_of_its_own(repository: Path) -> None:
    git("worktree", "add", "-q", "../other", cwd=repository)
    other = repository.parent / "other"
    assert top_folder(other) == other
    assert private_folder(other) == repository / ".git" / "worktrees" / "other"


def test_a_submodule_has_a_folder_of_its_own(repository: Path, tmp_path: Path) -> None:
    outer = tmp_path / "outer"
    outer.mkdir()
    git("init", "-q", ".", cwd=outer)
    git("submodule", "add", "-q", str(repository), "sub", cwd=outer)
    found = private_folder(outer / "sub")
    assert found is not None
    assert found.resolve() == (outer / ".git" / "modules" / "sub").resolve()


def test_outside_a_repository_there_is_none(tmp_path: Path) -> None:
    assert top_folder(tmp_path) is None
    assert private_folder(tmp_path) is None


@pytest.mark.parametrize("content", ["gitdir: /nowhere", "gitdir: \0", "", "\udcff"])
def test_a_git_file_that_leads_nowhere_is_none(tmp_path: Path, content: str) -> None:
    (tmp_path / ".git").write_text(content, errors="surrogateescape")
    assert private_folder(tmp_path) is None


@pytest.fixture
def branch(repository: Path) -> Path:
    """A registry in a folder of a repository, on a branch that changes, adds and deletes a file."""
    registry = repository / "registry"
    for name in ("kept", "edited", "deleted", "dirty", "not a slug ü"):
        (registry / name).write_text("before\n")
    git("add", ".", cwd=repository)
    git("commit", "-q", "-m", "base", cwd=repository)
    git("branch", "-q", "base", cwd=repository)
    (repository / "outside").write_text("x")
    (registry / "edited").write_text("after\n")
    (registry / "deleted").unlink()
    (registry / "added").write_text("new\n")
    git("add", "-A", cwd=repository)
    git("commit", "-q", "-m", "change", cwd=repository)
    (registry / "dirty").write_text("not committed\n")
    (registry / "untracked ü").write_text("new\n")
    (repository / ".gitignore").write_text("ignored\n")
    (registry / "ignored").write_text("x\n")
    return registry


def test_what_a_branch_changed_is_told_from_the_registry(branch: Path) -> None:
    changes = changes_since(branch, "base")
    assert changes.changed == {"edited", "added", "dirty", "untracked ü"}
    assert changes.deleted == {"deleted"}


def test_what_others_did_meanwhile_is_not_of_the_branch(branch: Path) -> None:
    git("stash", "-q", "-u", cwd=branch.parent)
    git("checkout", "-q", "base", cwd=branch.parent)
    (branch / "kept").write_text("changed on the base\n")
    git("commit", "-q", "-a", "-m", "meanwhile", cwd=branch.parent)
    git("checkout", "-q", "-", cwd=branch.parent)
    assert "kept" not in changes_since(branch, "base").changed


@pytest.mark.parametrize("revision", ["nothing", "--output=/tmp/x", "", "base:registry/kept", "a..b", "\n"])
def test_a_revision_that_is_none_is_told(branch: Path, revision: str) -> None:
    with pytest.raises(OcsError, match="there is no revision"):
        changes_since(branch, revision)


def test_where_there_is_no_repository_that_is_told(tmp_path: Path) -> None:
    with pytest.raises(OcsError, match="is in no git repository"):
        changes_since(tmp_path, "main")


def test_a_branch_with_nothing_in_common_is_told(branch: Path) -> None:
    git("checkout", "-q", "--orphan", "other", cwd=branch.parent)
    git("commit", "-q", "-m", "other", cwd=branch.parent)
    with pytest.raises(OcsError, match="nothing in common"):
        changes_since(branch, "base")


def test_nothing_that_the_repository_brings_along_is_run(branch: Path, tmp_path: Path) -> None:
    trap = tmp_path / "trap"
    script = tmp_path / "script"
    script.write_text(f"#!/bin/sh\ntouch {trap}\n")
    script.chmod(0o755)
    git("config", "core.fsmonitor", str(script), cwd=branch.parent)
    git("config", "diff.external", str(script), cwd=branch.parent)
    git("config", "diff.x.textconv", str(script), cwd=branch.parent)
    (branch.parent / ".gitattributes").write_text("* diff=x\n")
    changes_since(branch, "base")
    assert not trap.exists()


def test_a_git_folder_that_is_a_link_is_none(repository: Path, tmp_path: Path) -> None:
    (tmp_path / "linked").mkdir()
    (tmp_path / "linked" / ".git").symlink_to(repository / ".git")
    assert private_folder(tmp_path / "linked") is None
    (tmp_path / "fifo").mkdir()
    os.mkfifo(tmp_path / "fifo" / ".git")
    assert private_folder(tmp_path / "fifo") is None
