"""A text that is being worked on is nobody's but the user's, and in one pair of hands."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from ocs.adapters.drafts import Aside
from ocs.errors import OcsError

PATH = "people/lena.yaml"


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_it_is_kept_and_read_by_a_later_one(tmp_path: Path) -> None:
    aside = Aside([tmp_path], PATH)
    assert (aside.read(), aside.before()) == (None, None)
    aside.keep(b"new", b"old")
    del aside
    later = Aside([tmp_path], PATH)
    assert (later.read(), later.before()) == (b"new", b"old")
    later.keep(b"newer", None)
    assert (later.read(), later.before()) == (b"newer", None)
    assert later.read(2) == b"new"


def test_nobody_else_can_read_it(tmp_path: Path) -> None:
    aside = Aside([tmp_path / "drafts"], PATH)
    aside.keep(b"new", b"old")
    assert {mode(aside.file.parent), mode(tmp_path / "drafts")} == {0o700}
    assert {mode(path) for path in aside.file.parent.iterdir()} == {0o600}


def test_two_do_not_work_on_it_at_once(tmp_path: Path) -> None:
    first = Aside([tmp_path], PATH)
    with pytest.raises(OcsError, match=r"people/lena\.yaml is open in another window"):
        Aside([tmp_path], PATH)
    assert Aside([tmp_path], "people/sam.yaml").read() is None
    del first
    assert Aside([tmp_path], PATH).read() is None


def test_with_it_goes_what_an_editor_left_but_nothing_of_others(tmp_path: Path) -> None:
    other = Aside([tmp_path], "people/a-lena.yaml")
    other.keep(b"x", b"y")
    aside = Aside([tmp_path], PATH)
    aside.keep(b"new", b"old")
    for name in (
        "lena.yaml~",
        ".lena.yaml.swp",
        "#lena.yaml#",
        ".#lena.yaml",
        ".lena.yaml.un~",
    ):
        (aside.file.parent / name).write_text("")
    aside.discard()
    assert {path.name for path in other.file.parent.iterdir()} == {
        "a-lena.yaml",
        ".a-lena.yaml.before",
        ".a-lena.yaml.lock",
    }
    other.discard()
    assert not (tmp_path / "people").exists()


def test_it_lies_in_the_first_folder_that_can_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    aside = Aside([tmp_path / "file" / "x", tmp_path / "second"], PATH)
    assert aside.file == tmp_path / "second" / PATH
    with pytest.raises(OcsError, match="cannot keep a draft") as caught:
        Aside([tmp_path / "file" / "x"], PATH)
    assert "--file" in (caught.value.hint or "")
    with pytest.raises(OcsError, match="no folder for drafts is known"):
        Aside([], PATH)


def test_a_link_in_its_place_is_not_written_through(tmp_path: Path) -> None:
    aside = Aside([tmp_path], PATH)
    (tmp_path / "target").write_text("old")
    aside.file.symlink_to(tmp_path / "target")
    aside.keep(b"new", None)
    assert (tmp_path / "target").read_text() == "old"
    assert aside.read() == b"new"
