"""Things that need each other in a circle."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence


def circles(needs: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, ...]]:
    """Each circle in what needs what, once, in the order in which it is gone through.

    Of circles that share members at least one is given. Iterative, so that no depth is too
    deep.
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
