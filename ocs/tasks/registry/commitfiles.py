"""The registry as it is in a commit, or would be after a merge: judged without being checked
out.
"""

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
        found = self._snapshot.entry(path)
        return Entry(path, found.what, hash(found.id), 0) if found else None

    def read(self, path: str, most_bytes: int) -> bytes:
        # Of what is larger than asked for git's objects tell that alone, and not how it
        # begins.
        return self._snapshot.read(path, max(most_bytes, MOST_BYTES))[: most_bytes + 1]

    def leads_out(self, link: str) -> bool:
        found = self._snapshot.entry(link)
        target = os.fsdecode(self._snapshot.target(found, _LONGEST_LINK)) if found else ""
        way = posixpath.normpath(posixpath.join(posixpath.dirname(link), target))
        return way.startswith(("/", "../")) or way == ".."

    def _listed(self, folder: str) -> list[Entry]:
        prefix = f"{folder}/" if folder else ""
        return [
            Entry(prefix + name, entry.what, hash(entry.id), 0)
            for name, entry in self._snapshot.listed(folder).items()
            if not name.startswith(".")
        ]


class Proposed(NamedTuple):
    """What is proposed, and the paths by which it differs from where it is to be merged, if
    anywhere.
    """

    files: Committed
    changed: frozenset[str] | None = None
    deleted: frozenset[str] = frozenset()


def proposed(root: Path, revision: str, since: str | None, objects: Objects) -> Proposed:
    """The registry at *root* as it is in a revision, or as merging that into *since* would
    make it.

    Raises OcsError where there is no such revision, no registry in it, or it cannot be merged.
    """
    head = objects.commit(revision)
    base = objects.commit(since) if since is not None else None
    after = objects.merged(base, head) if base else objects.snapshot(head)
    if after.entry("ocs.yaml") is None:
        raise OcsError(
            f"there is no registry in '{revision}': no ocs.yaml", "see what became of it"
        )
    files = Committed(root, after, head)
    if base is None:
        return Proposed(files)
    differ = list(differing(objects.snapshot(base), after))
    return Proposed(
        files,
        frozenset(each.path for each in differ if each.after),
        frozenset(each.path for each in differ if not each.after),
    )
