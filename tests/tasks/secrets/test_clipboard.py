"""A secret in the clipboard is there for a while, is nobody else's to clear, and is printed nowhere.

With the real xclip and xsel under Xvfb and the real wl-copy under sway, where they are installed. pbcopy and clip.exe,
which need desktops that no test has, are programs of ours that keep what they are given in a file.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from ocs.adapters.files import Files
from tests.crew import Crew, remove, short_folder
from tests.gpg import needs_gpg

pytestmark = needs_gpg
# What is kept in files is looked for by what it says, and other tests of this machine say something else.
PASSWORD = b"marker %d" % os.getpid()
CONTENT = PASSWORD + b"\n user: root \nraw: \xff\nnone:\n"
Show = Callable[..., "subprocess.CompletedProcess[bytes]"]
READ = {
    "xclip": ("xclip", "-selection", "clipboard", "-o"),
    "xsel": ("xsel", "--clipboard", "--output"),
    "wl-copy": ("wl-paste", "--no-newline"),
}
STAND_INS = {
    "": (("pbcopy", 'cat > "$OCS_T"'), ("pbpaste", 'cat "$OCS_T"')),
    "WSL_DISTRO_NAME": (
        ("clip.exe", 'cat > "$OCS_T"'),
        ("powershell.exe", 'cat "$OCS_T"; printf "\\r\\n"'),
    ),
}


@pytest.fixture
def files(crew: Crew, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Files:
    monkeypatch.setenv("GNUPGHOME", crew.homes["lena"].path)
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "PASSWORD_STORE_CLIP_TIME"):
        monkeypatch.delenv(name, raising=False)
    found = crew.write(tmp_path / "registry")
    crew.secret(found, "river/login", CONTENT, "lena")
    return found


@pytest.fixture
def show(files: Files) -> Show:
    def as_process(*arguments: str) -> subprocess.CompletedProcess[bytes]:
        call = [
            sys.executable,
            "-m",
            "ocs",
            "secret",
            "show",
            "-C",
            str(files.root),
            "river/login",
        ]
        return subprocess.run(
            [*call, *arguments], capture_output=True, check=False, timeout=60
        )

    return as_process


@pytest.fixture(params=READ)
def reading(
    request: pytest.FixtureRequest,
    files: Files,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Callable[[], bytes | None]]:
    """What is in the clipboard of a screen that nobody sees, where only one program reaches it."""
    with desktop(request.param, tmp_path, monkeypatch):
        yield lambda: held_by(READ[request.param])


def held_by(read: Sequence[str]) -> bytes | None:
    """What is in the clipboard; None where its owner goes away while it is asked."""
    try:
        return subprocess.run(read, capture_output=True, check=False, timeout=10).stdout
    except subprocess.TimeoutExpired:
        return None


@contextmanager
def desktop(program: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A desktop of which the clipboard can be reached by this program alone."""
    server, screen = ("sway", of_wayland) if program == "wl-copy" else ("Xvfb", of_x11)
    for each in (server, program):
        if shutil.which(each) is None:
            pytest.skip(f"{each} is not installed")
    alone = tmp_path / "programs"
    alone.mkdir()
    for each in {"gpg", "gpgconf", "git", "sh", "cat", program, READ[program][0]}:
        (alone / each).symlink_to(shutil.which(each) or "")
    with screen() as variables:
        for variable, value in variables.items():
            monkeypatch.setenv(variable, value)
        monkeypatch.setenv("PATH", str(alone))
        yield


@contextmanager
def of_x11() -> Iterator[Mapping[str, str]]:
    """A screen of X11; the variables that lead to it."""
    reader, writer = os.pipe()
    command = [
        "Xvfb",
        "-displayfd",
        str(writer),
        "-screen",
        "0",
        "64x64x8",
        "-nolisten",
        "tcp",
    ]
    with subprocess.Popen(command, pass_fds=[writer], stderr=subprocess.DEVNULL) as server:
        os.close(writer)
        try:
            with os.fdopen(reader) as told:
                yield {"DISPLAY": f":{told.readline().strip()}"}
        finally:
            server.terminate()


@contextmanager
def of_wayland() -> Iterator[Mapping[str, str]]:
    """A screen of Wayland; the variables that lead to it."""
    folder = short_folder()
    # It refuses to be root's.
    other = (
        ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
        if os.geteuid() == 0
        else []
    )
    if other:
        os.chown(folder, 65534, 65534)
    own = {"HOME": str(folder), "XDG_RUNTIME_DIR": str(folder), "PATH": os.environ["PATH"]}
    unseen = {
        "WLR_BACKENDS": "headless",
        "WLR_LIBINPUT_NO_DEVICES": "1",
        "WLR_RENDERER": "pixman",
    }
    command = [*other, "sway", "--config", os.devnull]
    with subprocess.Popen(command, env={**own, **unseen}, stderr=subprocess.DEVNULL) as server:
        try:
            until = time.monotonic() + 20
            while not (folder / "wayland-1").exists():
                assert time.monotonic() < until, "sway does not begin"
                time.sleep(0.05)
            yield {"XDG_RUNTIME_DIR": str(folder), "WAYLAND_DISPLAY": "wayland-1"}
        finally:
            server.terminate()
            remove(folder)


def becomes(content: bytes, reading: Callable[[], bytes | None]) -> bool:
    """Does the clipboard come to hold this?"""
    until = time.monotonic() + 40
    while time.monotonic() < until:
        if reading() == content:
            return True
        time.sleep(0.1)
    return False


@pytest.mark.peers
def test_the_password_is_there_for_a_while_and_then_nothing(
    reading: Callable[[], bytes | None], show: Show, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PASSWORD_STORE_CLIP_TIME", "6")
    done = show("--clip")
    assert (done.returncode, done.stdout) == (0, b"")
    said, *more = done.stderr.splitlines()
    assert (
        said == b"the first line of river/login is in the clipboard, and cleared in 6 seconds"
    )
    assert bool(more) == bool(kept()), "whoever keeps it in a file is named"
    assert reading() == PASSWORD
    assert becomes(b"", reading)
    assert not kept()


@pytest.mark.peers
def test_what_was_copied_meanwhile_stays(
    reading: Callable[[], bytes | None], show: Show, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PASSWORD_STORE_CLIP_TIME", "1")
    assert show("--clip").returncode == 0
    monkeypatch.setenv("PASSWORD_STORE_CLIP_TIME", "30")
    assert show("--clip", "--key", "User").stdout == b""
    time.sleep(2)
    assert reading() == b"root"


@pytest.mark.peers
def test_where_the_desktop_ends_first_nothing_of_it_is_left_on_the_disk(
    files: Files, show: Show, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with desktop("wl-copy", tmp_path, monkeypatch):
        monkeypatch.setenv("PASSWORD_STORE_CLIP_TIME", "3")
        assert show("--clip").returncode == 0
    assert kept(), "wl-copy does not take it away then"
    until = time.monotonic() + 40
    while kept() and time.monotonic() < until:
        time.sleep(0.1)
    assert not kept()


def kept() -> list[Path]:
    """The files in which wl-copy keeps what these tests gave it."""
    found = []
    for path in Path("/tmp").glob("wl-copy-buffer-*/*"):
        with suppress(OSError):  # somebody else's, or gone
            found += [path] if path.read_bytes() == PASSWORD else []
    return found


@pytest.mark.parametrize("variable", STAND_INS)
def test_other_desktops_are_reached_by_their_own_programs(
    variable: str, show: Show, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = stand_in(variable, tmp_path, monkeypatch)
    monkeypatch.setenv("PASSWORD_STORE_CLIP_TIME", "1")
    done = show("--clip")
    assert (done.returncode, done.stdout) == (0, b""), done.stderr
    assert held.read_bytes() in (PASSWORD, b"")
    assert becomes(b"", held.read_bytes)


def stand_in(variable: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Programs that keep what they are given in a file, as the ones of a desktop."""
    folder = tmp_path / "stand-ins"
    folder.mkdir()
    for program in ("gpg", "gpgconf", "git", "sh", "cat", "env"):
        (folder / program).symlink_to(shutil.which(program) or "")
    for program, does in STAND_INS[variable]:
        (folder / program).write_text(f"#!/bin/sh\n{does}\n")
        (folder / program).chmod(0o755)
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.setenv("OCS_T", str(tmp_path / "held"))
    if variable:
        monkeypatch.setenv(variable, "x")
    return tmp_path / "held"


def test_nothing_of_the_secret_is_an_argument_or_a_variable(
    show: Show, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand_in("", tmp_path, monkeypatch)
    seen = tmp_path / "seen"
    (tmp_path / "stand-ins" / "pbcopy").write_text(
        f'#!/bin/sh\n(echo "$@"; env) > {seen}; cat > "$OCS_T"\n'
    )
    monkeypatch.setenv("PASSWORD_STORE_CLIP_TIME", "600")
    monkeypatch.setenv("OCS_SEEN", str(seen))
    assert show("--clip").returncode == 0
    until = time.monotonic() + 20
    while not (found := list(waiting(seen))) and time.monotonic() < until:
        time.sleep(0.01)
    (process,) = found
    try:
        told = (
            Path(f"/proc/{process}/cmdline").read_bytes()
            + Path(f"/proc/{process}/environ").read_bytes()
        )
        assert b"clearing.py" in told
        assert b"marker" not in told + seen.read_bytes()
    finally:
        os.kill(process, 15)


def waiting(seen: Path) -> Iterator[int]:
    """The processes that will empty a clipboard for this test."""
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            is_clearing = b"clipboard/clearing.py" in (folder / "cmdline").read_bytes()
            if is_clearing and os.fsencode(seen) in (folder / "environ").read_bytes():
                yield int(folder.name)
        except OSError:
            continue


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["--key", "raw"], b"the line 'raw' of river/login is not text"),
        (["--key", "none"], b"the line 'none' of river/login is empty"),
        (["--key", "pin"], b"no line of river/login begins with 'pin:'"),
    ],
)
def test_what_cannot_be_pasted_is_not_copied(
    arguments: list[str],
    why: bytes,
    show: Show,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    held = stand_in("", tmp_path, monkeypatch)
    done = show("--clip", *arguments)
    assert (done.returncode, done.stdout) == (2, b"")
    assert why in done.stderr
    assert not held.exists()


@pytest.mark.parametrize(
    ("variable", "hint"),
    [
        ("WAYLAND_DISPLAY", b"install wl-clipboard"),
        ("DISPLAY", b"install xclip"),
        ("NOTHING", b"run this in a terminal of your desktop"),
    ],
)
def test_without_a_clipboard_it_is_said_what_to_do_and_nothing_is_decrypted(
    variable: str, hint: bytes, show: Show, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv(variable, ":7")
    done = show("--clip")
    assert (done.returncode, done.stdout) == (2, b"")
    assert hint in done.stderr


@pytest.mark.peers
def test_a_desktop_that_cannot_be_reached_is_told(
    show: Show, monkeypatch: pytest.MonkeyPatch
) -> None:
    if shutil.which("xclip") is None:
        pytest.skip("xclip is not installed")
    monkeypatch.setenv("DISPLAY", ":9999")
    done = show("--clip")
    assert (done.returncode, done.stdout) == (2, b"")
    assert b"xclip cannot reach the clipboard (DISPLAY=:9999)" in done.stderr
