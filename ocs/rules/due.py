"""Every date that comes up, of every kind of record, with who should act."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from ocs.model.access import Access
from ocs.model.community import Community, CommunityStatus
from ocs.model.finding import Place
from ocs.model.kinds import KIND
from ocs.model.ocs import OcsRecord
from ocs.model.org import Org, OrgStatus
from ocs.model.person import Person
from ocs.model.problem import Problem, ProblemState
from ocs.model.registry import Registry
from ocs.model.vetting import Vetting
from ocs.rules.communities.standing import active_leads
from ocs.rules.people.keyends import last_day
from ocs.rules.records.dates import A_YEAR
from ocs.rules.secrets.readers import owner_of


@dataclass(frozen=True, slots=True)
class Due:
    """Something that comes up on a day. `who` are the ids of people who should act.

    `passes` is true for what only happens on that day and asks nothing of anybody afterwards.
    """

    day: date
    what: str
    who: tuple[str, ...]
    place: Place
    passes: bool = False


def due(registry: Registry, today: date, until: date) -> list[Due]:
    """What comes up by the day *until*, and what is overdue, by day."""
    found = [each for source in SOURCES for each in source(registry, today)]
    wanted = [
        each for each in found if each.day <= until and not (each.passes and each.day < today)
    ]
    return sorted(wanted, key=lambda each: (each.day, each.place.file, each.what))


def _of_the_registry(registry: Registry, today: date) -> Iterator[Due]:
    for ocs in registry.records(OcsRecord):
        if ocs.renew_by:
            who = tuple(each.person for each in ocs.gatekeepers)
            place = Place("ocs.yaml", ("renew_by",))
            yield Due(ocs.renew_by, "the gatekeepers confirm the registry", who, place)


def _of_people(registry: Registry, today: date) -> Iterator[Due]:
    gatekeepers = tuple(each.person for each in registry.policy.gatekeepers)
    for vetting in registry.records(Vetting):
        if vetting.expires:
            place = Place(KIND["vetting"].file(vetting.id), ("expires",))
            yield Due(
                vetting.expires, f"the vetting of {vetting.id} expires", gatekeepers, place
            )
    for person in registry.records(Person):
        file = KIND["person"].file(person.id)
        for field, day, what in (
            ("away_from", person.away_from, "begins to be away"),
            ("away_until", person.away_until, "is away for the last day"),
        ):
            if day:
                yield Due(
                    day,
                    f"{person.name} {what}",
                    (person.id,),
                    Place(file, (field,)),
                    passes=True,
                )


def _of_orgs(registry: Registry, today: date) -> Iterator[Due]:
    for org in registry.records(Org):
        if org.status is OrgStatus.LEFT:
            continue
        file = KIND["org"].file(org.id)
        if org.review_by:
            what = f"{org.name} is to be read through"
            yield Due(org.review_by, what, org.gatekeepers, Place(file, ("review_by",)))
        for number, domain in enumerate(org.domains):
            if domain.expires:
                place = Place(file, ("domains", number, "expires"))
                yield Due(
                    domain.expires, f"the domain {domain.name} expires", org.gatekeepers, place
                )
        for number, system in enumerate(org.systems):
            if system.checked:
                what = f"{system.name or system.id} of {org.name} was looked at a year ago"
                place = Place(file, ("systems", number, "checked"))
                yield Due(system.checked + A_YEAR, what, org.gatekeepers, place)
        for number, backup in enumerate(org.backups):
            if backup.last_restore_test:
                what = f"the backup {backup.id} of {org.name} was tried a year ago"
                place = Place(file, ("backups", number, "last_restore_test"))
                yield Due(backup.last_restore_test + A_YEAR, what, org.gatekeepers, place)


def _of_communities(registry: Registry, today: date) -> Iterator[Due]:
    for community in registry.records(Community):
        if community.status is CommunityStatus.ARCHIVED:
            continue
        file = KIND["community"].file(community.id)
        leads = tuple(lead.person for _, lead in active_leads(community, today) if lead.person)
        for number, lead in active_leads(community, today):
            name = lead.person or lead.group or lead.name
            if lead.until:
                what = f"{name} is out of office in {community.name}"
                yield Due(
                    lead.until,
                    what,
                    leads,
                    Place(file, ("leads", number, "until")),
                    passes=True,
                )
            if lead.term_ends:
                what = f"the term of {name} in {community.name} ends"
                yield Due(
                    lead.term_ends, what, leads, Place(file, ("leads", number, "term_ends"))
                )
        for number, resource in enumerate(community.resources):
            if resource.expires:
                who = tuple(filter(None, (resource.custodian, resource.deputy))) or leads
                place = Place(file, ("resources", number, "expires"))
                yield Due(resource.expires, f"{resource.name} expires", who, place)
        if community.reviewed and community.leads_at is None:
            what = f"{community.name} was confirmed by its leads a year ago"
            yield Due(community.reviewed + A_YEAR, what, leads, Place(file, ("reviewed",)))


def _of_problems(registry: Registry, today: date) -> Iterator[Due]:
    for problem in registry.records(Problem):
        if problem.review_by and problem.state is not ProblemState.WITHDRAWN:
            what = f"to be read through: {problem.title}"
            place = Place(KIND["problem"].file(problem.id), ("review_by",))
            yield Due(problem.review_by, what, problem.solved_by, place)


def _of_access(registry: Registry, today: date) -> Iterator[Due]:
    for access in registry.records(Access):
        owner = owner_of(access.id, registry)
        who = owner.gatekeepers if owner else ()
        file = KIND["access"].file(access.id)
        if access.rotate_by:
            what = f"the secret {access.id} is to be rotated"
            yield Due(access.rotate_by, what, who, Place(file, ("rotate_by",)))
        for number, reader in enumerate(access.readers):
            if reader.until:
                what = f"the access of {reader.person} to {access.id} ends"
                yield Due(reader.until, what, who, Place(file, ("readers", number, "until")))


def _of_rotations(registry: Registry, today: date) -> Iterator[Due]:
    for secret, people in registry.former_readers.items():
        owner = owner_of(secret, registry)
        what = f"the secret {secret} is to be rotated: {', '.join(people)} could read it"
        yield Due(
            today, what, owner.gatekeepers if owner else (), Place(KIND["access"].file(secret))
        )


def _of_keys(registry: Registry, today: date) -> Iterator[Due]:
    for file in (registry.certificates or {}).values():
        certificate = file.certificate
        if certificate is None or file.person is None or certificate.primary.is_revoked:
            continue
        ends = last_day(certificate, today) or certificate.primary.expires
        if ends:
            yield Due(ends, f"the key of {file.person} ends", (file.person,), Place(file.name))


Source = Callable[[Registry, date], Iterable[Due]]
SOURCES: tuple[Source, ...] = (
    _of_the_registry,
    _of_people,
    _of_orgs,
    _of_communities,
    _of_problems,
    _of_access,
    _of_rotations,
    _of_keys,
)
