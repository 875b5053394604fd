"""Computing what comes next while what came before is being used.

It is computed in threads: enough where other programs do the work, and files are waited for.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from concurrent.futures import Future

S = TypeVar("S")
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


def side_by_side(work: Callable[[S], T], items: Generator[S], many: int) -> Generator[T]:
    """The *work* done for each of *items*, in their order; for so *many* of them at the same
    time.

    What either raises is raised in that place. Closed, it waits for what is being done, and
    closes *items*.
    """
    from concurrent.futures import ThreadPoolExecutor

    threads = ThreadPoolExecutor(many)
    ended: Exception | None = None
    try:
        begun: deque[Future[T]] = deque()
        while ended is None:
            try:
                begun.append(threads.submit(work, next(items)))
            except Exception as error:  # noqa: BLE001  raised behind what comes before it
                ended = error
            while begun and (ended or len(begun) >= many):
                yield begun.popleft().result()
        if not isinstance(ended, StopIteration):
            raise ended
    finally:
        threads.shutdown(cancel_futures=True)
        items.close()
