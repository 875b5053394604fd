"""Who may read one secret, why and until when."""

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
    """Where the access record of a secret lies."""
    return KIND["access"].file(secret)
