"""Asking several registries as one: each index is brought up to date, and all are asked
together.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, MutableMapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

from ocs.adapters.store.index import Index
from ocs.adapters.store.joined import Joined
from ocs.errors import OcsError, UnreadableError
from ocs.model.found import Source

T = TypeVar("T")

# Asks the index of one registry.
Ask = Callable[[Callable[[Index], Any]], Any]


def ask(
    question: Callable[[Index], T],
    registries: Mapping[str, tuple[Path, Ask]],
    failed: MutableMapping[str, OcsError],
) -> T:
    """The answer to a question to several registries, each by what leads to it.

    What cannot be read is left out and joins *failed*. Raises UnreadableError where that is
    all.
    """

    def ask_next(rest: Sequence[str], indexes: Mapping[str, Index]) -> T:
        if not rest:
            if not indexes:
                raise next(iter(failed.values()))
            named = {way: (registries[way][0], index) for way, index in indexes.items()}
            return question(Joined(list(indexes.values()), list(_sources(named))))
        way, *others = rest
        try:
            answer: T = registries[way][1](
                lambda index: ask_next(others, {**indexes, way: index})
            )
        except UnreadableError as error:
            failed[way] = error
            return ask_next(others, indexes)
        return answer

    return ask_next(list(registries), {})


def _sources(indexes: Mapping[str, tuple[Path, Index]]) -> Iterator[Source]:
    """Each registry as it calls itself; where two call themselves alike, with what leads to
    it.
    """
    names = {way: _name(root, index) for way, (root, index) in indexes.items()}
    called = Counter(names.values())
    for way, name in names.items():
        yield Source(name if called[name] == 1 else f"{name} ({way or './'})", way)


def _name(root: Path, index: Index) -> str:
    """What a registry's ocs.yaml says that it is called; where that says nothing, its folder."""
    titled = (
        record.title
        for record in index.all("ocs")
        if record.tree and record.title != record.id
    )
    return next(titled, root.name)
