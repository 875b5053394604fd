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
    """The `.git` folder of the working tree that *folder* is in; worktrees have their own.

    None where it is somebody else's, or does not surely belong to that working tree: ocs
    writes to it.
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
    """Is this the folder of the worktree or submodule *top*? Anybody can write a `.git` file."""
    place = git.resolve()
    if any(place.is_relative_to(above / ".git" / "modules") for above in top.parents):
        return True
    named = git / "gitdir"
    if not stat.S_ISREG(named.lstat().st_mode):
        return False
    return git / _path_in(named).strip() == top / ".git"


def common_folder(git: Path) -> Path:
    """The folder with the objects and settings that the worktrees of a repository share."""
    named = git / "commondir"
    return git / _path_in(named).strip() if named.is_file() else git


def git_folder(top: Path) -> Path | None:
    """The `.git` folder of the working tree *top*; None where there is none."""
    git = top / ".git"
    try:
        mode = git.lstat().st_mode
        if stat.S_ISREG(mode):
            git = top / _path_in(git).removeprefix("gitdir:").strip()
        elif not stat.S_ISDIR(mode):
            return None
        # Nothing else that has the name .git is written to.
        is_git = (git / "objects").is_dir() or (git / "commondir").is_file()
        return git if is_git and (git / "HEAD").is_file() else None
    except (OSError, ValueError):
        return None


def _path_in(file: Path) -> str:
    with file.open("rb") as opened:
        return os.fsdecode(opened.read(_LONGEST_PATH))
