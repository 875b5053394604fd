"""Computing what comes next while what came before is being used.

It is computed in a thread: enough where other programs do the work, and files are waited for.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Generator
from typing import Any, TypeVar

T = TypeVar("T")

_END: Any = object()


def ahead(items: Generator[T], few: int = 2) -> Generator[T]:
    """What *items* gives, in its order and one after the other, at most a *few* before they
    are asked for.

    What it raises is raised in that place, and nothing behind it is computed. Closed, it waits
    for what is being computed, asks for no more, and closes *items*.
    """
    from concurrent.futures import ThreadPoolExecutor

    thread = ThreadPoolExecutor(1)
    try:
        asked = deque(thread.submit(next, items, _END) for _ in range(few))
        while (item := asked.popleft().result()) is not _END:
            asked.append(thread.submit(next, items, _END))
            yield item
    finally:
        thread.shutdown(cancel_futures=True)
        items.close()
