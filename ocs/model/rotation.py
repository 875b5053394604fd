"""A secret's ciphertext in git's history: who could read it when, and when it was rotated."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from ocs.model.ciphertext import Message


@dataclass(frozen=True, slots=True)
class Turn:
    """What a commit made of a secret, compared with one of its parents."""

    commit: str  # empty for what is not committed yet
    before: Message | None
    after: Message | None
    rotated_before: date | None = None
    rotated: date | None = None  # as the access record says

    @property
    def is_rotation(self) -> bool:
        """Does it change the content, and say that this was rotated?"""
        changes = self.after is not None and (
            self.before is None or self.before.content != self.after.content
        )
        advances = self.rotated is not None and (
            self.rotated_before is None or self.rotated > self.rotated_before
        )
        return changes and advances
