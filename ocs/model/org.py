"""An organisation: contacts and what they may ask for, systems, domains, backups."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from ocs.model.record import Record


class OrgStatus(StrEnum):
    PROSPECT = "prospect"
    ONBOARDING = "onboarding"
    ACTIVE = "active"
    PAUSED = "paused"
    LEFT = "left"


class MayBeNamed(StrEnum):
    YES = "yes"
    ASK = "ask"
    NEVER = "never"


class Importance(StrEnum):
    VITAL = "vital"
    IMPORTANT = "important"
    CONVENIENT = "convenient"


class Support(StrEnum):
    FULL = "full"
    BEST_EFFORT = "best-effort"
    NONE = "none"


class RegisteredTo(StrEnum):
    ORGANISATION = "organisation"
    PERSON = "person"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class OrgContact:
    """A role, not a person. `call_back` names the secret that holds the number."""

    id: str
    role: str | None = None
    mail: str | None = None
    call_back: str | None = None
    may_authorise: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class System:
    """`checked` is the day when somebody last saw that this is true."""

    id: str
    name: str | None = None
    product: str | None = None
    version: str | None = None
    checked: date | None = None
    address: str | None = None
    needs: tuple[str, ...] = ()
    importance: Importance | None = None
    data: tuple[str, ...] = ()
    hosted_by: str | None = None
    support: Support | None = None
    secrets: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Supplier:
    id: str
    name: str | None = None
    help: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Domain:
    name: str
    registrar: str | None = None
    registered_to: RegisteredTo | None = None
    expires: date | None = None
    secrets: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Backup:
    id: str
    covers: tuple[str, ...] = ()
    how: str | None = None
    every: str | None = None
    last_restore_test: date | None = None
    secrets: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Boundaries:
    we_help_with: tuple[str, ...] = ()
    we_do_not: tuple[str, ...] = ()
    change_window: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Org(Record):
    name: str
    registered_as: str | None = None
    website: str | None = None
    languages: tuple[str, ...] = ()
    time_zone: str | None = None
    status: OrgStatus | None = None
    since: date | None = None
    sensitivity: str | None = None
    sensitivity_because: str | None = None
    gatekeepers: tuple[str, ...] = ()
    may_be_named: MayBeNamed | None = None
    review_by: date | None = None
    contacts: tuple[OrgContact, ...] = ()
    systems: tuple[System, ...] = ()
    suppliers: tuple[Supplier, ...] = ()
    domains: tuple[Domain, ...] = ()
    backups: tuple[Backup, ...] = ()
    boundaries: Boundaries | None = None
    formerly: tuple[str, ...] = ()
