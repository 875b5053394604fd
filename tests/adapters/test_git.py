"""Where a repository keeps what is its own, asked of real repositories."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from ocs.adapters.git import private_folder, top_folder


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
