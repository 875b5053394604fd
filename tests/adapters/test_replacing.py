"""Files are written and deleted whole, all of them or none."""

from __future__ import annotations

import hashlib
import json
import os
import stat
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from ocs.adapters.replacing import UNFINISHED, Replacement, finish, replace_all
from ocs.errors import OcsError


def test_all_files_are_written_with_their_modes(tmp_path: Path) -> None:
    (tmp_path / "people").mkdir()
    old = tmp_path / "people" / "ana.yaml"
    old.write_bytes(b"name: Ana\n")
    old.chmod(0o640)
    replace_all(
        tmp_path,
        [
            Replacement("people/ana.yaml", b"name: Anna\n", b"name: Ana\n"),
            Replacement("communities/river.yaml", b"name: River\n"),
        ],
    )
    assert old.read_bytes() == b"name: Anna\n"
    assert old.stat().st_mode & 0o777 == 0o640
    assert (tmp_path / "communities" / "river.yaml").read_bytes() == b"name: River\n"
    assert len([path for path in tmp_path.rglob("*") if path.is_file()]) == 2


def leftovers(root: Path) -> list[str]:
    return sorted(path.name for path in root.rglob(".*"))


def test_nothing_is_written_where_a_file_changed_meanwhile(tmp_path: Path) -> None:
    (tmp_path / "people").mkdir()
    (tmp_path / "people" / "bo.yaml").write_bytes(b"name: Bob\n")
    wanted = [
        Replacement("people/ana.yaml", b"x: y\n"),
        Replacement("people/bo.yaml", b"x: y\n", b"name: Bo\n"),
    ]
    with pytest.raises(OcsError, match=r"people/bo\.yaml changed meanwhile"):
        replace_all(tmp_path, wanted)
    assert [path.name for path in (tmp_path / "people").iterdir()] == ["bo.yaml"]


def test_nothing_is_written_where_one_file_cannot_be(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[int] = []

    def full(descriptor: int) -> None:
        synced.append(descriptor)
        if len(synced) == 2:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OcsError, match="No space left on device"):
        replace_all(
            tmp_path, [Replacement("people/a.yaml", b"x"), Replacement("people/b.yaml", b"x")]
        )
    assert list((tmp_path / "people").iterdir()) == []


def many(count: int) -> list[Replacement]:
    return [
        Replacement(f"people/person-{number:03}.yaml", b"%d\n" % number)
        for number in range(count)
    ]


@pytest.mark.parametrize("many", [3, 60])
def test_the_file_that_cannot_be_written_is_named(tmp_path: Path, many: int) -> None:
    too_long = (
        f"people/{'x' * 245}.yaml"  # what lies beside it while it is written has a longer name
    )
    files = [f"people/p{number}.yaml" for number in range(many)]
    wanted = [Replacement(path, b"name: P\n") for path in [*files[:2], too_long, *files[2:]]]
    with pytest.raises(OcsError, match=f"cannot write {too_long}: File name too long"):
        replace_all(tmp_path, wanted)
    assert not list(tmp_path.rglob("*.yaml"))
    assert not leftovers(tmp_path)


def test_many_files_are_flushed_and_written_as_few_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    flushed: list[bytes] = []

    def noted(descriptor: int) -> None:
        if stat.S_ISREG(os.fstat(descriptor).st_mode):
            flushed.append(Path(f"/proc/self/fd/{descriptor}").read_bytes())

    threads = threading.active_count()
    monkeypatch.setattr(os, "fsync", noted)
    replace_all(tmp_path, many(300))
    written = {path.name: path.read_bytes() for path in (tmp_path / "people").iterdir()}
    assert written == {f"person-{number:03}.yaml": b"%d\n" % number for number in range(300)}
    assert sorted(each for each in flushed if not each.startswith(b"{")) == sorted(
        written.values()
    )
    assert flushed[-1].startswith(
        b'{"decided": true'
    )  # what is decided is flushed behind all of them
    assert threading.active_count() == threads


def test_nothing_of_many_is_written_where_one_cannot_be(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    flush = os.fsync

    def full(descriptor: int) -> None:
        if os.pread(descriptor, 100, 0) == b"217\n":
            raise OSError(28, "No space left on device")
        flush(descriptor)

    monkeypatch.setattr("ocs.adapters.replacing.steps.NEW", os.O_RDWR | os.O_CREAT | os.O_EXCL)
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OcsError, match="No space left on device"):
        replace_all(tmp_path, many(300))
    assert list((tmp_path / "people").iterdir()) == []
    assert leftovers(tmp_path) == []


def test_of_many_files_that_are_finished_later_some_are_named(tmp_path: Path) -> None:
    (tmp_path / "people").mkdir()
    steps = []
    for each in many(30):
        name = each.path.removeprefix("people/")
        (tmp_path / "people" / f".{name}.0123abcd").write_bytes(each.data or b"")
        steps.append(
            [
                each.path,
                f".{name}.0123abcd",
                None,
                hashlib.sha256(each.data or b"").hexdigest(),
            ]
        )
    (tmp_path / UNFINISHED).write_text(json.dumps({"decided": True, "steps": steps}))
    with pytest.raises(
        OcsError, match=r": people/person-000\.yaml, .*, people/person-009\.yaml and 20 more$"
    ):
        finish(tmp_path)
    assert len(list((tmp_path / "people").glob("person-*.yaml"))) == 30
    assert leftovers(tmp_path) == []


@pytest.mark.parametrize(
    "make", [lambda at, to: at.symlink_to(to), lambda at, to: at.write_text("")]
)
def test_a_folder_that_is_none_is_not_written_into(
    tmp_path: Path, make: Callable[[Path, Path], object]
) -> None:
    (tmp_path / "elsewhere").mkdir()
    make(tmp_path / "people", tmp_path / "elsewhere")
    with pytest.raises(OcsError, match="cannot write into people"):
        replace_all(tmp_path, [Replacement("people/a.yaml", b"x")])
    assert list((tmp_path / "elsewhere").iterdir()) == []
    assert leftovers(tmp_path) == []


def test_a_file_moves_with_all_that_names_it(tmp_path: Path) -> None:
    (tmp_path / "problems").mkdir()
    old, other = tmp_path / "problems" / "old.yaml", tmp_path / "problems" / "other.yaml"
    old.write_bytes(b"old\n")
    other.write_bytes(b"names old\n")
    replace_all(
        tmp_path,
        [
            Replacement("problems/old.yaml", None, b"old\n"),
            Replacement("problems/new.yaml", b"new\n"),
            Replacement("problems/other.yaml", b"names new\n", b"names old\n"),
        ],
    )
    assert {path.name: path.read_bytes() for path in (tmp_path / "problems").iterdir()} == {
        "new.yaml": b"new\n",
        "other.yaml": b"names new\n",
    }


def test_a_file_that_changed_meanwhile_is_not_deleted(tmp_path: Path) -> None:
    (tmp_path / "problems").mkdir()
    (tmp_path / "problems" / "old.yaml").write_bytes(b"newer\n")
    wanted = [
        Replacement("problems/new.yaml", b"x"),
        Replacement("problems/old.yaml", None, b"old\n"),
    ]
    with pytest.raises(OcsError, match=r"problems/old\.yaml changed meanwhile"):
        replace_all(tmp_path, wanted)
    assert [path.name for path in (tmp_path / "problems").iterdir()] == ["old.yaml"]
