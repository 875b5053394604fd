"""Files are written and deleted whole, all of them or none."""

from __future__ import annotations

import errno
import fcntl
import hashlib
import json
import os
import stat
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from ocs.adapters.replacing import (
    UNFINISHED,
    Replacement,
    at_rest,
    finish,
    present,
    replace_all,
)
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


@pytest.mark.parametrize(
    ("there", "new"),
    [
        ("Lena.yaml", "lena.yaml"),
        ("b\N{LATIN SMALL LETTER A WITH DIAERESIS}.asc", "ba\N{COMBINING DIAERESIS}.asc"),
        ("stra\N{LATIN SMALL LETTER SHARP S}e.yaml", "STRASSE.yaml"),
    ],
)
def test_no_file_is_written_that_some_disks_take_for_another(
    tmp_path: Path, there: str, new: str
) -> None:
    """A stand-in for a disk that ignores case: there both names would be one file."""
    (tmp_path / "people").mkdir()
    (tmp_path / "people" / there).write_bytes(b"theirs\n")
    changes = [Replacement("people/a.yaml", b"a\n"), Replacement(f"people/{new}", b"mine\n")]
    with pytest.raises(OcsError, match=f"already holds {there}, and many disks ignore case"):
        replace_all(tmp_path, changes)
    with pytest.raises(OcsError, match="already holds"):
        replace_all(tmp_path, [Replacement(f"orgs/{name}", b"x") for name in (there, new)])
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == [there]


def leftovers(root: Path) -> list[str]:
    return sorted(path.name for path in root.rglob(".*"))


def test_nothing_is_written_where_a_file_changed_meanwhile(tmp_path: Path) -> None:
    (tmp_path / "people").mkdir()
    (tmp_path / "people" / "bo.yaml").write_bytes(b"name: Bob\n")
    wanted = [
        Replacement("people/ana.yaml", b"x: y\n"),
        Replacement("people/bo.yaml", b"x: y\n", b"name: Bo\n"),
    ]
    with pytest.raises(OcsError, match=r"people/bo\.yaml changed while ocs ran"):
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


@pytest.mark.parametrize("count", [9, 10])
def test_from_ten_files_on_several_are_flushed_at_a_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, count: int
) -> None:
    in_main: list[bool] = []

    def noted(descriptor: int) -> None:
        if Path(f"/proc/self/fd/{descriptor}").readlink().name.startswith(".person"):
            in_main.append(threading.current_thread() is threading.main_thread())

    monkeypatch.setattr(os, "fsync", noted)
    replace_all(tmp_path, many(count))
    assert in_main == [count < 10] * count


@pytest.mark.parametrize(("count", "flushed"), [(1, 1), (2, 3)])
def test_what_is_decided_is_flushed_where_several_files_depend_on_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, count: int, flushed: int
) -> None:
    files: list[int] = []

    def noted(descriptor: int) -> None:
        if stat.S_ISREG(os.fstat(descriptor).st_mode):
            files.append(descriptor)

    monkeypatch.setattr(os, "fsync", noted)
    replace_all(tmp_path, many(count))
    assert len(files) == flushed


def test_a_folder_that_cannot_be_flushed_leaves_what_was_decided(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(descriptor: int) -> None:
        if stat.S_ISDIR(os.fstat(descriptor).st_mode):
            raise OSError(5, "Input/output error")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(OcsError, match="cannot write the files: Input/output error"):
            replace_all(tmp_path, many(2))
    with pytest.raises(OcsError, match="finished an interrupted write: people/person-000"):
        replace_all(tmp_path, many(2))
    assert leftovers(tmp_path) == []


def digest(data: bytes | None) -> str | None:
    return None if data is None else hashlib.sha256(data).hexdigest()


BEFORE, AFTER, OTHER = b"before", b"after", b"other"


def interrupt(
    root: Path, *, is_decided: bool, file: bytes | None, beside: bytes | None, is_kept: bool
) -> None:
    """A change of people/ana.yaml that was interrupted: what lies in its place, and beside it."""
    (root / "people").mkdir()
    name = ".ana.yaml.0123abcd"
    for path, data in (("people/ana.yaml", file), (f"people/{name}", beside)):
        if data is not None:
            (root / path).write_bytes(data)
    step = (
        ["people/ana.yaml", name, digest(BEFORE), digest(AFTER)]
        if is_kept
        else ["people/ana.yaml", None, digest(BEFORE), None]
    )
    (root / UNFINISHED).write_text(json.dumps({"decided": is_decided, "steps": [step]}))


@pytest.mark.parametrize("path", ["ocs.yaml", "secrets/.gpg-id"])
def test_a_file_at_the_root_and_a_dot_file_below_it_are_finished(
    tmp_path: Path, path: str
) -> None:
    (tmp_path / "secrets").mkdir()
    (tmp_path / path).write_bytes(BEFORE)
    steps = [[path, None, digest(BEFORE), None]]
    (tmp_path / UNFINISHED).write_text(json.dumps({"decided": True, "steps": steps}))
    with pytest.raises(OcsError, match=f"finished an interrupted write: {path}"):
        finish(tmp_path)
    assert present(tmp_path / path) is None


@pytest.mark.parametrize("file", [None, BEFORE, OTHER])
def test_what_was_only_begun_is_undone(tmp_path: Path, file: bytes | None) -> None:
    interrupt(tmp_path, is_decided=False, file=file, beside=b"aft", is_kept=True)
    finish(tmp_path)
    assert present(tmp_path / "people/ana.yaml") == file
    assert leftovers(tmp_path) == []


@pytest.mark.parametrize(
    ("file", "beside", "is_kept"),
    [
        (BEFORE, AFTER, True),
        (AFTER, AFTER, True),
        (AFTER, None, True),
        # It is in its place, and was changed since.
        (OTHER, None, True),
        (BEFORE, None, False),
        (None, None, False),
    ],
)
def test_what_was_decided_is_finished(
    tmp_path: Path, file: bytes | None, beside: bytes | None, is_kept: bool
) -> None:
    interrupt(tmp_path, is_decided=True, file=file, beside=beside, is_kept=is_kept)
    with pytest.raises(OcsError, match=r"finished an interrupted write: people/ana\.yaml$"):
        finish(tmp_path)
    expected = (OTHER if file == OTHER else AFTER) if is_kept else None
    assert present(tmp_path / "people/ana.yaml") == expected
    assert leftovers(tmp_path) == []
    finish(tmp_path)


@pytest.mark.parametrize(
    ("file", "beside", "is_kept"),
    [
        (OTHER, AFTER, True),
        (None, AFTER, True),
        (BEFORE, OTHER, True),
        (AFTER, OTHER, True),
        (OTHER, None, False),
    ],
)
def test_what_changed_meanwhile_is_not_finished(
    tmp_path: Path, file: bytes | None, beside: bytes | None, is_kept: bool
) -> None:
    interrupt(tmp_path, is_decided=True, file=file, beside=beside, is_kept=is_kept)
    with pytest.raises(
        OcsError, match=r"cannot finish an interrupted write: people/ana\.yaml changed"
    ):
        finish(tmp_path)
    assert present(tmp_path / "people/ana.yaml") == file
    assert (tmp_path / UNFINISHED).exists()


@pytest.mark.parametrize(
    ("path", "beside"),
    [
        ("../ana.yaml", None),
        ("people/../ana.yaml", None),
        ("people//ana.yaml", None),
        ("//ana.yaml", None),
        (".git/config", None),
        ("people/.git/config", None),
        (".gitattributes", None),
        ("people/", None),
        ("", None),
        ("people/ana.yaml", "bo.yaml"),
        ("people/ana.yaml", ".bo.yaml.0123abcd"),
        ("people/ana.yaml", ".ana.yaml.0123abcd/x"),
        ("people/ana.yaml", ""),
    ],
)
@pytest.mark.parametrize("is_decided", [False, True])
def test_a_note_of_another_hand_touches_nothing_else(
    tmp_path: Path, path: str, beside: str | None, is_decided: bool
) -> None:
    root = tmp_path / "registry"
    for name in ("people/.git", ".git"):
        (root / name).mkdir(parents=True)
    for name in ("../ana.yaml", "ana.yaml", "people/bo.yaml", ".git/config", ".gitattributes"):
        (root / name).write_bytes(BEFORE)
    (root / "people/.git/config").write_bytes(BEFORE)
    before = sorted(path for path in tmp_path.rglob("*"))
    step = [path, beside, digest(BEFORE), digest(AFTER) if beside else None]
    (root / UNFINISHED).write_text(json.dumps({"decided": is_decided, "steps": [step]}))
    with pytest.raises(OcsError, match=f"cannot finish an interrupted write: it names {path}"):
        finish(root)
    (root / UNFINISHED).unlink()
    assert sorted(path for path in tmp_path.rglob("*")) == before


@pytest.mark.parametrize(
    "note",
    [
        "",
        "[",
        "[]",
        "7",
        "{}",
        '{"decided": true}',
        '{"steps": []}',
        '{"decided": 1, "steps": [[]]}',
    ],
)
def test_a_note_that_ocs_did_not_write_is_left_for_somebody_to_see(
    tmp_path: Path, note: str
) -> None:
    (tmp_path / UNFINISHED).write_text(note)
    with pytest.raises(OcsError, match="cannot finish an interrupted write") as refused:
        finish(tmp_path)
    assert f"delete {tmp_path / UNFINISHED}" in (refused.value.hint or "")
    assert (tmp_path / UNFINISHED).read_text() == note


def test_nobody_writes_at_rest(tmp_path: Path) -> None:
    with at_rest(tmp_path) as is_at_rest:
        assert is_at_rest
        with at_rest(tmp_path) as is_at_rest_for_another:
            assert is_at_rest_for_another
    writer = os.open(tmp_path, os.O_RDONLY)
    try:
        fcntl.flock(writer, fcntl.LOCK_EX)
        with at_rest(tmp_path) as is_at_rest:
            assert not is_at_rest
    finally:
        os.close(writer)


def test_one_process_at_a_time_writes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[bool] = []

    def noted(_: int) -> None:
        with at_rest(tmp_path) as is_at_rest:
            seen.append(is_at_rest)

    monkeypatch.setattr(os, "fsync", noted)
    replace_all(tmp_path, many(1))
    assert set(seen) == {False}


def test_where_a_disk_has_no_locks_files_are_written_and_changes_are_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_locks(*_: object) -> None:
        raise OSError(errno.ENOLCK, "no locks available")

    monkeypatch.setattr(fcntl, "flock", no_locks)
    replace_all(tmp_path, [Replacement("a.yaml", b"mine\n")])
    assert (tmp_path / "a.yaml").read_bytes() == b"mine\n"
    with pytest.raises(OcsError, match=r"a\.yaml changed while ocs ran"):
        replace_all(tmp_path, [Replacement("a.yaml", b"theirs\n")])
    with at_rest(tmp_path) as is_at_rest:
        assert is_at_rest


def test_what_is_to_be_written_anew_is_read_where_it_is_a_plain_file(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"x")
    (tmp_path / "folder").mkdir()
    (tmp_path / "link").symlink_to("file")
    os.mkfifo(tmp_path / "fifo")
    assert present(tmp_path / "file") == b"x"
    assert present(tmp_path / "nothing") is None
    for name, why in (
        ("nowhere/file", "there is no folder .*nowhere"),
        ("file/x", "there is no folder .*file"),
        ("link", "cannot write .*link: it is a link"),
        ("folder", "cannot write .*folder: Is a directory"),
        ("fifo", "cannot write .*fifo: it is no plain file"),
    ):
        with pytest.raises(OcsError, match=why):
            present(tmp_path / name)


@pytest.mark.parametrize(
    ("count", "named"),
    [
        (1, "000.yaml"),
        (10, "009.yaml"),
        (11, "009.yaml and 1 more"),
        (30, "009.yaml and 20 more"),
    ],
)
def test_of_many_files_that_are_finished_later_some_are_named(
    tmp_path: Path, count: int, named: str
) -> None:
    (tmp_path / "people").mkdir()
    steps = []
    for each in many(count):
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
    with pytest.raises(OcsError) as refused:
        finish(tmp_path)
    assert ": people/person-000.yaml" in refused.value.message
    assert refused.value.message.endswith(f"people/person-{named}")
    assert len(list((tmp_path / "people").glob("person-*.yaml"))) == count
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
    with pytest.raises(OcsError, match=r"problems/old\.yaml changed while ocs ran"):
        replace_all(tmp_path, wanted)
    assert [path.name for path in (tmp_path / "problems").iterdir()] == ["old.yaml"]
