"""Circles among things that need each other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence


def circles(needs: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, ...]]:
    """Circles as the names that they go through; of those that share a name one is found.

    Iterative, so that no depth is too deep. The work grows with the needs.
    """
    done: set[str] = set()
    for start in needs:
        way: list[str] = []
        places: dict[str, int] = {}
        found = 0  # how much of the way is in circles that were found
        waiting: list[Iterator[str]] = [iter((start,))]
        while waiting:
            name = next(waiting[-1], None)
            if name is None:
                waiting.pop()
                if way:
                    last = way.pop()
                    del places[last]
                    done.add(last)
                    found = min(found, len(way))
            elif (first := places.get(name)) is not None:
                if first >= found:
                    yield tuple(way[first:])
                    found = len(way)
            elif name not in done and name in needs:
                places[name] = len(way)
                way.append(name)
                waiting.append(iter(needs[name]))
