"""The registry as it is in a commit, or would be after a merge, without a checkout."""

from __future__ import annotations

import os
import posixpath
from pathlib import Path
from typing import NamedTuple

from ocs.adapters.files import Entry, Files
from ocs.adapters.git.objects import Objects, Snapshot, differing
from ocs.errors import OcsError
from ocs.model.ciphertext import MOST_BYTES

_LONGEST_LINK = 4096


class Committed(Files):
    """The files in a tree of git's objects, to which the history up to *revision* leads."""

    def __init__(self, root: Path, snapshot: Snapshot, revision: str) -> None:
        super().__init__(root)
        self.revision = revision
        self._snapshot = snapshot

    def looks(self, path: str) -> Entry | None:
        entry = self._snapshot.entry(path)
        return Entry(path, entry.what, hash(entry.id), 0) if entry else None

    def read(self, path: str, most_bytes: int) -> bytes:
        # Git's objects give nothing of a file that is larger than the most asked for.
        return self._snapshot.read(path, max(most_bytes, MOST_BYTES))[: most_bytes + 1]

    def leads_out(self, link: str) -> bool:
        entry = self._snapshot.entry(link)
        target = os.fsdecode(self._snapshot.target(entry, _LONGEST_LINK)) if entry else ""
        path = posixpath.normpath(posixpath.join(posixpath.dirname(link), target))
        return path.startswith(("/", "../")) or path == ".."

    def _listed(self, folder: str) -> list[Entry]:
        prefix = f"{folder}/" if folder else ""
        return [
            Entry(prefix + name, entry.what, hash(entry.id), 0)
            for name, entry in self._snapshot.listed(folder).items()
            if not name.startswith(".")
        ]


class Proposed(NamedTuple):
    """What is proposed, and the paths that differ from where it is to be merged, if anywhere."""

    files: Committed
    changed: frozenset[str] | None = None
    deleted: frozenset[str] = frozenset()


def proposed(root: Path, revision: str, since: str | None, objects: Objects) -> Proposed:
    """The registry at *root* in a revision, or as it would be with that merged into *since*.

    Raises OcsError where there is no such revision, no registry in it, or it cannot be merged.
    """
    head = objects.revision(revision).commit
    base = objects.base(since).commit if since is not None else None
    after = objects.merged(base, head) if base else objects.snapshot(head)
    if after.entry("ocs.yaml") is None:
        raise OcsError(
            f"there is no registry in '{revision}': no ocs.yaml",
            "name a revision that has an ocs.yaml",
        )
    files = Committed(root, after, head)
    if base is None:
        return Proposed(files)
    pairs = list(differing(objects.snapshot(base), after))
    return Proposed(
        files,
        frozenset(pair.path for pair in pairs if pair.after),
        frozenset(pair.path for pair in pairs if not pair.after),
    )
