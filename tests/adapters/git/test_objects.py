"""Objects of a real repository, read without checking anything out."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from ocs.adapters.git import objects
from ocs.adapters.git.objects import Objects, differing
from ocs.errors import OcsError, UnreadableError
from tests.proposing import git, write


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    git(tmp_path, "init", "-q", "-b", "main", ".")
    write(
        tmp_path,
        "== a/one.yaml\nname: A\n== a/two.yaml\nname: A\n== a/deep/three.yaml\nname: B\n",
    )
    (tmp_path / "a/large.yaml").write_text("x" * 1000)
    (tmp_path / "a/link.yaml").symlink_to("one.yaml")
    git(tmp_path, "add", "-A")
    git(tmp_path, "commit", "-q", "-m", "first")
    return tmp_path


def test_files_with_the_same_content_are_all_there(repository: Path) -> None:
    with Objects(repository) as found:
        texts = found.snapshot("main").texts("a", 100)
    assert texts == {"a/one.yaml": b"name: A\n", "a/two.yaml": b"name: A\n"}


def test_what_is_in_a_file_is_read_as_often_as_it_is_asked_for(repository: Path) -> None:
    with Objects(repository) as found:
        snapshot = found.snapshot("main")
        assert [snapshot.read("a/one.yaml", 100) for _ in range(3)] == [b"name: A\n"] * 3
        assert len(snapshot.read("a/large.yaml", 100)) == 101
        for path in ("a/link.yaml", "a/none.yaml", "a/deep"):
            with pytest.raises(UnreadableError, match=path):
                snapshot.read(path, 100)
        with pytest.raises(OcsError, match="no object"):
            found.data("f" * 40, 100)


@pytest.mark.parametrize(("spare", "is_read"), [(0, True), (-1, False)])
def test_a_folder_that_holds_too_much_is_not_looked_at(
    repository: Path, monkeypatch: pytest.MonkeyPatch, spare: int, is_read: bool
) -> None:
    size = int(git(repository, "cat-file", "-s", "main:a"))
    monkeypatch.setattr(objects, "_LARGEST_TREE_BYTES", size + spare)
    with Objects(repository) as found:
        snapshot = found.snapshot("main")
        if is_read:
            assert snapshot.read("a/one.yaml", 100) == b"name: A\n"
        else:
            with pytest.raises(OcsError, match="the folder a is too large to read"):
                snapshot.read("a/one.yaml", 100)


@pytest.mark.parametrize(
    "name", ["nobody", "main\nmain", "main two", "--help", "main:a", "", "\0", "\udcff"]
)
def test_what_is_no_revision_is_told(repository: Path, name: str) -> None:
    with Objects(repository) as found:
        with pytest.raises(OcsError, match="git has no revision"):
            found.revision(name)
        assert found.revision("main").commit == git(repository, "rev-parse", "main")


def test_only_what_differs_counts_against_the_most(
    repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(objects, "MOST_ENTRIES", 3)
    before = git(repository, "rev-parse", "main")
    (repository / "a/one.yaml").write_text("name: Other\n")
    git(repository, "commit", "-q", "-a", "-m", "second")
    with Objects(repository) as found:
        changed = differing(found.snapshot(before), found.snapshot("main"))
        assert [each.path for each in changed] == ["a/one.yaml"]
    write(repository, "".join(f"== b/{number}.yaml\nname: B\n" for number in range(4)))
    git(repository, "add", "-A")
    git(repository, "commit", "-q", "-m", "third")
    with Objects(repository) as found, pytest.raises(OcsError, match="too many files"):
        list(differing(found.snapshot(before), found.snapshot("main")))


def test_a_repository_that_the_environment_names_is_not_asked(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "elsewhere"))
    with Objects(repository) as found:
        assert found.snapshot("main").read("a/one.yaml", 100) == b"name: A\n"


def test_what_are_too_many_bytes_to_look_through_is_told(
    repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ocs.adapters.git.plumbing._LARGEST_TEXTS_BYTES", 5)
    with (
        Objects(repository) as found,
        pytest.raises(OcsError, match="too large to read at once"),
    ):
        found.snapshot("main").texts("a", 100)


def test_texts_that_are_too_large_are_left_out(repository: Path) -> None:
    with Objects(repository) as found:
        assert found.snapshot("main").texts("a", 8) == {
            "a/one.yaml": b"name: A\n",
            "a/two.yaml": b"name: A\n",
        }
        assert found.snapshot("main").texts("a", 7) == {}


def test_texts_of_which_one_is_missing_are_not_taken_for_all(repository: Path) -> None:
    with Objects(repository) as found:
        snapshot = found.snapshot("main")
        id = snapshot.listed("a")["one.yaml"].id
        (repository / ".git" / "objects" / id[:2] / id[2:]).unlink()
        with pytest.raises(OcsError, match=f"git has no object {id[:12]}"):
            snapshot.texts("a", 100)


def branched(repository: Path, *, main: str, branch: str) -> None:
    """Commits in which a/one.yaml says one thing on main and another one on `branch`, which lies there."""
    for name, said in (("main", main), ("branch", branch)):
        git(
            repository,
            "checkout",
            "-q",
            *(("main",) if name == "main" else ("-b", name, "main~")),
        )
        (repository / "a/one.yaml").write_text(said)
        git(repository, "commit", "-q", "-a", "-m", name)


def merged(repository: Path) -> bytes:
    with Objects(repository) as found:
        return found.merged(
            found.revision("main").commit, found.revision("branch").commit
        ).read("a/one.yaml", 100)


def test_what_git_cannot_merge_is_no_conflict(repository: Path) -> None:
    branched(repository, main="name: C\n", branch="name: D\n")
    with pytest.raises(OcsError, match="both sides changed the same lines"):
        merged(repository)
    id = git(repository, "rev-parse", "branch:a/one.yaml")
    (repository / ".git" / "objects" / id[:2] / id[2:]).unlink()
    with pytest.raises(OcsError, match=f"git merge-tree failed: .*{id}"):
        merged(repository)


def test_a_git_that_is_too_old_to_merge_is_told(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    branched(repository, main="name: C\n", branch="name: D\n")
    old = tmp_path / "old" / "git"
    old.parent.mkdir()
    old.write_text(
        '#!/bin/sh\ncase "$*" in *--write-tree*) echo "usage: git merge-tree <base-tree>" >&2; exit 129;; esac\n'
        f'exec {shutil.which("git")} "$@"\n'
    )
    old.chmod(0o755)
    monkeypatch.setenv("PATH", f"{old.parent}:{os.environ['PATH']}")
    with pytest.raises(OcsError, match="this git cannot merge-tree --write-tree"):
        merged(repository)


def test_a_merge_that_takes_too_long_is_no_conflict(
    repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    branched(repository, main="name: C\n", branch="name: D\n")
    monkeypatch.setattr(objects, "_LONGEST_MERGE_SECONDS", 0)
    with pytest.raises(OcsError, match="git merge-tree did not answer within 0 seconds"):
        merged(repository)


def test_no_program_merges_that_the_files_which_lie_there_name(repository: Path) -> None:
    branched(repository, main="name: C\n", branch="name: D\n")
    trap = repository / "trapped"
    git(repository, "config", "merge.evil.driver", f"touch {trap}; true")
    (repository / ".gitattributes").write_text("*.yaml merge=evil\n")
    with pytest.raises(OcsError, match="both sides changed the same lines"):
        merged(repository)
    assert not trap.exists()


LINES = "".join(f"line: {number}\n" for number in range(9))


@pytest.mark.parametrize("place", [".git/config", "~/.gitconfig"])
@pytest.mark.parametrize("attributes", [".gitattributes", ".git/info/attributes"])
@pytest.mark.parametrize("driver", ["merge=union", "-merge", "merge=evil", "text eol=crlf"])
def test_no_setting_and_no_attribute_decides_what_merging_gives(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    place: str, attributes: str, driver: str,
) -> None:  # fmt: skip
    """The branch renames a file that main changes; both change another one, in other lines."""
    (repository / "a/two.yaml").write_text(LINES)
    git(repository, "commit", "-q", "-a", "-m", "lines")
    git(repository, "checkout", "-q", "-b", "branch")
    git(repository, "mv", "a/large.yaml", "a/renamed.yaml")
    (repository / "a/two.yaml").write_text(f"first\n{LINES}")
    git(repository, "commit", "-q", "-a", "-m", "branch")
    git(repository, "checkout", "-q", "main")
    (repository / "a/large.yaml").write_text("x" * 1000 + "\nmore\n")
    (repository / "a/two.yaml").write_text(f"{LINES}last\n")
    git(repository, "commit", "-q", "-a", "-m", "main")
    with Objects(repository) as found:
        before = found.merged(
            found.revision("main").commit, found.revision("branch").commit
        ).root
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("GIT_CONFIG_GLOBAL")
    for setting in (
        "merge.renames=false", "diff.renames=false", "merge.directoryRenames=false",
        "merge.default=union", "merge.renormalize=true", "core.autocrlf=true",
        "filter.evil.clean=false", "filter.evil.required=true", "merge.evil.driver=false",
    ):  # fmt: skip
        file = repository / place if place.startswith(".git") else tmp_path / ".gitconfig"
        git(repository, "config", "--file", str(file), *setting.split("="))
    (repository / attributes).write_text(f"*.yaml {driver} filter=evil\n")
    with Objects(repository) as found:
        merged = found.merged(found.revision("main").commit, found.revision("branch").commit)
        assert merged.root == before
        assert merged.read("a/two.yaml", 1000) == f"first\n{LINES}last\n".encode()
        assert merged.entry("a/large.yaml") is None


@pytest.mark.parametrize("names", [["a/one.yaml"], ["a", "a"]])
def test_a_tree_that_leads_elsewhere_than_it_looks_is_not_read(
    repository: Path, names: list[str]
) -> None:
    folder = git(repository, "rev-parse", "main:a")
    tree = b"".join(b"40000 %s\0%s" % (name.encode(), bytes.fromhex(folder)) for name in names)
    making = ["git", "hash-object", "-t", "tree", "-w", "--literally", "--stdin"]
    made = subprocess.run(
        making, cwd=repository, input=tree, capture_output=True, check=True
    ).stdout.decode()
    commit = git(repository, "commit-tree", made.strip(), "-m", "made up")
    with (
        Objects(repository) as found,
        pytest.raises(OcsError, match="the folder at the root is not well-"),
    ):
        list(differing(found.snapshot("main"), found.snapshot(commit)))


def test_a_tree_that_is_missing_is_not_an_empty_one(repository: Path) -> None:
    id = git(repository, "rev-parse", "main^{tree}")
    (repository / ".git" / "objects" / id[:2] / id[2:]).unlink()
    with Objects(repository) as found, pytest.raises(OcsError, match="git has no object"):
        found.snapshot("main")
