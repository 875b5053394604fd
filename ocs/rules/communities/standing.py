"""Which leads are in office, and what a community is part of."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ocs.model.community import Community, Lead, Role
from ocs.model.registry import Registry

# So many groups that lead a community, and communities above it, count, the nearest first.
MOST_FOLLOWED = 30


def in_office(lead: Lead, today: date) -> bool:
    """Is this lead in office? Not on the day `until`; the end of a term does not end it."""
    begun = lead.since is None or lead.since <= today
    ended = lead.until is not None and lead.until <= today
    return lead.role is not Role.EMERITUS and begun and not ended


def active_leads(community: Community, today: date) -> Iterator[tuple[int, Lead]]:
    """Who leads the community today, with their places in its list."""
    leads = enumerate(community.leads or ())
    return ((number, lead) for number, lead in leads if in_office(lead, today))


def ancestors(community: str, registry: Registry) -> frozenset[str]:
    """The nearest communities that one is part of, also through others; itself only in a circle."""
    communities = registry.by_kind["community"]
    found: dict[str, None] = {}
    waiting = [community]
    for id in waiting:
        document = communities.get(id)
        record = document.record if document else None
        parents = record.part_of if isinstance(record, Community) else ()
        for parent in parents:
            above = registry.now_called("community", parent)
            if len(found) == MOST_FOLLOWED:
                return frozenset(found)
            if above not in found:
                found[above] = None
                waiting.append(above)
    return frozenset(found)
