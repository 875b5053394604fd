"""What a commit proposes for a record, and whether that is what is judged.

Somebody who agrees at a commit agrees to what that commit adds and takes away, compared with
where its branch left the base. The rest of the record may change meanwhile. The agreement counts
if that, laid over the base as it is now, gives exactly what is judged.

It ends when the base takes it back: an agreement to make Lena owner does not make her owner again
after others have removed her.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from ocs.model.record import Tree
from ocs.rules.records.annotations import Schema
from ocs.rules.records.schema import Shape
from ocs.rules.review.protected import facts

# A field or an item of a list: the names that lead to it, its value, and its number among equals.
Atom = tuple[tuple[str, ...], str, int]
Atoms = frozenset[Atom]
NOTHING: Atoms = frozenset()


@dataclass(frozen=True, slots=True)
class Proposed:
    """What a commit adds to a record and takes away from it."""

    adds: Atoms
    takes: Atoms

    @classmethod
    def between(cls, before: Atoms, after: Atoms) -> Proposed:
        return cls(after - before, before - after)

    def laid_over(self, base: Atoms) -> Atoms:
        return (base - self.takes) | self.adds

    def is_taken_back(self, removed: Atoms, base: Atoms) -> bool:
        """Does it add what others have *removed* since, or take what they have put back?"""
        return bool(removed & (self.adds | (self.takes & base)))


def atoms_of_record(path: str, tree: Mapping[str, Tree], shape: Shape) -> Atoms:
    """The protected fields of a record one by one, and where it lies."""
    return frozenset([_whole(path), *_atoms((), facts(tree, shape), shape.schema)])


def atoms_of_file(path: str, what: str, id: str, runs: bool = False) -> Atoms:
    """A file of which nothing but the whole is known."""
    return frozenset([_whole(path, what, id, *(["runs"] if runs else []))])


def _whole(*words: str) -> Atom:
    return (), json.dumps(words), 0


def _atoms(steps: tuple[str, ...], value: Tree, node: Schema) -> Iterator[Atom]:
    if isinstance(value, Mapping):
        others = node.get("additionalProperties")
        inner = node.get("properties", {})
        yield steps, "a mapping", 0
        for name, field in value.items():
            below = inner.get(name, others if isinstance(others, dict) else {})
            yield from _atoms((*steps, name), field, below)
    elif isinstance(value, list) and not node.get("x-ordered"):
        yield steps, "a list", 0
        yield from _numbered(steps, value)
    else:
        yield steps, _text(value), 0


def _numbered(steps: tuple[str, ...], items: Iterable[Tree]) -> Iterator[Atom]:
    known: Counter[str] = Counter()
    for text in map(_text, items):
        yield steps, text, known[text]
        known[text] += 1


def _text(value: Tree) -> str:
    return json.dumps(value, sort_keys=True)
