"""The git repository that a registry lies in.

Git is asked in a way in which nothing that the repository brings along is run: no hooks, no monitor of the
file system, no external diff, no filters, no fetching of what is missing; and only about the repository whose
working tree the registry is in, whatever else looks like one or is named by the environment.
"""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from ocs.errors import OcsError

_LONGEST_PATH = 4096
# Git that has not answered by then waits for something that will not come, such as a pipe among its settings.
PATIENCE_SECONDS = 60.0
# These lead git to another repository than the one that lies here; hooks are given some of them.
ELSEWHERE = (
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_COMMON_DIR",
    "GIT_INDEX_FILE",
    "GIT_OBJECT_DIRECTORY",
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_NAMESPACE",
    "GIT_PREFIX",
    "GIT_SHALLOW_FILE",
    "GIT_GRAFT_FILE",
    "GIT_REPLACE_REF_BASE",
)
SETTINGS = ("core.fsmonitor=false", f"core.hooksPath={os.devnull}")


class Changes(NamedTuple):
    """Files that are not as they were in a revision, as seen from the registry's root."""

    changed: frozenset[str]
    deleted: frozenset[str]


class _SaysNoError(Exception):
    """Git ended with a status that is not 0; what it said of it."""


class _Repository:
    """The repository whose working tree *folder* is in. Raises OcsError where there is none."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._settings = [*SETTINGS]
        self._check()
        self._settings += self._without_filters()

    def ask(self, *arguments: str) -> str:
        """What git says, seen from the folder. Raises _SaysNoError."""
        import subprocess

        try:
            from git import Git
        except ImportError as error:
            raise OcsError("git cannot be run", "install git, and see that it is found") from error

        options = [word for setting in self._settings for word in ("-c", setting)]
        # With no protocol allowed git cannot fetch, which would run what its settings name.
        environment = {"GIT_OPTIONAL_LOCKS": "0", "GIT_ALLOW_PROTOCOL": "none", "LC_ALL": "C.UTF-8"}
        with _only_here():
            process = Git(self._folder).execute(
                ["git", *options, *arguments], as_process=True, env=environment
            )
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
            inside, _, where = self.ask("rev-parse", "--is-inside-work-tree", "--absolute-git-dir").partition(
                "\n"
            )
        except _SaysNoError as error:
            if top is not None and "not a git repository" not in str(error):
                raise OcsError(f"git cannot read the repository {top}: {error}") from None
            top = None
        # A folder of the registry that looks like a repository could bring settings of its own.
        if top is None or Path(where.removesuffix("\n")) != _resolved_git_folder(top):
            raise OcsError(f"{self._folder} is in no git repository", "run this in a clone of the registry")
        if inside != "true":
            raise OcsError(
                f"{self._folder} is not in the working tree of its repository", "run this in a clone of it"
            )

    def _without_filters(self) -> Iterator[str]:
        """Settings with which no filter runs that the repository names for its files."""
        try:
            names = self.ask("config", "--null", "--name-only", "--get-regexp", r"^filter\..*\.")
        except _SaysNoError as error:
            if str(error):  # without a word there are none
                raise OcsError(f"git cannot read the settings of the repository: {error}") from None
            return
        for name in {name.rpartition(".")[0] for name in names.split("\0") if name}:
            if "=" in name:
                raise OcsError(f"the repository has a filter of the odd name {name}", "rename it")
            yield from (f"{name}.clean=", f"{name}.process=", f"{name}.required=false")


@contextlib.contextmanager
def _only_here() -> Iterator[None]:
    """An environment that names no other repository."""
    before = {name: os.environ.pop(name) for name in ELSEWHERE if name in os.environ}
    try:
        yield
    finally:
        os.environ.update(before)


def changes_since(folder: Path, revision: str) -> Changes:
    """What the branch and the working tree changed below *folder* since they left *revision*.

    Untracked files that are not ignored are changed as well. Raises OcsError where there is no repository,
    no such revision, or nothing in common with it.
    """
    repository = _Repository(folder)
    base = _base(repository, revision)
    listing = ["--name-status", "-z", "--no-renames", "--relative"]
    listing += ["--no-ext-diff", "--no-textconv", "--ignore-submodules=all"]
    try:
        told = repository.ask("diff", *listing, base, "--", ".")
        untracked = repository.ask("ls-files", "-z", "--others", "--exclude-standard", "--", ".")
    except _SaysNoError as error:
        raise OcsError(f"git cannot tell what changed: {error}") from None
    fields = [field for field in told.split("\0") if field]
    pairs = list(zip(fields[::2], fields[1::2], strict=False))
    deleted = frozenset(path for status, path in pairs if status == "D")
    new = frozenset(path for path in untracked.split("\0") if path)
    return Changes(frozenset(path for status, path in pairs if status != "D") | new, deleted)


class Commit(NamedTuple):
    """A commit that was made; `id` is None where none could be, and `why_not` says why."""

    id: str | None
    why_not: str = ""


def commit(folder: Path, paths: Sequence[str], message: str) -> Commit:
    """Commit these files below *folder* as they are there now, and nothing else that was changed.

    Where that cannot be done the files stay as they are.
    """
    try:
        from git import GitCommandError
    except ImportError:
        return Commit(None, "there is no git")
    if top_folder(folder) is None:
        return Commit(None, "this is no git repository")
    ask = _asking(folder)
    try:
        ask("var", "GIT_COMMITTER_IDENT")
    except GitCommandError:
        return Commit(None, "git does not know who you are: set user.name and user.email")
    try:
        ask("add", "--", *paths)
        ask("commit", "--quiet", "--only", "--message", message, "--", *paths)
        return Commit(ask("rev-parse", "--short", "HEAD"))
    except GitCommandError as error:
        return Commit(None, " ".join(str(error.stderr).removeprefix("\n  stderr: ").strip("'\" ").split()))


def uncommitted(folder: Path, paths: Sequence[str]) -> list[str]:
    """The files at these paths below *folder* that are in no commit as they are; none where git is not."""
    try:
        from git import GitCommandError
    except ImportError:
        return []
    if top_folder(folder) is None:
        return []
    try:
        changed = _asking(folder)(
            "diff", "--name-only", "-z", "--no-ext-diff", "--no-renames", "--relative", "HEAD", "--", *paths
        )
        new = _asking(folder)("ls-files", "-z", "--others", "--exclude-standard", "--", *paths)
    except GitCommandError:
        return []
    return sorted(path for path in f"{changed}\0{new}".split("\0") if path)


def _asking(folder: Path) -> Callable[..., str]:
    """Asks git about *folder*; nothing is run that a repository names, and nobody is asked anything."""
    from git import Git

    ask = Git(folder)
    ask.update_environment(
        LC_ALL="C.UTF-8", GIT_LITERAL_PATHSPECS="1", GIT_EDITOR="true", GIT_TERMINAL_PROMPT="0"
    )
    safe = ["git", "-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null"]
    return lambda *question: str(ask.execute([*safe, *question]))


def user_mail(folder: Path) -> str | None:
    """The mail address that git writes into commits made in *folder*; None where it knows none."""
    try:
        from git import Git, GitCommandError
    except ImportError:  # there is no git
        return None
    try:
        return str(Git(folder).execute(["git", "config", "--get", "user.email"])).strip() or None
    except GitCommandError:
        return None


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


def top_folder(folder: Path) -> Path | None:
    """The working tree that *folder* is in, or None where there is none."""
    return next((above for above in (folder, *folder.parents) if _git_folder(above)), None)


def private_folder(folder: Path) -> Path | None:
    """The `.git` folder of the working tree that *folder* is in; worktrees and submodules have their own.

    None where it is somebody else's, or is not known to belong to that working tree: it is written to.
    """
    top = top_folder(folder)
    git = _git_folder(top) if top else None
    if top is None or git is None:
        return None
    try:
        if git.stat().st_uid != os.geteuid():
            return None
        return git if git == top / ".git" or _leads_back(git, top) else None
    except (OSError, RuntimeError, ValueError):
        return None


def _leads_back(git: Path, top: Path) -> bool:
    """Is this the folder of the worktree or submodule at *top*? Anybody can write a `.git` that names it."""
    place = git.resolve()
    if any(place.is_relative_to(above / ".git" / "modules") for above in top.parents):
        return True
    named = git / "gitdir"
    if not stat.S_ISREG(named.lstat().st_mode):
        return False
    with named.open("rb") as file:
        return git / os.fsdecode(file.read(_LONGEST_PATH)).strip() == top / ".git"


def _resolved_git_folder(top: Path) -> Path | None:
    git = _git_folder(top)
    return git.resolve() if git else None


def _git_folder(top: Path) -> Path | None:
    git = top / ".git"
    try:
        mode = git.lstat().st_mode
        if stat.S_ISREG(mode):
            with git.open("rb") as file:
                named = os.fsdecode(file.read(_LONGEST_PATH)).removeprefix("gitdir:").strip()
            git = top / named
        elif not stat.S_ISDIR(mode):
            return None
        # Whatever else lies there under the name of .git is not written to.
        return git if ((git / "HEAD").is_file() and (git / "objects").is_dir()) or _is_worktree(git) else None
    except (OSError, ValueError):
        return None


def _is_worktree(git: Path) -> bool:
    return (git / "HEAD").is_file() and (git / "commondir").is_file()
