"""What a proposed change needs, who has agreed to it, and whether that is enough."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from ocs.model.change import Amendment
from ocs.model.finding import Finding


class Evidence(StrEnum):
    """How somebody's agreement is known. The first two rest on a platform's word."""

    REVIEWED = "review"
    OPENED = "opened it"
    SIGNED = "signed"


@dataclass(frozen=True, slots=True)
class Agreement:
    """Somebody agrees to a record, and how that is known: `review by github:4539057`."""

    person: str
    record: str
    evidence: Evidence
    how: str


@dataclass(frozen=True, slots=True)
class Need:
    """So many of these people must agree. `roles` say why, where it is one certain person.

    `by_review`: whoever opened the change does not agree by that.
    """

    who: str
    of: tuple[str, ...]
    count: int = 1
    roles: tuple[str, ...] = ()
    by_review: bool = False

    @property
    def label(self) -> str:
        return f"{self.who} ({', '.join(self.roles)})" if self.roles else self.who


@dataclass(frozen=True, slots=True)
class Required:
    """A need, with the agreements so far."""

    need: Need
    given: tuple[Agreement, ...]

    @property
    def missing(self) -> int:
        return max(0, self.need.count - len(self.given))


@dataclass(frozen=True, slots=True)
class Notice:
    """Days of notice; `until` is the first day after it, None where nobody can tell."""

    days: int
    until: date | None
    is_over: bool = False


class Outcome(StrEnum):
    ALLOWED = "allowed"
    NOT_YET = "not yet"
    CANNOT_TELL = "cannot tell"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Verdict:
    """The changes in one record, and what they need.

    `other_ways` are sentences on other ways to the same change. `weak`: there is agreement,
    but it rests on a platform's word where that is not enough. `weighed` are gatekeepers who
    took the platform's word there, as they know that it is right.
    """

    record: str
    answer: Outcome
    amendments: tuple[Amendment, ...]
    required: tuple[Required, ...] = ()
    notice: Notice | None = None
    stays_behind: tuple[str, ...] = ()
    other_ways: tuple[str, ...] = ()
    weak: bool = False
    weighed: tuple[str, ...] = ()

    @property
    def missing(self) -> int:
        return sum(need.missing for need in self.required)


@dataclass(frozen=True, slots=True)
class Review:
    """The verdict on a proposed change. It is true only where all of it is allowed now.

    `branches` are the names of base and head, each empty for what is no branch.
    """

    base: str
    head: str
    answer: Outcome
    verdicts: tuple[Verdict, ...]
    refusals: tuple[Finding, ...] = ()
    ignored: tuple[str, ...] = ()
    unchanged: int = 0
    branches: tuple[str, str] = ("", "")

    def __bool__(self) -> bool:
        return self.answer is Outcome.ALLOWED


@dataclass(frozen=True, slots=True)
class NextSteps:
    """What follows a change of leads: its title, and what it still needs, if anything."""

    title: str
    verdict: Verdict | None = None
    leaves: str | None = None
    holds: tuple[str, ...] = ()  # what the one who leaves still holds
    rotate: tuple[str, ...] = ()  # secrets that they may know
    decision: str | None = None
