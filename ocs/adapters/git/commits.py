"""Committing what was written."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ocs.adapters.git import top_folder
from ocs.adapters.git.program import GitError, ask, signing
from ocs.errors import OcsError
from ocs.model.change import Commit


def commit(folder: Path, paths: Sequence[str], message: str) -> Commit:
    """Commit these files below *folder* as they are now, and nothing else. No hook runs."""
    if top_folder(folder) is None:
        return Commit(None, "this is not a git repository")
    try:
        ask(folder, "var", "GIT_COMMITTER_IDENT")
    except GitError as error:
        if error.status is None:
            return Commit(None, error.message)
        return Commit(None, "git does not know who you are: set user.name and user.email")
    words = ("commit", "--quiet", "--only", "--message", message, "--", *paths)
    try:
        ask(folder, "add", "--", *paths)
        ask(folder, *words, settings=signing(folder))
        return Commit(ask(folder, "rev-parse", "--short", "HEAD").strip())
    except GitError as error:
        return Commit(None, " ".join(error.complaint.split()) or error.message)
    except OcsError as error:
        return Commit(None, error.message)


def uncommitted(folder: Path, paths: Sequence[str]) -> list[str]:
    """The files at these paths below *folder* that are in no commit as they are."""
    if top_folder(folder) is None:
        return []
    options = ("--name-only", "-z", "--relative")
    try:
        changed = ask(folder, "diff", *options, "HEAD", "--", *paths)
        new = ask(folder, "ls-files", "-z", "--others", "--exclude-standard", "--", *paths)
    except GitError:
        return []
    return sorted(path for path in f"{changed}\0{new}".split("\0") if path)


def user_mail(folder: Path) -> str | None:
    """The mail address that git writes into commits made in *folder*, if it knows one."""
    try:
        return ask(folder, "config", "--get", "user.email").strip() or None
    except GitError:
        return None
