"""Folders that the user alone writes to."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from ocs.adapters.drafts import key_in
from ocs.adapters.private import is_private
from ocs.adapters.store.belief import Belief
from ocs.workspace import Workspace


def test_a_folder_that_others_write_to_is_not_private(tmp_path: Path) -> None:
    folder = tmp_path / "ocs"
    assert is_private(folder)
    folder.mkdir(mode=0o700)
    assert is_private(folder)
    for mode in (0o770, 0o707, 0o777):
        folder.chmod(mode)
        assert not is_private(folder)
    (tmp_path / "file").write_text("")
    assert not is_private(tmp_path / "file" / "ocs")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives a folder away")
def test_a_folder_of_somebody_else_is_not_private(tmp_path: Path) -> None:
    os.chown(tmp_path, 1234, 1234)
    assert not is_private(tmp_path)


def test_a_draft_key_that_others_can_know_makes_no_draft_ones_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    state = tmp_path / "state" / "ocs"
    state.mkdir(parents=True)
    state.chmod(0o777)
    (state / "draft-key").write_bytes(bytes(32))
    (tmp_path / "registry").mkdir()
    assert Workspace(tmp_path / "registry").draft_folders().key != bytes(32)


@pytest.fixture
def full_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each file can be made, and nothing can be written into one."""
    fdopen = os.fdopen

    def opened(descriptor: int, mode: str = "r") -> object:
        if "w" not in mode:
            return fdopen(descriptor, mode)
        os.close(descriptor)
        return Path("/dev/full").open(mode, buffering=0)

    monkeypatch.setattr(os, "fdopen", opened)


@pytest.mark.usefixtures("full_disk")
def test_a_full_disk_leaves_no_half_of_a_file(tmp_path: Path) -> None:
    cache, notes = tmp_path / "cache", tmp_path / "notes"
    cache.write_text("")
    key_in(tmp_path / "state")
    belief = Belief(cache, notes, 0.1)
    belief.note()
    assert not belief.holds()
    assert not [*notes.iterdir(), *(tmp_path / "state").iterdir()]
