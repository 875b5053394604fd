"""Plumbing git about objects."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from threading import Thread
from typing import IO, TYPE_CHECKING

from ocs.adapters.git import common_folder, git_folder
from ocs.adapters.git.program import GitError, answer, begin, objects_alone
from ocs.errors import OcsError

if TYPE_CHECKING:
    import subprocess

_LARGEST_TEXTS_BYTES = 256 * 2**20
# Of so many objects and more each core looks up some.
_TOGETHER = 500
# With this git says no; whatever is more is a failure.
_NO = 1
_SHA1_DIGITS = 40
# As much is told before it is read, where that can be set.
_PIPE_BYTES = 2**20


class Plumbing:
    """Git in the working tree *top*. Close it in the end."""

    def __init__(self, top: Path) -> None:
        self._top = top
        # A copy of this process that helps would mix its questions with ours, so it has its
        # own.
        self._running: dict[tuple[int, str], subprocess.Popen[bytes]] = {}

    def close(self) -> None:
        for (owner, _), process in self._running.items():
            if owner == os.getpid():
                process.kill()
                process.communicate()
        self._running.clear()

    def common(self, one: str, other: str) -> str:
        """The commit that two commits have in common; empty where there is none. Raises
        OcsError.
        """
        return _answer(begin(self._top, "merge-base", one, other), "merge-base")

    @contextmanager
    def merging(self, base: str, head: str, seconds: float) -> Iterator[Callable[[], str]]:
        """Git at work on merging two commits, and what gives the tree; empty where they
        conflict.

        Git sees the objects alone: neither a setting, an attribute nor a file that lies there
        decides what a merge is. Getting the tree raises OcsError where git fails, or takes
        longer than so many *seconds*.
        """
        git = git_folder(self._top)
        if git is None:
            raise _lost(f"{self._top} is no git repository any more")
        with objects_alone(common_folder(git), sha256=len(base) > _SHA1_DIGITS) as (
            folder,
            surroundings,
        ):
            words = ("merge-tree", "--write-tree", "--no-messages", base, head)
            process = begin(folder, *words, surroundings=surroundings)
            try:
                yield lambda: _answer(process, "merge-tree", seconds).partition("\n")[0]
            finally:
                process.kill()
                process.communicate()

    def named(self, revision: str) -> str:
        """The id of the object that is called so; empty where there is none."""
        told = self._told("--batch-check", revision) if "\n" not in revision else []
        return os.fsdecode(told[0]) if _is_there(told) else ""

    def known(self, revision: str) -> str:
        """The id of the object that is called so. Raises OcsError where there is none."""
        found = self.named(revision)
        if not found:
            raise _lost(f"git has no object {revision[:12]}")
        return found

    def size(self, id: str) -> int:
        """How large an object is. Raises OcsError where there is none."""
        return self._size(self._told("--batch-check", id), id)

    def data(self, id: str) -> bytes:
        """What is in an object. Raises OcsError where there is none."""
        size = self._size(self._told("--batch", id), id)
        data = self._stream("--batch").read(size + 1)
        return data[:-1]

    def texts(self, ids: Iterable[str], most_bytes: int) -> Iterator[tuple[str, bytes]]:
        """What is in many objects, read at one go, by their ids; larger ones are left out.

        Raises OcsError where git does not have all of them, and where all of it is too much.
        """
        wanted = list(ids)
        many = max(_TOGETHER, -(-len(wanted) // (os.cpu_count() or 1)))
        left = _LARGEST_TEXTS_BYTES
        with ExitStack() as stack:
            parts = [wanted[first : first + many] for first in range(0, len(wanted), many)]
            for part, told in [
                (part, stack.enter_context(self._telling(part))) for part in parts
            ]:
                for id in part:
                    size = self._size(told.readline().split(), id)
                    if size > most_bytes:
                        _skip(told, size + 1)
                        continue
                    left -= size
                    if left < 0:
                        raise OcsError(
                            "the registry holds too much to be looked through",
                            "split it into several",
                        )
                    data = told.read(size + 1)
                    if len(data) <= size:
                        raise _lost(f"git told only a part of {id[:12]}")
                    yield id, data[:-1]

    @contextmanager
    def _telling(self, ids: Iterable[str]) -> Iterator[IO[bytes]]:
        """What git tells of objects; it goes on telling while that of others is read."""
        with begin(self._top, "cat-file", "--batch", "--buffer") as process:
            assert process.stdin
            assert process.stdout
            _widen(process.stdout)
            question = "".join(f"{id}\n" for id in ids).encode()
            asking = Thread(target=_write, args=(process.stdin, question))
            asking.start()
            try:
                yield process.stdout
            finally:
                process.kill()
                asking.join()

    def _told(self, how: str, name: str) -> list[bytes]:
        """What a process says of an object that answers one question after another: id, type
        and size.
        """
        process = self._process(how)
        assert process.stdin
        try:
            process.stdin.write(os.fsencode(f"{name}\n"))
            process.stdin.flush()
        except OSError as error:
            raise _lost(f"git does not tell of {name}: {error}") from error
        told = self._stream(how).readline().split()
        if not told:
            raise _lost(f"git does not tell of {name}: it has ended")
        return told

    def _process(self, how: str) -> subprocess.Popen[bytes]:
        if (os.getpid(), how) not in self._running:
            self._running[os.getpid(), how] = begin(self._top, "cat-file", how)
        return self._running[os.getpid(), how]

    def _stream(self, how: str) -> IO[bytes]:
        stream = self._process(how).stdout
        assert stream
        return stream

    @staticmethod
    def _size(told: list[bytes], id: str) -> int:
        if not _is_there(told):
            raise _lost(f"git has no object {id[:12]}")
        return int(told[2])


def _answer(process: subprocess.Popen[bytes], what: str, seconds: float | None = None) -> str:
    """What git says; empty where it says no."""
    try:
        return os.fsdecode(answer(process, what, seconds=seconds)).strip("\n")
    except GitError as error:
        if error.status == _NO:
            return ""
        old = ("unknown option", "usage:", "is not a git command")
        if any(word in error.complaint for word in old):
            raise OcsError(
                f"this git cannot {what} --write-tree", "git 2.38 or newer can"
            ) from None
        raise error if error.status is None else _lost(error.message) from None


def _is_there(told: Sequence[bytes]) -> bool:
    """Is this what git says of an object, rather than that something of one or two words is
    missing?
    """
    return len(told) == 3 and told[2].isdigit()


def _lost(said: str) -> OcsError:
    return OcsError(
        said, "clone all of it (no --depth, no --filter); `git fsck` says what is damaged"
    )


def _widen(pipe: IO[bytes]) -> None:
    with suppress(ImportError, AttributeError, OSError):
        import fcntl

        fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, _PIPE_BYTES)


def _skip(pipe: IO[bytes], many: int) -> None:
    while many > 0 and (part := pipe.read(min(many, 1 << 20))):
        many -= len(part)


def _write(pipe: IO[bytes], data: bytes) -> None:
    with suppress(OSError), pipe:  # nobody may want to know any more
        pipe.write(data)
