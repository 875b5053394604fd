"""Circles among things that need each other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence


def circles(needs: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, ...]]:
    """Each circle once, as the names that it goes through; at least one of circles that share one.

    Iterative, so that no depth is too deep.
    """
    done: set[str] = set()
    for start in needs:
        way: list[str] = []
        waiting: list[Iterator[str]] = [iter((start,))]
        while waiting:
            name = next(waiting[-1], None)
            if name is None:
                waiting.pop()
                if way:
                    done.add(way.pop())
            elif name in way:
                yield tuple(way[way.index(name) :])
            elif name not in done and name in needs:
                way.append(name)
                waiting.append(iter(needs[name]))
