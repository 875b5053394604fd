"""The git repository that a registry lies in.

Git is asked in a way in which nothing that the repository brings along is run: no hooks, no monitor of the
file system, no external diff.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from ocs.errors import OcsError

_LONGEST_PATH = 4096


class Changes(NamedTuple):
    """Files that are not as they were in a revision, as seen from the registry's root."""

    changed: frozenset[str]
    deleted: frozenset[str]


def changes_since(folder: Path, revision: str) -> Changes:
    """What the branch and the working tree changed below *folder* since they left *revision*.

    Untracked files that are not ignored are changed as well. Raises OcsError where there is no repository,
    no such revision, or nothing in common with it.
    """
    from git import Git, GitCommandError

    _check_repository(folder)
    ask = Git(folder)  # asked from the registry's folder, git tells paths as seen from there
    ask.update_environment(GIT_OPTIONAL_LOCKS="0", LC_ALL="C.UTF-8")
    safe = ["-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null"]
    try:
        commit = ask.execute(
            ["git", *safe, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}"]
        )
    except GitCommandError:
        raise OcsError(
            f"there is no revision '{revision}' here",
            "fetch it first; in CI the whole history is needed (fetch-depth: 0)",
        ) from None
    try:
        base = ask.execute(["git", *safe, "merge-base", str(commit), "HEAD"])
    except GitCommandError:
        raise OcsError(
            f"this branch has nothing in common with '{revision}'",
            "if the history here is cut short, fetch all of it (git fetch --unshallow)",
        ) from None
    listing = ["--name-status", "-z", "--no-renames", "--relative"]
    listing += ["--no-ext-diff", "--no-textconv", "--ignore-submodules=all"]
    try:
        told = str(ask.execute(["git", *safe, "diff", *listing, str(base), "--", "."]))
        untracked = str(
            ask.execute(["git", *safe, "ls-files", "-z", "--others", "--exclude-standard", "--", "."])
        )
    except GitCommandError as error:
        raise OcsError(f"git cannot tell what changed: {str(error.stderr).strip()}") from None
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
        from git import Git, GitCommandError
    except ImportError:
        return Commit(None, "there is no git")
    if top_folder(folder) is None:
        return Commit(None, "this is no git repository")
    ask = Git(folder)
    ask.update_environment(
        LC_ALL="C.UTF-8", GIT_LITERAL_PATHSPECS="1", GIT_EDITOR="true", GIT_TERMINAL_PROMPT="0"
    )
    safe = ["git", "-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null"]
    try:
        ask.execute([*safe, "var", "GIT_COMMITTER_IDENT"])
    except GitCommandError:
        return Commit(None, "git does not know who you are: set user.name and user.email")
    try:
        ask.execute([*safe, "add", "--", *paths])
        ask.execute([*safe, "commit", "--quiet", "--only", "--message", message, "--", *paths])
        return Commit(str(ask.execute([*safe, "rev-parse", "--short", "HEAD"])))
    except GitCommandError as error:
        return Commit(None, " ".join(str(error.stderr).removeprefix("\n  stderr: ").strip("'\" ").split()))


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


def _check_repository(folder: Path) -> None:
    """Raises OcsError where *folder* is in no working tree."""
    from git import InvalidGitRepositoryError, NoSuchPathError, Repo

    try:
        repository = Repo(folder, search_parent_directories=True)
    except (InvalidGitRepositoryError, NoSuchPathError, ValueError, OSError):
        raise OcsError(f"{folder} is in no git repository", "run this in a clone of the registry") from None
    if repository.bare:
        raise OcsError(f"{folder} is a bare repository", "run this in a clone of it")


def top_folder(folder: Path) -> Path | None:
    """The working tree that *folder* is in, or None where there is none."""
    return next((above for above in (folder, *folder.parents) if _git_folder(above)), None)


def private_folder(folder: Path) -> Path | None:
    """The `.git` folder of the working tree that *folder* is in; worktrees and submodules have their own."""
    top = top_folder(folder)
    return _git_folder(top) if top else None


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
