"""A problem that somebody met, and what solved it."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from enum import StrEnum

from ocs.model.record import Record


class ProblemState(StrEnum):
    DRAFT = "draft"
    VERIFIED = "verified"
    OUTDATED = "outdated"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class Symptom:
    """Either `says`, the exact words on a screen, or `seen`, what somebody notices."""

    says: str | None = None
    seen: str | None = None
    where: str | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenWorking:
    by: str
    date: datetime.date | None = None
    versions: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawal:
    because: str
    date: datetime.date | None = None
    see: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem(Record):
    title: str
    symptoms: tuple[Symptom, ...]
    state: ProblemState = ProblemState.DRAFT
    product: str | None = None
    versions: str | None = None
    environment: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    cause: str | None = None
    resolution: str | None = None
    verification: str | None = None
    workaround: str | None = None
    undo: str | None = None
    takes: str | None = None
    solved_by: tuple[str, ...] = ()
    solved_on: datetime.date | None = None
    seen_working: tuple[SeenWorking, ...] = ()
    review_by: datetime.date | None = None
    related: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    licence: str | None = None
    withdrawn: Withdrawal | None = None
    formerly: tuple[str, ...] = ()
