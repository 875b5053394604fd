"""Whether a cache is the very file that ocs wrote last, and whether it is still as it was then.

A cache lies where others can put one: `.git/ocs` comes along in an archive, and a disk or a
program can damage any file. So ocs notes in the user's state folder which file it wrote: its
number on the disk, size and times, the time of the last change among them, which nobody can
set. One that is not as noted, or of which there is no note, is made anew.

A lock keeps the note true. A process that writes holds it alone until the note is written. A
process that opens the cache shares it for a moment, so it never finds half of a change.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import secrets
import time
import zlib
from collections.abc import Iterator
from pathlib import Path

_PAUSE_SECONDS = 0.02
_LONGEST_NOTE = 200


class InUseError(Exception):
    """Another process writes the cache, or no folder can hold a note of it."""


class Belief:
    """What is noted in the folder *notes* of the cache at *path*. Raises InUseError.

    Each lock is waited for so many seconds of *patience*; then it raises InUseError, and OSError
    where it cannot be made.
    """

    def __init__(self, path: Path, notes: Path | None, patience: float) -> None:
        if notes is None or not _can_hold(notes):
            raise InUseError("no folder can hold what ocs knows of its caches")
        where = os.fsencode(path)
        self._path = path
        self._note = notes / f"{zlib.crc32(where):08x}{zlib.adler32(where):08x}"
        self._patience = patience

    def holds(self) -> bool:
        """Is the cache as it was noted, with nothing in SQLite's log besides?"""
        try:
            return self._note.read_bytes()[:_LONGEST_NOTE] == self._stamp() and not self._log()
        except OSError:
            return False

    def note(self) -> None:
        """Note what the cache is now, which this process wrote alone."""
        beside = self._note.with_name(f"{self._note.name}.{secrets.token_hex(4)}")
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
        try:
            with os.fdopen(os.open(beside, flags, 0o600), "wb") as opened:
                opened.write(self._stamp())
            beside.replace(self._note)
        except OSError:  # without a note the cache is made anew
            with contextlib.suppress(OSError):
                beside.unlink()

    @contextlib.contextmanager
    def locked(self, *, alone: bool) -> Iterator[None]:
        """While nobody else writes, nor, if *alone*, opens the cache."""
        flags = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC
        lock = os.open(self._path.with_name(f"{self._path.name}-lock"), flags, 0o600)
        try:
            self._wait(lock, fcntl.LOCK_EX if alone else fcntl.LOCK_SH)
            yield
        finally:
            os.close(lock)

    def _stamp(self) -> bytes:
        status = self._path.lstat()
        place = (status.st_dev, status.st_ino, status.st_size)
        return " ".join(map(str, (*place, status.st_mtime_ns, status.st_ctime_ns))).encode()

    def _log(self) -> int:
        """The bytes in SQLite's log of what is written and not in the file yet."""
        try:
            return self._path.with_name(f"{self._path.name}-wal").lstat().st_size
        except FileNotFoundError:
            return 0

    def _wait(self, lock: int, how: int) -> None:
        until = time.monotonic() + self._patience
        while True:
            try:
                fcntl.flock(lock, how | fcntl.LOCK_NB)
                return
            except OSError:
                if time.monotonic() >= until:
                    raise InUseError(f"{self._path} is in use") from None
            time.sleep(_PAUSE_SECONDS)


def _can_hold(notes: Path) -> bool:
    with contextlib.suppress(OSError):
        for folder in reversed((notes, *notes.parents)):
            with contextlib.suppress(FileExistsError):
                folder.mkdir(mode=0o700)
    return os.access(notes, os.W_OK | os.X_OK)
