"""The registry's files on disk: what lies there, and what is in it.

Symbolic links are never followed and nothing outside the registry is opened: every folder on
the way to a file is checked before the file is, and the file is opened without following a
link.
"""

from __future__ import annotations

import contextlib
import errno
import json
import os
import stat
import sys
import zlib
from collections.abc import Collection
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from ocs.errors import OcsError, UnreadableError

_WHAT = {stat.S_IFREG: "file", stat.S_IFDIR: "folder", stat.S_IFLNK: "link"}
_OPEN = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_OPEN_FOLDER = _OPEN | os.O_DIRECTORY
_OPEN_ROOT = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC
# No record lies deeper; deeper folders are listed, but not read.
_DEEPEST_FOLDER = 8
# A file that changed this recently may change again and look the same: where the file system
# keeps fine times, and where it keeps whole seconds.
_UNSETTLED_NS = 50_000_000
_UNSETTLED_COARSE_NS = 2_000_000_000


class Entry(NamedTuple):
    """Something in the registry. `path` is seen from its root, with `/` between the names.

    `what` is file, folder, link, other, or unlisted: a folder that may not be listed. `stamp`
    changes whenever size or time of change do; `changed` is that time in nanoseconds.
    """

    path: str
    what: str
    stamp: int
    changed: int

    def stamp_at(self, now_ns: int) -> int:
        """The stamp, if any later change of the file gives it another one; else 0."""
        is_coarse = self.changed % 1_000_000_000 == 0
        age = now_ns - self.changed
        return (
            self.stamp if age > (_UNSETTLED_COARSE_NS if is_coarse else _UNSETTLED_NS) else 0
        )


class Files:
    """The files of the registry at *root*."""

    # The commit whose history leads to these files.
    revision = "HEAD"

    def __init__(self, root: Path) -> None:
        self.root = root
        self._root = os.fspath(root)
        # The last folder, held open: its files are read from it wherever it is moved to.
        self._last: tuple[str, int] | None = None

    def top(self) -> list[Entry]:
        """What lies at the registry's root, without dot files and dot folders."""
        return self._listed("")

    def records(
        self, folders: Collection[str], looked_into: list[str] | None = None
    ) -> list[Entry]:
        """ocs.yaml and everything below *folders*, without dot files, in no order.

        A folder itself is listed only where it could not be read; the others are added to
        *looked_into*.
        """
        entries: list[Entry] = []
        waiting: list[Entry] = []
        for entry in self.top():
            if entry.path == "ocs.yaml":
                entries.append(entry)
            elif entry.path in folders:
                waiting.append(entry)
        while waiting:
            entry = waiting.pop()
            if entry.what != "folder" or entry.path.count("/") > _DEEPEST_FOLDER:
                entries.append(entry)
                continue
            try:
                inside = self._listed(entry.path)
            except UnreadableError:
                entries.append(entry._replace(what="unlisted"))
                continue
            if looked_into is not None:
                looked_into.append(entry.path)
            for inner in inside:
                (entries if inner.what == "file" else waiting).append(inner)
        return entries

    def looks(self, path: str) -> Entry | None:
        """The entry at *path*, the root if empty, as it is now; None where there is none."""
        try:
            status = os.lstat(os.path.join(self._root, path))  # noqa: PTH118  for thousands of them
        except OSError:
            return None
        return _looks(path, status)

    def leads_out(self, link: str) -> bool:
        """Does this link lead outside the registry?"""
        root = os.path.realpath(self.root)
        target = os.path.realpath(self.root / link)
        return target != root and not target.startswith(f"{root}/")

    def _listed(self, folder: str) -> list[Entry]:
        prefix = f"{folder}/" if folder else ""
        entries: list[Entry] = []
        try:
            with os.scandir(self._folder(folder)) as listed:
                for item in listed:
                    with contextlib.suppress(FileNotFoundError):  # it has gone meanwhile
                        if not item.name.startswith("."):
                            status = item.stat(follow_symlinks=False)
                            entries.append(_looks(prefix + item.name, status))
        except OSError as error:
            what = prefix or "the registry"
            raise UnreadableError(f"cannot list {what}: {_reason(error)}") from error
        return entries

    def read(self, path: str, most_bytes: int) -> bytes:
        """The content of a plain file, at most *most_bytes* + 1. Raises UnreadableError."""
        folder, _, name = path.rpartition("/")
        try:
            descriptor = os.open(name, _OPEN, dir_fd=self._folder(folder))
        except (OSError, ValueError) as error:
            raise UnreadableError(f"cannot read {path}: {_reason(error)}") from error
        try:
            status = os.fstat(descriptor)
            if not stat.S_ISREG(status.st_mode):
                raise UnreadableError(f"cannot read {path}: it is no plain file")
            return _read_all(descriptor, most_bytes + 1, status.st_size + 1)
        except OSError as error:
            raise UnreadableError(f"cannot read {path}: {_reason(error)}") from error
        finally:
            os.close(descriptor)

    def _folder(self, folder: str) -> int:
        """The folder, held open. No folder on the way is a link or steps out of the registry."""
        if self._last is not None and self._last[0] == folder:
            return self._last[1]
        descriptor = os.open(self._root, _OPEN_ROOT)
        for name in folder.split("/") if folder else ():
            outer = descriptor
            try:
                if name in ("", ".", ".."):
                    raise NotADirectoryError(
                        errno.ENOTDIR, "it is not a folder of the registry"
                    )
                descriptor = os.open(name, _OPEN_FOLDER, dir_fd=outer)
            finally:
                os.close(outer)
        if self._last is not None:
            os.close(self._last[1])
        self._last = (folder, descriptor)
        return descriptor

    def __del__(self) -> None:
        if self._last is not None:
            os.close(self._last[1])


def _looks(path: str, status: os.stat_result) -> Entry:
    return Entry(
        path,
        _WHAT.get(status.st_mode & 0o170000, "other"),
        hash((status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino)),
        status.st_ctime_ns,
    )


def _read_all(descriptor: int, most_bytes: int, at_once: int) -> bytes:
    parts: list[bytes] = []
    while part := os.read(descriptor, min(most_bytes, at_once)):
        parts.append(part)
        most_bytes -= len(part)
    return b"".join(parts)


def _reason(error: OSError | ValueError) -> str:
    if isinstance(error, ValueError):
        return str(error)
    if error.errno == errno.ENOTDIR:
        return "a folder in its path is a link or no folder, and links are not followed"
    if error.errno == errno.ELOOP:  # which O_NOFOLLOW gives for a link
        return "it is a symbolic link, and links are not followed"
    return error.strerror or str(error)


def find_registry(start: Path) -> Path | None:
    """The nearest folder at or above *start* that holds an ocs.yaml."""
    folders = (start, *start.parents)
    return next((folder for folder in folders if (folder / "ocs.yaml").is_file()), None)


@cache
def edition() -> int:
    """A number that changes with the code and schemas of ocs, and with Python."""
    package = Path(__file__).resolve().parent.parent
    files = [path for base in _schema_folders() for path in base.glob("*.json")]
    files += package.rglob("*.py")
    seen = sorted(
        (os.fspath(path), path.stat().st_size, path.stat().st_mtime_ns) for path in files
    )
    return zlib.crc32(repr((seen, sys.version_info)).encode()) >> 1


def read_schema(name: str) -> Any:
    """A schema of ocs, by its file name."""
    for folder in _schema_folders():
        with contextlib.suppress(FileNotFoundError):
            return json.loads((folder / name).read_bytes())
    raise OcsError(f"the schema {name} of ocs is missing", "install ocs again")


def _schema_folders() -> tuple[Path, Path]:
    """In the wheel, and beside a checkout."""
    package = Path(__file__).resolve().parent.parent
    return package / "schemas", package.parent / "schemas"


def read_given(path: Path, most_bytes: int) -> bytes:
    """The content of a file that the user names, at most *most_bytes* + 1 of it."""
    try:
        with path.open("rb") as file:
            return file.read(most_bytes + 1)
    except (OSError, ValueError) as error:
        raise UnreadableError(f"cannot read {path}: {_reason(error)}") from error
