"""Where a repository keeps what is its own, asked of real repositories."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from ocs.adapters.git import private_folder, top_folder
from ocs.adapters.git.changes import changes_since
from ocs.adapters.git.versions import History, HistoryUnknownError
from ocs.errors import OcsError


def git(*arguments: str, cwd: Path) -> None:
    identity = [
        "-c",
        "user.name=Ana",
        "-c",
        "user.email=ana@example.org",
        "-c",
        "protocol.file.allow=always",
    ]
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


def test_a_git_file_that_somebody_wrote_leads_to_no_folder_to_write_into(
    repository: Path, tmp_path: Path
) -> None:
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / ".git").write_text(f"gitdir: {repository}/.git\n")
    assert private_folder(tmp_path / "other") is None
    # It may be one that git made so, and its files are named as seen from there.
    assert top_folder(tmp_path / "other") == tmp_path / "other"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder away")
def test_somebody_elses_git_folder_is_not_written_into(repository: Path) -> None:
    os.chown(repository / ".git", 1, 1)
    assert private_folder(repository) is None


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


@pytest.mark.parametrize(
    "revision", ["nothing", "--output=/tmp/x", "", "base:registry/kept", "a..b", "\n"]
)
def test_a_revision_that_is_none_is_told(branch: Path, revision: str) -> None:
    with pytest.raises(OcsError, match="git has no revision"):
        changes_since(branch, revision)


def test_where_there_is_no_repository_that_is_told(tmp_path: Path) -> None:
    with pytest.raises(OcsError, match="is not in a git repository"):
        changes_since(tmp_path, "main")


def test_a_branch_with_nothing_in_common_is_told(branch: Path) -> None:
    git("checkout", "-q", "--orphan", "other", cwd=branch.parent)
    git("commit", "-q", "-m", "other", cwd=branch.parent)
    with pytest.raises(OcsError, match="nothing in common"):
        changes_since(branch, "base")


@pytest.fixture
def trap(tmp_path: Path) -> Path:
    """A program that leaves a trace of having been run, beside itself."""
    script = tmp_path / "trap"
    script.write_text(f"#!/bin/sh\ntouch {tmp_path}/trapped\ncat\n")
    script.chmod(0o755)
    return script


def assert_not_run(trap: Path) -> None:
    assert not (trap.parent / "trapped").exists()


@pytest.mark.parametrize(
    "setting",
    [
        "core.fsmonitor",
        "core.pager",
        "core.sshCommand",
        "diff.external",
        "diff.x.command",
        "diff.x.textconv",
        "filter.x.clean",
        "filter.x.process",
        "alias.diff",
        "alias.rev-parse",
    ],
)
def test_nothing_that_the_repository_brings_along_is_run(
    branch: Path, trap: Path, setting: str
) -> None:
    git("config", setting, str(trap), cwd=branch.parent)
    git("config", f"{setting.rpartition('.')[0]}.required", "true", cwd=branch.parent)
    (branch.parent / ".gitattributes").write_text("* diff=x filter=x\n")
    os.utime(branch / "kept")
    changed = changes_since(branch, "base").changed
    assert {"edited", "added", "dirty"} <= changed
    assert "kept" not in changed
    assert_not_run(trap)


def test_hooks_are_not_run(branch: Path, trap: Path) -> None:
    for hook in ("post-index-change", "fsmonitor-watchman", "reference-transaction"):
        shutil.copy(trap, branch.parent / ".git" / "hooks" / hook)
    os.utime(branch / "kept")
    changes_since(branch, "base")
    assert_not_run(trap)


def test_what_a_partial_clone_lacks_is_not_fetched(branch: Path, trap: Path) -> None:
    for name, value in {
        "core.repositoryFormatVersion": "1",
        "extensions.partialClone": "origin",
        "remote.origin.promisor": "true",
        "remote.origin.url": f"ext::{trap}",
        "protocol.ext.allow": "always",
    }.items():
        git("config", name, value, cwd=branch.parent)
    told = subprocess.run(
        ["git", "rev-parse", "base^{tree}"],
        cwd=branch,
        check=True,
        capture_output=True,
        text=True,
    ).stdout.strip()
    (branch.parent / ".git" / "objects" / told[:2] / told[2:]).unlink()
    with pytest.raises(OcsError, match="git cannot list the changes"):
        changes_since(branch, "base")
    assert_not_run(trap)


def test_a_folder_that_looks_like_a_repository_is_none(branch: Path, trap: Path) -> None:
    """Its settings come with the registry's files, and could name programs to run."""
    (branch / "HEAD").write_text("ref: refs/heads/main\n")
    (branch / "config").write_text(f"[core]\nbare = false\nworktree = .\nfsmonitor = {trap}\n")
    (branch / "objects").mkdir()
    (branch / "refs").mkdir()
    with pytest.raises(OcsError, match="is not in a git repository"):
        changes_since(branch, "base")
    assert_not_run(trap)


@pytest.mark.parametrize(
    "name",
    [
        "GIT_DIR",
        "GIT_WORK_TREE",
        "GIT_INDEX_FILE",
        "GIT_OBJECT_DIRECTORY",
        "GIT_COMMON_DIR",
        "GIT_NAMESPACE",
    ],
)
def test_what_the_environment_says_of_another_repository_does_not_count(
    branch: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    before = changes_since(branch, "base")
    monkeypatch.setenv(name, str(tmp_path))
    assert changes_since(branch, "base") == before
    assert os.environ[name] == str(tmp_path)


@pytest.mark.parametrize("place", ["config", "HEAD", "index", "info/exclude"])
def test_a_git_that_waits_for_ever_is_ended(
    branch: Path, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    monkeypatch.setattr("ocs.adapters.git.program.PATIENCE_SECONDS", 1)
    pipe = branch.parent / "pipe"
    os.mkfifo(pipe)
    if place == "config":
        git("config", "include.path", str(pipe), cwd=branch.parent)
    else:
        (branch.parent / ".git" / place).unlink()
        pipe.rename(branch.parent / ".git" / place)
    with pytest.raises(
        OcsError, match=r"did not answer within 1 seconds|is not in a git repository"
    ):
        changes_since(branch, "base")


def test_a_filter_of_an_odd_name_is_told(branch: Path) -> None:
    git("config", "filter.a=b.clean", "cat", cwd=branch.parent)
    with pytest.raises(OcsError, match=r"a filter with '=' in its name: filter\.a=b"):
        changes_since(branch, "base")


def test_a_machine_without_git_is_told(branch: Path) -> None:
    code = "import sys; from pathlib import Path; from ocs.adapters.git.changes import changes_since; "
    done = subprocess.run(
        [sys.executable, "-c", code + "changes_since(Path(sys.argv[1]), 'base')", str(branch)],
        env={**os.environ, "PATH": "/nonexistent"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "GitError: cannot run git" in done.stderr


def test_a_git_folder_that_is_a_link_is_none(repository: Path, tmp_path: Path) -> None:
    (tmp_path / "linked").mkdir()
    (tmp_path / "linked" / ".git").symlink_to(repository / ".git")
    assert private_folder(tmp_path / "linked") is None
    (tmp_path / "fifo").mkdir()
    os.mkfifo(tmp_path / "fifo" / ".git")
    assert private_folder(tmp_path / "fifo") is None


def test_why_the_history_is_not_known_is_said(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(HistoryUnknownError, match="cannot read git's history here"):
        History(repository, ["registry"], "nowhere").versions()
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(HistoryUnknownError, match="cannot run git"):
        History(repository, ["registry"])
