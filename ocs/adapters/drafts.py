"""Drafts: texts of records in progress, kept aside until they are good, for the user alone.

Beside each text lies what the record was when it was begun, and whatever an editor leaves
there. A text is there before an editor opens it, so it outlives any end of ocs.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import secrets
from collections.abc import Sequence
from pathlib import Path

from ocs.errors import OcsError

# An editor puts these before a file's name, for a copy of its own.
_MARKS = ".#"


class Aside:
    """A record's draft in the first writable folder. Raises OcsError for none, or one in use."""

    def __init__(self, folders: Sequence[Path], path: str) -> None:
        self.file, self._lock = _opened([folder / path for folder in folders], path)
        self._before = _beside(self.file, "before")

    def __del__(self) -> None:
        with contextlib.suppress(AttributeError):  # it could not be opened
            os.close(self._lock)

    def read(self, most_bytes: int = -1) -> bytes | None:
        """The text, at most *most_bytes* + 1 of it; None where there is none."""
        return _read(self.file, most_bytes + 1)

    def before(self) -> bytes | None:
        """The record when the text was begun; None where there was none."""
        return _read(self._before)

    def keep(self, text: bytes, before: bytes | None) -> None:
        """Keep the text and the old record; each file is whole at any moment."""
        if before is None:
            self._before.unlink(missing_ok=True)
        else:
            _write(self._before, before)
        _write(self.file, text)

    def discard(self) -> None:
        """Delete the draft, and the files that an editor left beside it."""
        with contextlib.suppress(OSError):
            for file in list(self.file.parent.iterdir()):
                if file.name.lstrip(_MARKS).startswith(self.file.name):
                    file.unlink()
            self.file.parent.rmdir()  # fails where other drafts lie there


def _opened(files: Sequence[Path], path: str) -> tuple[Path, int]:
    """The first of *files* that is writable, and the lock that keeps it for this process."""
    reason = "no folder for drafts is known"
    for file in files:
        try:
            for folder in reversed(file.parents):
                with contextlib.suppress(FileExistsError):
                    folder.mkdir(mode=0o700)
            flags = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC
            lock = os.open(_beside(file, "lock"), flags, 0o600)
        except OSError as error:
            reason = f"{file.parent}: {error.strerror}"
            continue
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(lock)
            raise OcsError(f"{path} is open in another window", "close that first") from None
        return file, lock
    raise OcsError(f"cannot keep a draft ({reason})", "give the whole record with --file FILE")


def _beside(file: Path, what: str) -> Path:
    return file.with_name(f".{file.name}.{what}")


def _read(file: Path, most_bytes: int = -1) -> bytes | None:
    try:
        with file.open("rb") as opened:
            return opened.read(most_bytes if most_bytes > 0 else -1)
    except FileNotFoundError:
        return None


def _write(file: Path, data: bytes) -> None:
    beside = _beside(file, secrets.token_hex(4))
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    with os.fdopen(os.open(beside, flags, 0o600), "wb") as opened:
        opened.write(data)
        opened.flush()
        os.fsync(opened.fileno())
    beside.replace(file)
