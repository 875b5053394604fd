"""A registry is read as it would be with other bytes in some of its files."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ocs.adapters.files import Files
from ocs.adapters.overlay import Overlay
from ocs.errors import UnreadableError

Write = Callable[[str], Files]
FILES = "== people/lena.yaml\nname: Lena\n== people/sam.yaml\nname: Sam\n"


def paths(files: Files) -> set[str]:
    return {entry.path for entry in files.records(["people", "access"])}


def test_other_bytes_are_read_and_the_disk_stays_as_it_is(write: Write) -> None:
    files = write(FILES)
    laid = Overlay(files, {"people/lena.yaml": b"name: Helen\n"})
    assert laid.read("people/lena.yaml", 100) == b"name: Helen\n"
    assert laid.read("people/lena.yaml", 4) == b"name:"
    assert laid.read("people/sam.yaml", 100) == b"name: Sam\n"
    assert files.read("people/lena.yaml", 100).strip() == b"name: Lena"
    assert paths(laid) == paths(files)


def test_what_is_taken_away_is_not_there(write: Write) -> None:
    laid = Overlay(write(FILES), {"people/lena.yaml": None})
    assert paths(laid) == {"ocs.yaml", "people/sam.yaml"}
    with pytest.raises(UnreadableError, match=r"people/lena\.yaml"):
        laid.read("people/lena.yaml", 100)


def test_new_files_are_there_with_their_folders(write: Write) -> None:
    laid = Overlay(
        write(FILES), {"access/river/login.yaml": b"purpose: x\n", "notes.md": b"Hello"}
    )
    assert paths(laid) == {
        "ocs.yaml",
        "people/lena.yaml",
        "people/sam.yaml",
        "access/river/login.yaml",
    }
    assert {(entry.path, entry.what) for entry in laid.top()} == {
        ("ocs.yaml", "file"),
        ("people", "folder"),
        ("access", "folder"),
        ("notes.md", "file"),
    }


def test_one_lies_over_another(write: Write) -> None:
    inner = Overlay(write(FILES), {"people/lena.yaml": None})
    laid = Overlay(
        inner, {"people/helen.yaml": b"name: Helen\n", "ocs.yaml": b"name: Other\n"}
    )
    assert paths(laid) == {"ocs.yaml", "people/helen.yaml", "people/sam.yaml"}
    assert laid.read("ocs.yaml", 100) == b"name: Other\n"
