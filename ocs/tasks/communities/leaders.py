"""Who led a community when, and which leads were last active long ago."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from ocs.adapters.files import Files
from ocs.adapters.git.history import commits_to, last_commits
from ocs.adapters.git.objects import Objects
from ocs.model.community import Community, CommunityStatus, Lead
from ocs.model.kinds import KIND
from ocs.model.person import Person
from ocs.model.problem import Problem
from ocs.model.registry import Registry
from ocs.model.vetting import Vetting
from ocs.rules.communities.standing import active_leads
from ocs.rules.records.people import mails_of
from ocs.rules.records.schema import Schemas
from ocs.rules.review.diff import Pair, amendments
from ocs.tasks.records.fieldedits import find
from ocs.tasks.registry.committree import Tree
from ocs.tasks.registry.load import load

_MOST_COMMITS = 300
SIX_MONTHS = timedelta(days=182)


@dataclass(frozen=True, slots=True)
class Event:
    """What was committed on a day."""

    day: date
    commit: str
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LeadHistory:
    """Everybody who leads or led a community, the newest first, and the commits about it."""

    community: str
    leads: tuple[Lead, ...]
    events: tuple[Event, ...]


@dataclass(frozen=True, slots=True)
class Unheard:
    """A lead, and the last activity that the registry knows."""

    community: str
    who: str
    role: str
    last: date | None
    sign: str


def history(name: str, today: date, *, files: Files, schemas: Schemas) -> LeadHistory:
    """Who led a community when. Raises RecordNotFoundError for an unknown name."""
    registry = load(files, schemas).registry
    community = find(registry, KIND["community"], name).record
    assert isinstance(community, Community)
    leads = sorted(
        community.leads or (), key=lambda lead: lead.since or date.min, reverse=True
    )
    paths = [KIND["community"].file(id) for id in (community.id, *community.formerly)]
    events = tuple(_events(files.root, paths, schemas))
    return LeadHistory(community.id, tuple(leads), events)


def _events(root: Path, paths: list[str], schemas: Schemas) -> Iterator[Event]:
    commits = commits_to(root, paths, _MOST_COMMITS)
    if not commits:
        return
    with Objects(root) as objects:
        states = []
        for commit, _ in commits:
            tree = Tree(objects.snapshot(commit), schemas)
            states.append(next(filter(None, map(tree.document, paths)), None))
        for (commit, day), after, before in zip(
            commits, states, [*states[1:], None], strict=True
        ):
            if after is not None:
                pair = Pair(before, after, schemas.of(after.kind), day)
                sentences = tuple(amendment.sentence for amendment in amendments(pair))
                if sentences:
                    yield Event(day, commit, sentences)


def stale(today: date, *, files: Files, schemas: Schemas) -> list[Unheard]:
    """Every lead in office without activity for six months, the longest ago first.

    Activity is a commit, a problem solved or seen working, a person checked, or the record of
    the community confirmed.
    """
    registry = load(files, schemas).registry
    signs = _signs(registry, files.root)
    unheard = [
        Unheard(community.id, str(lead.who), lead.role.value, *last)
        for community in registry.records(Community)
        if community.status is not CommunityStatus.ARCHIVED
        for _, lead in active_leads(community, today)
        if lead.person is not None
        for last in [_last(community, lead, signs, today)]
        if last[0] is None or today - last[0] > SIX_MONTHS
    ]
    return sorted(unheard, key=lambda lead: (lead.last or date.min, lead.community, lead.who))


def _last(
    community: Community, lead: Lead, signs: dict[str, list[tuple[date, str]]], today: date
) -> tuple[date | None, str]:
    known = list(signs.get(str(lead.person), ()))
    if community.reviewed:
        known.append((community.reviewed, "record confirmed"))
    if lead.since:
        known.append((lead.since, "took office"))
    known = [sign for sign in known if sign[0] <= today]
    return max(known, default=(None, "nothing known"))


def _signs(registry: Registry, root: Path) -> dict[str, list[tuple[date, str]]]:
    signs: dict[str, list[tuple[date, str]]] = {}

    def add(person: str, day: date | None, what: str) -> None:
        if day is not None:
            signs.setdefault(person, []).append((day, what))

    commits = last_commits(root)
    for person in registry.records(Person):
        for mail in mails_of(person):
            add(person.id, commits.get(mail), "commit")
    for problem in registry.records(Problem):
        for solver in problem.solved_by:
            add(solver, problem.solved_on, f"solved {problem.id}")
        for seen in problem.seen_working:
            add(seen.by, seen.date, f"saw {problem.id} working")
    for vetting in registry.records(Vetting):
        for check in vetting.checks:
            add(check.by, check.date, f"checked {vetting.id}")
    return signs
