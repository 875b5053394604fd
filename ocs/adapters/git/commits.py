"""Committing what was written."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from ocs.adapters.git import command, only_here, top_folder
from ocs.model.change import Commit


def commit(folder: Path, paths: Sequence[str], message: str) -> Commit:
    """Commit these files below *folder* as they are there now, and nothing else that was
    changed.

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
        return Commit(
            None,
            " ".join(str(error.stderr).removeprefix("\n  stderr: ").strip("'\" ").split()),
        )


def uncommitted(folder: Path, paths: Sequence[str]) -> list[str]:
    """The files at these paths below *folder* that are in no commit as they are; none where
    git is not.
    """
    try:
        from git import GitCommandError
    except ImportError:
        return []
    if top_folder(folder) is None:
        return []
    try:
        changed = _asking(folder)(
            "diff",
            "--name-only",
            "-z",
            "--no-ext-diff",
            "--no-renames",
            "--relative",
            "HEAD",
            "--",
            *paths,
        )
        new = _asking(folder)("ls-files", "-z", "--others", "--exclude-standard", "--", *paths)
    except GitCommandError:
        return []
    return sorted(path for path in f"{changed}\0{new}".split("\0") if path)


def user_mail(folder: Path) -> str | None:
    """The mail address that git writes into commits made in *folder*; None where it knows
    none.
    """
    try:
        from git import GitCommandError
    except ImportError:  # there is no git
        return None
    try:
        return _asking(folder)("config", "--get", "user.email").strip() or None
    except GitCommandError:
        return None


def _asking(folder: Path) -> Callable[..., str]:
    """Asks git about *folder*; nothing is run that a repository names, and nobody is asked
    anything.
    """
    from git import Git

    git = Git(folder)
    git.update_environment(
        LC_ALL="C.UTF-8", GIT_LITERAL_PATHSPECS="1", GIT_EDITOR="true", GIT_TERMINAL_PROMPT="0"
    )

    def ask(*question: str) -> str:
        with only_here():
            return str(git.execute(command(*question)))

    return ask
