"""The machine that ocs runs on: its programs and their output, terminal, and writable folders."""

from __future__ import annotations

import contextlib
import os
import platform
import re
import shlex
import shutil
import sqlite3
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

from ocs.errors import OcsError

# A program that does not answer by then never will.
_PATIENCE_SECONDS = 10.0


class ProgramOutput(NamedTuple):
    """The output of a program, and whether it ended with status 0."""

    is_good: bool
    out: str
    err: str


def has(program: str) -> bool:
    """Can the shell run this program?"""
    return shutil.which(program) is not None


def own_command() -> str:
    """How a shell starts ocs from any folder, and never what lies in the current one."""
    return "ocs" if has("ocs") else f"{shlex.quote(sys.executable)} -P -m ocs"


def words(command: str) -> list[str]:
    """The words of a shell command; none where its quotes are open."""
    try:
        return shlex.split(command)
    except ValueError:
        return []


def ask(*command: str) -> ProgramOutput | None:
    """The output of a program; None where it is missing or does not answer."""
    environment = {**os.environ, "LC_ALL": "C.UTF-8"}
    try:
        done = subprocess.run(
            command,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
            timeout=_PATIENCE_SECONDS,
        )
    except (OSError, ValueError, subprocess.TimeoutExpired):
        return None
    streams = (done.stdout, done.stderr)
    out, err = (stream.decode("utf-8", "replace").strip() for stream in streams)
    return ProgramOutput(done.returncode == 0, out, err)


def python_version() -> str:
    return platform.python_version()


def sqlite_version() -> str:
    return sqlite3.sqlite_version


def numbers(version: str) -> tuple[int, ...]:
    """The numbers of a version such as 2.2.40-unknown."""
    return tuple(int(number) for number in re.findall("[0-9]+", version.partition("-")[0])[:4])


def variable(name: str) -> str:
    """A variable of the environment; empty where it is not set."""
    return os.environ.get(name, "")


def terminal() -> str | None:
    """The terminal that can be typed into; None where there is none."""
    try:
        return os.ttyname(sys.stdin.fileno())
    except (OSError, ValueError, AttributeError):
        return None


def encoding() -> str:
    """The encoding of the output."""
    return (sys.stdout.encoding or "unknown").lower()


def gnupg_folder() -> Path | None:
    """Where gpg keeps its keys; None where it has none yet."""
    with contextlib.suppress(RuntimeError):
        folder = Path(os.environ.get("GNUPGHOME") or "~/.gnupg").expanduser()
        return folder if folder.is_dir() else None
    return None


def gpg_settings_with(option: str) -> Path | None:
    """The file in which the user or the system sets an option of gpg's; None where none does."""
    folders = [folder for folder in (gnupg_folder(), Path("/etc/gnupg")) if folder is not None]
    for file in [each for folder in folders for each in sorted(folder.glob("gpg.conf*"))]:
        # gpg prefers a file for its own version, such as gpg.conf-2.2.
        if file.name == "gpg.conf" or file.name.startswith("gpg.conf-"):
            with contextlib.suppress(OSError):
                lines = file.read_text("utf-8", "replace").splitlines()
                if option in (line.strip() for line in lines):
                    return file
    return None


def append(file: Path, line: str) -> None:
    """Add a line to the end of a file, which is made if it is missing. Raises OcsError."""
    flags = os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW | os.O_CLOEXEC
    try:
        file.parent.mkdir(exist_ok=True)
        with os.fdopen(os.open(file, flags, 0o666), "r+b") as opened:
            before = opened.read()
            end = b"" if not before or before.endswith(b"\n") else b"\n"
            opened.write(end + line.encode())
    except OSError as error:
        raise OcsError(f"cannot write {file}: {error.strerror}") from error


def can_write(folder: Path) -> bool:
    """Can files be written into *folder*, which is made if it is missing?"""
    nearest = next(filter(os.path.lexists, (folder, *folder.parents)), folder)
    return nearest.is_dir() and os.access(nearest, os.W_OK | os.X_OK)


def has_fts5() -> bool:
    """Can the SQLite of this Python search for words?"""
    connection = sqlite3.connect(":memory:")
    try:
        connection.execute("CREATE VIRTUAL TABLE words USING fts5 (text)")
    except sqlite3.Error:
        return False
    finally:
        connection.close()
    return True


def has_libyaml() -> bool:
    """Does PyYAML come with libyaml?"""
    with contextlib.suppress(ImportError):
        return find_spec("yaml._yaml") is not None
    return False
