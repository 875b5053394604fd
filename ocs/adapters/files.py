"""The registry's files on disk: what lies there, and what is in it.

Symbolic links are never followed and nothing outside the registry is opened: every folder on the way to a
file is looked at before the file is, and the file is opened without following a link.
"""

from __future__ import annotations

import contextlib
import errno
import json
import os
import stat
from collections.abc import Collection
from pathlib import Path
from typing import Any, NamedTuple

from ocs.errors import OcsError, UnreadableError

_WHAT = {stat.S_IFREG: "file", stat.S_IFDIR: "folder", stat.S_IFLNK: "link"}
_OPEN = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


class Entry(NamedTuple):
    """Something that lies in the registry. `path` is seen from its root, with `/` between the names.

    `what` is one of file, folder, link, other, and unlisted: a folder that may not be listed. `stamp`
    is another number whenever size or time of change are others; `changed` is that time in nanoseconds.
    """

    path: str
    what: str
    stamp: int
    changed: int


class Files:
    """The files of the registry at *root*."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._root = os.fspath(root)
        self._folders: set[str] = {""}

    def top(self) -> list[Entry]:
        """What lies at the registry's root. Dot files and dot folders are left alone."""
        return self._listed("")

    def records(self, folders: Collection[str]) -> list[Entry]:
        """ocs.yaml and everything below *folders*, in no order; dot files and dot folders are left alone.

        A folder comes itself only where it could not be looked into.
        """
        found: list[Entry] = []
        for entry in self.top():
            if entry.path == "ocs.yaml":
                found.append(entry)
            elif entry.path in folders:
                self._collect(entry, found)
        return found

    def texts(self, folders: Collection[str]) -> list[Entry]:
        """Every plain file at the registry's root and below *folders*, in no order."""
        at_the_root = [entry for entry in self.top() if entry.what == "file" and entry.path != "ocs.yaml"]
        return [*at_the_root, *(entry for entry in self.records(folders) if entry.what == "file")]

    def _collect(self, entry: Entry, found: list[Entry]) -> None:
        if entry.what != "folder":
            found.append(entry)
            return
        try:
            inside = self._listed(entry.path)
        except UnreadableError:
            found.append(entry._replace(what="unlisted"))
            return
        for inner in inside:
            if inner.what == "file":
                found.append(inner)
            else:
                self._collect(inner, found)

    def _listed(self, folder: str) -> list[Entry]:
        prefix = f"{folder}/" if folder else ""
        try:
            with os.scandir(f"{self._root}/{folder}") as found:
                return [
                    Entry(
                        prefix + entry.name,
                        _WHAT.get(status.st_mode & 0o170000, "other"),
                        hash((status.st_size, status.st_mtime_ns, status.st_ctime_ns)),
                        status.st_ctime_ns,
                    )
                    for entry in found
                    if not entry.name.startswith(".") and (status := entry.stat(follow_symlinks=False))
                ]
        except OSError as error:
            raise UnreadableError(f"cannot list {prefix or 'the registry'}: {error.strerror}") from error

    def read(self, path: str, most_bytes: int) -> bytes:
        """What is in a file; one byte more than *most_bytes* if there is more.

        Raises UnreadableError where it is missing, a link, no plain file, or may not be read.
        """
        self._check_folders(path)
        try:
            descriptor = os.open(f"{self._root}/{path}", _OPEN)
        except OSError as error:
            raise UnreadableError(f"cannot read {path}: {_reason(error)}") from error
        try:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                raise UnreadableError(f"cannot read {path}: it is no plain file")
            return _read_all(descriptor, most_bytes + 1)
        except OSError as error:
            raise UnreadableError(f"cannot read {path}: {_reason(error)}") from error
        finally:
            os.close(descriptor)

    def _check_folders(self, path: str) -> None:
        """No folder on the way to *path* is a link or steps out of the registry."""
        folder = path.rpartition("/")[0]
        if folder in self._folders:
            return
        so_far = ""
        for name in folder.split("/"):
            so_far = f"{so_far}/{name}" if so_far else name
            try:
                mode = os.lstat(self.root / so_far).st_mode
            except (OSError, ValueError) as error:
                raise UnreadableError(f"cannot read {path}: there is no folder {so_far}") from error
            if name in ("", ".", "..") or not stat.S_ISDIR(mode):
                raise UnreadableError(f"cannot read {path}: {so_far} is no folder of the registry")
        self._folders.add(folder)


def _read_all(descriptor: int, most_bytes: int) -> bytes:
    parts: list[bytes] = []
    while most_bytes > 0 and (part := os.read(descriptor, most_bytes)):
        parts.append(part)
        most_bytes -= len(part)
    return b"".join(parts)


def _reason(error: OSError) -> str:
    if error.errno == errno.ELOOP:  # which O_NOFOLLOW gives for a link
        return "it is a symbolic link, and links are not followed"
    return error.strerror or str(error)


def find_registry(start: Path) -> Path | None:
    """The nearest folder at or above *start* that holds an ocs.yaml."""
    for folder in (start, *start.parents):
        if (folder / "ocs.yaml").is_file():
            return folder
    return None


def read_schema(name: str) -> Any:
    """A schema file that comes with ocs: in the wheel, or beside a checkout."""
    package = Path(__file__).resolve().parent.parent
    for folder in (package / "schemas", package.parent / "schemas"):
        with contextlib.suppress(FileNotFoundError):
            return json.loads((folder / name).read_bytes())
    raise OcsError(f"the schema {name} of ocs is missing", "install ocs again")
