"""Every command that asks git, over repositories that name programs: none of them runs."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from tests.hostile.around import Around
from tests.hostile.programs import (
    IDENTITY,
    NAMED,
    PLACES,
    marks,
    name_programs,
    prepare,
    run_plainly,
    watched,
)
from tests.hostile.test_hostile import CALLS

REVIEWS = [
    ["review", "main..other"],
    ["review", "other..main"],
    ["validate", "--since", "base"],
]
# What is written into the registry and committed, last.
COMMITTING = [["community", "confirm", "north", "--by", "lena", "--commit"]]
# All that ocs asks git for, but `diff-index`, for which a registry has to be large.
ASKED = {
    "add", "cat-file", "check-attr", "commit", "config", "diff", "log", "ls-files",
    "ls-tree", "merge-base", "merge-tree", "rev-list", "rev-parse", "var", "--version",
}  # fmt: skip
GUARDS = {"core.hooksPath=/dev/null", "core.fsmonitor=false", "core.attributesFile=/dev/null"}


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("prepared")
    for name in ("canary", "registry"):
        (folder / name).mkdir()
    prepare(folder / "registry")
    return folder / "registry"


@pytest.fixture
def here(around: Around, prepared: Path) -> Around:
    shutil.copytree(prepared, around.registry, dirs_exist_ok=True)
    return around


@pytest.mark.parametrize("place", PLACES)
def test_no_command_runs_a_program_that_the_repository_names(here: Around, place: str) -> None:
    name_programs(here.registry, place)
    _run_every_command(here)
    assert not marks(here.registry)


def test_every_command_asks_git_with_the_guards(here: Around) -> None:
    asked = _run_every_command(here)
    assert ASKED - {word for question in asked for word in question} == set()
    bare = [question for question in asked if not set(question) >= GUARDS]
    # It is how GitPython looks for git when it is loaded.
    assert all(question == ["version"] for question in bare), bare


def _run_every_command(here: Around) -> list[list[str]]:
    """Run them; the words with which git was started."""
    words = watched(here.folder / "watched")
    environment = {"PATH": f"{here.folder}/watched:{os.environ['PATH']}", **IDENTITY}
    calls = [call for calls in CALLS.values() for call in calls if call[0] != "init"]
    for call in calls + REVIEWS + COMMITTING:
        ended = here.run(*call, environment=environment)
        assert ended.status in (0, 1, 2), str(ended)
        assert call not in COMMITTING or ended.status == 0, str(ended)
    return words()


@pytest.mark.parametrize("title", [title for title, named in NAMED.items() if named.plain])
def test_without_guards_git_runs_it(title: str, here: Around) -> None:
    """The table is no table of harmless things."""
    name_programs(here.registry)
    run_plainly(here.registry, NAMED[title].plain)
    assert title in marks(here.registry)
