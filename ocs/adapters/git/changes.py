"""What a branch and the working tree changed."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from ocs.adapters.git import git_folder, top_folder
from ocs.adapters.git.program import GitError, ask
from ocs.adapters.git.revisions import HEAD, base, revision
from ocs.errors import OcsError

# What git says where a folder is in no repository, or looks like one itself.
_NO_REPOSITORY = ("not a git repository", "cannot use bare repository")


class Changes(NamedTuple):
    """Files that differ from a revision, as seen from the registry's root."""

    changed: frozenset[str]
    deleted: frozenset[str]


def changes_since(folder: Path, name: str) -> Changes:
    """What the branch and the working tree changed below *folder* since they left a
    revision with this *name*.

    Untracked files that are not ignored count as changed. Raises OcsError where there is no
    repository, no such revision, or nothing in common with it.
    """
    _check(folder)
    left = _left(folder, name)
    try:
        listed = ask(folder, "diff", "--name-status", "-z", "--relative", left, "--", ".")
        others = ask(folder, "ls-files", "-z", "--others", "--exclude-standard", "--", ".")
    except GitError as error:
        raise _known(error, "git cannot list the changes") from None
    fields = [field for field in listed.split("\0") if field]
    pairs = list(zip(fields[::2], fields[1::2], strict=False))
    deleted = frozenset(path for status, path in pairs if status == "D")
    new = frozenset(path for path in others.split("\0") if path)
    return Changes(frozenset(path for status, path in pairs if status != "D") | new, deleted)


def _known(error: GitError, what: str) -> OcsError:
    """The failure in our words where git ended; else as it is."""
    return error if error.status is None else OcsError(f"{what}: {error.complaint}")


def _check(folder: Path) -> None:
    """Raises OcsError where *folder* is not in the working tree of its repository."""
    top = top_folder(folder)
    try:
        options = ("--is-inside-work-tree", "--absolute-git-dir")
        inside, _, where = ask(folder, "rev-parse", *options).partition("\n")
    except GitError as error:
        is_none = any(word in error.complaint for word in _NO_REPOSITORY)
        if error.status is None or (top and not is_none):
            raise _known(error, f"git cannot read the repository {top}") from None
        top, inside, where = None, "", ""
    # A folder of the registry that looks like a repository could bring settings of its own.
    git = git_folder(top) if top else None
    if git is None or Path(where.removesuffix("\n")) != git.resolve():
        raise OcsError(
            f"{folder} is not in a git repository", "run this in a clone of the registry"
        )
    if inside != "true":
        raise OcsError(
            f"{folder} is not in the working tree of its repository",
            "run this in a clone of it",
        )


def _left(folder: Path, name: str) -> str:
    """The commit at which the branch left a revision. Raises OcsError where there is none."""
    # Of what is checked out itself the branch has left nothing.
    other = revision(folder, name) if name in (HEAD, "@") else base(folder, name)
    try:
        return ask(folder, "merge-base", other.commit, "HEAD").strip()
    except GitError as error:
        if error.status is None:
            raise
        raise OcsError(
            f"this branch has nothing in common with '{name}'",
            "if this is a shallow clone, fetch all of it (git fetch --unshallow)",
        ) from None
