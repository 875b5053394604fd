"""What is in commits, read from git's objects.

Nothing is checked out, and nothing that a branch brings along is run: no filter, hook, driver or external
diff. No link is followed. What is asked is bounded: only those folders are looked into in which two trees
differ, and no file is read that is larger than a record may be.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from ocs.errors import OcsError, UnreadableError

# A change of more files, or a folder with more, is not one that anybody reads.
MOST_ENTRIES = 50_000
_LARGEST_TREE_BYTES = 16 * 2**20
_DEEPEST_FOLDER = 20
_LONGEST_MERGE_SECONDS = 60
_SAFE = (
    "-c",
    "core.fsmonitor=false",
    "-c",
    "core.hooksPath=/dev/null",
    "-c",
    "core.attributesFile=/dev/null",
)


class Entry(NamedTuple):
    """Something in a tree. `what` is one of file, folder, link and other; `id` is that of its object."""

    path: str
    what: str
    id: str


class Changed(NamedTuple):
    """A path with what lies there in one tree and in another one; None where nothing does."""

    path: str
    before: Entry | None
    after: Entry | None


class Objects:
    """The objects of the repository that *folder* is in; paths are seen from *folder*.

    Raises OcsError where there is no repository. Close it, or use it in a `with`.
    """

    def __init__(self, folder: Path) -> None:
        from ocs.adapters.git import top_folder

        top = top_folder(folder)
        if top is None:
            raise OcsError(f"{folder} is in no git repository", "run this in a clone of the registry")
        self._below = [name for name in folder.relative_to(top).parts if name]
        self._top = top
        self._gits: dict[int, Any] = {}
        self._trees: dict[str, Mapping[str, Entry]] = {}

    def __enter__(self) -> Objects:
        return self

    def __exit__(self, *failure: object) -> None:
        self._git.clear_cache()

    @property
    def _git(self) -> Any:
        """The git of this process: a copy of it that helps would mix its questions with ours."""
        if os.getpid() not in self._gits:
            from git import Git

            self._gits[os.getpid()] = git = Git(self._top)
            git.update_environment(
                GIT_OPTIONAL_LOCKS="0", GIT_NO_REPLACE_OBJECTS="1", GIT_NO_LAZY_FETCH="1", LC_ALL="C.UTF-8"
            )
        return self._gits[os.getpid()]

    def find_commit(self, revision: str) -> str | None:
        """The commit that a revision names; None where there is none here."""
        asked = f"{revision}^{{commit}}"
        return self._ask("rev-parse", "--verify", "--quiet", "--end-of-options", asked) or None

    def commit(self, revision: str) -> str:
        """The commit that a revision names. Raises OcsError where there is none."""
        found = self.find_commit(revision)
        if found is None:
            raise OcsError(
                f"there is no revision '{revision}' here",
                "fetch it first; in CI the whole history is needed (fetch-depth: 0)",
            )
        return found

    def snapshot(self, commit: str) -> Snapshot:
        """The registry as it is in a commit."""
        return self._snapshot(self._ask("rev-parse", "--verify", "--quiet", f"{commit}^{{tree}}") or "")

    def merged(self, base: str, head: str) -> Snapshot:
        """The registry as it would be if *head* were merged into *base*; nothing is written into a branch.

        Raises OcsError where they have nothing in common, or cannot be merged without somebody's decision.
        """
        common = self._ask("merge-base", base, head)
        if not common:
            raise OcsError(
                f"{head[:12]} has nothing in common with {base[:12]}",
                "if the history here is cut short, fetch all of it (git fetch --unshallow)",
            )
        proposed = self.snapshot(head)
        if common == base:
            return proposed
        for _ in differing(self.snapshot(common), proposed):
            pass  # a branch that changes too much is refused before git looks into it
        told = self._ask(
            "merge-tree", "--write-tree", "--no-messages", base, head, seconds=_LONGEST_MERGE_SECONDS
        )
        if not told:
            raise OcsError(
                "the branch cannot be merged as it is: both sides changed the same lines",
                "merge the newest state into the branch, then ask again",
            )
        return self._snapshot(told.splitlines()[0])

    def _snapshot(self, tree: str) -> Snapshot:
        for name in self._below:
            found = self.tree(tree, "").get(name) if tree else None
            tree = found.id if found and found.what == "folder" else ""
        return Snapshot(self, tree)

    def tree(self, id: str, folder: str) -> Mapping[str, Entry]:
        """What lies in a tree, by name. Raises OcsError where it is too large."""
        found = self._trees.get(id)
        if found is None:
            data = self.data(id, _LARGEST_TREE_BYTES)
            is_bounded = len(data) <= _LARGEST_TREE_BYTES
            found = {each.path: each for each in _entries(data, len(id) // 2)} if is_bounded else {}
            if not is_bounded or len(found) > MOST_ENTRIES:
                raise OcsError(f"the folder {folder or 'at the root'} holds too much to be looked at")
            self._trees[id] = found
        return found

    def data(self, id: str, most_bytes: int) -> bytes:
        """What is in an object; one byte more than *most_bytes* if there is more.

        Raises UnreadableError where there is no such object here.
        """
        try:
            _, _, size = self._git.get_object_header(id)
            if size > most_bytes:
                return bytes(most_bytes + 1)
            return bytes(self._git.get_object_data(id)[3])
        except (ValueError, OSError) as error:
            raise UnreadableError(f"git has no object {id[:12]}: {error}") from error

    def _ask(self, *arguments: str, seconds: int | None = None) -> str:
        """What git says; empty where it says no."""
        from git import GitCommandError

        options: dict[str, Any] = {"kill_after_timeout": seconds} if seconds else {}
        try:
            return str(self._git.execute(["git", *_SAFE, *arguments], **options))
        except GitCommandError as error:
            if "unknown" in str(error.stderr) or "usage:" in str(error.stderr):
                raise OcsError(
                    f"this git cannot {arguments[0]} {arguments[1]}", "git 2.38 or newer can"
                ) from None
            return ""


class Snapshot:
    """The registry's files in one tree."""

    def __init__(self, objects: Objects, root: str) -> None:
        self._objects = objects
        self.root = root

    def listed(self, folder: str) -> Mapping[str, Entry]:
        """What lies in a folder, by name; nothing where there is no such folder."""
        id = self.root
        for name in folder.split("/") if folder else ():
            found = self._objects.tree(id, folder).get(name) if id else None
            id = found.id if found and found.what == "folder" else ""
        return self._objects.tree(id, folder) if id else {}

    def entry(self, path: str) -> Entry | None:
        """What lies at a path."""
        folder, _, name = path.rpartition("/")
        found = self.listed(folder).get(name)
        return found._replace(path=path) if found else None

    def target(self, link: Entry, most_bytes: int) -> bytes:
        """What a symbolic link names; one byte more than *most_bytes* if that is longer."""
        return self._objects.data(link.id, most_bytes)

    def read(self, path: str, most_bytes: int) -> bytes:
        """What is in a file; one byte more than *most_bytes* if there is more.

        Raises UnreadableError where it is missing, a link, or no plain file.
        """
        found = self.entry(path)
        if found is None:
            raise UnreadableError(f"cannot read {path}: it is not there")
        if found.what == "link":
            raise UnreadableError(f"cannot read {path}: it is a symbolic link, and links are not followed")
        if found.what != "file":
            raise UnreadableError(f"cannot read {path}: it is no plain file")
        return self._objects.data(found.id, most_bytes)


def differing(before: Snapshot, after: Snapshot) -> Iterator[Changed]:
    """Every path at which two trees differ. Raises OcsError where there are too many, or too deep."""
    count = 0
    waiting = [("", before.root, after.root)]
    while waiting:
        folder, old, new = waiting.pop()
        if old == new:
            continue
        if folder.count("/") >= _DEEPEST_FOLDER:
            raise OcsError(f"the folder {folder} lies too deep to be looked at")
        entries = [
            snapshot._objects.tree(id, folder) if id else {} for snapshot, id in ((before, old), (after, new))
        ]
        inner: list[tuple[str, str, str]] = []
        for name in sorted(set(entries[0]) | set(entries[1])):
            count += 1
            if count > MOST_ENTRIES:
                raise OcsError("the branch changes too many files to be looked at", "split it into several")
            one, other = (each.get(name) for each in entries)
            if one and other and one[1:] == other[1:]:
                continue
            path = f"{folder}{name}"
            trees = [each.id if each and each.what == "folder" else "" for each in (one, other)]
            if any(trees):
                inner.append((f"{path}/", trees[0], trees[1]))
            files = [
                each._replace(path=path) if each and each.what != "folder" else None for each in (one, other)
            ]
            if any(files):
                yield Changed(path, files[0], files[1])
        waiting.extend(reversed(inner))


def _entries(data: bytes, id_bytes: int) -> Iterator[Entry]:
    """What a tree's object lists: mode, name and id of each."""
    at = 0
    while at < len(data):
        space = data.index(b" ", at)
        end = data.index(b"\0", space)
        mode = int(data[at:space], 8)
        what = {stat.S_IFREG: "file", stat.S_IFDIR: "folder", stat.S_IFLNK: "link"}.get(
            stat.S_IFMT(mode), "other"
        )
        at = end + 1 + id_bytes
        yield Entry(os.fsdecode(data[space + 1 : end]), what, data[end + 1 : at].hex())
