"""Which registry is this, of those that the user has seen before?

A registry is the same where the first commit of its history, a remote or its folder is the
same. One that shares only a gatekeeper's key is another one, or a forgery with another history:
it has a memory of its own, and never counts as seen for the first time.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import NamedTuple

from ocs.model.trust import Remembered

FOLDER, REMOTE, ROOT = "folder:", "remote:", "root:"
# The stronger sign first: a folder can be used again for another registry.
_SIGNS = (ROOT, REMOTE, FOLDER)


class Recognition(NamedTuple):
    """The memory of a registry by its name, if there is one, and those of related ones."""

    own: str | None
    related: tuple[str, ...] = ()


def roots_in(marks: Collection[str]) -> frozenset[str]:
    """The first commits among these marks."""
    return frozenset(mark.removeprefix(ROOT) for mark in marks if mark.startswith(ROOT))


def marks_with(marks: frozenset[str], now: Collection[str]) -> frozenset[str]:
    """The marks of a registry with those that it has now.

    A history that is merged in later has first commits of another registry, and no new ones.
    """
    has_roots = bool(roots_in(marks))
    return marks | {mark for mark in now if not (has_roots and mark.startswith(ROOT))}


def recognised(
    marks: Collection[str], keys: Collection[str], memories: Mapping[str, Remembered]
) -> Recognition:
    """The memory of the registry with these marks, whose gatekeepers have these keys."""
    ranked = sorted(
        (_rank(marks, memory), name)
        for name, memory in memories.items()
        if not memory.marks.isdisjoint(marks)
    )
    own = ranked[0][1] if ranked else None
    related = [
        name
        for name, memory in memories.items()
        if name != own
        and not (memory.marks.isdisjoint(marks) and memory.keys.isdisjoint(set(keys) - {""}))
    ]
    return Recognition(own, tuple(sorted(related)))


def _rank(marks: Collection[str], memory: Remembered) -> tuple[int, ...]:
    """Lower is more alike."""
    return tuple(
        -sum(mark.startswith(sign) and mark in memory.marks for mark in marks)
        for sign in _SIGNS
    )
