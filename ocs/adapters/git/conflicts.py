"""Which files two branches changed, and nobody has said yet which of them is to stay."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from ocs.adapters.git import command, surroundings, top_folder

_PATIENCE_SECONDS = 10.0


def unmerged(folder: Path, paths: Sequence[str]) -> Mapping[str, frozenset[int]]:
    """The files at these paths below *folder* that are in conflict, with the stages that git
    has of each.

    Stage 2 is what is here, 3 what is to be merged. Nothing is, where git cannot tell.
    """
    if top_folder(folder) is None:
        return {}
    try:
        # Not by way of GitPython, which takes longer to load than git to answer.
        done = subprocess.run(
            command("ls-files", "--unmerged", "-z", "--", *paths),
            cwd=folder,
            env=surroundings(GIT_LITERAL_PATHSPECS="1"),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
            timeout=_PATIENCE_SECONDS,
        )
    except (OSError, subprocess.TimeoutExpired):
        return {}
    found: dict[str, set[int]] = {}
    for entry in os.fsdecode(done.stdout).split("\0"):
        words, tab, path = entry.partition("\t")
        if tab:
            found.setdefault(path, set()).add(int(words.split(" ")[2]))
    return {path: frozenset(stages) for path, stages in found.items()}
