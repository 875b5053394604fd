"""What a branch and the working tree changed."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from ocs.adapters.git import command, only_here, resolved_git_folder, top_folder
from ocs.errors import OcsError

# Git that has not answered by then waits for something that will not come, such as a pipe
# among its settings.
PATIENCE_SECONDS = 60.0


class Changes(NamedTuple):
    """Files that are not as they were in a revision, as seen from the registry's root."""

    changed: frozenset[str]
    deleted: frozenset[str]


def changes_since(folder: Path, revision: str) -> Changes:
    """What the branch and the working tree changed below *folder* since they left *revision*.

    Untracked files that are not ignored are changed as well. Raises OcsError where there is no
    repository, no such revision, or nothing in common with it.
    """
    repository = _Repository(folder)
    base = _base(repository, revision)
    listing = ["--name-status", "-z", "--no-renames", "--relative"]
    listing += ["--no-ext-diff", "--no-textconv", "--ignore-submodules=all"]
    try:
        told = repository.ask("diff", *listing, base, "--", ".")
        untracked = repository.ask(
            "ls-files", "-z", "--others", "--exclude-standard", "--", "."
        )
    except _SaysNoError as error:
        raise OcsError(f"git cannot tell what changed: {error}") from None
    fields = [field for field in told.split("\0") if field]
    pairs = list(zip(fields[::2], fields[1::2], strict=False))
    deleted = frozenset(path for status, path in pairs if status == "D")
    new = frozenset(path for path in untracked.split("\0") if path)
    return Changes(frozenset(path for status, path in pairs if status != "D") | new, deleted)


class _SaysNoError(Exception):
    """Git ended with a status that is not 0; what it said of it."""


class _Repository:
    """The repository whose working tree *folder* is in. Raises OcsError where there is none."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._settings: list[str] = []
        self._check()
        self._settings += self._without_filters()

    def ask(self, *arguments: str) -> str:
        """What git says, seen from the folder. Raises _SaysNoError."""
        import subprocess

        try:
            from git import Git
        except ImportError as error:
            raise OcsError(
                "git cannot be run", "install git, and see that it is found"
            ) from error

        # With no protocol allowed git cannot fetch, which would run what its settings name.
        environment = {
            "GIT_OPTIONAL_LOCKS": "0",
            "GIT_ALLOW_PROTOCOL": "none",
            "LC_ALL": "C.UTF-8",
        }
        words = command(*arguments, settings=self._settings)
        with only_here():
            process = Git(self._folder).execute(words, as_process=True, env=environment)
        try:
            said, complaint = process.communicate(timeout=PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            raise OcsError(
                f"git did not answer within {PATIENCE_SECONDS:g} seconds",
                f"see whether `git status` does in {self._folder}",
            ) from None
        if process.returncode:
            raise _SaysNoError(complaint.decode("utf-8", "replace").strip())
        return os.fsdecode(said)

    def _check(self) -> None:
        top = top_folder(self._folder)
        try:
            inside, _, where = self.ask(
                "rev-parse", "--is-inside-work-tree", "--absolute-git-dir"
            ).partition("\n")
        except _SaysNoError as error:
            if top is not None and "not a git repository" not in str(error):
                raise OcsError(f"git cannot read the repository {top}: {error}") from None
            top = None
        # A folder of the registry that looks like a repository could bring settings of its
        # own.
        if top is None or Path(where.removesuffix("\n")) != resolved_git_folder(top):
            raise OcsError(
                f"{self._folder} is in no git repository",
                "run this in a clone of the registry",
            )
        if inside != "true":
            raise OcsError(
                f"{self._folder} is not in the working tree of its repository",
                "run this in a clone of it",
            )

    def _without_filters(self) -> Iterator[str]:
        """Settings with which no filter runs that the repository names for its files."""
        try:
            names = self.ask(
                "config", "--null", "--name-only", "--get-regexp", r"^filter\..*\."
            )
        except _SaysNoError as error:
            if str(error):  # without a word there are none
                raise OcsError(
                    f"git cannot read the settings of the repository: {error}"
                ) from None
            return
        for name in {name.rpartition(".")[0] for name in names.split("\0") if name}:
            if "=" in name:
                raise OcsError(
                    f"the repository has a filter of the odd name {name}", "rename it"
                )
            yield from (f"{name}.clean=", f"{name}.process=", f"{name}.required=false")


def _base(repository: _Repository, revision: str) -> str:
    """The commit at which the branch left *revision*. Raises OcsError where there is none."""
    try:
        commit = repository.ask(
            "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}"
        )
    except (_SaysNoError, ValueError):  # a NUL
        raise OcsError(
            f"there is no revision '{revision}' here",
            "fetch it first; in CI the whole history is needed (fetch-depth: 0)",
        ) from None
    try:
        return repository.ask("merge-base", commit.strip(), "HEAD").strip()
    except _SaysNoError:
        raise OcsError(
            f"this branch has nothing in common with '{revision}'",
            "if the history here is cut short, fetch all of it (git fetch --unshallow)",
        ) from None
