"""The git repository that a registry lies in."""

from __future__ import annotations

from pathlib import Path


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
        if git.is_file():
            named = git.read_text(encoding="utf-8", errors="surrogateescape").removeprefix("gitdir:").strip()
            git = top / named
        # Whatever else lies there under the name of .git is not written to.
        return git if (git / "HEAD").is_file() and not git.is_symlink() else None
    except (OSError, ValueError):
        return None
