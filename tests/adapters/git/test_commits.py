"""What is committed, and what was committed when, is of the repository that lies there and of no other."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from ocs.adapters.git.commits import commit, uncommitted, user_mail
from ocs.adapters.git.history import commits_to, last_commits
from ocs.adapters.git.versions import History


def git(folder: Path, *arguments: str) -> str:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    return subprocess.check_output(["git", *arguments], cwd=folder, env=clean, text=True)


def made(folder: Path, mail: str) -> Path:
    folder.mkdir()
    git(folder, "init", "-q", ".")
    git(folder, "config", "user.name", "Ana")
    git(folder, "config", "user.email", mail)
    (folder / "a.yaml").write_text("a: 1\n")
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", "begin")
    return folder


@pytest.fixture
def here(tmp_path: Path) -> Path:
    return made(tmp_path / "here", "here@x.example")


@pytest.fixture
def elsewhere(tmp_path: Path, here: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository that the environment names, as it does where a hook of it runs."""
    folder = made(tmp_path / "elsewhere", "elsewhere@x.example")
    (folder / "b.yaml").write_text("b: 1\n")
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", "more")
    monkeypatch.setenv("GIT_DIR", str(folder / ".git"))
    monkeypatch.setenv("GIT_WORK_TREE", str(folder))
    monkeypatch.setenv("GIT_INDEX_FILE", str(folder / ".git" / "index"))
    return folder


def test_a_commit_holds_the_named_files_and_nothing_else(here: Path) -> None:
    (here / "a.yaml").write_text("a: 2\n")
    (here / "new.yaml").write_text("n: 1\n")
    (here / "other.yaml").write_text("o: 1\n")
    git(here, "add", "other.yaml")
    assert uncommitted(here, ["a.yaml", "new.yaml"]) == ["a.yaml", "new.yaml"]
    done = commit(here, ["a.yaml", "new.yaml"], "change two")
    assert done.id == git(here, "rev-parse", "--short", "HEAD").strip()
    assert git(here, "show", "--format=%s", "--name-only").split("\n\n") == [
        "change two",
        "a.yaml\nnew.yaml\n",
    ]
    assert git(here, "status", "--short") == "A  other.yaml\n"


def test_a_commit_is_made_here_whatever_the_environment_names(
    here: Path, elsewhere: Path
) -> None:
    before = git(elsewhere, "rev-parse", "HEAD")
    (here / "a.yaml").write_text("a: 2\n")
    assert uncommitted(here, ["."]) == ["a.yaml"]
    assert commit(here, ["a.yaml"], "change").id is not None
    assert git(here, "log", "-1", "--format=%s %ae") == "change here@x.example\n"
    assert git(elsewhere, "rev-parse", "HEAD") == before
    assert git(elsewhere, "status", "--short") == ""


def test_history_is_told_of_here_whatever_the_environment_names(
    here: Path, elsewhere: Path
) -> None:
    history = History(here, ["."])
    assert [each.path for each in history.versions()] == ["a.yaml"]
    assert set(history.committed()) == {"a.yaml"}
    assert list(history.contents(history.committed().values()).values()) == [b"a: 1\n"]
    assert len(commits_to(here, ["a.yaml"], 5)) == 1
    assert set(last_commits(here)) == {"here@x.example"}
    assert user_mail(here) == "here@x.example"


def test_where_git_knows_nobody_that_is_told(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("user.name", "user.email"):
        git(here, "config", "--unset", name)
    monkeypatch.setenv("HOME", str(here))
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_SYSTEM", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_COUNT", "1")
    monkeypatch.setenv("GIT_CONFIG_KEY_0", "user.useConfigOnly")
    monkeypatch.setenv("GIT_CONFIG_VALUE_0", "true")
    (here / "a.yaml").write_text("a: 2\n")
    done = commit(here, ["a.yaml"], "change")
    assert done.id is None
    assert "set user.name and user.email" in done.why_not
    assert (here / "a.yaml").read_text() == "a: 2\n"
    assert user_mail(here) is None


def test_outside_a_repository_nothing_is_committed(tmp_path: Path) -> None:
    assert commit(tmp_path, ["a"], "x").why_not == "this is not a git repository"
    assert uncommitted(tmp_path, ["a"]) == []
    assert commits_to(tmp_path, ["a"], 5) == []
