"""What rebasing a branch onto its base would land, which may be other than what merging lands.

Rebasing applies the commits of a branch one after the other. It leaves out merges, and with them
what a merge itself changed. It also leaves out commits of which the base has the same change.
Nothing is checked out: each commit is merged into what the ones before it gave.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from ocs.adapters.git import common_folder, git_folder
from ocs.adapters.git.program import GitError, answer, begin, objects_alone
from ocs.errors import OcsError

# No platform rebases longer branches.
MOST_COMMITS = 250
_LONGEST_SECONDS = 60.0
_SHA1_DIGITS = 40
_NOBODY = {
    f"GIT_{who}_{what}": value
    for who in ("AUTHOR", "COMMITTER")
    for what, value in (("NAME", "ocs"), ("EMAIL", "ocs@localhost"), ("DATE", "@1 +0000"))
}


def rebased(top: Path, base: str, head: str) -> frozenset[str]:
    """The trees that rebasing *head* onto *base* may give; none where it does not apply.

    Raises OcsError where a branch is too long to tell, or git fails.
    """
    git = git_folder(top)
    if git is None:
        raise OcsError(f"{top} is not a git repository any more")
    with objects_alone(common_folder(git), sha256=len(base) > _SHA1_DIGITS) as (folder, given):
        return _Rebasing(folder, given, base, head).trees()


class _Picked(NamedTuple):
    commit: str
    parents: Sequence[str]


class _Rebasing:
    def __init__(self, folder: Path, given: Mapping[str, str], base: str, head: str) -> None:
        self._folder = folder
        self._surroundings = {**given, **_NOBODY}
        self._base = base
        self._head = head
        self._end = time.monotonic() + _LONGEST_SECONDS

    def trees(self) -> frozenset[str]:
        commits = list(self._commits(f"{self._base}..{self._head}"))
        picked = [one for one in commits if len(one.parents) < 2]
        if len(picked) == len(commits) <= 1:
            return frozenset()  # one commit lands as a merge does
        if len(picked) > MOST_COMMITS:
            raise OcsError(
                f"the branch has more than {MOST_COMMITS} commits, so ocs cannot tell what "
                "rebasing it would land",
                "squash it into fewer commits (git rebase -i), and push that",
            )
        # Git leaves out what the base has; a platform may not.
        new = {
            one.commit
            for one in self._commits(
                f"{self._base}...{self._head}", "--right-only", "--cherry-pick"
            )
        }
        orders = {tuple(picked), tuple(one for one in picked if one.commit in new)}
        landed = [self._applied(order) for order in orders]
        return frozenset(tree for tree in landed if tree)

    def _commits(self, within: str, *options: str) -> Iterator[_Picked]:
        order = ("--topo-order", "--reverse", "--parents")
        for line in self._ask("rev-list", *order, *options, within).splitlines():
            commit, *parents = line.split()
            yield _Picked(commit, tuple(parents))

    def _applied(self, commits: Sequence[_Picked]) -> str:
        """The tree after all of these commits; empty where one of them conflicts."""
        tree = self._tree(self._base)
        for commit, parents in commits:
            if parents and tree == self._tree(parents[0]):
                tree = self._tree(commit)
                continue
            beside = [word for parent in parents for word in ("-p", parent)]
            onto = self._ask("commit-tree", tree, *beside, "-m", "so far")
            merging = ("--write-tree", "--no-messages", "--allow-unrelated-histories")
            tree = self._ask("merge-tree", *merging, onto, commit).partition("\n")[0]
            if not tree:
                break
        return tree

    def _tree(self, commit: str) -> str:
        return self._ask("rev-parse", f"{commit}^{{tree}}")

    def _ask(self, *arguments: str) -> str:
        """What git answers; empty where it says no."""
        process = begin(self._folder, *arguments, surroundings=self._surroundings)
        seconds = max(0.0, self._end - time.monotonic())
        try:
            return os.fsdecode(answer(process, arguments[0], seconds=seconds)).strip()
        except GitError as error:
            if error.status == 1 and arguments[0] == "merge-tree":
                return ""
            raise OcsError(
                f"ocs cannot tell what rebasing the branch would land: {error.message}",
                "squash the branch into one commit, and push that",
            ) from None
