"""Git says which files of a working tree are not as in a commit, or is not asked at all."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from ocs.adapters.git import worktree
from ocs.adapters.git.worktree import Answer, WorkTree
from tests.adapters.git.test_git import git


@pytest.fixture
def top(tmp_path: Path) -> Path:
    """A repository, in which the registry is the folder `registry`."""
    path = tmp_path / "repository"
    (path / "registry" / "people").mkdir(parents=True)
    for name in ("outside.yaml", "registry/ocs.yaml", "registry/people/ana.yaml"):
        (path / name).write_text("name: X\n")
    git("init", "-q", ".", cwd=path)
    git("add", "-A", cwd=path)
    git("commit", "-q", "-m", "begin", cwd=path)
    return path


def of(top: Path, root: str = "registry") -> WorkTree:
    return WorkTree(top / root, top, top / ".git")


def differing(tree: WorkTree, commit: str) -> frozenset[str] | None:
    return tree.differing(tree.begin_differing(commit))


def test_what_git_knows_is_named_from_the_registry(top: Path) -> None:
    (top / "registry/new.yaml").write_text("")
    assert of(top).tracked() == {"ocs.yaml", "people/ana.yaml"}
    assert of(top, ".").tracked() == {
        "outside.yaml",
        "registry/ocs.yaml",
        "registry/people/ana.yaml",
    }


def test_what_differs_from_a_commit_is_named_from_the_registry(top: Path) -> None:
    tree = of(top)
    head = tree.head()
    assert head
    assert head == (top / ".git/refs/heads" / branch(top)).read_text().strip()
    assert differing(tree, head) == frozenset()
    (top / "outside.yaml").write_text("name: other\n")
    (top / "registry/people/ana.yaml").write_text("name: other\n")
    (top / "registry/ocs.yaml").unlink()
    (top / "registry/new.yaml").write_text("")
    assert differing(tree, head) == {"ocs.yaml", "people/ana.yaml"}


def branch(top: Path) -> str:
    return (top / ".git/HEAD").read_text().strip().removeprefix("ref: refs/heads/")


def test_git_that_fails_says_nothing(top: Path) -> None:
    assert differing(of(top), "0" * 40) is None
    (top / ".git/index").write_bytes(b"x")
    assert of(top).tracked() is None


def test_where_nothing_is_committed_there_is_no_head(tmp_path: Path) -> None:
    git("init", "-q", ".", cwd=tmp_path)
    tree = WorkTree(tmp_path, tmp_path, tmp_path / ".git")
    assert tree.head() is None
    assert tree.tracked() == frozenset()


@pytest.mark.parametrize("file", ["config", "config.worktree"])
@pytest.mark.parametrize(
    "settings",
    [
        '[FILTER "x"]\n\tclean = false\n',
        "[include]\n\tpath = x\n",
        "[core]\n\tworktree = /\n",
        "[core]\n\tfsmonitor = x\n",
        '[remote "x"]\n\tpromisor = true\n',
        "#" * (1 << 20) + "\n",
    ],
    ids=["filter", "include", "worktree", "fsmonitor", "promisor", "large"],
)
def test_with_settings_that_could_make_git_do_more_it_is_not_asked(
    top: Path, file: str, settings: str
) -> None:
    head = of(top).head() or ""
    with (top / ".git" / file).open("a") as config:
        config.write(settings)
    tree = of(top)
    assert tree.begin_differing(head) is None
    assert (tree.head(), tree.tracked(), differing(tree, head)) == (None, None, None)


@pytest.mark.parametrize("make", ["folder", "link", "fifo"])
def test_where_the_settings_are_no_file_git_is_not_asked(top: Path, make: str) -> None:
    config = top / ".git/config.worktree"
    if make == "folder":
        config.mkdir()
    elif make == "link":
        config.symlink_to("nothing")
    else:
        os.mkfifo(config)
    assert of(top).tracked() is None


def test_settings_of_one_mebibyte_are_still_read(top: Path) -> None:
    (top / ".git/config.worktree").write_text("#" * ((1 << 20) - 1) + "\n")
    assert of(top).tracked() is not None


def test_where_the_settings_cannot_be_read_git_is_not_asked(
    top: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: Path) -> bytes:
        raise PermissionError

    monkeypatch.setattr(Path, "read_bytes", fail)
    assert of(top).tracked() is None


def sleeping() -> tuple[int, Answer]:
    reading, writing = os.pipe()
    process = os.posix_spawnp(
        "sleep", ["sleep", "60"], os.environ, file_actions=[(os.POSIX_SPAWN_DUP2, writing, 1)]
    )
    os.close(writing)
    return process, Answer(process, reading)


@pytest.mark.parametrize("is_dropped", [False, True])
def test_a_git_that_takes_too_long_or_is_dropped_is_ended(
    monkeypatch: pytest.MonkeyPatch, is_dropped: bool
) -> None:
    monkeypatch.setattr(worktree, "PATIENCE_SECONDS", 0.05)
    process, answer = sleeping()
    if is_dropped:
        answer.drop()
    else:
        assert answer.result() is None
    with pytest.raises(ProcessLookupError):
        os.kill(process, 0)


def test_a_machine_without_git_is_asked_nothing(
    top: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tree = of(top)
    monkeypatch.setenv("PATH", "")
    assert (tree.head(), tree.tracked()) == (None, None)
