"""Only plain files of the registry are read; nothing is followed out of it."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from ocs.adapters.files import Files, find_registry, read_schema
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
    files = write("== people/long.yaml\n" + "x" * 500)
    assert files.read("people/long.yaml", 100) == b"x" * 101


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


def test_the_registry_is_found_from_any_folder_in_it(write: Write) -> None:
    files = write(LENA)
    assert find_registry(files.root / "people") == files.root
    assert find_registry(files.root) == files.root
    assert find_registry(files.root.parent) is None


def test_a_schema_that_is_missing_is_said() -> None:
    with pytest.raises(OcsError, match=r"the schema nothing\.json of ocs is missing"):
        read_schema("nothing.json")
