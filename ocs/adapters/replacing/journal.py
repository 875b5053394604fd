"""The journal `.ocs-unfinished`, which says what to write; *top* is the opened root."""

from __future__ import annotations

import contextlib
import json
import os
import re
from collections.abc import Sequence

from ocs.adapters.replacing.places import NEW, split
from ocs.adapters.replacing.steps import Step

UNFINISHED = ".ocs-unfinished"
_NEW = f"{UNFINISHED}.new"
# What reading a damaged journal may raise.
BROKEN = (ValueError, TypeError, LookupError, AttributeError, RecursionError)


def write(top: int, steps: Sequence[Step], *, is_decided: bool) -> None:
    """Write the journal; lastingly where several files depend on it."""
    with contextlib.suppress(FileNotFoundError):
        os.unlink(_NEW, dir_fd=top)
    with os.fdopen(os.open(_NEW, NEW, 0o666, dir_fd=top), "wb") as file:
        file.write(json.dumps({"decided": is_decided, "steps": steps}).encode())
        file.flush()
        if is_decided and len(steps) > 1:
            os.fsync(file.fileno())
    os.rename(_NEW, UNFINISHED, src_dir_fd=top, dst_dir_fd=top)


def read(data: bytes) -> tuple[bool, list[Step]]:
    """Is it decided, and the steps. Raises one of BROKEN where it is not as ocs writes it."""
    content = json.loads(data)
    steps = [Step(*step) for step in content["steps"]]
    for step in steps:
        folder, name = split(step.path)
        # It may be forged: nothing outside of the registry and nothing of git is touched.
        parts = folder.split("/") if folder else []
        is_inside = all(part and not part.startswith(".") for part in parts)
        is_own = step.beside is None or re.fullmatch(
            rf"\.{re.escape(name)}\.[0-9a-f]{{8}}", step.beside
        )
        if not (is_inside and is_own and name and (folder or not name.startswith("."))):
            raise ValueError(f"it names {step.path}")
    return bool(content["decided"]), steps


def forget(top: int) -> None:
    """Delete the journal, and a new one that was being written."""
    for name in (UNFINISHED, _NEW):
        with contextlib.suppress(OSError):
            os.unlink(name, dir_fd=top)
