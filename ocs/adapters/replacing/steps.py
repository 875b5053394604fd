"""What becomes of one file: a new one is written beside its place, and then put there."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Mapping
from typing import NamedTuple

from ocs.adapters.replacing.places import NEW, about, content, split
from ocs.errors import OcsError
from ocs.model.change import Replacement

_OLD = os.O_WRONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


class Step(NamedTuple):
    """What becomes of one file: the name of what lies beside it, None where it is deleted; and
    digests.
    """

    path: str
    beside: str | None
    before: str | None
    after: str | None


def step_of(each: Replacement, token: str) -> Step:
    """The step that makes it so; *token* is in the name of what lies beside it."""
    beside = None if each.data is None else f".{split(each.path)[1]}.{token}"
    return Step(each.path, beside, _digest(each.before), _digest(each.data))


def check_unchanged(wanted: Replacement, folders: Mapping[str, int]) -> None:
    """See that the file is as it was, and may be written. Raises OcsError or OSError where
    not.
    """
    folder, name = split(wanted.path)
    if content(name, folders[folder]) != wanted.before:
        raise OcsError(f"{wanted.path} changed meanwhile", "run it again")
    if wanted.before is not None:
        # Whoever protects a file does not want it replaced; and one that cannot be would be
        # found too late.
        os.close(os.open(name, _OLD, dir_fd=folders[folder]))


def write_beside(wanted: Replacement, step: Step, folders: Mapping[str, int]) -> None:
    """Write what is to be in the file beside its place, and flush it. Raises OSError."""
    if wanted.data is None:
        return
    assert step.beside is not None
    name_of_folder, name = split(wanted.path)
    folder = folders[name_of_folder]
    with (
        about(wanted.path),
        os.fdopen(os.open(step.beside, NEW, 0o666, dir_fd=folder), "wb") as file,
    ):
        if wanted.before is not None:
            status = os.stat(name, dir_fd=folder, follow_symlinks=False)
            os.fchmod(file.fileno(), stat.S_IMODE(status.st_mode))
        file.write(wanted.data)
        file.flush()
        os.fsync(file.fileno())


def carry_out(step: Step, folders: Mapping[str, int]) -> None:
    """Put in its place what lies beside it, or delete the file. Raises OSError."""
    folder, name = split(step.path)
    if step.beside is not None:
        os.rename(step.beside, name, src_dir_fd=folders[folder], dst_dir_fd=folders[folder])
    else:
        os.unlink(name, dir_fd=folders[folder])


def is_left(step: Step, folders: Mapping[str, int]) -> bool:
    """Is this still to be done? Raises ValueError where the file was changed meanwhile."""
    folder, name = split(step.path)
    now = _digest(content(name, folders[folder]))
    waiting = _digest(content(step.beside, folders[folder])) if step.beside else step.after
    is_left = now is not None if step.beside is None else waiting is not None
    if is_left and (waiting != step.after or now not in (step.before, step.after)):
        raise ValueError(f"{step.path} changed meanwhile")
    return is_left


def _digest(data: bytes | None) -> str | None:
    return None if data is None else hashlib.sha256(data).hexdigest()
