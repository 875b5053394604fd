"""What happens to one file: a new one is written beside its place, and then renamed."""

from __future__ import annotations

import hashlib
import os
import stat
import unicodedata
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from ocs.adapters.replacing.places import NEW, about, content, split
from ocs.errors import OcsError
from ocs.model.change import Replacement

_OLD = os.O_WRONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


class Step(NamedTuple):
    """What happens to one file; `beside` is the new one's name, None where it is deleted."""

    path: str
    beside: str | None
    before: str | None  # digests
    after: str | None


def step_of(replacement: Replacement, token: str) -> Step:
    """The step that carries it out; *token* is part of the name of the file beside it."""
    beside = None if replacement.data is None else f".{split(replacement.path)[1]}.{token}"
    return Step(
        replacement.path, beside, _digest(replacement.before), _digest(replacement.data)
    )


def check_unchanged(replacement: Replacement, folders: Mapping[str, int]) -> None:
    """See that the file is as it was, and may be written. Raises OcsError or OSError."""
    folder, name = split(replacement.path)
    if content(name, folders[folder]) != replacement.before:
        raise OcsError(f"{replacement.path} changed while ocs ran", "run it again")
    if replacement.before is not None:
        # A write-protected file must not be replaced, and must be found before the others are.
        os.close(os.open(name, _OLD, dir_fd=folders[folder]))


def check_twins(replacements: Sequence[Replacement], folders: Mapping[str, int]) -> None:
    """See that no new file is the same as another one on a disk that ignores case.

    Raises OcsError where another name differs only in case, or in how letters are composed.
    """
    taken: dict[str, dict[str, str]] = {}
    for replacement in replacements:
        if replacement.before is None and replacement.data is not None:
            folder, name = split(replacement.path)
            if folder not in taken:
                with os.scandir(folders[folder]) as listed:
                    taken[folder] = {alike(entry.name): entry.name for entry in listed}
            other = taken[folder].setdefault(alike(name), name)
            if other != name:
                raise OcsError(
                    f"cannot write {replacement.path}: the folder already holds {other}, "
                    "and many disks ignore case",
                    f"rename {other}, or delete it",
                )


def write_beside(replacement: Replacement, step: Step, folders: Mapping[str, int]) -> None:
    """Write the new content beside the file's place, and flush it. Raises OSError."""
    if replacement.data is None:
        return
    assert step.beside is not None
    name_of_folder, name = split(replacement.path)
    folder = folders[name_of_folder]
    with (
        about(replacement.path),
        os.fdopen(os.open(step.beside, NEW, 0o666, dir_fd=folder), "wb") as file,
    ):
        if replacement.before is not None:
            status = os.stat(name, dir_fd=folder, follow_symlinks=False)
            os.fchmod(file.fileno(), stat.S_IMODE(status.st_mode))
        file.write(replacement.data)
        file.flush()
        os.fsync(file.fileno())


def carry_out(step: Step, folders: Mapping[str, int]) -> None:
    """Rename the new file to its place, or delete the old one. Raises OSError."""
    folder, name = split(step.path)
    if step.beside is not None:
        os.rename(step.beside, name, src_dir_fd=folders[folder], dst_dir_fd=folders[folder])
    else:
        os.unlink(name, dir_fd=folders[folder])


def is_left(step: Step, folders: Mapping[str, int]) -> bool:
    """Must this still be done? Raises ValueError where the file was changed meanwhile."""
    folder, name = split(step.path)
    now = _digest(content(name, folders[folder]))
    waiting = _digest(content(step.beside, folders[folder])) if step.beside else step.after
    is_left = now is not None if step.beside is None else waiting is not None
    if is_left and (waiting != step.after or now not in (step.before, step.after)):
        raise ValueError(f"{step.path} changed while ocs ran")
    return is_left


def alike(name: str) -> str:
    """A file's name as a disk compares it that ignores case and how letters are composed."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFD", name).casefold())


def _digest(data: bytes | None) -> str | None:
    return None if data is None else hashlib.sha256(data).hexdigest()
