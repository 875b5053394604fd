"""Asking several registries as one: all indexes are up to date while the question runs."""

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
    """The answer to a question to several registries, each by the path that leads to it.

    A registry that cannot be read joins *failed*. Raises UnreadableError where all do.
    """

    def ask_next(rest: Sequence[str], indexes: Mapping[str, Index]) -> T:
        if not rest:
            if not indexes:
                raise next(iter(failed.values()))
            sources = _sources({way: (registries[way][0], indexes[way]) for way in indexes})
            return question(Joined(list(indexes.values()), list(sources)))
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
    """Each registry by its own name; with its path where two have the same name."""
    names = {way: _name(root, index) for way, (root, index) in indexes.items()}
    count = Counter(names.values())
    for way, name in names.items():
        yield Source(name if count[name] == 1 else f"{name} ({way or './'})", way)


def _name(root: Path, index: Index) -> str:
    """The name in a registry's ocs.yaml; where it has none, that of the folder."""
    names = (
        record.title
        for record in index.all("ocs")
        if record.tree and record.title != record.id
    )
    return next(names, root.name)
