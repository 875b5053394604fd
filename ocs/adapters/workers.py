"""Doing the same with very many things, in as many processes as there are cores.

A worker is a copy of this process. It gets every n-th batch of the things, tells its results
through a pipe, and ends when nobody reads them any more, so that none is left behind whatever
becomes of us. What a worker does not tell is done here: with one that is killed nothing is
lost, and what it failed with is raised here.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import signal
import sys
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO, Generic, NoReturn, TypeVar

T = TypeVar("T")
R = TypeVar("R")

_BATCH = 64
# Fewer things are done sooner than another process is there to help.
FEWEST = 8 * _BATCH
# What a pipe holds of results that we have not read yet; where it can be set.
_SET_PIPE_SIZE, _PIPE_BYTES = 1031, 1024 * 1024


@dataclass(frozen=True, slots=True)
class Spread(Generic[T, R]):
    """The results of *work* for each of *items*, in their order."""

    work: Callable[[T], R]
    items: Sequence[T]

    def __len__(self) -> int:
        return len(self.items)

    def __iter__(self) -> Iterator[R]:
        count = _processes() if len(self.items) >= FEWEST else 1
        if count == 1:
            return map(self.work, self.items)
        return self._together(count)

    def _together(self, count: int) -> Iterator[R]:
        batches = [
            self.items[start : start + _BATCH] for start in range(0, len(self.items), _BATCH)
        ]
        with contextlib.ExitStack() as stack:
            pipes = [self._worker(batches[number::count], stack) for number in range(count)]
            for number, batch in enumerate(batches):
                told: list[R] | None = _told(pipes[number % count])
                yield from map(self.work, batch) if told is None else told

    def _worker(
        self, batches: Iterable[Sequence[T]], stack: contextlib.ExitStack
    ) -> BinaryIO | None:
        """A process that does these batches, and the pipe on which it tells their results."""
        sys.stdout.flush()
        sys.stderr.flush()
        reading, writing = os.pipe()
        _widen(writing)
        # An interrupt is heard by us, or by the copy as a copy, and never in between.
        heard = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            process = os.fork()
            if process == 0:
                self._do(batches, reading, writing, heard)
        except OSError:  # there are too many already
            os.close(reading)
            os.close(writing)
            return None
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, heard)
        os.close(writing)
        stack.callback(_end, process)
        return stack.enter_context(os.fdopen(reading, "rb"))

    def _do(
        self, batches: Iterable[Sequence[T]], reading: int, writing: int, heard: Iterable[int]
    ) -> NoReturn:
        """Be a worker, until all is done or nobody listens."""
        status = 1
        try:
            signal.signal(signal.SIGINT, signal.SIG_DFL)
            signal.pthread_sigmask(signal.SIG_SETMASK, heard)
            os.close(reading)
            with os.fdopen(writing, "wb") as pipe:
                for batch in batches:
                    pickle.dump(list(map(self.work, batch)), pipe, pickle.HIGHEST_PROTOCOL)
            status = 0
        finally:
            # without a word: what failed is done again by whoever waits for it
            os._exit(status)


def _processes() -> int:
    """How many processes help; one where a copy of this one would not be whole."""
    if not hasattr(os, "fork") or threading.active_count() > 1:
        return 1
    with contextlib.suppress(AttributeError, OSError):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _told(pipe: BinaryIO | None) -> list[R] | None:
    """The results of a worker's next batch; None where it is no more."""
    if pipe is None:
        return None
    try:
        results: list[R] = pickle.load(pipe)  # noqa: S301  what a copy of ourselves has written
    except (EOFError, pickle.UnpicklingError, OSError):
        return None
    return results


def _widen(pipe: int) -> None:
    with contextlib.suppress(ImportError, OSError):
        import fcntl

        fcntl.fcntl(pipe, _SET_PIPE_SIZE, _PIPE_BYTES)


def _end(process: int) -> None:
    """See a worker off; its pipe is closed already, so it is not waited for long."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(process, signal.SIGKILL)
    with contextlib.suppress(ChildProcessError):
        os.waitpid(process, 0)
