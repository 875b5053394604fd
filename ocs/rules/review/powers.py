"""What the leads of a community may do, before a change and after it.

Power is reckoned as `ocs may` and a review reckon it: an office gives its role and what the lead
speaks for, from `since` to the day before `until`. After `term_ends` a gatekeeper is asked, so
the word of a lead is worth less. Two states are compared on the day of judgement, and on every
later day that one of them names. Which field brings a loss or a gain about does not matter.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from ocs.model.community import Community, Lead, LeadRef, Role
from ocs.rules.communities.offices import scope_of
from ocs.rules.communities.standing import in_office

# What an owner may do whose scope is not limited, besides every action that has a name.
_EVERYTHING = "*"
# Nobody holds so many offices in one community. Of more, every change takes and gives power.
MOST_OFFICES = 50
Power = frozenset[tuple[str, str]]
Offices = Mapping[LeadRef, Sequence[Lead]]


@dataclass(frozen=True, slots=True)
class Span:
    """The first day on which something holds, and the first on which it no longer does, if any."""

    first: date
    end: date | None


@dataclass(frozen=True, slots=True)
class Powers:
    """Two states of a community's current and future offices, by the ids that people had before."""

    before: Offices
    after: Offices
    today: date

    def loses(self, who: LeadRef) -> bool:
        """Is there a day on which somebody may do less than before?"""
        return less(self.before.get(who, ()), self.after.get(who, ()), self.today)

    def gains(self, who: LeadRef) -> bool:
        """Is there a day on which somebody may do more than before?"""
        return less(self.after.get(who, ()), self.before.get(who, ()), self.today)

    def without(self, who: LeadRef, role: Role) -> Span | None:
        """When somebody no longer has a role, or a higher one, that they had; None if never."""
        before, after = self.before.get(who, ()), self.after.get(who, ())
        if before == after:
            return None
        if len(before) + len(after) > MOST_OFFICES:
            return Span(self.today, None)
        days = days_of((*before, *after), self.today)
        lost = [_has(before, role, day) and not _has(after, role, day) for day in days]
        if True not in lost:
            return None
        first = lost.index(True)
        again = (day for day in days[first:] if _has(after, role, day))
        return Span(days[first], next(again, None))

    def with_field(self, who: LeadRef, was: Lead, field: str, now: Lead) -> Powers:
        """The powers if only one field of an office changed."""
        changed = replace(was, **{field: getattr(now, field)})
        return Powers({who: [was]}, {who: [changed]}, self.today)


def standing_offices(
    community: Community, today: date, renamed: Mapping[str, str]
) -> list[Lead]:
    """The offices that are held today or later, each by the id that the lead had before."""
    return [
        replace(lead, person=renamed.get(lead.person, lead.person)) if lead.person else lead
        for lead in community.leads or ()
        if lead.role is not Role.EMERITUS and (lead.until is None or lead.until > today)
    ]


def by_lead(offices: Iterable[Lead]) -> Offices:
    """The offices of each lead."""
    found: dict[LeadRef, list[Lead]] = {}
    for lead in offices:
        found.setdefault(lead.who, []).append(lead)
    return found


def less(before: Sequence[Lead], after: Sequence[Lead], today: date) -> bool:
    """Do the offices *after* give less than those *before*, today or on a day that they name?"""
    if before == after:
        return False
    every = (*before, *after)
    if len(every) > MOST_OFFICES:
        return True
    actions = {action for lead in every for action in lead.speaks_for or ()}
    return any(
        not power(before, day, actions) <= power(after, day, actions)
        for day in days_of(every, today)
    )


def power(offices: Iterable[Lead], day: date, actions: Iterable[str]) -> Power:
    """What somebody with these offices may do on a day."""
    may: set[tuple[str, str]] = set()
    for lead in offices:
        if not in_office(lead, day):
            continue
        may |= {("role", Role.PEER.value), ("role", lead.role.value)}
        scope = scope_of(lead)
        spoken = {_EVERYTHING, *actions} if scope is None else scope
        may |= {("speaks", action) for action in spoken}
        if lead.term_ends is None or day <= lead.term_ends:
            may |= {("decides", action) for action in spoken}
    return frozenset(may)


def days_of(offices: Iterable[Lead], today: date) -> list[date]:
    """Today and every later day on which one of these offices begins, ends or outlasts its term."""
    days = {today}
    for lead in offices:
        days |= {day for day in (lead.since, lead.until) if day}
        if lead.term_ends and lead.term_ends < date.max:
            days.add(lead.term_ends + timedelta(1))
    return sorted(day for day in days if day >= today)


def _has(offices: Iterable[Lead], role: Role, day: date) -> bool:
    roles = {lead.role for lead in offices if in_office(lead, day)}
    return bool(roles) if role is Role.PEER else role in roles
