"""Computing the next items in a thread, while other programs work on the last one."""

from __future__ import annotations

from collections import deque
from collections.abc import Generator
from typing import Any, TypeVar

T = TypeVar("T")

_END: Any = object()


def prefetch(items: Generator[T], few: int = 2) -> Generator[T]:
    """The items, in their order and one after the other, at most *few* of them computed in advance.

    What *items* raises is raised in that place, and nothing behind it is computed. When
    closed, it waits for what is being computed, takes no more, and closes *items*.
    """
    from concurrent.futures import ThreadPoolExecutor

    thread = ThreadPoolExecutor(1)
    try:
        pending = deque(thread.submit(next, items, _END) for _ in range(few))
        while (item := pending.popleft().result()) is not _END:
            pending.append(thread.submit(next, items, _END))
            yield item
    finally:
        thread.shutdown(cancel_futures=True)
        items.close()
