"""A registry as it would be with other bytes in some of its files, before they are written."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from ocs.adapters.files import Entry, Files
from ocs.errors import UnreadableError


class Overlay(Files):
    """The registry of *files* with these bytes at these paths; None: without that file."""

    def __init__(self, files: Files, laid_over: Mapping[str, bytes | None]) -> None:
        super().__init__(files.root)
        self._files = files
        self._laid_over = laid_over
        self._new = {path: data for path, data in laid_over.items() if data is not None}

    def top(self) -> list[Entry]:
        entries = [entry for entry in self._files.top() if entry.path not in self._laid_over]
        known = {entry.path for entry in entries}
        names = {path.partition("/")[0] for path in self._new} - known
        return entries + [
            Entry(name, "file" if name in self._new else "folder", 0, 0)
            for name in sorted(names)
        ]

    def records(
        self, folders: Collection[str], looked_into: list[str] | None = None
    ) -> list[Entry]:
        entries = [
            entry
            for entry in self._files.records(folders, looked_into)
            if entry.path not in self._laid_over
        ]
        return entries + [
            Entry(path, "file", hash(data), 0)
            for path, data in self._new.items()
            if path == "ocs.yaml" or path.partition("/")[0] in folders
        ]

    def read(self, path: str, most_bytes: int) -> bytes:
        if path in self._new:
            return self._new[path][: most_bytes + 1]
        if path in self._laid_over:
            raise UnreadableError(f"cannot read {path}: it would not exist")
        return self._files.read(path, most_bytes)
