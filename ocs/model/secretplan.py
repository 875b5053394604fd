"""What is to be done to secrets and to the records about them; never what is in a secret."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from ocs.model.change import Replacement
from ocs.model.plan import Done, EditPlan


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Why somebody cannot be encrypted to, and what mends it."""

    person: str
    message: str
    hint: str


class How(StrEnum):
    """What becomes of a ciphertext."""

    NEW = "new"  # new content is encrypted
    ANEW = "anew"  # the same content is encrypted once more
    LESS = "less"  # somebody is taken out of it
    KEPT = "kept"


@dataclass(frozen=True, slots=True)
class SecretStep:
    """What becomes of the ciphertext of a secret. `readers` are all who can read it
    afterwards.

    `gains` and `loses` say who comes and goes, as words. `after` is known beforehand where
    somebody is only taken out.
    """

    secret: str
    how: How
    readers: tuple[str, ...]
    gains: tuple[str, ...] = ()
    loses: tuple[str, ...] = ()
    before: bytes | None = None
    after: bytes | None = None


@dataclass(frozen=True, slots=True)
class Skipped:
    """A secret that stays as it was, though something was to be done to it: why, and what
    mends that.
    """

    secret: str
    because: str
    hint: str | None = None


@dataclass(frozen=True, slots=True)
class SecretPlan:
    """What is to be done to secrets and the records about them.

    With `obstacles`, or findings of the edits, it cannot be carried out. `others` are files of
    which only the bytes matter; `keys` the fingerprints of the readers; `skipped` what cannot
    be done while the rest can.
    """

    subject: str
    steps: tuple[SecretStep, ...]
    edits: EditPlan
    others: tuple[Replacement, ...] = ()
    obstacles: tuple[Obstacle, ...] = ()
    said: tuple[str, ...] = ()
    keys: Mapping[str, str] | None = None
    skipped: tuple[Skipped, ...] = ()

    @property
    def is_possible(self) -> bool:
        return not self.obstacles and self.edits.is_possible

    @property
    def is_empty(self) -> bool:
        is_kept = all(step.how is How.KEPT for step in self.steps)
        return is_kept and not self.edits.changes and not self.others

    @property
    def decryptions(self) -> int:
        """How many secrets are decrypted with the user's key."""
        return sum(each.how is How.ANEW for each in self.steps)


@dataclass(frozen=True, slots=True)
class SecretsDone(Done):
    """As `Done`, and the secrets that could not be decrypted."""

    skipped: tuple[Skipped, ...] = ()
