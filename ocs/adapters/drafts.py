"""Drafts: texts of records in progress, kept aside until they are good, for the user alone.

Beside each text lies what the record was when it was begun, and whatever an editor leaves
there. A text is there before an editor opens it, so it outlives any end of ocs.

The folder may have come along with the repository, and a draft in it with words that somebody
else wrote. So a mark beside it is made with a key from the user's state folder. A text without
its mark, or with a damaged one, is put aside under another name, and counts for nothing.
"""

from __future__ import annotations

import contextlib
import fcntl
import hmac
import os
import secrets
import stat
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from ocs.errors import OcsError

# An editor puts these before a file's name, for a copy of its own.
_MARKS = ".#"
_LONGEST_MARK = 64
# More than a record has, which is what a draft began with.
_MOST_BYTES = 4 * 1024 * 1024


_KEY_BYTES = 32


class DraftFolders(NamedTuple):
    """The folders that can hold drafts, best first, and the key of the user's own drafts."""

    folders: Sequence[Path]
    key: bytes


def key_in(state: Path | None) -> bytes:
    """The key in the user's folder *state*, made where there is none.

    Where that cannot be, it is another one each time, so that no earlier draft counts.
    """
    new = secrets.token_bytes(_KEY_BYTES)
    if state is None:
        return new
    file = state / "draft-key"
    with contextlib.suppress(OSError):
        state.mkdir(mode=0o700, parents=True, exist_ok=True)
        if len(kept := _read_plain(file, _KEY_BYTES + 1) or b"") == _KEY_BYTES:
            return kept
        _write(file, new)
    return new


class Aside:
    """A record's draft in the first writable folder. Raises OcsError for none, or one in use."""

    def __init__(self, drafts: DraftFolders, path: str) -> None:
        self.file, self._lock = _opened([folder / path for folder in drafts.folders], path)
        self._before = _beside(self.file, "before")
        self._mark = _beside(self.file, "mark")
        self._key = drafts.key
        if not self._is_own() and os.path.lexists(self.file):
            self.file.replace(_beside(self.file, "unknown"))
            self._before.unlink(missing_ok=True)

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
        _write(self._mark, self._marked(before))
        _write(self.file, text)

    def _is_own(self) -> bool:
        try:
            mark = _read_plain(self._mark, _LONGEST_MARK)
            before = _read_plain(self._before, _MOST_BYTES)
        except OSError:
            return False
        return mark is not None and hmac.compare_digest(mark, self._marked(before))

    def _marked(self, before: bytes | None) -> bytes:
        """The mark of this draft, in this place."""
        what = b"" if before is None else b"=" + before
        where = os.fsencode(self.file.absolute())
        return hmac.digest(self._key, where + b"\0" + what, "sha256")

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


def _read_plain(file: Path, most_bytes: int) -> bytes | None:
    """The text of a plain file, through no link; nothing else is waited for. Raises OSError."""
    try:
        opened = os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError:
        return None
    with os.fdopen(opened, "rb") as plain:
        if not stat.S_ISREG(os.fstat(opened).st_mode):
            raise OSError("this is no plain file")
        return plain.read(most_bytes)


def _write(file: Path, data: bytes) -> None:
    beside = _beside(file, secrets.token_hex(4))
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    try:
        with os.fdopen(os.open(beside, flags, 0o600), "wb") as opened:
            opened.write(data)
            opened.flush()
            os.fsync(opened.fileno())
        beside.replace(file)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
