"""The machine that ocs runs on: its programs, what they answer, its terminal, and where can be
written.
"""

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

# A program that does not answer by then is not going to.
_PATIENCE_SECONDS = 10.0


class ProgramOutput(NamedTuple):
    """What a program said, and whether it was content."""

    is_good: bool
    out: str
    err: str


def has(program: str) -> bool:
    """Is there such a program, or a file that is one?"""
    return shutil.which(program) is not None


def own_command() -> str:
    """How a shell calls ocs, wherever it is in: never what lies in the current folder."""
    return "ocs" if has("ocs") else f"{shlex.quote(sys.executable)} -P -m ocs"


def words(command: str) -> list[str]:
    """The words of a shell's command; none where it is no whole one."""
    try:
        return shlex.split(command)
    except ValueError:
        return []


def ask(*command: str) -> ProgramOutput | None:
    """What a program answers; None where it is missing or does not answer."""
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
    out, err = (
        stream.decode("utf-8", "replace").strip() for stream in (done.stdout, done.stderr)
    )
    return ProgramOutput(done.returncode == 0, out, err)


def python_version() -> str:
    return platform.python_version()


def sqlite_version() -> str:
    return sqlite3.sqlite_version


def numbers(version: str) -> tuple[int, ...]:
    """The numbers of a version such as 2.2.40-unknown."""
    return tuple(int(each) for each in re.findall("[0-9]+", version.partition("-")[0])[:4])


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
    """In what the output is written."""
    return (sys.stdout.encoding or "unknown").lower()


def gnupg_folder() -> Path | None:
    """Where gpg keeps its keys; None where it has kept none yet."""
    with contextlib.suppress(RuntimeError):
        folder = Path(os.environ.get("GNUPGHOME") or "~/.gnupg").expanduser()
        return folder if folder.is_dir() else None
    return None


def append(file: Path, line: str) -> None:
    """Put a line at the end of a file, which is made if it is missing. Raises OcsError."""
    flags = os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW | os.O_CLOEXEC
    try:
        file.parent.mkdir(exist_ok=True)
        with os.fdopen(os.open(file, flags, 0o666), "r+b") as opened:
            before = opened.read()
            opened.write(
                (b"" if not before or before.endswith(b"\n") else b"\n") + line.encode()
            )
    except OSError as error:
        raise OcsError(f"cannot write {file}: {error.strerror}") from error


def can_write(folder: Path) -> bool:
    """Can files be put into *folder*, which is made if it is missing?"""
    there = next((each for each in (folder, *folder.parents) if os.path.lexists(each)), folder)
    return there.is_dir() and os.access(there, os.W_OK | os.X_OK)


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
