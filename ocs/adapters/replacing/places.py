"""Folders of the registry, held open so that no step to them follows a link, and their files."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from ocs.errors import OcsError

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC
_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
# For a file that is made now.
NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC


def folders_of(
    root: Path, paths: Sequence[str], stack: contextlib.ExitStack
) -> Mapping[str, int]:
    """The folders of these files, by name, each opened by `folder_at`."""
    return {name: folder_at(root, name, stack) for name in {split(path)[0] for path in paths}}


def folder_at(root: Path, name: str, stack: contextlib.ExitStack) -> int:
    """The folder, made if missing, and opened without following any link. Raises OcsError."""
    try:
        descriptor = os.open(root, _FOLDER)
        stack.callback(os.close, descriptor)
        for step in name.split("/") if name else ():
            with contextlib.suppress(FileExistsError):
                os.mkdir(step, dir_fd=descriptor)
            descriptor = os.open(step, _FOLDER | os.O_NOFOLLOW, dir_fd=descriptor)
            stack.callback(os.close, descriptor)
    except OSError as error:
        raise OcsError(
            f"cannot write into {name or root}: {error.strerror}",
            "make it a plain folder that you may write to",
        ) from error
    return descriptor


def split(path: str) -> tuple[str, str]:
    """The folder and the name of a file."""
    folder, _, name = path.rpartition("/")
    return folder, name


def content(path: str, folder: int | None = None) -> bytes | None:
    """The bytes of a file; None where there is none. Raises OSError where it is no plain file."""
    try:
        descriptor = os.open(path, _FILE, dir_fd=folder)
    except FileNotFoundError:
        return None
    with os.fdopen(descriptor, "rb") as file:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise OSError(errno.EINVAL, "it is no plain file")
        return file.read()


@contextlib.contextmanager
def about(path: str) -> Iterator[None]:
    """An OSError within names this file."""
    try:
        yield
    except OSError as error:
        error.filename = path
        raise
