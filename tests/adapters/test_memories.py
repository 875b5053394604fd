"""The files of what is remembered: whole at any moment, the user's alone, and never half believed."""

from __future__ import annotations

import random
from datetime import date
from pathlib import Path

import pytest

from ocs.adapters.memories import Memories
from ocs.errors import OcsError
from ocs.model.trust import Fact, FactKind, Gone, Remembered

TODAY = date(2026, 11, 20)
KEY = Fact(FactKind.KEY, "lena", "A" * 40)
READS = Fact(FactKind.READER, "river/login", "lena")
REMEMBERED = Remembered(
    {KEY: TODAY}, {READS: Gone(TODAY, "c" * 40)}, frozenset({"root:a"}), "d" * 40
)


@pytest.fixture
def memories(tmp_path: Path) -> Memories:
    return Memories(tmp_path / "state" / "ocs" / "trust")


def written(memories: Memories) -> Path:
    name, _ = memories.update(None, lambda now: REMEMBERED)
    return memories.folder / name


def test_what_is_written_is_read_again(memories: Memories) -> None:
    assert memories.all() == ({}, [])
    file = written(memories)
    assert memories.all() == ({file.name: REMEMBERED}, [])
    memories.update(file.name, lambda now: now.without([KEY], Gone(TODAY, "")))
    assert memories.all()[0][file.name].facts == {}


def test_it_is_the_users_alone(memories: Memories) -> None:
    file = written(memories)
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.parent.stat().st_mode & 0o777 == 0o700
    assert {path.name for path in file.parent.iterdir()} == {file.name, ".lock"}


@pytest.mark.parametrize("mode", [0o620, 0o602, 0o666])
def test_what_others_can_write_counts_for_nothing(mode: int, memories: Memories) -> None:
    file = written(memories)
    file.chmod(mode)
    assert memories.all() == ({}, [str(file)])
    file.chmod(0o600)
    memories.folder.chmod(0o777)
    assert memories.all() == ({}, [str(memories.folder)])


def test_a_damaged_file_is_nothing_remembered(memories: Memories) -> None:
    """1,000 damages: bits that flip, parts that are missing, doubled or cleared."""
    file = written(memories)
    whole, chance = file.read_bytes(), random.Random(14)
    for _ in range(1000):
        data = bytearray(whole)
        at = chance.randrange(len(data))
        match chance.randrange(4):
            case 0:
                data[at] ^= 1 << chance.randrange(8)
            case 1:
                del data[at:]
            case 2:
                data[at:at] = data[:at] or b"x"
            case _:
                data[at : at + 20] = b"\0" * 20
        file.write_bytes(bytes(data))
        assert memories.all() == ({}, [str(file)])
    file.write_bytes(whole)
    assert memories.all() == ({file.name: REMEMBERED}, [])


def test_a_link_and_a_pipe_are_not_read(memories: Memories, tmp_path: Path) -> None:
    import os

    file = written(memories)
    file.rename(tmp_path / "elsewhere")
    file.symlink_to(tmp_path / "elsewhere")
    assert memories.all() == ({}, [str(file)])
    file.unlink()
    os.mkfifo(file)
    assert memories.all() == ({}, [str(file)])


def test_where_it_cannot_be_written_that_is_said(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("a file")
    with pytest.raises(OcsError, match="cannot remember this in"):
        Memories(tmp_path / "state" / "trust").update(None, lambda now: now)


def test_a_state_folder_that_others_share_holds_nothing(memories: Memories) -> None:
    written(memories)
    memories.folder.parent.chmod(0o777)
    assert memories.all() == ({}, [str(memories.folder.parent)])
    with pytest.raises(OcsError, match="others can write to it"):
        memories.update(None, lambda now: REMEMBERED)
    (memories.folder.parent / "trust").rename(memories.folder.parent / "gone")
    assert memories.all() == ({}, [str(memories.folder.parent)])
