"""Upcoming dates of every kind of record, with who should act."""

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
from ocs.rules.secrets.facts import SEE_CHANGES, is_confirmed
from ocs.rules.secrets.readers import owner_of


@dataclass(frozen=True, slots=True)
class Due:
    """Something that comes up on a day. `who` are the ids of people who should act.

    `passes` is true for what happens on that day and leaves nothing to do afterwards.
    """

    day: date
    what: str
    who: tuple[str, ...]
    place: Place
    passes: bool = False


def due(registry: Registry, today: date, until: date) -> list[Due]:
    """What comes up by the day *until*, and what is overdue, by day."""
    dues = [
        due
        for source in SOURCES
        for due in source(registry, today)
        if due.day <= until and not (due.passes and due.day < today)
    ]
    return sorted(dues, key=lambda due: (due.day, due.place.file, due.what))


def _on(
    day: date | None,
    what: str,
    who: Iterable[str],
    file: str,
    *path: str | int,
    passes: bool = False,
) -> Iterator[Due]:
    """What comes up on a day, if the record has one."""
    if day:
        yield Due(day, what, tuple(who), Place(file, path), passes)


def _a_year_after(day: date | None) -> date | None:
    return day + A_YEAR if day else None


def _of_the_registry(registry: Registry, today: date) -> Iterator[Due]:
    for ocs in registry.records(OcsRecord):
        who = (gatekeeper.person for gatekeeper in ocs.gatekeepers)
        what = "the gatekeepers confirm the registry"
        yield from _on(ocs.renew_by, what, who, "ocs.yaml", "renew_by")


def _of_people(registry: Registry, today: date) -> Iterator[Due]:
    gatekeepers = tuple(gatekeeper.person for gatekeeper in registry.policy.gatekeepers)
    for vetting in registry.records(Vetting):
        what, file = f"the vetting of {vetting.id} expires", KIND["vetting"].file(vetting.id)
        yield from _on(vetting.expires, what, gatekeepers, file, "expires")
    for person in registry.records(Person):
        file, who = KIND["person"].file(person.id), (person.id,)
        what = f"{person.name}: first day away"
        yield from _on(person.away_from, what, who, file, "away_from", passes=True)
        what = f"{person.name}: last day away"
        yield from _on(person.away_until, what, who, file, "away_until", passes=True)


def _of_orgs(registry: Registry, today: date) -> Iterator[Due]:
    for org in registry.records(Org):
        if org.status is OrgStatus.LEFT:
            continue
        file, who = KIND["org"].file(org.id), org.gatekeepers
        what = f"review the record of {org.name}"
        yield from _on(org.review_by, what, who, file, "review_by")
        for number, domain in enumerate(org.domains):
            what = f"the domain {domain.name} expires"
            yield from _on(domain.expires, what, who, file, "domains", number, "expires")
        for number, system in enumerate(org.systems):
            day = _a_year_after(system.checked)
            name = f"{system.name or system.id} of {org.name}"
            what = f"check {name} again, a year after the last check"
            yield from _on(day, what, who, file, "systems", number, "checked")
        for number, backup in enumerate(org.backups):
            day = _a_year_after(backup.last_restore_test)
            what = (
                f"test the backup {backup.id} of {org.name} again, a year after the last test"
            )
            yield from _on(day, what, who, file, "backups", number, "last_restore_test")


def _of_communities(registry: Registry, today: date) -> Iterator[Due]:
    for community in registry.records(Community):
        if community.status is CommunityStatus.ARCHIVED:
            continue
        file = KIND["community"].file(community.id)
        leads = tuple(lead.person for _, lead in active_leads(community, today) if lead.person)
        for number, lead in active_leads(community, today):
            path, name = ("leads", number), lead.person or lead.group or lead.name
            what = f"{name} leaves office in {community.name}"
            yield from _on(lead.until, what, leads, file, *path, "until", passes=True)
            what = f"the term of {name} in {community.name} ends"
            yield from _on(lead.term_ends, what, leads, file, *path, "term_ends")
        for number, resource in enumerate(community.resources):
            who = tuple(filter(None, (resource.custodian, resource.deputy))) or leads
            what, path = f"{resource.name} expires", ("resources", number)
            yield from _on(resource.expires, what, who, file, *path, "expires")
        if community.leads_at is None:
            what = f"confirm {community.name} again, a year after the last confirmation"
            yield from _on(_a_year_after(community.reviewed), what, leads, file, "reviewed")


def _of_problems(registry: Registry, today: date) -> Iterator[Due]:
    for problem in registry.records(Problem):
        if problem.state is not ProblemState.WITHDRAWN:
            what, file = (
                f"review the problem: {problem.title}",
                KIND["problem"].file(problem.id),
            )
            yield from _on(problem.review_by, what, problem.solved_by, file, "review_by")


def _of_access(registry: Registry, today: date) -> Iterator[Due]:
    for access in registry.records(Access):
        owner = owner_of(access.id, registry)
        who, file = owner.gatekeepers if owner else (), KIND["access"].file(access.id)
        what = f"rotate the secret {access.id}{_unless_confirmed(access.id, registry, today)}"
        yield from _on(access.rotate_by, what, who, file, "rotate_by")
        for number, reader in enumerate(access.readers):
            what = f"the access of {reader.person} to {access.id} ends"
            yield from _on(reader.until, what, who, file, "readers", number, "until")


def _of_rotations(registry: Registry, today: date) -> Iterator[Due]:
    for secret, people in registry.former_readers.items():
        owner = owner_of(secret, registry)
        who, file = owner.gatekeepers if owner else (), KIND["access"].file(secret)
        what = f"rotate the secret {secret}: {', '.join(people)} could read it"
        what += _unless_confirmed(secret, registry, today)
        yield from _on(today, what, who, file)


def _unless_confirmed(secret: str, registry: Registry, today: date) -> str:
    """What to do before rotating a secret of which the user has not confirmed all readers."""
    return "" if is_confirmed([secret], registry, today) else f" ({SEE_CHANGES})"


def _of_keys(registry: Registry, today: date) -> Iterator[Due]:
    for file in (registry.certificates or {}).values():
        certificate = file.certificate
        if certificate is None or file.person is None or certificate.primary.is_revoked:
            continue
        ends = last_day(certificate, today) or certificate.primary.expires
        yield from _on(ends, f"the key of {file.person} ends", (file.person,), file.name)


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
