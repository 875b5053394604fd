"""The file `.ocs-unfinished`, which says what is to be done; *top* is the registry's root,
opened.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
from collections.abc import Sequence

from ocs.adapters.replacing.places import NEW, split
from ocs.adapters.replacing.steps import Step

UNFINISHED = ".ocs-unfinished"
_BEING_NOTED = f"{UNFINISHED}.new"


def write(top: int, steps: Sequence[Step], *, is_decided: bool) -> None:
    """Write down what is to be done; lastingly where several files depend on it."""
    with contextlib.suppress(FileNotFoundError):
        os.unlink(_BEING_NOTED, dir_fd=top)
    with os.fdopen(os.open(_BEING_NOTED, NEW, 0o666, dir_fd=top), "wb") as file:
        file.write(json.dumps({"decided": is_decided, "steps": steps}).encode())
        file.flush()
        if is_decided and len(steps) > 1:
            os.fsync(file.fileno())
    os.rename(_BEING_NOTED, UNFINISHED, src_dir_fd=top, dst_dir_fd=top)


def read(note: bytes) -> tuple[bool, list[Step]]:
    """What was written down. Raises ValueError, TypeError or LookupError where it is not as ocs
    writes it.
    """
    told = json.loads(note)
    steps = [Step(*step) for step in told["steps"]]
    for step in steps:
        folder, name = split(step.path)
        # Whoever wrote it, nothing outside of the registry and nothing of git is touched.
        is_inside = all(
            each and not each.startswith(".") for each in folder.split("/") if folder
        )
        is_own = step.beside is None or re.fullmatch(
            rf"\.{re.escape(name)}\.[0-9a-f]{{8}}", step.beside
        )
        if not (is_inside and is_own and name and (folder or not name.startswith("."))):
            raise ValueError(f"it names {step.path}")
    return bool(told["decided"]), steps


def forget(top: int) -> None:
    """Delete it, and what was to become it."""
    for each in (UNFINISHED, _BEING_NOTED):
        with contextlib.suppress(OSError):
            os.unlink(each, dir_fd=top)
