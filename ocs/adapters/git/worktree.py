"""Plumbing git which files of a working tree are not as in a commit: in a large one far faster
than looking.

Git is only asked what it can tell from names, sizes and times. Nothing that the repository
brings along is run, and where its settings could make git do more, it is not asked at all.
"""

from __future__ import annotations

import contextlib
import os
import select
import time
from pathlib import Path

from ocs.adapters.git import common_folder
from ocs.adapters.git.program import spawn

# Git that takes longer than this is slower than looking at every file.
PATIENCE_SECONDS = 2.0
# With such settings git would run programs, read other files, or look elsewhere.
_NOT_ASKED = (b"filter", b"include", b"worktree", b"fsmonitor", b"promisor")
_MOST_SETTINGS_BYTES = 1 << 20


class Answer:
    """What git will have said. It goes on with its work until `result` is asked for."""

    def __init__(self, process: int, pipe: int) -> None:
        self._process = process
        self._pipe = pipe

    def result(self) -> bytes | None:
        """What git said; None where it failed or took too long."""
        parts: list[bytes] = []
        deadline = time.monotonic() + PATIENCE_SECONDS
        with os.fdopen(self._pipe, "rb", buffering=0) as pipe:
            while select.select([pipe], [], [], max(0.0, deadline - time.monotonic()))[0]:
                part = pipe.read(1 << 20)
                if not part:
                    return b"".join(parts) if os.waitpid(self._process, 0)[1] == 0 else None
                parts.append(part)
        self._end()
        return None

    def drop(self) -> None:
        """Nobody wants to know any more."""
        os.close(self._pipe)
        self._end()

    def _end(self) -> None:
        import signal

        with contextlib.suppress(ProcessLookupError):
            os.kill(self._process, signal.SIGKILL)
        with contextlib.suppress(ChildProcessError):
            os.waitpid(self._process, 0)


class WorkTree:
    """The working tree *top* with the folder *git* of its own, of which the registry *root* is
    a part.
    """

    def __init__(self, root: Path, top: Path, git: Path) -> None:
        self._root = os.fspath(root)
        self._below = f"{root.relative_to(top).as_posix()}/" if root != top else ""
        self._can_be_asked = _has_plain_settings(git)

    def head(self) -> str | None:
        """The commit that is checked out; None where there is none."""
        told = self._ask("rev-parse", "--verify", "--quiet", "HEAD^{commit}")
        return told.decode("ascii", "replace").strip() if told else None

    def tracked(self) -> frozenset[str] | None:
        """The files of the registry that git knows; None where it does not answer."""
        return self._paths(self._ask("ls-files", "-z", "--full-name", "--", "."))

    def begin_differing(self, commit: str) -> Answer | None:
        """Ask which files of the registry may differ from a commit, for `differing`."""
        options = ("--name-only", "-z", "--no-renames", "--ignore-submodules=all")
        return self._begin("diff-index", *options, commit, "--", ".")

    def differing(self, answer: Answer | None) -> frozenset[str] | None:
        """The files that may differ, without those that git does not know; None where it does
        not answer.
        """
        return self._paths(answer.result() if answer else None)

    def _ask(self, *arguments: str) -> bytes | None:
        answer = self._begin(*arguments)
        return answer.result() if answer else None

    def _begin(self, *arguments: str) -> Answer | None:
        process = spawn(self._root, *arguments) if self._can_be_asked else None
        return Answer(*process) if process else None

    def _paths(self, told: bytes | None) -> frozenset[str] | None:
        if told is None:
            return None
        paths = (os.fsdecode(path) for path in told.split(b"\0") if path)
        return frozenset(path.removeprefix(self._below) for path in paths)


def _has_plain_settings(git: Path) -> bool:
    """Do the settings of the repository leave git to what it is asked?"""
    try:
        files = [common_folder(git) / "config", git / "config", git / "config.worktree"]
        return not any(_names_more(file) for file in files if os.path.lexists(file))
    except (OSError, ValueError):
        return False


def _names_more(file: Path) -> bool:
    if not file.is_file() or file.stat().st_size > _MOST_SETTINGS_BYTES:
        return True
    settings = file.read_bytes().lower()
    return any(word in settings for word in _NOT_ASKED)
