"""The asking tires nobody, and cannot be answered by habit: both figures of the benchmark hold."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.trust import GRANTS, MERGED, PLANTED, ROTATIONS, week
from tests.crew import remove, short_folder
from tests.gpg import needs_gpg

pytestmark = needs_gpg


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder with a path that is short enough for the agent's socket."""
    made = short_folder()
    yield made
    remove(made)


def test_at_most_one_command_in_ten_asks_and_none_asks_the_same_twice(folder: Path) -> None:
    found = week(folder, 1, is_lazy=False)
    assert found.commands >= GRANTS + ROTATIONS + MERGED
    assert found.asking <= found.commands / 10
    assert found.twice == 0
    assert found.refused == 0


def test_who_takes_the_first_answer_lets_no_planted_key_through(folder: Path) -> None:
    found = week(folder, 1, is_lazy=True)
    assert found.planted == PLANTED
    assert found.let_through == 0
    assert found.refused >= PLANTED
