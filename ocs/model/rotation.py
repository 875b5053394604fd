"""What git's history says of a ciphertext: who could read it when, and since when it holds
what it holds.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from ocs.model.ciphertext import Message


@dataclass(frozen=True, slots=True)
class Turn:
    """What a commit made of a secret, seen from one of its parents.

    `commit` is empty for what is not committed yet. `rotated` is what the access record says,
    if anything.
    """

    commit: str
    before: Message | None
    after: Message | None
    rotated_before: date | None = None
    rotated: date | None = None

    @property
    def is_rotation(self) -> bool:
        """Does it change what is encrypted, and say that it was rotated since?"""
        changes = self.after is not None and (
            self.before is None or self.before.content != self.after.content
        )
        advances = self.rotated is not None and (
            self.rotated_before is None or self.rotated > self.rotated_before
        )
        return changes and advances
