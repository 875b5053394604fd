"""A file in memory and on no disk, for as long as an editor works on a secret."""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

from ocs.errors import OcsError

FOLDER = Path("/dev/shm")  # noqa: S108  what lies there is in memory
_PREFIX = "ocs-edit-"
_MOST_BYTES = 1024 * 1024
# The kernel's list of mounted file systems and their kinds.
_MOUNTS = Path("/proc/self/mounts")


@contextlib.contextmanager
def file_in_memory(content: bytes, *, on_disk: bool = False) -> Iterator[Path]:
    """A file for the user alone, deleted afterwards. Raises OcsError where there is no memory."""
    before = os.umask(0o077)
    try:
        folder = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=_place(on_disk=on_disk)))
    except OSError as error:
        message = f"cannot write to {FOLDER}: {error.strerror}"
        raise OcsError(message, "see `ocs doctor`") from error
    finally:
        os.umask(before)
    lock = _locked(folder)
    try:
        file = folder / "secret.txt"
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        with os.fdopen(descriptor, "wb") as opened:
            opened.write(content)
        yield file
    finally:
        _forget(folder)
        if lock is not None:
            os.close(lock)


def forget_abandoned() -> None:
    """Delete what killed processes left: nobody holds the lock of such a folder."""
    for place in (FOLDER, Path(tempfile.gettempdir())):
        for folder in place.glob(f"{_PREFIX}*"):
            with contextlib.suppress(OSError):
                is_own = folder.lstat().st_uid == os.getuid() and not folder.is_symlink()
                lock = _locked(folder) if is_own else None
                if lock is not None:
                    _forget(folder)
                    os.close(lock)


def _locked(folder: Path) -> int | None:
    """The folder, opened and locked until this process ends; None where another has it."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        return None
    return descriptor


def read(file: Path) -> bytes:
    """The file as the editor left it. Raises OcsError where it is no plain file, or too large."""
    try:
        descriptor = os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        with os.fdopen(descriptor, "rb") as opened:
            is_plain = stat.S_ISREG(os.fstat(descriptor).st_mode)
            data = opened.read(_MOST_BYTES + 1) if is_plain else b""
    except OSError as error:
        message = f"cannot read the edited file: {error.strerror}"
        raise OcsError(message, "nothing was written") from error
    if not is_plain or len(data) > _MOST_BYTES:
        raise OcsError(
            "the edited file is not a regular file of at most 1 MiB", "nothing was written"
        )
    return data


def _place(*, on_disk: bool) -> str | None:
    """The folder to use; None for the usual one, on a disk."""
    if is_memory():
        return str(FOLDER)
    if on_disk:
        return None
    raise OcsError(
        f"there is no storage in memory ({FOLDER}); on a disk the secret would leave traces",
        "see `ocs doctor`; or use --on-disk if the disk is encrypted and yours",
    )


def is_memory() -> bool:
    """Is there a writable folder in memory?"""
    with contextlib.suppress(OSError):
        for line in _MOUNTS.read_text().splitlines():
            _, place, kind, *_ = line.split()
            if place == str(FOLDER) and kind in ("tmpfs", "ramfs"):
                return os.access(FOLDER, os.W_OK)
    return False


def _forget(folder: Path) -> None:
    """Overwrite the files in the folder, and delete it."""
    with contextlib.suppress(OSError):
        for path in folder.rglob("*"):
            if path.is_file() and not path.is_symlink():
                path.write_bytes(bytes(path.stat().st_size))
    shutil.rmtree(folder, ignore_errors=True)
