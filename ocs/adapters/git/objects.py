"""What is in commits, read from git's objects.

Nothing is checked out, and nothing that a branch brings along runs: no filter, hook, driver or
external diff. No link is followed. The work is bounded: ocs looks only into folders in which
two trees differ, and reads no file that is larger than a record may be.
"""

from __future__ import annotations

import os
import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from ocs.adapters.git import top_folder
from ocs.adapters.git.plumbing import Plumbing
from ocs.adapters.git.rebasing import rebased
from ocs.adapters.git.revisions import Revision, base, revision
from ocs.errors import OcsError, UnreadableError

# A change of more files is not one that anybody reads.
MOST_ENTRIES = 50_000
_LARGEST_TREE_BYTES = 16 * 2**20
_DEEPEST_FOLDER = 20
_LONGEST_MERGE_SECONDS = 60
# By the mode as git writes it, without its last four digits.
_FILE = b"10"
_WHAT = {_FILE: "file", b"4": "folder", b"12": "link"}
# What a tree has for each name: the mode, and the id of the object.
_ModeAndId = tuple[bytes, bytes]


class TreeEntry(NamedTuple):
    """Something in a tree. `what` is file, folder, link or other; `id` is that of its object.

    `runs`: a file that is marked as a program.
    """

    path: str
    what: str
    id: str
    runs: bool = False


class Changed(NamedTuple):
    """A path with what lies there in one tree and in another one; None for nothing."""

    path: str
    before: TreeEntry | None
    after: TreeEntry | None


class Objects:
    """The objects of the repository of *folder*, to which paths are relative. Close it."""

    def __init__(self, folder: Path) -> None:
        top = top_folder(folder)
        if top is None:
            raise OcsError(
                f"{folder} is not in a git repository", "run this in a clone of the registry"
            )
        self._below = [name for name in folder.relative_to(top).parts if name]
        self._top = top
        self._git = Plumbing(top)
        self._trees: dict[str, Mapping[str, _ModeAndId]] = {}
        self._names: dict[tuple[str, str], frozenset[str]] = {}

    def __enter__(self) -> Objects:
        return self

    def __exit__(self, *failure: object) -> None:
        self._git.close()

    def has_commit(self, id: str) -> bool:
        """Is the commit with this whole id here?"""
        return bool(self._git.named(f"{id}^{{commit}}"))

    def revision(self, name: str) -> Revision:
        """As `revisions.revision`."""
        return revision(self._top, name)

    def base(self, name: str) -> Revision:
        """As `revisions.base`."""
        return base(self._top, name)

    def snapshot(self, commit: str) -> Snapshot:
        """The registry as it is in a commit. Raises OcsError where git does not have it."""
        return self._snapshot(self._git.known(f"{commit}^{{tree}}"))

    def is_shallow(self) -> bool:
        """Does this clone lack a part of the history?"""
        return self._git.is_shallow()

    def merge_bases(self, one: str, other: str) -> list[str]:
        """Where two commits parted; several after merges in both directions, or none."""
        return self._git.all_common(one, other)

    def steps_since(
        self, old: str, new: str, paths: Sequence[str], merges: str
    ) -> Iterator[Changed]:
        """What each commit that *new* contains and *old* does not made of the files at *paths*.

        Merges are compared as `Plumbing.steps` says. Raises OcsError.
        """
        prefix = "".join(f"{name}/" for name in self._below)
        wanted = {posixpath.normpath(f"{prefix}{path}"): path for path in paths}
        commits = self._git.commits_between(old, new)
        for step in self._git.steps(commits, list(wanted), merges):
            if path := wanted.get(step.path):
                before = _raw_entry(path, step.mode_before, step.before)
                yield Changed(path, before, _raw_entry(path, step.mode_after, step.after))

    def merged(self, base: str, head: str) -> Snapshot:
        """The registry after a merge of *head* into *base*. Raises OcsError where they conflict."""
        common = self._git.common(base, head)
        if not common:
            raise OcsError(
                f"{head[:12]} has nothing in common with {base[:12]}",
                "if this is a shallow clone, fetch all of it (git fetch --unshallow)",
            )
        proposed = self.snapshot(head)
        if common == base:
            return proposed
        with self._git.merging(base, head, _LONGEST_MERGE_SECONDS) as merged:
            for _ in differing(self.snapshot(common), proposed):
                pass  # it stops where a branch changes too much, before git merges that
            tree = merged()
        if not tree:
            raise OcsError(
                "the branch cannot be merged as it is: both sides changed the same lines",
                "merge the newest state into the branch, then run this again",
            )
        return self._snapshot(tree)

    def rebased(self, base: str, head: str) -> list[Snapshot]:
        """The registry as rebasing *head* onto *base* may leave it. Raises OcsError."""
        return [self._snapshot(tree) for tree in sorted(rebased(self._top, base, head))]

    def _snapshot(self, top: str) -> Snapshot:
        tree = top
        for name in self._below:
            tree = self.folder(tree, name)
        return Snapshot(self, tree, top, self._below)

    def folder(self, tree: str, name: str) -> str:
        """The tree of the folder with that name in a tree; empty where there is none."""
        listed = self.tree(tree, name).get(name)
        entry = _entry(name, listed) if listed else None
        return entry.id if entry and entry.what == "folder" else ""

    def tree(self, id: str, folder: str) -> Mapping[str, _ModeAndId]:
        """What lies in a tree, by name; nothing for an empty *id*.

        Raises OcsError for too much, and where git would write a file to another place than
        its name says.
        """
        if id not in self._trees:
            data = self.data(id, _LARGEST_TREE_BYTES) if id else b""
            if len(data) > _LARGEST_TREE_BYTES:
                raise OcsError(f"the folder {folder or 'at the root'} is too large to read")
            entry = rb"0*([0-7]+) ([^\0]+)\0(.{%d})" % (len(id) // 2)
            listed = re.findall(entry, data, re.DOTALL)
            joined = os.fsdecode(b"\0".join([name for _, name, _ in listed]))
            names = joined.split("\0")
            entries = {name: (m, of) for name, (m, _, of) in zip(names, listed, strict=False)}
            if "/" in joined or len(entries) < len(listed):
                raise OcsError(
                    f"the folder {folder or 'at the root'} is not well-formed",
                    "git did not write it; see `git fsck`",
                )
            self._trees[id] = entries
        return self._trees[id]

    def names(self, tree: str, ending: str) -> frozenset[str]:
        """The names of the plain files in a tree that have this ending, without it."""
        if (tree, ending) not in self._names:
            self._names[tree, ending] = frozenset(
                name.removesuffix(ending)
                for name, (mode, _) in self.tree(tree, "").items()
                if mode[:-4] == _FILE and name.endswith(ending)
            )
        return self._names[tree, ending]

    def data(self, id: str, most_bytes: int) -> bytes:
        """The content of an object, at most *most_bytes* + 1. Raises OcsError for none."""
        return bytes(most_bytes + 1) if self._git.size(id) > most_bytes else self._git.data(id)

    def texts(self, ids: Iterable[str], most_bytes: int) -> Iterator[tuple[str, bytes]]:
        """As `Plumbing.texts`."""
        return self._git.texts(ids, most_bytes)


class Snapshot:
    """The registry's files in one tree, and by paths that begin with `..` those around it.

    `root` is the tree of the registry, `top` that of the repository, and `below` are the folders
    that lead from one to the other.
    """

    def __init__(self, objects: Objects, root: str, top: str, below: Sequence[str]) -> None:
        self._objects = objects
        self.root = root
        self.top = top
        self.below = below

    def entry(self, path: str) -> TreeEntry | None:
        """What lies at a path."""
        folder, _, name = path.rpartition("/")
        listed = self._listed(folder).get(name)
        return _entry(path, listed) if listed else None

    def listed(self, folder: str) -> Mapping[str, TreeEntry]:
        """What lies in a folder, by name; nothing where there is no such folder."""
        return {name: _entry(name, listed) for name, listed in self._listed(folder).items()}

    def files(self, folder: str) -> Mapping[str, bytes]:
        """The plain files directly in a folder, by name, with the ids of their objects."""
        return {
            name: id for name, (mode, id) in self._listed(folder).items() if mode[:-4] == _FILE
        }

    def names(self, folder: str, ending: str) -> frozenset[str]:
        """The names of the plain files directly in a folder that have this ending, without it."""
        return self._objects.names(self._tree(folder), ending)

    def _listed(self, folder: str) -> Mapping[str, _ModeAndId]:
        return self._objects.tree(self._tree(folder), folder)

    def _tree(self, folder: str) -> str:
        id = self.root
        if folder.startswith(".."):
            id = self.top
            folder = posixpath.normpath("/".join([*self.below, folder]))
        for name in folder.split("/") if folder not in ("", ".") else ():
            id = self._objects.folder(id, name)
        return id

    def target(self, link: TreeEntry, most_bytes: int) -> bytes:
        """What a symbolic link names, at most *most_bytes* + 1."""
        return self._objects.data(link.id, most_bytes)

    def read(self, path: str, most_bytes: int) -> bytes:
        """The content of a plain file, at most *most_bytes* + 1. Raises UnreadableError."""
        entry = self.entry(path)
        if entry is None:
            raise UnreadableError(f"cannot read {path}: it does not exist")
        return self.content(entry, most_bytes)

    def content(self, entry: TreeEntry, most_bytes: int) -> bytes:
        """As `read`, of a file in any tree."""
        path = entry.path
        if entry.what == "link":
            raise UnreadableError(
                f"cannot read {path}: it is a symbolic link, and links are not followed"
            )
        if entry.what != "file":
            raise UnreadableError(f"cannot read {path}: it is no plain file")
        return self._objects.data(entry.id, most_bytes)

    def texts(self, folder: str, most_bytes: int) -> Mapping[str, bytes]:
        """The contents of the files directly in a folder, by path; larger ones are left out."""
        files = {name: id.hex() for name, id in self.files(folder).items()}
        texts = dict(self._objects.texts(set(files.values()), most_bytes))
        return {f"{folder}/{name}": texts[id] for name, id in files.items() if id in texts}


def differing(before: Snapshot, after: Snapshot) -> Iterator[Changed]:
    """Every path at which two trees differ. Raises OcsError for too many, or too deep ones."""
    return _differing(before._objects, before.root, after.root, "")


def differing_around(before: Snapshot, after: Snapshot) -> Iterator[Changed]:
    """As `differing`, of the files of the repository that are not in the registry's folder."""
    registry = "/".join(before.below)
    if not registry:
        return
    for change in _differing(before._objects, before.top, after.top, registry):
        path = posixpath.relpath(change.path, registry)
        entries = [
            entry._replace(path=path) if entry else None
            for entry in (change.before, change.after)
        ]
        yield Changed(path, *entries)


def _differing(objects: Objects, old: str, new: str, without: str) -> Iterator[Changed]:
    count = 0
    waiting = [("", old, new)]
    while waiting:
        folder, old, new = waiting.pop()
        if old == new or folder == f"{without}/":
            continue
        if folder.count("/") >= _DEEPEST_FOLDER:
            raise OcsError(f"the folder {folder} is nested too deep")
        listed = objects.tree(old, folder), objects.tree(new, folder)
        names = {name for name, _ in listed[0].items() ^ listed[1].items()}
        count += len(names)
        if count > MOST_ENTRIES:
            raise OcsError("the branch changes too many files", "split it into several")
        inner: list[tuple[str, str, str]] = []
        for name in sorted(names):
            path = f"{folder}{name}"
            both = [_entry(path, tree[name]) if name in tree else None for tree in listed]
            trees = [entry.id if entry and entry.what == "folder" else "" for entry in both]
            if any(trees):
                inner.append((f"{path}/", trees[0], trees[1]))
            files = [entry if entry and entry.what != "folder" else None for entry in both]
            if files[0] != files[1]:
                yield Changed(path, files[0], files[1])
        waiting.extend(reversed(inner))


def _entry(path: str, listed: _ModeAndId) -> TreeEntry:
    mode, id = listed
    return TreeEntry(path, _WHAT.get(mode[:-4], "other"), id.hex(), _runs(mode))


def _raw_entry(path: str, mode: str, id: str) -> TreeEntry | None:
    """What lies at a path, by the mode that git prints; None for no mode."""
    kind = mode.lstrip("0").encode()
    what = _WHAT.get(kind[:-4], "other")
    return TreeEntry(path, what, id, _runs(kind)) if kind else None


def _runs(mode: bytes) -> bool:
    """Is this the mode of a file that its owner may run?"""
    return mode[:-4] == _FILE and bool(int(mode, 8) & 0o100)
