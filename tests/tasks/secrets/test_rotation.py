"""What is to be rotated is told from git's history, whoever made the commits."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from ocs.adapters.files import Files
from ocs.adapters.packets import read_message, without_recipients
from ocs.rules.records.schema import Schemas
from ocs.tasks.due import coming_up
from ocs.tasks.registry.validate import validate
from ocs.tasks.secrets.access import access
from ocs.tasks.secrets.secrets import listing
from tests.crew import Crew, git, put
from tests.gpg import needs_gpg

pytestmark = needs_gpg
TODAY = date.today()
LOGIN = "secrets/river/login.gpg"
RECORD = "access/river/login.yaml"
Judge = Callable[[], tuple[str, ...]]


@pytest.fixture
def files(crew: Crew, tmp_path: Path) -> Files:
    """A registry in git, whose one secret is read by Lena and by the gatekeepers."""
    found = crew.write(tmp_path / "registry")
    crew.secret(found, "river/login", b"one\n", "lena")
    git(found.root, "init", "-q")
    commit(found)
    return found


@pytest.fixture
def to_rotate(files: Files, schemas: Schemas) -> Judge:
    """Who could read what the secret holds, and is no reader."""

    def told() -> tuple[str, ...]:
        (login,) = listing("river", None, Files(files.root), schemas, TODAY)
        return login.former_readers

    return told


def commit(files: Files) -> None:
    git(files.root, "add", "-A")
    git(files.root, "commit", "-qm", "by hand")


def record(files: Files, rotated: str, *readers: str) -> None:
    named = ", ".join(f"{{person: {each}}}" for each in readers)
    put(files.root, RECORD, f"purpose: x\nrotated: {rotated}\nreaders: [{named}]\n".encode())


def revoke_by_hand(files: Files, crew: Crew) -> None:
    """Take Lena out of record and file, as `ocs secret revoke` does."""
    data = (files.root / LOGIN).read_bytes()
    lenas = set(read_message(data).key_ids) - set(
        read_message(crew.encrypt(b"x", "amara", "joost")).key_ids
    )
    put(files.root, LOGIN, without_recipients(data, lenas))
    record(files, "2026-01-01")


def test_nobody_is_told_where_all_readers_stay(to_rotate: Judge) -> None:
    assert to_rotate() == ()


def test_who_was_taken_out_is_told_until_the_secret_is_rotated(
    to_rotate: Judge, crew: Crew, files: Files, schemas: Schemas
) -> None:
    revoke_by_hand(files, crew)
    assert to_rotate() == ("lena",)  # also before it is committed
    commit(files)
    assert to_rotate() == ("lena",)
    (found,) = validate(files, schemas, TODAY, only=["to-be-rotated"]).findings
    assert (found.place.file, found.message) == (
        RECORD,
        "lena could read the content of river/login, but is no longer a reader",
    )
    dates = coming_up(files, schemas, TODAY, 10)
    assert [
        each.who for each in dates if "rotate the secret river/login: lena could" in each.what
    ] == [("amara", "joost")]
    assert ("lena", False, False) in [
        (each.person, each.may, each.can)
        for each in access("river/login", files, schemas, TODAY)
    ]
    put(files.root, LOGIN, crew.encrypt(b"two\n", "amara", "joost"))
    record(files, "2026-02-01")
    assert to_rotate() == ()
    commit(files)
    assert to_rotate() == ()


def test_other_bytes_alone_and_another_date_alone_are_no_rotation(
    to_rotate: Judge, crew: Crew, files: Files
) -> None:
    revoke_by_hand(files, crew)
    commit(files)
    put(files.root, LOGIN, crew.encrypt(b"one\n", "amara", "joost"))
    commit(files)
    assert to_rotate() == ("lena",)
    record(files, "2026-02-01")
    commit(files)
    assert to_rotate() == ("lena",)


def test_somebody_added_and_taken_out_by_hand_is_told(
    to_rotate: Judge, crew: Crew, files: Files
) -> None:
    before = (files.root / LOGIN).read_bytes()
    put(files.root, LOGIN, crew.encrypt(b"one\n", "amara", "joost", "lena", "sam"))
    commit(files)
    put(files.root, LOGIN, before)
    commit(files)
    assert to_rotate() == ("sam",)


def test_who_is_let_in_by_a_rotation_that_is_not_committed_is_told(
    to_rotate: Judge, crew: Crew, files: Files
) -> None:
    put(files.root, LOGIN, crew.encrypt(b"two\n", "amara", "joost", "sam"))
    record(files, "2026-02-01")
    assert to_rotate() == ("sam",)


def test_content_that_comes_back_brings_its_readers_back(
    to_rotate: Judge, crew: Crew, files: Files
) -> None:
    revoke_by_hand(files, crew)
    old = (files.root / LOGIN).read_bytes()
    commit(files)
    put(files.root, LOGIN, crew.encrypt(b"two\n", "amara", "joost"))
    record(files, "2026-02-01")
    commit(files)
    assert to_rotate() == ()
    put(files.root, LOGIN, old)
    commit(files)
    assert to_rotate() == ("lena",)


def test_another_name_hides_nobody(
    to_rotate: Judge, crew: Crew, files: Files, schemas: Schemas
) -> None:
    revoke_by_hand(files, crew)
    commit(files)
    git(files.root, "mv", LOGIN, "secrets/river/entry.gpg")
    git(files.root, "mv", RECORD, "access/river/entry.yaml")
    commit(files)
    assert to_rotate() == ("lena",)


def test_a_branch_that_was_merged_counts(to_rotate: Judge, crew: Crew, files: Files) -> None:
    git(files.root, "checkout", "-q", "-b", "side")
    put(files.root, LOGIN, crew.encrypt(b"one\n", "amara", "joost", "lena", "sam"))
    commit(files)
    git(files.root, "checkout", "-q", "-")
    git(files.root, "merge", "-q", "--no-ff", "-s", "ours", "side")
    assert to_rotate() == ("sam",)


def test_who_has_no_certificate_any_more_is_named_by_the_old_one(
    to_rotate: Judge, crew: Crew, files: Files
) -> None:
    revoke_by_hand(files, crew)
    for path in ("keys/lena.asc", "vetting/lena.yaml"):
        (files.root / path).unlink()
    commit(files)
    assert to_rotate() == ("lena",)


def test_hidden_and_unknown_readers_are_told(
    to_rotate: Judge, crew: Crew, files: Files
) -> None:
    before = (files.root / LOGIN).read_bytes()
    hidden = ("--hidden-recipient", crew.keys["sam"], "--symmetric", "--passphrase", "x")
    put(files.root, LOGIN, crew.encrypt(b"one\n", "amara", "mallory", options=hidden))
    commit(files)
    put(files.root, LOGIN, before)
    commit(files)
    somebody, passphrase, key = to_rotate()
    assert somebody == "a hidden recipient"
    assert passphrase == "anybody who knows its passphrase"
    assert key.startswith("the holder of the unknown key ")


def test_a_clone_that_is_cut_short_cannot_tell(
    to_rotate: Judge, crew: Crew, files: Files, schemas: Schemas, tmp_path: Path
) -> None:
    revoke_by_hand(files, crew)
    commit(files)
    subprocess.run(
        [
            "git",
            "clone",
            "-q",
            "--depth",
            "1",
            f"file://{files.root}",
            str(tmp_path / "shallow"),
        ],
        check=True,
    )
    shallow = Files(tmp_path / "shallow")
    found = validate(
        shallow, schemas, TODAY, only=["to-be-rotated", "history-unknown"]
    ).findings
    assert [(each.code, each.hint) for each in found] == [
        ("history-unknown", "fetch the rest with `git fetch --unshallow`")
    ]


def test_without_git_it_cannot_be_told(files: Files) -> None:
    command = [sys.executable, "-m", "ocs", "validate", "--only", "history-unknown"]
    environment = {**os.environ, "PATH": ""}
    done = subprocess.run(
        command, cwd=files.root, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0
    assert "cannot find out which secrets need rotation: cannot run git" in done.stdout


def test_a_registry_below_the_top_of_its_repository_has_the_same_history(
    crew: Crew, tmp_path: Path, schemas: Schemas
) -> None:
    found = crew.write(tmp_path / "repository" / "deep" / "registry")
    crew.secret(found, "river/login", b"one\n", "lena")
    git(tmp_path / "repository", "init", "-q")
    commit(found)
    revoke_by_hand(found, crew)
    commit(found)
    (login,) = listing("river", None, found, schemas, TODAY)
    assert login.former_readers == ("lena",)
