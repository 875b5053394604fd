"""A volunteer, gatekeeper or community lead; the person keeps the record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from types import MappingProxyType

from ocs.model.record import Record


class PersonStatus(StrEnum):
    APPLICANT = "applicant"
    ACTIVE = "active"
    AWAY = "away"
    ALUMNI = "alumni"


class Public(StrEnum):
    """What a public page may show of a person's record."""

    NOTHING = "nothing"
    NAME = "name"
    NAME_AND_SKILLS = "name-and-skills"


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """An organisation, community or supplier whose secrets the person should not see."""

    with_: str
    because: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Person(Record):
    """`away_until` is the last day of an absence."""

    name: str
    status: PersonStatus | None = None
    joined: date | None = None
    accounts: Mapping[str, str | int] = field(default_factory=lambda: MappingProxyType({}))
    mail: str | None = None
    languages: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    time_zone: str | None = None
    skills: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    hours_a_week: int | None = None
    most_open_requests: int | None = None
    away_from: date | None = None
    away_until: date | None = None
    conflicts: tuple[Conflict, ...] = ()
    public: Public | None = None
    formerly: tuple[str, ...] = ()
