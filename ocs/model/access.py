"""Who may read a secret, why and until when; and who can."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from ocs.model.kinds import KIND
from ocs.model.record import Record


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """`until` is the last day on which the person may read the secret."""

    person: str
    because: str | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Access(Record):
    """The id is `owner/name`. The owner's gatekeepers can always read and are not listed."""

    purpose: str
    rotated: date | None = None
    rotate_by: date | None = None
    readers: tuple[Reader, ...] = ()


def file_of(secret: str) -> str:
    """The path of a secret's access record."""
    return KIND["access"].file(secret)


@dataclass(frozen=True, slots=True)
class AccessEntry:
    """A person and a secret. `may` is recorded; `can` is from the ciphertext, None without one."""

    person: str
    secret: str
    why: str
    until: date | None
    may: bool
    can: bool | None


@dataclass(frozen=True, slots=True)
class SecretSummary:
    """A secret: its purpose, its readers, and when its content was and will be rotated."""

    secret: str
    purpose: str | None
    readers: tuple[str, ...]
    has_ciphertext: bool
    rotated: date | None = None
    rotate_by: date | None = None
    former_readers: tuple[str, ...] = ()
