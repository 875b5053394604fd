"""An answer is always about what lies in the working tree now, whatever git and others did to it."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ocs.adapters.files import Entry, Files, read_schema
from ocs.adapters.git.worktree import WorkTree
from ocs.adapters.store.index import Index, Row
from ocs.model.kinds import KINDS
from ocs.rules.records.schema import Schemas
from ocs.tasks.registry import index as task
from ocs.tasks.registry.index import ask
from ocs.tasks.registry.indexing import Indexer

SCHEMAS = Schemas(read_schema)
LATER_NS = 2**62  # everything has settled by then
FILES = (
    "problems/one.yaml",
    "problems/two.yaml",
    "people/lena.yaml",
    "problems/ignored-one.yaml",
    "orgs/new.yaml",
)


@pytest.fixture(autouse=True)
def git_is_always_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(task, "MANY", 0)
    for name in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{name}_NAME", "Ana")
        monkeypatch.setenv(f"GIT_{name}_EMAIL", "ana@example.org")


def git(root: Path, *arguments: str) -> bool:
    return (
        subprocess.run(
            ["git", *arguments], cwd=root, capture_output=True, check=False
        ).returncode
        == 0
    )


@contextmanager
def repository() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp()).resolve()
    root = folder / "registry"
    for name in ("problems", "people"):
        (root / name).mkdir(parents=True)
    (root / "ocs.yaml").write_text("name: Hands\n")
    (root / ".gitignore").write_text("*ignored*\n")
    (root / "problems/one.yaml").write_text("title: One\n")
    git(root, "init", "-q")
    git(root, "add", "-A")
    git(root, "commit", "-qm", "first")
    try:
        yield root
    finally:
        shutil.rmtree(folder)


def everything(index: Index) -> list[Any]:
    return [record for kind in KINDS for record in index.all(kind.name)]


def rows(changed: Sequence[Entry], files: Files) -> Iterator[Row]:
    return filter(None, map(Indexer(files, SCHEMAS, LATER_NS), changed))


def answer(
    root: Path, top: Path | None = None, question: Callable[[Index], Any] = everything
) -> Any:
    files = Files(root)
    return ask(
        question,
        [root.parent / "kept"],
        files,
        lambda changed: rows(changed, files),
        tree=WorkTree(root, top or root, (top or root) / ".git"),
        now_ns=LATER_NS,
        notes=root.parent / "notes",
    )


def looked_at(root: Path) -> list[Any]:
    files = Files(root)
    return ask(everything, [], files, lambda changed: rows(changed, files))


def is_seen_by_git(root: Path, monkeypatch: pytest.MonkeyPatch, **more: Any) -> bool:
    """Is the answer given without looking at every file?"""
    with monkeypatch.context() as patched:
        patched.setattr(task, "refresh", lambda *_: pytest.fail("looked at every file"))
        try:
            answer(root, **more)
        except pytest.fail.Exception:
            return False
    return True


STEPS = st.one_of(
    st.tuples(st.just("write"), st.sampled_from(FILES)),
    st.tuples(st.just("delete"), st.sampled_from(FILES)),
    st.tuples(st.just("rename"), st.sampled_from(FILES), st.sampled_from(FILES)),
    st.tuples(st.just("git"), st.sampled_from([
        "add -A", "commit -qam more", "commit -q --amend -m other", "checkout -q -b side", "checkout -q side",
        "checkout -q -", "checkout -q --detach", "reset -q --hard", "reset -q HEAD~1", "stash -q", "stash pop -q",
        "clean -qfd", "rm -q --cached problems/one.yaml", "gc -q --prune=now", "reflog expire --expire=now --all",
        "update-ref -d HEAD", "add -f problems/ignored-one.yaml",
    ])),
    st.tuples(st.just("answer")),
)  # fmt: skip


@settings(max_examples=100 if os.environ.get("CI") else 30)
@given(st.lists(STEPS, min_size=2, max_size=12))
def test_every_answer_is_about_what_is_there_now(steps: list[tuple[str, ...]]) -> None:
    with repository() as root:
        answer(root)
        for number, (what, *how) in enumerate(steps):
            time.sleep(0.005)  # a file system's clock ticks every four milliseconds
            path = root / how[0] if how else root
            if what == "write":
                path.parent.mkdir(exist_ok=True)
                path.write_text(f"title: T{'x' * number}\nname: N\n")
            elif what == "delete":
                path.unlink(missing_ok=True)
            elif what == "rename" and path.exists():
                (root / how[1]).parent.mkdir(exist_ok=True)
                path.rename(root / how[1])
            elif what == "git":
                git(root, *how[0].split())
            if what == "answer" or number % 3 == 2:
                assert answer(root) == looked_at(root)
                answer(root)
        assert answer(root) == looked_at(root)


def test_nothing_is_looked_at_where_git_sees_no_change(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with repository() as root:
        (root / "problems/untracked.yaml").write_text("title: U\n")
        (root / "problems/ignored.yaml").write_text("title: I\n")
        (root / "problems/one.yaml").write_text("title: Changed\n")
        first = answer(root)
        assert answer(root) == first
        assert is_seen_by_git(root, monkeypatch)
        for name in ("untracked", "ignored", "one"):
            (root / f"problems/{name}.yaml").write_text(f"title: Changed again, {name}\n")
            assert not is_seen_by_git(root, monkeypatch)
            assert answer(root) == looked_at(root)
            answer(root)
            assert is_seen_by_git(root, monkeypatch)


def test_a_question_that_finds_nothing_is_answered_so_only_of_what_is_there(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from ocs.errors import RecordNotFoundError
    from ocs.tasks.records.show import show

    with repository() as root:
        answer(root), answer(root)
        with pytest.raises(RecordNotFoundError):
            answer(root, question=lambda index: show(index, "two"))
        (root / "problems/two.yaml").write_text("title: Two\n")
        assert answer(root, question=lambda index: show(index, "two")).record.title == "Two"


def test_a_registry_can_be_a_folder_of_the_repository(monkeypatch: pytest.MonkeyPatch) -> None:
    with repository() as top:
        root = top / "deep" / "registry"
        (root / "problems").mkdir(parents=True)
        (root / "ocs.yaml").write_text("name: Inner\n")
        (root / "problems/inner.yaml").write_text("title: Inner\n")
        git(top, "add", "-A")
        git(top, "commit", "-qm", "inner")
        answer(root, top), answer(root, top)
        assert is_seen_by_git(root, monkeypatch, top=top)
        (top / "problems/one.yaml").write_text("title: Outside of the registry\n")
        assert is_seen_by_git(root, monkeypatch, top=top)
        (root / "problems/inner.yaml").write_text("title: Inner, changed\n")
        assert [record.title for record in answer(root, top)] == ["Inner", "Inner, changed"]


@pytest.mark.parametrize(
    "settings",
    [
        '[filter "x"]\n clean = touch {ran}\n',
        "[include]\n path = ../../elsewhere\n",
        "[core]\n fsmonitor = touch {ran}\n",
        "[core]\n worktree = /\n",
        "[extensions]\n worktreeConfig = true\n",
    ],
)
def test_git_is_not_asked_where_its_settings_make_it_do_more(
    settings: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with repository() as root:
        answer(root), answer(root)
        with (root / ".git/config").open("a") as file:
            file.write(settings.format(ran=root.parent / "ran"))
        (root / ".gitattributes").write_text("* filter=x\n")
        (root / "problems/one.yaml").write_text("title: Changed\n")
        assert not is_seen_by_git(root, monkeypatch)
        assert answer(root) == looked_at(root)
        assert not (root.parent / "ran").exists()


def test_git_that_is_missing_or_slow_is_done_without(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with repository() as root:
        answer(root), answer(root)
        monkeypatch.setenv("PATH", str(tmp_path))
        assert not is_seen_by_git(root, monkeypatch)
        assert answer(root) == looked_at(root)
        (tmp_path / "git").write_text("#!/bin/sh\nexec /bin/sleep 1000\n")
        (tmp_path / "git").chmod(0o755)
        monkeypatch.setattr("ocs.adapters.git.worktree.PATIENCE_SECONDS", 0.1)
        assert not is_seen_by_git(root, monkeypatch)
        assert answer(root) == looked_at(root)


def test_a_worktree_has_an_index_and_an_answer_of_its_own(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from ocs.workspace import Workspace

    with repository() as root:
        other = root.parent / "other"
        git(root, "worktree", "add", "-q", "-b", "side", str(other))
        (other / "problems/one.yaml").write_text("title: Other\n")
        for place, title in ((root, "One"), (other, "Other"), (root, "One")):
            work = Workspace.open(place)
            assert [
                record.title for record in work.ask(lambda index: index.all("problem"))
            ] == [title]


@pytest.mark.parametrize("commit", ["--output={written}", "HEAD", "", 7, None])
def test_nothing_but_a_commit_is_handed_to_git(commit: object) -> None:
    with repository() as root:
        answer(root), answer(root)
        written = root.parent / "written"
        basis = json.dumps(
            [commit.format(written=written) if isinstance(commit, str) else commit, [], {}]
        )
        (path,) = (root.parent / "kept").glob("index-*.sqlite")
        with sqlite3.connect(path) as connection:
            connection.execute("UPDATE known SET basis = ?", (basis,))
        connection.close()
        assert answer(root) == looked_at(root)
        assert not written.exists()
