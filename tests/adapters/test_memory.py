"""Where a secret lies while it is edited: in memory, or on a disk only if the user says so."""

from __future__ import annotations

import stat
import tempfile
from pathlib import Path

import pytest

from ocs.adapters import memory
from ocs.adapters.memory import file_in_memory, forget_abandoned, is_memory
from ocs.errors import OcsError


@pytest.fixture
def no_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A stand-in for macOS: neither /dev/shm nor /proc. The folder for what is on a disk."""
    monkeypatch.setattr(memory, "FOLDER", tmp_path / "no" / "shm")
    monkeypatch.setattr(memory, "_MOUNTS", tmp_path / "no" / "mounts")
    disk = tmp_path / "disk"
    disk.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(disk))
    return disk


def test_without_memory_nothing_lies_on_a_disk(no_memory: Path) -> None:
    assert not is_memory()
    with pytest.raises(OcsError, match="no storage in memory") as raised, file_in_memory(b"x"):
        pytest.fail("it was written")
    assert "--on-disk" in (raised.value.hint or "")
    assert list(no_memory.iterdir()) == []


def test_the_user_may_say_that_the_disk_will_do(no_memory: Path) -> None:
    with file_in_memory(b"hunter2", on_disk=True) as file:
        assert file.is_relative_to(no_memory)
        assert file.read_bytes() == b"hunter2"
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
        forget_abandoned()  # another ocs leaves it, since it is in use
        assert file.read_bytes() == b"hunter2"
    assert list(no_memory.iterdir()) == []


def test_what_a_killed_process_left_is_deleted(no_memory: Path) -> None:
    left = no_memory / "ocs-edit-abandoned"
    left.mkdir()
    (left / "secret.txt").write_text("hunter2")
    forget_abandoned()
    assert list(no_memory.iterdir()) == []


@pytest.mark.parametrize(
    "mounts",
    [
        pytest.param("/dev/sda1 {} ext4 rw 0 0\n", id="a disk"),
        pytest.param("tmpfs /elsewhere tmpfs rw 0 0\n", id="another folder"),
        pytest.param("", id="nothing"),
    ],
)
def test_a_folder_that_is_no_memory_is_not_taken_for_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mounts: str
) -> None:
    monkeypatch.setattr(memory, "FOLDER", tmp_path)
    monkeypatch.setattr(memory, "_MOUNTS", tmp_path / "mounts")
    (tmp_path / "mounts").write_text(mounts.format(tmp_path))
    assert not is_memory()
    (tmp_path / "mounts").write_text(f"tmpfs {tmp_path} tmpfs rw 0 0\n")
    assert is_memory()
