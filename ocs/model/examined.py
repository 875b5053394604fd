"""What was looked at on a machine, and what to do where it is not as ocs needs it."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple


class State(StrEnum):
    OK = "ok"
    ADVICE = "advice"  # ocs works, and would work better
    MISSING = "missing"


class Examined(NamedTuple):
    """Something that was looked at: what was found, and the command or step that mends it."""

    what: str
    state: State
    found: str
    mend: str | None = None
