"""Only plain files of the registry are read; nothing is followed out of it."""

from __future__ import annotations

import os
import shutil
import socket
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from ocs.adapters.files import Entry, Files, edition, find_registry, read_given, read_schema
from ocs.errors import OcsError, UnreadableError

LENA = "== people/lena.yaml\nname: Lena\n"
Write = Callable[[str], Files]


def listed(files: Files, *folders: str) -> dict[str, str]:
    return {entry.path: entry.what for entry in files.records(folders or ("people",))}


def test_records_are_ocs_yaml_and_all_below_the_folders(write: Write) -> None:
    files = write(
        LENA
        + "== people/deep/er.yaml\nname: X\n== orgs/x.yaml\nname: X\n== README.md\nhello\n"
    )
    assert listed(files) == {
        "ocs.yaml": "file",
        "people/lena.yaml": "file",
        "people/deep/er.yaml": "file",
    }


def test_dot_files_and_dot_folders_are_left_alone(write: Write) -> None:
    files = write(
        LENA + "== people/.lena.swp\nx\n== people/.cache/x.yaml\nx\n== .github/x.yaml\nx\n"
    )
    assert listed(files) == {"ocs.yaml": "file", "people/lena.yaml": "file"}
    assert [entry.path for entry in files.top() if entry.path.startswith(".")] == []


def test_a_stamp_changes_with_the_content(write: Write) -> None:
    files = write(LENA)
    (before,) = [
        entry for entry in files.records(("people",)) if entry.path == "people/lena.yaml"
    ]
    (files.root / "people/lena.yaml").write_text("name: Lene\n")
    (after,) = [
        entry for entry in files.records(("people",)) if entry.path == "people/lena.yaml"
    ]
    assert before.stamp != after.stamp


def test_links_are_told_and_never_followed(write: Write, tmp_path: Path) -> None:
    files = write(LENA)
    (tmp_path / "secret.yaml").write_text("name: Secret\n")
    (files.root / "people/link.yaml").symlink_to(tmp_path / "secret.yaml")
    (files.root / "people/folder").symlink_to(tmp_path)
    (files.root / "orgs").symlink_to(tmp_path)
    assert listed(files, "people", "orgs") == {
        "ocs.yaml": "file",
        "people/lena.yaml": "file",
        "people/link.yaml": "link",
        "people/folder": "link",
        "orgs": "link",
    }
    for path in ("people/link.yaml", "people/folder/secret.yaml", "orgs/secret.yaml"):
        with pytest.raises(UnreadableError, match=r"link|no folder of the registry"):
            files.read(path, 100)


def test_a_link_leads_out_only_where_it_names_what_lies_outside(
    write: Write, tmp_path: Path
) -> None:
    files = write(LENA)
    # Its name begins as the registry's does.
    (tmp_path / "registry-2").mkdir()
    for name, target, leads_out in (
        ("inside", "people/lena.yaml", False),
        ("root", ".", False),
        ("outside", "..", True),
        ("sibling", tmp_path / "registry-2", True),
        ("nothing", "/nothing/here", True),
    ):
        (files.root / name).symlink_to(target)
        assert files.leads_out(name) is leads_out, name


def test_what_lies_at_a_path_is_told_without_following_it(write: Write) -> None:
    files = write(LENA)
    (files.root / "link").symlink_to("people")
    for path, what in (("", "folder"), ("people/lena.yaml", "file"), ("link", "link")):
        entry = files.looks(path)
        assert entry
        assert (entry.path, entry.what) == (path, what)
    assert files.looks("people/nobody.yaml") is None


def test_the_root_lists_what_lies_in_it(write: Write) -> None:
    files = write(LENA)
    assert {entry.path: entry.what for entry in files.top()} == {
        "ocs.yaml": "file",
        "people": "folder",
    }


def test_folders_that_were_looked_into_are_told(write: Write) -> None:
    files = write("== people/deep/er.yaml\nname: X\n")
    looked_into: list[str] = []
    files.records(("people", "orgs"), looked_into)
    assert looked_into == ["people", "people/deep"]


def test_what_lies_deeper_than_any_record_is_not_looked_into(write: Write) -> None:
    deepest = "people/" + "/".join("12345678")
    files = write(f"== {deepest}/x.yaml\nx\n== {deepest}/9/x.yaml\nx\n")
    assert listed(files) == {
        "ocs.yaml": "file",
        f"{deepest}/x.yaml": "file",
        f"{deepest}/9": "folder",
    }


@pytest.mark.parametrize(
    ("changed", "now", "is_settled"),
    [
        (1_000_000_001, 1_050_000_001, False),
        (1_000_000_001, 1_050_000_002, True),
        # A time in whole seconds is kept coarsely.
        (1_000_000_000, 3_000_000_000, False),
        (1_000_000_000, 3_000_000_001, True),
    ],
)
def test_a_stamp_counts_once_a_later_change_would_give_another(
    changed: int, now: int, is_settled: bool
) -> None:
    entry = Entry("ocs.yaml", "file", 7, changed)
    assert entry.stamp_at(now) == (7 if is_settled else 0)


def test_files_of_one_folder_are_read_from_it_wherever_it_is_moved_to(write: Write) -> None:
    files = write(LENA + "== people/kim.yaml\nname: Kim\n== orgs/x.yaml\nname: X\n")
    assert files.read("people/lena.yaml", 100) == b"name: Lena"
    (files.root / "people").rename(files.root / "moved")
    assert files.read("people/kim.yaml", 100) == b"name: Kim"
    assert files.read("orgs/x.yaml", 100) == b"name: X\n"
    with pytest.raises(UnreadableError, match="cannot read people/kim"):
        files.read("people/kim.yaml", 100)


def held_open() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def test_no_folder_stays_open_behind_the_last_one(write: Write) -> None:
    files = write(LENA + "== orgs/x.yaml\nname: X\n")
    before = held_open()
    for path in ("people/lena.yaml", "orgs/x.yaml", "people/lena.yaml"):
        files.read(path, 100)
        assert held_open() == before + 1
    del files
    assert held_open() == before


@pytest.mark.parametrize(
    "path", ["../secret.yaml", "people/../../secret.yaml", "people/./x", "/etc/passwd", "a/b"]
)
def test_a_path_that_leaves_the_registry_is_not_read(
    write: Write, tmp_path: Path, path: str
) -> None:
    files = write(LENA)
    (tmp_path / "secret.yaml").write_text("name: Secret\n")
    with pytest.raises(UnreadableError):
        files.read(path, 100)


def test_what_is_no_plain_file_is_refused_without_waiting(
    write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = write(LENA)
    # The name of a socket has at most about 100 bytes, which a folder for tests can exceed.
    monkeypatch.chdir(files.root / "people")
    os.mkfifo(files.root / "people/fifo.yaml")
    (files.root / "people/folder.yaml").mkdir()
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("socket.yaml")
        assert listed(files)["people/socket.yaml"] == "other"
        for name in ("fifo", "folder", "socket"):
            with pytest.raises(UnreadableError, match=f"cannot read people/{name}.yaml"):
                files.read(f"people/{name}.yaml", 100)


def test_no_more_is_read_than_asked_for(write: Write) -> None:
    files = write("")
    (files.root / "long.yaml").write_bytes(b"x" * 500)
    for most, count in ((0, 1), (100, 101), (499, 500), (500, 500), (1000, 500)):
        assert files.read("long.yaml", most) == b"x" * count
        assert read_given(files.root / "long.yaml", most) == b"x" * count


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("people/nobody.yaml", "No such file or directory"),
        ("people/link.yaml", "it is a symbolic link, and links are not followed"),
        ("people/lena.yaml/x", "a folder in its path is a link or no folder"),
        ("people/le\0na.yaml", "embedded null byte"),
    ],
)
def test_why_a_file_cannot_be_read_is_said_in_words(
    write: Write, path: str, reason: str
) -> None:
    files = write(LENA)
    (files.root / "people/link.yaml").symlink_to("lena.yaml")
    with pytest.raises(UnreadableError) as refused:
        files.read(path, 100)
    assert refused.value.message.startswith(f"cannot read {path}: {reason}")


@pytest.mark.parametrize("name", ["nobody.yaml", "", "a\0b"])
def test_a_given_file_that_cannot_be_read_is_named(tmp_path: Path, name: str) -> None:
    with pytest.raises(UnreadableError, match=f"cannot read {tmp_path / name}: "):
        read_given(tmp_path / name, 100)


def test_a_name_that_is_no_text_is_listed(write: Write) -> None:
    files = write(LENA)
    try:
        (files.root / os.fsdecode(b"people/\xff.yaml")).write_text("name: X\n")
    except OSError as error:
        pytest.skip(f"this file system takes no such name: {error}")
    assert os.fsdecode(b"people/\xff.yaml") in listed(files)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_folder_that_may_not_be_listed_is_told(write: Write) -> None:
    files = write(LENA)
    (files.root / "people").chmod(0)
    try:
        assert listed(files)["people"] == "unlisted"
    finally:
        (files.root / "people").chmod(0o700)


def test_a_registry_that_is_gone_is_told(write: Write) -> None:
    files = write(LENA)
    shutil.rmtree(files.root)
    with pytest.raises(UnreadableError, match="cannot list the registry: "):
        files.top()


def test_the_registry_is_found_from_any_folder_in_it(write: Write) -> None:
    files = write(LENA)
    assert find_registry(files.root / "people") == files.root
    assert find_registry(files.root) == files.root
    assert find_registry(files.root.parent) is None


def test_what_another_python_found_is_of_another_edition(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ours = edition()
    edition.cache_clear()
    try:
        assert edition() == ours
        edition.cache_clear()
        monkeypatch.setattr(sys, "version_info", (4, 0))
        assert edition() != ours
    finally:
        edition.cache_clear()


def test_a_schema_comes_with_ocs() -> None:
    assert "$schema" in read_schema("person.schema.json")


def test_a_schema_that_is_missing_is_said() -> None:
    with pytest.raises(OcsError, match=r"the schema nothing\.json of ocs is missing"):
        read_schema("nothing.json")
