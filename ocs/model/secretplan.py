"""Plans for secrets and their access records; never what is in a secret."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from ocs.model.change import Replacement
from ocs.model.plan import Done, EditPlan
from ocs.model.trust import Fact


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Why a secret cannot be encrypted to somebody, and how to fix that."""

    person: str
    message: str
    hint: str


class How(StrEnum):
    """What happens to a ciphertext."""

    NEW = "new"  # new content is encrypted
    ANEW = "anew"  # the same content is encrypted once more
    LESS = "less"  # somebody is taken out of it
    KEPT = "kept"


@dataclass(frozen=True, slots=True)
class SecretStep:
    """What happens to a secret's ciphertext. `readers` are all who can read it afterwards.

    `gains` and `loses` are sentences on who comes and goes. `after` is known in advance where
    somebody is only taken out.
    """

    secret: str
    how: How
    readers: tuple[str, ...]
    gains: tuple[str, ...] = ()
    loses: tuple[str, ...] = ()
    before: bytes | None = None
    after: bytes | None = None

    @property
    def encrypts(self) -> bool:
        """Does it encrypt something, rather than only take somebody out?"""
        return self.how in (How.NEW, How.ANEW)


@dataclass(frozen=True, slots=True)
class Skipped:
    """A secret that should change but cannot: why, and how to fix that.

    With `may_be_confirmed` it can, once somebody says that the content was written for it.
    `is_less` says that people are taken out of it all the same.
    """

    secret: str
    because: str
    hint: str | None = None
    may_be_confirmed: bool = False
    is_less: bool = False


@dataclass(frozen=True, slots=True)
class SecretPlan:
    """What will happen to secrets and their records.

    With `obstacles`, or findings of the edits, it cannot be carried out. `others` are files of
    which only the bytes matter; `keys` the fingerprints of the readers; `skipped` what cannot
    be done while the rest can. `own` are the facts that the user typed. `only_removes` says that
    the edits give nothing to anybody.
    """

    subject: str
    steps: tuple[SecretStep, ...]
    edits: EditPlan
    others: tuple[Replacement, ...] = ()
    obstacles: tuple[Obstacle, ...] = ()
    said: tuple[str, ...] = ()
    keys: Mapping[str, str] | None = None
    skipped: tuple[Skipped, ...] = ()
    own: frozenset[Fact] = frozenset()
    only_removes: bool = False

    @property
    def is_possible(self) -> bool:
        return not self.obstacles and self.edits.is_possible

    @property
    def is_empty(self) -> bool:
        is_kept = all(step.how is How.KEPT for step in self.steps)
        return is_kept and not self.edits.changes and not self.others

    @property
    def decryptions(self) -> int:
        """How many secrets the user's key must decrypt."""
        return sum(step.how is How.ANEW for step in self.steps)


@dataclass(frozen=True, slots=True)
class SecretsDone(Done):
    """As `Done`, and the secrets that could not be encrypted again."""

    skipped: tuple[Skipped, ...] = ()

    @property
    def unconfirmed(self) -> Mapping[str, str]:
        """The secrets of which somebody has to say that they hold their own content, and why."""
        return {skip.secret: skip.because for skip in self.skipped if skip.may_be_confirmed}

    def followed_by(self, other: SecretsDone) -> SecretsDone:
        """Both together, where *other* did what this one had to skip."""
        files = tuple(dict.fromkeys((*self.files, *other.files)))
        return SecretsDone(files, other.commit or self.commit, other.skipped)
