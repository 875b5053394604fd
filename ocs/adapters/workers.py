"""Doing the same with very many things, in as many processes as there are cores.

A worker is a copy of this process. It gets every n-th batch of the things, sends its results
through a pipe, and ends when nobody reads them any more, so none is left behind if this
process dies. Missing results are computed here: if a worker is killed nothing is lost, and an
error in it is raised here.
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
# Fewer things are done before another process has started.
FEWEST = 8 * _BATCH
# How many bytes of unread results a pipe holds, where that can be set.
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
                results: list[R] | None = _received(pipes[number % count])
                yield from map(self.work, batch) if results is None else results

    def _worker(
        self, batches: Iterable[Sequence[T]], stack: contextlib.ExitStack
    ) -> BinaryIO | None:
        """A process that does these batches, and the pipe for its results."""
        sys.stdout.flush()
        sys.stderr.flush()
        reading, writing = os.pipe()
        _widen(writing)
        # An interrupt reaches us, or the finished copy, but nothing in between.
        mask = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            process = os.fork()
            if process == 0:
                self._do(batches, reading, writing, mask)
        except OSError:  # there are too many already
            os.close(reading)
            os.close(writing)
            return None
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        os.close(writing)
        stack.callback(_end, process)
        return stack.enter_context(os.fdopen(reading, "rb"))

    def _do(
        self, batches: Iterable[Sequence[T]], reading: int, writing: int, mask: Iterable[int]
    ) -> NoReturn:
        """Work in this process until all is done or nobody reads."""
        status = 1
        try:
            signal.signal(signal.SIGINT, signal.SIG_DFL)
            signal.pthread_sigmask(signal.SIG_SETMASK, mask)
            os.close(reading)
            with os.fdopen(writing, "wb") as pipe:
                for batch in batches:
                    pickle.dump(list(map(self.work, batch)), pipe, pickle.HIGHEST_PROTOCOL)
            status = 0
        finally:
            # Silently: the reader does again what failed, and so raises its error.
            os._exit(status)


def _processes() -> int:
    """How many processes help; one where a copy of this one would be incomplete."""
    if not hasattr(os, "fork") or threading.active_count() > 1:
        return 1
    with contextlib.suppress(AttributeError, OSError):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _received(pipe: BinaryIO | None) -> list[R] | None:
    """The results of a worker's next batch; None where it has ended."""
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
    """Stop a worker; its pipe is closed already, so this does not wait long."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(process, signal.SIGKILL)
    with contextlib.suppress(ChildProcessError):
        os.waitpid(process, 0)
