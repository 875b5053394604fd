"""A ciphertext that two branches changed: git cannot merge it, so somebody chooses one."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

_OURS, _THEIRS = 2, 3
_SYNC = ", and run `ocs secret sync`"


class Explained(NamedTuple):
    """What happened, and the commands that solve it."""

    message: str
    hint: str

    @property
    def decide(self) -> str:
        """The commands without the last one, which encrypts."""
        return self.hint.removesuffix(_SYNC)


def conflict(file: str, sides: Collection[int], secret: str) -> Explained:
    """What happened to a file in conflict, of which there are these sides."""
    then = "then finish what you began (`git commit`, or `git rebase --continue`)" + _SYNC
    if _OURS in sides and _THEIRS in sides:
        return Explained(
            f"two branches changed {secret}, and git cannot merge it",
            f"take the one that is here with `git checkout --ours {file}`, or the "
            "other with `--theirs`; "
            f"`git add {file}`; {then}",
        )
    where = "here" if _OURS in sides else "there"
    return Explained(
        f"one branch changed {secret} and another deleted it, and git cannot merge that",
        f"keep what was changed {where} with `git add {file}`, or not with `git rm {file}`; {then}",
    )
