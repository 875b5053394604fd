"""Git's plumbing commands: reading objects, and merging commits."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from threading import Thread
from typing import IO, TYPE_CHECKING, NamedTuple

from ocs.adapters.git import common_folder, git_folder
from ocs.adapters.git.program import GitError, answer, begin, objects_alone
from ocs.errors import OcsError

if TYPE_CHECKING:
    import subprocess

_LARGEST_TEXTS_BYTES = 256 * 2**20
# From so many objects on, each core looks up some.
_TOGETHER = 500
# With this status git says no; a higher one is a failure.
_NO = 1
_SHA1_DIGITS = 40
_LONGEST_WALK_SECONDS = 60
_MOST_PATHS = 500
# So much fits into a pipe before it is read, where that can be set.
_PIPE_BYTES = 2**20


class Step(NamedTuple):
    """What a commit made of a file: the modes as git writes them, and the ids of both objects."""

    path: str
    mode_before: str
    mode_after: str
    before: str
    after: str


class Plumbing:
    """Git in the working tree *top*. Close it in the end."""

    def __init__(self, top: Path) -> None:
        self._top = top
        # By process id: a copy of this process that helps must not share our pipes.
        self._running: dict[tuple[int, str], subprocess.Popen[bytes]] = {}

    def close(self) -> None:
        for (owner, _), process in self._running.items():
            if owner == os.getpid():
                process.kill()
                process.communicate()
        self._running.clear()

    def common(self, one: str, other: str) -> str:
        """The common ancestor of two commits; empty where there is none. Raises OcsError."""
        return _answer(begin(self._top, "merge-base", one, other), "merge-base")

    def all_common(self, one: str, other: str) -> list[str]:
        """Every best common ancestor of two commits. Raises OcsError."""
        return _answer(
            begin(self._top, "merge-base", "--all", one, other), "merge-base"
        ).split()

    def is_shallow(self) -> bool:
        """Does this clone lack a part of the history?"""
        process = begin(self._top, "rev-parse", "--is-shallow-repository")
        return _answer(process, "rev-parse") != "false"

    def commits_between(self, older: str, newer: str) -> list[str]:
        """The commits that *newer* contains and *older* does not. Raises OcsError."""
        process = begin(self._top, "rev-list", newer, f"^{older}")
        return _answer(process, "rev-list", _LONGEST_WALK_SECONDS).split()

    def steps(
        self, commits: Iterable[str], paths: Sequence[str], merges: str
    ) -> Iterator[Step]:
        """What these commits made of files. Raises OcsError.

        *merges* are compared with the `first-parent`, or with each parent: `separate`.
        """
        form = ("-z", "--raw", "--no-renames", "--no-commit-id")
        options = ("--stdin", "-r", *form, f"--diff-merges={merges}")
        # A longer list does not fit into a command line.
        within = ("--", *paths) if len(paths) <= _MOST_PATHS else ()
        process = begin(self._top, "diff-tree", *options, *within)
        asked = "".join(f"{commit}\n" for commit in commits).encode()
        try:
            told = answer(process, "diff-tree", asked, _LONGEST_WALK_SECONDS)
        except GitError as error:
            raise _lost(error.message) from None
        fields = os.fsdecode(told).split("\0")
        for change, path in zip(fields[::2], fields[1::2], strict=False):
            yield Step(path, *change.removeprefix(":").split(" ")[:4])

    @contextmanager
    def merging(self, base: str, head: str, seconds: float) -> Iterator[Callable[[], str]]:
        """Git at work on merging two commits, and what gives the tree; empty where they conflict.

        Git sees the objects alone: neither a setting, an attribute nor a file that lies there
        decides what a merge is. Getting the tree raises OcsError where git fails, or takes
        longer than so many *seconds*.
        """
        git = git_folder(self._top)
        if git is None:
            raise _lost(f"{self._top} is not a git repository any more")
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
        """The id of the object with this name; empty where there is none."""
        header = self._header("--batch-check", revision) if "\n" not in revision else []
        return os.fsdecode(header[0]) if _is_there(header) else ""

    def known(self, revision: str) -> str:
        """The id of the object with this name. Raises OcsError where there is none."""
        id = self.named(revision)
        if not id:
            raise _lost(f"git has no object {revision[:12]}")
        return id

    def size(self, id: str) -> int:
        """The size of an object. Raises OcsError where there is none."""
        return self._size(self._header("--batch-check", id), id)

    def data(self, id: str) -> bytes:
        """The content of an object. Raises OcsError where there is none."""
        size = self._size(self._header("--batch", id), id)
        data = self._stream("--batch").read(size + 1)
        return data[:-1]

    def texts(self, ids: Iterable[str], most_bytes: int) -> Iterator[tuple[str, bytes]]:
        """The contents of many objects, but large ones. Raises OcsError for none or too much."""
        wanted = list(ids)
        many = max(_TOGETHER, -(-len(wanted) // (os.cpu_count() or 1)))
        left = _LARGEST_TEXTS_BYTES
        with ExitStack() as stack:
            parts = [wanted[first : first + many] for first in range(0, len(wanted), many)]
            pipes = [stack.enter_context(self._batch(part)) for part in parts]
            for part, pipe in zip(parts, pipes, strict=True):
                for id in part:
                    size = self._size(pipe.readline().split(), id)
                    if size > most_bytes:
                        _skip(pipe, size + 1)
                        continue
                    left -= size
                    if left < 0:
                        raise OcsError(
                            "the registry is too large to read at once",
                            "split it into several",
                        )
                    data = pipe.read(size + 1)
                    if len(data) <= size:
                        raise _lost(f"git sent only a part of {id[:12]}")
                    yield id, data[:-1]

    @contextmanager
    def _batch(self, ids: Iterable[str]) -> Iterator[IO[bytes]]:
        """What git answers about objects; it goes on writing while another answer is read."""
        with begin(self._top, "cat-file", "--batch", "--buffer") as process:
            assert process.stdin
            assert process.stdout
            _widen(process.stdout)
            question = "".join(f"{id}\n" for id in ids).encode()
            writer = Thread(target=_write, args=(process.stdin, question))
            writer.start()
            try:
                yield process.stdout
            finally:
                process.kill()
                writer.join()

    def _header(self, mode: str, name: str) -> list[bytes]:
        """Id, type and size of an object; one process answers question after question."""
        process = self._process(mode)
        assert process.stdin
        try:
            process.stdin.write(os.fsencode(f"{name}\n"))
            process.stdin.flush()
        except OSError as error:
            raise _lost(f"git cannot report on {name}: {error}") from error
        header = self._stream(mode).readline().split()
        if not header:
            raise _lost(f"git cannot report on {name}: it has ended")
        return header

    def _process(self, mode: str) -> subprocess.Popen[bytes]:
        if (os.getpid(), mode) not in self._running:
            self._running[os.getpid(), mode] = begin(self._top, "cat-file", mode)
        return self._running[os.getpid(), mode]

    def _stream(self, mode: str) -> IO[bytes]:
        stream = self._process(mode).stdout
        assert stream
        return stream

    @staticmethod
    def _size(header: list[bytes], id: str) -> int:
        if not _is_there(header):
            raise _lost(f"git has no object {id[:12]}")
        return int(header[2])


def _answer(process: subprocess.Popen[bytes], what: str, seconds: float | None = None) -> str:
    """What git answers; empty where it says no."""
    try:
        return os.fsdecode(answer(process, what, seconds=seconds)).strip("\n")
    except GitError as error:
        if error.status == _NO:
            return ""
        old = ("unknown option", "usage:", "is not a git command")
        if any(word in error.complaint for word in old):
            raise OcsError(
                f"this git cannot {what} --write-tree", "install git 2.38 or newer"
            ) from None
        raise error if error.status is None else _lost(error.message) from None


def _is_there(header: Sequence[bytes]) -> bool:
    """Is this the header of an object, rather than a name followed by `missing`?"""
    return len(header) == 3 and header[2].isdigit()


def _lost(message: str) -> OcsError:
    return OcsError(
        message, "clone all of it (no --depth, no --filter); `git fsck` shows what is damaged"
    )


def _widen(pipe: IO[bytes]) -> None:
    with suppress(ImportError, AttributeError, OSError):
        import fcntl

        fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, _PIPE_BYTES)


def _skip(pipe: IO[bytes], many: int) -> None:
    while many > 0 and (part := pipe.read(min(many, 1 << 20))):
        many -= len(part)


def _write(pipe: IO[bytes], data: bytes) -> None:
    with suppress(OSError), pipe:  # the reader may be gone
        pipe.write(data)
