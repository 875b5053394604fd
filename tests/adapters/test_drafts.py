"""A text that is being worked on is nobody's but the user's, and in one pair of hands."""

from __future__ import annotations

import random
import stat
from pathlib import Path

import pytest

from ocs.adapters.drafts import Aside, DraftFolders, key_in
from ocs.errors import OcsError

PATH = "people/lena.yaml"
KEY = bytes(32)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_it_is_kept_and_read_by_a_later_one(tmp_path: Path) -> None:
    aside = Aside(DraftFolders([tmp_path], KEY), PATH)
    assert (aside.read(), aside.before()) == (None, None)
    aside.keep(b"new", b"old")
    del aside
    later = Aside(DraftFolders([tmp_path], KEY), PATH)
    assert (later.read(), later.before()) == (b"new", b"old")
    later.keep(b"newer", None)
    assert (later.read(), later.before()) == (b"newer", None)
    assert later.read(2) == b"new"


def test_nobody_else_can_read_it(tmp_path: Path) -> None:
    aside = Aside(DraftFolders([tmp_path / "drafts"], KEY), PATH)
    aside.keep(b"new", b"old")
    assert {mode(aside.file.parent), mode(tmp_path / "drafts")} == {0o700}
    assert {mode(path) for path in aside.file.parent.iterdir()} == {0o600}


def test_two_do_not_work_on_it_at_once(tmp_path: Path) -> None:
    first = Aside(DraftFolders([tmp_path], KEY), PATH)
    with pytest.raises(OcsError, match=r"people/lena\.yaml is open in another window"):
        Aside(DraftFolders([tmp_path], KEY), PATH)
    assert Aside(DraftFolders([tmp_path], KEY), "people/sam.yaml").read() is None
    del first
    assert Aside(DraftFolders([tmp_path], KEY), PATH).read() is None


def test_with_it_goes_what_an_editor_left_but_nothing_of_others(tmp_path: Path) -> None:
    other = Aside(DraftFolders([tmp_path], KEY), "people/a-lena.yaml")
    other.keep(b"x", b"y")
    aside = Aside(DraftFolders([tmp_path], KEY), PATH)
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
        ".a-lena.yaml.mark",
    }
    other.discard()
    assert not (tmp_path / "people").exists()


def test_it_lies_in_the_first_folder_that_can_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    aside = Aside(DraftFolders([tmp_path / "file" / "x", tmp_path / "second"], KEY), PATH)
    assert aside.file == tmp_path / "second" / PATH
    with pytest.raises(OcsError, match="cannot keep a draft") as caught:
        Aside(DraftFolders([tmp_path / "file" / "x"], KEY), PATH)
    assert "--file" in (caught.value.hint or "")
    with pytest.raises(OcsError, match="no folder for drafts is known"):
        Aside(DraftFolders([], KEY), PATH)


def test_a_link_in_its_place_is_not_written_through(tmp_path: Path) -> None:
    aside = Aside(DraftFolders([tmp_path], KEY), PATH)
    (tmp_path / "target").write_text("old")
    aside.file.symlink_to(tmp_path / "target")
    aside.keep(b"new", None)
    assert (tmp_path / "target").read_text() == "old"
    assert aside.read() == b"new"


def test_a13_a_draft_that_came_with_the_repository_counts_for_nothing(tmp_path: Path) -> None:
    for key in (KEY, bytes(31) + b"x"):
        stranger = Aside(DraftFolders([tmp_path / "theirs"], key), PATH)
        stranger.keep(b"planted", None)
        for file in stranger.file.parent.iterdir():
            (tmp_path / "ours/people").mkdir(parents=True, exist_ok=True)
            (tmp_path / "ours/people" / file.name).write_bytes(file.read_bytes())
        del stranger
        aside = Aside(DraftFolders([tmp_path / "ours"], KEY), PATH)
        assert (aside.read(), aside.before()) == (None, None)
        assert aside.file.with_name(".lena.yaml.unknown").read_bytes() == b"planted"
        aside.keep(b"own", None)
        del aside
        assert Aside(DraftFolders([tmp_path / "ours"], KEY), PATH).read() == b"own"


def test_a19_a_damaged_draft_is_put_aside(tmp_path: Path) -> None:
    chance = random.Random(7391)
    drafts = DraftFolders([tmp_path], KEY)
    for number in range(200):
        aside = Aside(drafts, PATH)
        aside.keep(b"text", b"before %d" % number)
        damaged = aside.file.with_name(f".lena.yaml.{chance.choice(('before', 'mark'))}")
        del aside
        data = bytearray(damaged.read_bytes())
        at = chance.randrange(len(data))
        what = chance.randrange(4)
        if what == 0:
            damaged.unlink()
        elif what == 1:
            damaged.write_bytes(data[:at])
        else:
            data[at] ^= 1 << chance.randrange(8)
            damaged.write_bytes(data)
        later = Aside(drafts, PATH)
        assert (later.read(), later.before()) == (None, None)
        assert later.file.with_name(".lena.yaml.unknown").read_bytes() == b"text"
        later.discard()


def test_the_key_of_drafts_is_kept_and_nobody_elses(tmp_path: Path) -> None:
    key = key_in(tmp_path / "state")
    assert key == key_in(tmp_path / "state")
    assert mode(tmp_path / "state/draft-key") == 0o600
    (tmp_path / "state/draft-key").write_bytes(b"short")
    assert key_in(tmp_path / "state") not in (key, b"short")
    assert key_in(None) != key_in(None)
