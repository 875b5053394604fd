"""What the user's ocs remembers of registries: a file for each, in the user's state folder.

Each file begins with a hash of the rest. Nothing is read from a file that is damaged, or that
somebody else may write to. ocs names such a file.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import hashlib
import json
import os
import secrets
import stat
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

from ocs.errors import OcsError
from ocs.model.trust import Copy, Fact, FactKind, Gone, Remembered

_ENDING, _LOCK = ".json", ".lock"
_MOST_BYTES = 64 * 1024 * 1024
_OTHERS_WRITE = stat.S_IWGRP | stat.S_IWOTH
_READ = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC


class Memories:
    """The files in *folder*."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def all(self) -> tuple[dict[str, Remembered], list[str]]:
        """What is remembered of each registry, by the file's name, and the unusable files."""
        if strange := self._strange_folder():
            return {}, [strange]
        try:
            names = sorted(path.name for path in self.folder.iterdir())
        except FileNotFoundError:
            return {}, []
        except OSError:
            return {}, [str(self.folder)]
        found: dict[str, Remembered] = {}
        unusable: list[str] = []
        for name in names:
            if name.endswith(_ENDING) and not name.startswith("."):
                remembered = self._read(name)
                if remembered is None:
                    unusable.append(str(self.folder / name))
                else:
                    found[name] = remembered
        return found, unusable

    def update(
        self, name: str | None, change: Callable[[Remembered], Remembered]
    ) -> tuple[str, Remembered]:
        """Change what is remembered of a registry, a new one for None; its name, and the result.

        The file is whole at any moment. Raises OcsError where it cannot be written.
        """
        try:
            with self._locked():
                name = name or f"{secrets.token_hex(8)}{_ENDING}"
                changed = change(self._read(name) or Remembered())
                self._write(name, changed)
        except OSError as error:
            raise OcsError(
                f"cannot remember this in {self.folder}: {error.strerror}",
                "make it a folder that you alone may write to",
            ) from error
        return name, changed

    @contextlib.contextmanager
    def _locked(self) -> Iterator[None]:
        for folder in reversed((self.folder, *self.folder.parents)):
            with contextlib.suppress(FileExistsError):
                folder.mkdir(mode=0o700)
        if strange := self._strange_folder():
            raise PermissionError(errno.EPERM, "others can write to it", strange)
        flags = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC
        lock = os.open(self.folder / _LOCK, flags, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
        finally:
            os.close(lock)

    def _strange_folder(self) -> str | None:
        """The folder, or the one that it is in, if somebody else can write to it."""
        for folder in (self.folder.parent, self.folder):
            try:
                if not _is_ours(folder.stat()):
                    return str(folder)
            except FileNotFoundError:
                return None
            except OSError:
                return str(folder)
        return None

    def _read(self, name: str) -> Remembered | None:
        """What a file holds; None where it is unusable or missing."""
        try:
            descriptor = os.open(self.folder / name, _READ)
            with os.fdopen(descriptor, "rb") as file:
                if not _is_ours(os.fstat(descriptor)):
                    return None
                digest, _, text = file.read(_MOST_BYTES).partition(b"\n")
            if digest != _digest(text):
                return None
            return _remembered(json.loads(text))
        except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
            return None

    def _write(self, name: str, remembered: Remembered) -> None:
        text = json.dumps(_plain(remembered), indent=1).encode()
        beside = self.folder / f".{name}.{secrets.token_hex(4)}"
        try:
            with os.fdopen(os.open(beside, _NEW, 0o600), "wb") as file:
                file.write(_digest(text) + b"\n" + text)
                file.flush()
                os.fsync(file.fileno())
            beside.replace(self.folder / name)
        finally:
            beside.unlink(missing_ok=True)


def _is_ours(status: os.stat_result) -> bool:
    """Is this the user's own, and can nobody else write to it?"""
    return status.st_uid == os.geteuid() and not status.st_mode & _OTHERS_WRITE


def _digest(text: bytes) -> bytes:
    return hashlib.sha256(text).hexdigest().encode()


def _plain(remembered: Remembered) -> dict[str, Any]:
    return {
        "ocs": 1,
        "marks": sorted(remembered.marks),
        "seen": remembered.seen,
        "looked": remembered.looked,
        "facts": [[*fact, day.isoformat()] for fact, day in sorted(remembered.facts.items())],
        "gone": [
            [*fact, when.day.isoformat(), when.commit]
            for fact, when in sorted(remembered.gone.items())
        ],
        "copies": {
            key: [[*map(list, copy.signed)], sorted(copy.revoked)]
            for key, copy in sorted(remembered.copies.items())
        },
    }


def _remembered(value: Any) -> Remembered:
    if value["ocs"] != 1:
        raise ValueError("a newer ocs wrote this")
    return Remembered(
        {_fact(*row[:3]): date.fromisoformat(row[3]) for row in value["facts"]},
        {_fact(*row[:3]): Gone(date.fromisoformat(row[3]), row[4]) for row in value["gone"]},
        frozenset(value["marks"]),
        value["seen"],
        {
            key: Copy(tuple((name, time) for name, time in signed), frozenset(revoked))
            for key, (signed, revoked) in value["copies"].items()
        },
        tuple(value["looked"]),
    )


def _fact(kind: str, about: str, value: str) -> Fact:
    return Fact(FactKind(kind), about, value)
