"""The git repository that a registry lies in.

Git is asked in a way in which nothing that the repository brings along is run: no hooks, no
monitor of the file system, no external diff, no filters, no fetching of what is missing; and
only about the repository whose working tree the registry is in, whatever else looks like one
or is named by the environment.
"""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path

_LONGEST_PATH = 4096
# These lead git to another repository than the one that lies here; hooks are given some of
# them.
_ELSEWHERE = (
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
# With these nothing that replaces objects here counts, and nothing that is missing is fetched.
AS_COMMITTED = {"GIT_NO_REPLACE_OBJECTS": "1", "GIT_NO_LAZY_FETCH": "1"}
_SETTINGS = ("core.fsmonitor=false", f"core.hooksPath={os.devnull}")


def command(*arguments: str, settings: Iterable[str] = ()) -> list[str]:
    """The words with which git is run, with more *settings* than those with which it runs
    nothing else.
    """
    return [
        "git",
        *(word for setting in (*_SETTINGS, *settings) for word in ("-c", setting)),
        *arguments,
    ]


def surroundings(**more: str) -> dict[str, str]:
    """An environment that names no other repository, in which git speaks to programs."""
    here = {name: value for name, value in os.environ.items() if name not in _ELSEWHERE}
    return {**here, "GIT_OPTIONAL_LOCKS": "0", "LC_ALL": "C.UTF-8", **more}


@contextlib.contextmanager
def only_here() -> Iterator[None]:
    """For what runs git in our own environment: one that names no other repository."""
    before = {name: os.environ.pop(name) for name in _ELSEWHERE if name in os.environ}
    try:
        yield
    finally:
        os.environ.update(before)


def top_folder(folder: Path) -> Path | None:
    """The working tree that *folder* is in, or None where there is none."""
    return next((above for above in (folder, *folder.parents) if _git_folder(above)), None)


def private_folder(folder: Path) -> Path | None:
    """The `.git` folder of the working tree that *folder* is in; worktrees and submodules have
    their own.

    None where it is somebody else's, or is not known to belong to that working tree: it is
    written to.
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


def resolved_git_folder(top: Path) -> Path | None:
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
        return (
            git
            if ((git / "HEAD").is_file() and (git / "objects").is_dir()) or _is_worktree(git)
            else None
        )
    except (OSError, ValueError):
        return None


def _is_worktree(git: Path) -> bool:
    return (git / "HEAD").is_file() and (git / "commondir").is_file()
