"""The git repository that a registry lies in."""

from __future__ import annotations

import os
import stat
from pathlib import Path

_LONGEST_PATH = 4096


def top_folder(folder: Path) -> Path | None:
    """The working tree that *folder* is in, or None where there is none."""
    return next((above for above in (folder, *folder.parents) if git_folder(above)), None)


def private_folder(folder: Path) -> Path | None:
    """The `.git` folder of the working tree that *folder* is in; worktrees and submodules have
    their own.

    None where it is somebody else's, or is not known to belong to that working tree: it is
    written to.
    """
    top = top_folder(folder)
    git = git_folder(top) if top else None
    if top is None or git is None:
        return None
    try:
        if git.stat().st_uid != os.geteuid():
            return None
        return git if git == top / ".git" or _leads_back(git, top) else None
    except (OSError, RuntimeError, ValueError):
        return None


def _leads_back(git: Path, top: Path) -> bool:
    """Is this the folder of the worktree or submodule at *top*? Anybody can write a `.git`
    that names it.
    """
    place = git.resolve()
    if any(place.is_relative_to(above / ".git" / "modules") for above in top.parents):
        return True
    named = git / "gitdir"
    if not stat.S_ISREG(named.lstat().st_mode):
        return False
    with named.open("rb") as file:
        return git / os.fsdecode(file.read(_LONGEST_PATH)).strip() == top / ".git"


def common_folder(git: Path) -> Path:
    """The folder with the objects and settings that the worktrees of a repository share."""
    named = git / "commondir"
    if not named.is_file():
        return git
    with named.open("rb") as file:
        return git / os.fsdecode(file.read(_LONGEST_PATH)).strip()


def git_folder(top: Path) -> Path | None:
    """The `.git` folder of the working tree *top*; None where there is none."""
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
        return (
            git
            if ((git / "HEAD").is_file() and (git / "objects").is_dir()) or _is_worktree(git)
            else None
        )
    except (OSError, ValueError):
        return None


def _is_worktree(git: Path) -> bool:
    return (git / "HEAD").is_file() and (git / "commondir").is_file()
