"""Who stands how today: in office, away, vetted."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from ocs.model.community import Community, Lead, Role
from ocs.model.person import Person
from ocs.model.registry import Registry
from ocs.model.vetting import Vetting

A_YEAR = timedelta(days=365)


def in_office(lead: Lead, today: date) -> bool:
    """Is this lead in office? `until` is the first day out of it; the end of a term does not
    end it.
    """
    begun = lead.since is None or lead.since <= today
    ended = lead.until is not None and lead.until <= today
    return lead.role is not Role.EMERITUS and begun and not ended


def active_leads(community: Community, today: date) -> Iterator[tuple[int, Lead]]:
    """Who leads the community today, with their places in its list."""
    return (
        (number, lead)
        for number, lead in enumerate(community.leads or ())
        if in_office(lead, today)
    )


def is_away(person: Person, today: date) -> bool:
    """Is the person away today? Both ends of an absence belong to it."""
    if person.away_from is None and person.away_until is None:
        return person.status == "away"
    begun = person.away_from is None or person.away_from <= today
    return begun and (person.away_until is None or today <= person.away_until)


def counts(vetting: Vetting, today: date) -> bool:
    """Does this vetting count today: neither expired nor suspended?"""
    expired = vetting.expires is not None and vetting.expires < today
    suspended = vetting.suspended is not None and vetting.suspended.since <= today
    return not expired and not suspended


def ancestors(community: str, registry: Registry) -> frozenset[str]:
    """The communities that one is part of, directly or through others; itself only if there is
    a circle.
    """
    communities = registry.by_kind["community"]
    found: set[str] = set()
    waiting = [community]
    while waiting:
        document = communities.get(waiting.pop())
        record = document.record if document else None
        parents = record.part_of if isinstance(record, Community) else ()
        for parent in (registry.now_called("community", each) for each in parents):
            if parent not in found:
                found.add(parent)
                waiting.append(parent)
    return frozenset(found)
