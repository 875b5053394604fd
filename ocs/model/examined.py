"""The checks of a machine, and how to fix what ocs needs."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple


class State(StrEnum):
    OK = "ok"
    ADVICE = "advice"  # ocs works, and would work better
    MISSING = "missing"


class Examined(NamedTuple):
    """A check: what was found, and the command or step that fixes it."""

    what: str
    state: State
    found: str
    mend: str | None = None
