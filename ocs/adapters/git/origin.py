"""Where a clone comes from: its remotes and its default branch; and who brought a line."""

from __future__ import annotations

import os
from pathlib import Path

from ocs.adapters.git import top_folder
from ocs.adapters.git.program import GitError, answer, begin

# The branch that others share, the likeliest first.
_DEFAULTS = (
    "refs/remotes/origin/HEAD",
    "refs/remotes/origin/main",
    "refs/remotes/origin/master",
)


def remotes(folder: Path) -> list[str]:
    """The addresses that the clone fetches from."""
    listed = _ask(folder, "config", "--null", "--get-regexp", r"^remote\..*\.url$")
    return [entry.partition("\n")[2] for entry in listed.split("\0") if entry]


def head(folder: Path) -> str:
    """The commit that is checked out; empty where there is none."""
    return _commit(folder, "HEAD")


def default_branch(folder: Path) -> tuple[str, str] | None:
    """The name of the default branch as the remote had it last, and its commit, if there is one."""
    upstream = _ask(folder, "rev-parse", "--symbolic-full-name", "--verify", "@{upstream}")
    for name in (*_DEFAULTS, upstream):
        if name.startswith("refs/remotes/") and (commit := _commit(folder, name)):
            named = _ask(folder, "symbolic-ref", "--quiet", name) or name
            return named.removeprefix("refs/remotes/"), commit
    return None


def leads_to(folder: Path, one: str, other: str) -> bool:
    """Is a commit in the history of another?"""
    if not (one and other):
        return False
    if one == other:
        return True
    try:
        answer(begin(folder, "merge-base", "--is-ancestor", one, other), "merge-base")
    except GitError:
        return False
    return True


def may_lead_to(folder: Path, one: str, other: str) -> bool:
    """Is a commit in the history of another, or is that other not in this clone?"""
    return not _commit(folder, other) or leads_to(folder, one, other)


def newest_change(
    folder: Path, file: str, word: str, revision: str
) -> tuple[str, str, str, str] | None:
    """The newest commit up to a revision that changed a file, or how often a word stands in it.

    The id, abbreviated, with author, day and subject; None where there is no such commit.
    """
    fields = "--format=%h%x00%an%x00%as%x00%s"
    words = ("-S", word) if word else ()
    options = ("--max-count=1", fields, *words, revision)
    found = _ask(folder, "log", *options, "--", file).split("\0")
    return (found[0], found[1], found[2], found[3]) if len(found) == 4 else None


def _commit(folder: Path, name: str) -> str:
    return _ask(folder, "rev-parse", "--verify", "--quiet", f"{name}^{{commit}}")


def _ask(folder: Path, *arguments: str) -> str:
    """What git answers; nothing where it fails, or there is no repository."""
    if top_folder(folder) is None:
        return ""
    try:
        process = begin(folder, *arguments)
        return os.fsdecode(answer(process, arguments[0])).strip("\n\0")
    except GitError:
        return ""
