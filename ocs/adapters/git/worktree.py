"""Which files of a working tree differ from a commit: git knows far sooner than looking.

Git answers from names, sizes and times alone. Nothing that the repository brings along runs,
and where its settings could make git do more, it is not started at all.
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
    """An answer of git, which goes on with its work until somebody wants the `result`."""

    def __init__(self, process: int, pipe: int) -> None:
        self._process = process
        self._pipe = pipe

    def result(self) -> bytes | None:
        """The output; None where git failed or took too long."""
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
        """Stop git: nobody needs the answer."""
        os.close(self._pipe)
        self._end()

    def _end(self) -> None:
        import signal

        with contextlib.suppress(ProcessLookupError):
            os.kill(self._process, signal.SIGKILL)
        with contextlib.suppress(ChildProcessError):
            os.waitpid(self._process, 0)


class WorkTree:
    """The working tree *top* with its own folder *git*, which the registry *root* is part of."""

    def __init__(self, root: Path, top: Path, git: Path) -> None:
        self._root = os.fspath(root)
        self._below = f"{root.relative_to(top).as_posix()}/" if root != top else ""
        self._can_be_asked = _has_plain_settings(git)

    def head(self) -> str | None:
        """The commit that is checked out; None where there is none."""
        commit = self._ask("rev-parse", "--verify", "--quiet", "HEAD^{commit}")
        return commit.decode("ascii", "replace").strip() if commit else None

    def tracked(self) -> frozenset[str] | None:
        """The files of the registry that git knows; None where it does not answer."""
        return self._paths(self._ask("ls-files", "-z", "--full-name", "--", "."))

    def begin_differing(self, commit: str) -> Answer | None:
        """Start looking for the files that may differ from a commit, for `differing`."""
        options = ("--name-only", "-z", "--no-renames", "--ignore-submodules=all")
        return self._begin("diff-index", *options, commit, "--", ".")

    def differing(self, answer: Answer | None) -> frozenset[str] | None:
        """The tracked files that may differ; None where git does not answer."""
        return self._paths(answer.result() if answer else None)

    def _ask(self, *arguments: str) -> bytes | None:
        answer = self._begin(*arguments)
        return answer.result() if answer else None

    def _begin(self, *arguments: str) -> Answer | None:
        process = spawn(self._root, *arguments) if self._can_be_asked else None
        return Answer(*process) if process else None

    def _paths(self, output: bytes | None) -> frozenset[str] | None:
        if output is None:
            return None
        paths = (os.fsdecode(path) for path in output.split(b"\0") if path)
        return frozenset(path.removeprefix(self._below) for path in paths)


def _has_plain_settings(git: Path) -> bool:
    """Do the repository's settings make git do nothing more?"""
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
