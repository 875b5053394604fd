"""Files that two branches changed, where nobody has decided yet which one stays."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from ocs.adapters.git import top_folder
from ocs.adapters.git.program import GitError, answer, begin

_PATIENCE_SECONDS = 10.0


def unmerged(folder: Path, paths: Sequence[str]) -> Mapping[str, frozenset[int]]:
    """The files at these paths that are in conflict, with git's stages: 2 is ours, 3 theirs."""
    if top_folder(folder) is None:
        return {}
    try:
        process = begin(folder, "ls-files", "--unmerged", "-z", "--", *paths)
        listed = os.fsdecode(answer(process, "ls-files", seconds=_PATIENCE_SECONDS))
    except GitError:
        return {}
    stages: dict[str, set[int]] = {}
    for entry in listed.split("\0"):
        words, tab, path = entry.partition("\t")
        if tab:
            stages.setdefault(path, set()).add(int(words.split(" ")[2]))
    return {path: frozenset(numbers) for path, numbers in stages.items()}
