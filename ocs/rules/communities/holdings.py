"""What somebody still holds: offices, resources, and secrets that they can read or have known."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from ocs.model.access import Access
from ocs.model.community import Community
from ocs.model.registry import Registry
from ocs.rules.communities.standing import active_leads
from ocs.rules.nearest import listed


def holdings(person: str, registry: Registry, today: date) -> Iterator[str]:
    """What is with somebody, in words: communities that they lead, resources, and secrets."""
    for community in registry.records(Community):
        for _, lead in active_leads(community, today):
            if lead.person == person:
                ends = f", until {lead.until}" if lead.until else ""
                yield f"leads {community.id} as {lead.role}{ends}"
        for resource in community.resources:
            kind = resource.type or "resource"
            if resource.custodian == person:
                yield f"is custodian of {resource.name} ({kind}) of {community.id}"
            if resource.deputy == person:
                yield f"is deputy for {resource.name} ({kind}) of {community.id}"
    for access in registry.records(Access):
        for reader in access.readers:
            if reader.person == person and (reader.until is None or reader.until >= today):
                until = f" until {reader.until}" if reader.until else ""
                yield f"can read the secret {access.id}{until}"


def to_rotate(leaving: Iterable[str], community: Community) -> Iterator[str]:
    """The secrets to rotate because people leave who may know them."""
    for person in sorted(leaving):
        known = list(dict.fromkeys(secrets_known(person, community)))
        if known:
            noun, them = ("secret", "it") if len(known) == 1 else ("secrets", "them")
            yield f"{person} may know the {noun} {listed(known, 'and')}: rotate {them}"


def secrets_known(person: str, community: Community) -> Iterator[str]:
    """The secrets of what somebody is custodian or deputy of: they may know them unread."""
    for resource in community.resources:
        if person in (resource.custodian, resource.deputy):
            for name in resource.secrets:
                yield name if "/" in name else f"{community.id}/{name}"
