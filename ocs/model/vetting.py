"""What was checked about a person, who did it, until when; gatekeepers keep the record."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from ocs.model.record import Record


@dataclass(frozen=True, slots=True, kw_only=True)
class VettingCheck:
    """One check of a person; never the document itself."""

    kind: str
    by: str
    date: datetime.date


@dataclass(frozen=True, slots=True, kw_only=True)
class Suspension:
    since: datetime.date
    because: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Vetting(Record):
    """The id is the person's. `expires` is the last day on which the vetting counts."""

    level: str
    key: str | None = None
    since: datetime.date | None = None
    expires: datetime.date | None = None
    checks: tuple[VettingCheck, ...] = ()
    suspended: Suspension | None = None
