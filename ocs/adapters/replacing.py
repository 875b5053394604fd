"""Writing and deleting files of the registry: all of them whole, or none."""

from __future__ import annotations

import contextlib
import os
import secrets
import stat
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ocs.errors import OcsError

_OPEN_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC


@dataclass(frozen=True, slots=True)
class Replacement:
    """A file with what is to be in it, and what was in it before; None where it is not there."""

    path: str
    data: bytes | None
    before: bytes | None = None


def replace_all(root: Path, replacements: Sequence[Replacement]) -> None:
    """Write and delete all of the files, in folders of the registry at *root*, or none of them.

    Every file is first written whole beside its place and flushed; then all are renamed, and deleting comes
    last. Raises OcsError where one changed meanwhile, or where anything cannot be written.
    """
    with contextlib.ExitStack() as stack:
        folders = {
            name: _folder(root, name, stack) for name in {_split(each.path)[0] for each in replacements}
        }
        beside: list[tuple[int, str, str]] = []
        try:
            for each in replacements:
                folder, name = _split(each.path)
                _check_unchanged(each, name, folders[folder])
                if each.data is not None:
                    beside.append((folders[folder], f".{name}.{secrets.token_hex(4)}", name))
                    _write_beside(each, each.data, beside[-1])
            for descriptor, temporary, name in beside:
                os.rename(temporary, name, src_dir_fd=descriptor, dst_dir_fd=descriptor)
            for folder, name in (_split(each.path) for each in replacements if each.data is None):
                os.unlink(name, dir_fd=folders[folder])
            for descriptor in folders.values():
                os.fsync(descriptor)
        except OSError as error:
            raise OcsError(
                f"cannot write {name}: {error.strerror}", "nothing was lost; run it again"
            ) from error
        finally:
            for descriptor, temporary, _ in beside:
                with contextlib.suppress(FileNotFoundError):
                    os.unlink(temporary, dir_fd=descriptor)


def _split(path: str) -> tuple[str, str]:
    folder, _, name = path.rpartition("/")
    return folder, name


def _folder(root: Path, name: str, stack: contextlib.ExitStack) -> int:
    """The folder, made where it is missing, and opened so that no link on the way to it is followed."""
    try:
        descriptor = os.open(root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        for part in name.split("/") if name else ():
            outer = descriptor
            try:
                with contextlib.suppress(FileExistsError):
                    os.mkdir(part, dir_fd=outer)
                descriptor = os.open(part, _OPEN_FOLDER, dir_fd=outer)
            finally:
                os.close(outer)
    except OSError as error:
        raise OcsError(
            f"cannot write into {name}: {error.strerror}", "make it a plain folder, in which you may write"
        ) from error
    stack.callback(os.close, descriptor)
    return descriptor


def _check_unchanged(wanted: Replacement, name: str, folder: int) -> None:
    try:
        descriptor = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, dir_fd=folder)
        with os.fdopen(descriptor, "rb") as file:
            now = file.read()
    except FileNotFoundError:
        now = None
    if now != wanted.before:
        raise OcsError(f"{wanted.path} changed meanwhile", "run it again")


def _write_beside(wanted: Replacement, data: bytes, place: tuple[int, str, str]) -> None:
    folder, temporary, name = place
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    with os.fdopen(os.open(temporary, flags, 0o666, dir_fd=folder), "wb") as file:
        if wanted.before is not None:
            os.fchmod(
                file.fileno(), stat.S_IMODE(os.stat(name, dir_fd=folder, follow_symlinks=False).st_mode)
            )
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
