"""Somebody sits at a real terminal: a passphrase, a hidden question, an editor; and gpg for the first time."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from ocs.adapters.files import Files
from ocs.adapters.packets import as_text
from tests import gpg
from tests.crew import Crew, everything_written, git, put, remove, short_folder
from tests.remembering import remember
from tests.terminal import Terminal

pytestmark = gpg.needs_gpg
MARKER = b"marker-kelp-7391"
LOGIN = "secrets/river/login.gpg"


@pytest.fixture
def files(crew: Crew, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Files:
    """A registry in git with one secret that Lena reads, who sits at the keyboard."""
    monkeypatch.setenv("GNUPGHOME", crew.homes["lena"].path)
    monkeypatch.delenv("GPG_TTY", raising=False)
    for variable in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{variable}_NAME", "Lena")
        monkeypatch.setenv(f"GIT_{variable}_EMAIL", "lena@x.example")
    found = crew.write(tmp_path / "registry")
    crew.secret(found, "river/login", MARKER + b"\nuser: root\n", "lena")
    git(found.root, "init", "-q")
    git(found.root, "add", "-A")
    git(found.root, "commit", "-qm", "begin")
    remember(found.root)
    return found


@pytest.fixture
def protected(crew: Crew, files: Files, monkeypatch: pytest.MonkeyPatch) -> Iterator[gpg.Home]:
    """Lena's key is another one, protected by a passphrase, and she is asked for it by the real pinentry."""
    program = shutil.which("pinentry-curses")
    if program is None:
        pytest.skip("pinentry-curses is not installed")
    with gpg.home() as home:
        home.configure_agent(f"pinentry-program {program}")
        key = home.make("Lena", passphrase="abc")
        put(files.root, "keys/lena.asc", as_text(home.export(key)))
        record = files.root / "vetting/lena.yaml"
        record.write_text(record.read_text().replace(crew.keys["lena"], key))
        home.gpg("--import", input=crew.certificates["amara"])
        to = ("--recipient", key, "--recipient", crew.keys["amara"], "--encrypt")
        put(files.root, LOGIN, home.encrypt(MARKER + b"\n", *to))
        home.configure_agent(f"pinentry-program {program}")
        monkeypatch.setenv("GNUPGHOME", home.path)
        yield home


def ocs(files: Files, *arguments: str, input: str = "") -> subprocess.CompletedProcess[str]:
    """ocs without any terminal."""
    return subprocess.run(
        [sys.executable, "-m", "ocs", *arguments],
        cwd=files.root,
        input=input,
        capture_output=True,
        text=True,
        check=False,
        start_new_session=True,
    )


@pytest.mark.usefixtures("protected")
def test_a_passphrase_is_asked_for_on_the_terminal_though_nobody_named_it(
    files: Files,
) -> None:
    terminal = Terminal(files.root, "secret", "show", "river/login")
    terminal.reads(b"assphrase")
    terminal.types(b"abc\r")
    assert terminal.ends() == 0
    assert MARKER in terminal.shown


@pytest.mark.usefixtures("protected")
def test_whoever_cancels_or_errs_is_told_so(files: Files) -> None:
    terminal = Terminal(files.root, "secret", "show", "river/login")
    terminal.reads(b"assphrase")
    terminal.types(b"\t\t\r")
    assert terminal.ends() == 2
    assert b"cannot decrypt river/login: you cancelled the question" in terminal.shown
    terminal = Terminal(files.root, "secret", "show", "river/login")
    for _ in range(3):
        terminal.reads(b"assphrase:")
        terminal.types(b"wrong\r")
    assert terminal.ends() == 2
    assert b"the passphrase of your key was wrong" in terminal.shown


@pytest.mark.usefixtures("protected")
def test_without_a_terminal_it_is_said_what_gpg_needs(files: Files) -> None:
    done = ocs(files, "secret", "show", "river/login")
    assert done.returncode == 2
    assert "gpg cannot ask for your passphrase: it does not know your terminal" in done.stderr
    assert "export GPG_TTY=$(tty)" in done.stderr


def test_a_secret_is_typed_twice_and_not_shown(crew: Crew, files: Files) -> None:
    call = ("secret", "add", "house/wifi", "--purpose", "x")
    terminal = Terminal(files.root, *call)
    for first, again in ((b"one", b"other"), (MARKER, MARKER)):
        terminal.reads(b"Secret (it is not shown): ")
        terminal.types(first + b"\r")
        terminal.reads(b"Repeat for confirmation: ")
        terminal.types(again + b"\r")
    assert terminal.ends() == 0, terminal.shown
    assert b"do not match" in terminal.shown
    assert MARKER not in terminal.shown
    data = (files.root / "secrets/house/wifi.gpg").read_bytes()
    assert crew.decrypt("amara", data) == MARKER + b"\n"


@pytest.mark.parametrize("key", [None, b"\x04"], ids=["Ctrl-C", "Ctrl-D"])
def test_an_interrupt_at_the_question_writes_nothing(key: bytes | None, files: Files) -> None:
    terminal = Terminal(files.root, "secret", "add", "house/wifi", "--purpose", "x")
    terminal.reads(b"Secret (it is not shown): ")
    terminal.types(key) if key else terminal.interrupts()
    assert terminal.ends() == 130
    assert git(files.root, "status", "--short") == ""


VIMRC = """\
set nocompatible backup writebackup swapfile undofile viminfo='100,<1000,s100
set backupdir=~/traces directory=~/traces undodir=~/traces
"""
EDITORS = {
    "vim": ("vim", b":%s/kelp/seal/\r", b":wq\r", {".vimrc": VIMRC}),
    "nano": (
        "nano",
        b"\x0b" + b"marker-seal-7391\r",
        b"\x0f\r\x18",
        {
            ".nanorc": 'set backup\nset backupdir "~/traces"\nset historylog\nset positionlog\nset locking\n'
        },
    ),
    "ed": ("ed", b"f\r1s/kelp/seal/\r", b"w\rq\r", {}),
}


def edited(files: Files, name: str, editor: str, scratch: Path) -> Terminal:
    """The terminal, after the secret was changed in an editor."""
    _, changes, ends, _ = EDITORS[name]
    terminal = Terminal(
        files.root,
        "secret",
        "edit",
        "river/login",
        TMPDIR=str(scratch),
        EDITOR=editor,
        VISUAL="",
    )
    terminal.reads(b"\n" if name == "ed" else b"kelp")
    terminal.types(changes)
    terminal.reads(b"seal")
    terminal.types(ends)
    assert terminal.ends() == 0, terminal.shown
    return terminal


@pytest.mark.peers
@pytest.mark.parametrize("name", EDITORS)
def test_a_real_editor_leaves_nothing_behind(name: str, crew: Crew, files: Files) -> None:
    """Though its settings ask for swap, backup and undo files, and a history."""
    program, _, _, settings = EDITORS[name]
    if shutil.which(program) is None:
        pytest.skip(f"{program} is not installed")
    scratch, home = short_folder(), Path(os.environ["HOME"])
    (home / "traces").mkdir()
    for file, text in settings.items():
        (home / file).write_text(text)
    encrypted = (files.root / LOGIN).read_bytes()
    try:
        folders = set(
            re.findall(rb"/dev/shm/ocs-\w+", edited(files, name, program, scratch).shown)
        )
        assert folders
        assert not any(os.path.lexists(folder) for folder in folders)
        data = (files.root / LOGIN).read_bytes()
        assert (crew.decrypt("lena", data) or b"").startswith(b"marker-seal-7391\n")
        places = (
            files.root,
            scratch,
            home,
            *(Path(each.path) for each in crew.homes.values()),
        )
        for path, content in everything_written(*places).items():
            assert b"kelp-7391" not in content, path
            assert b"seal-7391" not in content, path
        # The same editor that ocs does not know for what it is would leave traces, and that is said.
        put(files.root, LOGIN, encrypted)
        shown = edited(files, name, f"env {program}", scratch).shown
        assert b"ocs cannot turn off the backups of 'env'" in shown
        left = any(b"kelp-7391" in each for each in everything_written(home).values())
        # nano does not read root's settings from here.
        assert left == (name == "vim" or (name == "nano" and os.geteuid() != 0))
    finally:
        remove(scratch)


def test_a_program_that_leaves_copies_beside_the_file_leaves_none(
    crew: Crew, files: Files, tmp_path: Path
) -> None:
    """As editors do that ocs does not know; and it says that it does not know them."""
    editor = tmp_path / "editor"
    editor.write_text(
        f'#!/bin/sh\necho "$1" > {tmp_path}/seen; cd "$(dirname "$1")"; cp "$1" .secret.txt.swp; cp "$1" "$1~"; mkdir -p undo; cp "$1" undo/1\n'
        'sed -i s/kelp/seal/ "$1"\n'
    )
    editor.chmod(0o755)
    terminal = Terminal(
        files.root, "secret", "edit", "river/login", EDITOR=str(editor), VISUAL=""
    )
    assert terminal.ends() == 0
    assert b"cannot turn off the backups" in terminal.shown
    file = Path((tmp_path / "seen").read_text().strip())
    assert file.is_relative_to("/dev/shm")
    assert not file.parent.exists()
    assert (
        crew.decrypt("lena", (files.root / LOGIN).read_bytes())
        == b"marker-seal-7391\nuser: root\n"
    )


def test_who_has_no_key_yet_is_told_how_to_come_by_one(
    files: Files, empty_home: gpg.Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    for home in (empty_home.path, "/nonexistent"):
        monkeypatch.setenv("GNUPGHOME", home)
        done = ocs(files, "secret", "show", "river/login")
        assert done.returncode == 2
        message = (
            f"cannot decrypt river/login: gpg has no secret key here, in {home} (GNUPGHOME)"
        )
        assert f"error: {message}\n" in done.stderr
        for command in ("ocs doctor", "--armor --export", "--import"):
            assert command in done.stderr
        assert "to amara or joost" in done.stderr


def test_who_has_another_key_is_told_whom_to_ask_for_what(
    crew: Crew, files: Files, monkeypatch: pytest.MonkeyPatch
) -> None:
    for person, hint in (
        ("sam", "ask amara or joost to run `ocs secret grant river/login sam`"),
        (
            "mallory",
            f"keys/ has no certificate of your keys ({crew.keys['mallory']}): ask amara or joost",
        ),
    ):
        monkeypatch.setenv("GNUPGHOME", crew.homes[person].path)
        done = ocs(files, "secret", "show", "river/login")
        assert done.returncode == 2
        assert (
            "cannot decrypt river/login: none of your keys is among its 3 readers"
            in done.stderr
        )
        assert hint in done.stderr
    monkeypatch.setenv("GNUPGHOME", crew.homes["lena"].path)
    put(files.root, LOGIN, crew.encrypt(b"x", "amara", "joost"))
    assert (
        "the record names lena as a reader"
        in ocs(files, "secret", "show", "river/login").stderr
    )


def test_a_key_whose_secret_part_is_elsewhere_is_told(
    crew: Crew, files: Files, empty_home: gpg.Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = crew.homes["lena"]
    grip = [
        line.split(":")[9]
        for line in home.gpg("--with-colons", "--with-keygrip", "--list-keys")
        .decode()
        .splitlines()
        if line.startswith("grp")
    ]
    empty_home.gpg("--import", input=home.gpg("--export-secret-keys", crew.keys["lena"]))
    Path(empty_home.path, "private-keys-v1.d", f"{grip[1]}.key").unlink()
    empty_home.configure_agent()
    monkeypatch.setenv("GNUPGHOME", empty_home.path)
    done = ocs(files, "secret", "show", "river/login")
    assert done.returncode == 2
    assert "it is encrypted to lena, but your gpg lacks the secret key of lena" in done.stderr


def test_an_expired_key_still_reads_and_is_not_written_to(
    crew: Crew, files: Files, monkeypatch: pytest.MonkeyPatch
) -> None:
    with gpg.home() as home:
        key = home.make("Sam", until="2d", options=("--faked-system-time", "20200101T000000"))
        put(files.root, "keys/sam.asc", as_text(home.export(key)))
        record = files.root / "vetting/sam.yaml"
        record.write_text(record.read_text().replace(crew.keys["sam"], key))
        done = ocs(files, "secret", "grant", "river/login", "sam")
        assert done.returncode == 1
        assert "refused  the certificate of sam: the key expired on 2020-01-0" in done.stdout
        assert "gpg --quick-set-expire" in done.stdout
        put(
            files.root,
            LOGIN,
            home.encrypt(MARKER, "--faked-system-time", "20200101T000100", "-r", key, "-e"),
        )
        monkeypatch.setenv("GNUPGHOME", home.path)
        assert ocs(files, "secret", "show", "river/login").stdout == MARKER.decode()
