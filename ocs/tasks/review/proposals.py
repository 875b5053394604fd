"""What commits propose for a record: each is compared with where its branch left the base."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from functools import cached_property, partial

from ocs.adapters.git.objects import Objects, TreeEntry
from ocs.model.registry import Document
from ocs.rules.records.schema import Schemas
from ocs.rules.review.proposals import (
    NOTHING,
    Atoms,
    Proposed,
    atoms_of_file,
    atoms_of_record,
)
from ocs.tasks.registry.committree import Tree
from ocs.tasks.review.comparing import Trees, is_record


class Proposals:
    """Commits beside the base, a commit. `moved` has the old path of records with a new id."""

    def __init__(
        self,
        base: str,
        trees: Trees,
        moved: Mapping[str, str],
        paths: Collection[str],
        *,
        objects: Objects,
        schemas: Schemas,
    ) -> None:
        self._base = base
        self._trees = trees
        self._moved = moved
        self._paths = sorted({*paths, *moved.values()})
        self._objects = objects
        self._schemas = schemas
        self._known: dict[str, tuple[Tree, list[Tree]]] = {}
        self._removed_since: dict[str, Mapping[str, Atoms]] = {}
        self._answers: dict[tuple[str, str], str] = {}

    def against(self, path: str, commit: str) -> str:
        """Why a commit does not propose what is judged at a path, in words; empty if it does."""
        if (path, commit) not in self._answers:
            self._answers[path, commit] = self._against(path, commit)
        return self._answers[path, commit]

    def _against(self, path: str, commit: str) -> str:
        if not self._objects.has_commit(commit):
            return "which is not in this repository"
        if self._is_shallow:
            return "and this clone lacks the history since then (git fetch --unshallow)"
        now, base = self._atoms(self._trees.after, path), self._atoms(self._trees.before, path)
        head, starts = self._trees_of(commit)
        then = self._atoms(head, path)
        # Against each of several places at which the branch left the base.
        proposed = [Proposed.between(self._atoms(start, path), then) for start in starts]
        if not proposed or any(one.laid_over(base) != now for one in proposed):
            return "where {} has other content" if then != now else "which does not propose {}"
        removed = self._removed(commit, path)
        if any(one.is_taken_back(removed, base) for one in proposed):
            return "and what it proposes for {} was taken back since"
        return ""

    @cached_property
    def _is_shallow(self) -> bool:
        return self._objects.is_shallow()

    def _trees_of(self, commit: str) -> tuple[Tree, list[Tree]]:
        """The records of a commit, and of each place at which its branch left the base."""
        if commit not in self._known:
            starts = self._objects.merge_bases(self._base, commit)
            trees = [
                self._trees.before.at(self._objects.snapshot(id)) for id in (commit, *starts)
            ]
            self._known[commit] = trees[0], trees[1:]
        return self._known[commit]

    def _atoms(self, tree: Tree, path: str) -> Atoms:
        entry = tree.snapshot.entry(path)
        if entry is None and path in self._moved:
            entry = tree.snapshot.entry(self._moved[path])
        return self._atoms_of(entry)

    def _atoms_of(self, entry: TreeEntry | None) -> Atoms:
        if entry is None:
            return NOTHING
        document: Document | None = None
        if is_record(entry.path):
            document, _ = self._trees.before.version(entry)
        if document is None:
            return atoms_of_file(*entry)
        return atoms_of_record(entry.path, document.tree, self._schemas.of(document.kind))

    def _removed(self, commit: str, path: str) -> Atoms:
        """What the base has taken away at a path since a commit, in any step."""
        if commit not in self._removed_since:
            self._removed_since[commit] = self._removed_from(commit)
        removed = self._removed_since[commit]
        return removed[path] | removed[self._moved.get(path, path)]

    def _removed_from(self, commit: str) -> Mapping[str, Atoms]:
        steps = partial(self._objects.steps_since, commit, self._base, self._paths)
        added: defaultdict[str, Atoms] = defaultdict(frozenset)
        removed: defaultdict[str, Atoms] = defaultdict(frozenset)
        for step in steps("first-parent"):
            before, after = self._atoms_of(step.before), self._atoms_of(step.after)
            added[step.path] |= after - before
            removed[step.path] |= before - after
        # What a merge drops of another parent is older than all this, unless a step added it.
        for step in steps("separate"):
            gone = self._atoms_of(step.before) - self._atoms_of(step.after)
            removed[step.path] |= gone & added[step.path]
        return removed
