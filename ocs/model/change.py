"""Changes to files of the registry, and their meaning."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from ocs.model.community import LeadRef


@dataclass(frozen=True, slots=True)
class Replacement:
    """A file with its new content and the one before; None where the file does not exist."""

    path: str
    data: bytes | None
    before: bytes | None = None


class Commit(NamedTuple):
    """A commit that was made; `id` is None where none was, and `why_not` says why."""

    id: str | None
    why_not: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """A file before and after; a new one was empty. `was` is the path before, if it moves."""

    file: str
    before: bytes
    after: bytes
    was: str | None = None

    @property
    def replacements(self) -> tuple[Replacement, ...]:
        """The files to write and delete for it."""
        if self.was is None:
            return (Replacement(self.file, self.after, self.before or None),)
        return Replacement(self.file, self.after), Replacement(self.was, None, self.before)


class What(StrEnum):
    """Every kind of change to a record that rules and people distinguish."""

    TEXT = "text"
    PROBLEM = "problem"
    SOLUTION = "verified solution"
    SEEN_WORKING = "seen working"
    APPLICANT = "applicant"
    PEER_ADDED = "peer added"
    PEER_GONE = "peer gone"
    OWNER_HANDOVER = "owner handover"
    OWNER_GONE = "owner gone"
    OWNER_ADDED = "co-owner added"
    OWNER_BACK = "owner back"
    ATTEMPT = "attempt to reach a lead"
    VACANCY_FILLED = "vacancy filled"
    TERMS = "terms of office"
    CUSTODY = "custody"
    RESOURCE_ADDED = "resource added"
    RESOURCE_DROPPED = "resource dropped"
    PARENTS = "parents"
    NEW_COMMUNITY = "new community"
    ARCHIVED = "archived"
    RENAMED = "renamed"
    FORMER_IDS = "former ids"
    DETAILS = "details"
    CONFIRMED = "confirmed by a lead"
    PERSONAL = "about a person"
    IDENTITY = "key or account"
    VETTING = "vetting"
    SUSPENDED = "suspended"
    ACCESS = "access"
    GATEKEEPERS = "gatekeepers of an owner"
    JUDGE = "what judges changes"
    POLICY = "policy"
    RULES = "rules of the community"
    UNLISTED = "anything else"


@dataclass(frozen=True, slots=True)
class Amendment:
    """A change in a record, and a `sentence` that says so with the names of the people concerned.

    `out` are those who lose something by it, `into` those who gain; `parents` are communities
    above, before or after, or the owner of a secret. `subject` is the person whom the record
    is about, and `one_of` are those of whom one must agree. `named` is the one whose name and
    the kind of change say all of it; `detail` is the sentence without the kind and the record.
    """

    what: What
    record: str
    file: str
    sentence: str
    out: tuple[LeadRef, ...] = ()
    into: tuple[LeadRef, ...] = ()
    parents: tuple[str, ...] = ()
    subject: str | None = None
    named: LeadRef | None = None
    detail: str = ""
    one_of: tuple[LeadRef, ...] = ()

    @property
    def brief(self) -> str:
        """What remains to be said where the kind and the record are known."""
        return str(self.named) if self.named else self.detail or self.sentence
