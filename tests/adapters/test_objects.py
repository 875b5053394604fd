"""Objects of a real repository, read without checking anything out."""

from __future__ import annotations

from pathlib import Path

import pytest

from ocs.adapters.git import objects
from ocs.adapters.git.objects import Objects, differing
from ocs.errors import OcsError, UnreadableError
from tests.proposing import git, write


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    git(tmp_path, "init", "-q", "-b", "main", ".")
    write(tmp_path, "== a/one.yaml\nname: A\n== a/two.yaml\nname: A\n== a/deep/three.yaml\nname: B\n")
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
        with pytest.raises(UnreadableError, match="no object"):
            found.data("f" * 40, 100)


@pytest.mark.parametrize("name", ["nobody", "main\nmain", "--help", "main:a", "", "\0", "\udcff"])
def test_what_is_no_revision_is_told(repository: Path, name: str) -> None:
    with Objects(repository) as found:
        with pytest.raises(OcsError, match="there is no revision"):
            found.commit(name)
        assert found.commit("main") == git(repository, "rev-parse", "main")


def test_only_what_differs_counts_against_the_most(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
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
    monkeypatch.setattr("ocs.adapters.git.asking._LARGEST_TEXTS_BYTES", 5)
    with Objects(repository) as found, pytest.raises(OcsError, match="too much to be looked through"):
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
        with pytest.raises(UnreadableError, match=f"git has no object {id[:12]}"):
            snapshot.texts("a", 100)
