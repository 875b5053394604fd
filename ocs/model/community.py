"""A module-owner file: who leads a community, who is responsible for what, and succession."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from ocs.model.record import Record


class CommunityStatus(StrEnum):
    FORMING = "forming"
    ACTIVE = "active"
    INACTIVE = "inactive"
    ARCHIVED = "archived"


class Role(StrEnum):
    """The roles that ocs decides on; the title is the community's own affair."""

    OWNER = "owner"
    PEER = "peer"
    EMERITUS = "emeritus"


class ResourceType(StrEnum):
    DOMAIN = "domain"
    HOSTING = "hosting"
    LIST = "list"
    REPOSITORY = "repository"
    SOCIAL = "social"
    ACCOUNT = "account"
    OTHER = "other"


class SuccessionMethod(StrEnum):
    APPOINTMENT = "appointment"
    CONSENSUS = "consensus"
    ELECTION = "election"


@dataclass(frozen=True, slots=True)
class LeadRef:
    """Whom a lead names: a person, a group, or a name without a record. Only one is given."""

    person: str | None = None
    group: str | None = None
    name: str | None = None

    def __str__(self) -> str:
        if self.person is not None:
            return self.person
        return f"the group {self.group}" if self.group else f"{self.name} (no record)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Lead:
    """One of person, group and name is given. `until` is the first day out of office."""

    role: Role
    person: str | None = None
    group: str | None = None
    name: str | None = None
    title: str | None = None
    since: date | None = None
    until: date | None = None
    term_ends: date | None = None
    # Without it an owner speaks for everything, a peer for nothing.
    speaks_for: tuple[str, ...] | None = None
    decision: str | None = None

    @property
    def who(self) -> LeadRef:
        if self.person:
            return LeadRef(person=self.person)
        return LeadRef(group=self.group) if self.group else LeadRef(name=self.name)

    @property
    def called(self) -> str:
        """The id of the person or group, or the name."""
        return self.person or self.group or self.name or ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CommunityContact:
    url: str
    type: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    name: str
    type: ResourceType | None = None
    custodian: str | None = None
    deputy: str | None = None
    where: str | None = None
    secrets: tuple[str, ...] = ()
    expires: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Succession:
    method: SuccessionMethod | None = None
    notice: str | None = None
    quorum: str | None = None
    recovery: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """A vain attempt to reach a lead."""

    to: str
    date: date
    channel: str
    by: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Community(Record):
    """`leads` is None where the file names none; empty with `vacant_since` it is a vacancy."""

    name: str
    kind: str | None = None
    part_of: tuple[str, ...] = ()
    status: CommunityStatus | None = None
    purpose: str | None = None
    governance: str | None = None
    reviewed: date | None = None
    leads: tuple[Lead, ...] | None = None
    vacant_since: date | None = None
    attempts: tuple[Attempt, ...] = ()
    leads_at: str | None = None
    gatekeepers: tuple[str, ...] = ()
    contacts: tuple[CommunityContact, ...] = ()
    resources: tuple[Resource, ...] = ()
    succession: Succession | None = None
    formerly: tuple[str, ...] = ()
