"""Which files two branches changed, and nobody has said yet which of them is to stay."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from ocs.adapters.git import ELSEWHERE, SETTINGS, top_folder

_PATIENCE_SECONDS = 10.0


def unmerged(folder: Path, paths: Sequence[str]) -> Mapping[str, frozenset[int]]:
    """The files at these paths below *folder* that are in conflict, with the stages that git has of each.

    Stage 2 is what is here, 3 what is to be merged. Nothing is, where git cannot tell.
    """
    if top_folder(folder) is None:
        return {}
    environment = {name: value for name, value in os.environ.items() if name not in ELSEWHERE}
    settings = [word for setting in SETTINGS for word in ("-c", setting)]
    try:
        # Not by way of GitPython, which takes longer to load than git to answer.
        done = subprocess.run(
            ["git", *settings, "ls-files", "--unmerged", "-z", "--", *paths],
            cwd=folder,
            env={**environment, "GIT_OPTIONAL_LOCKS": "0", "GIT_LITERAL_PATHSPECS": "1", "LC_ALL": "C.UTF-8"},
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
