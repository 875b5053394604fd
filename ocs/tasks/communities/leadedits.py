"""Who leads a community: handing over, stepping down, a new peer, confirming. Each is a plan
of edits.

Besides the plan each says what a pull request with it should say: what changes, who must
agree, and what whoever leaves still holds.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from ocs.adapters.files import Files
from ocs.errors import OcsError
from ocs.model.community import Community, Lead, Role
from ocs.model.edit import Edit, Insert, Remove, Set, applied
from ocs.model.kinds import KIND
from ocs.model.plan import EditPlan
from ocs.model.record import Tree
from ocs.model.registry import Document, Registry
from ocs.model.review import NextSteps
from ocs.rules.communities.holdings import holdings, secrets_known
from ocs.rules.communities.standing import active_leads, in_office
from ocs.rules.nearest import one_of
from ocs.rules.records.schema import Schemas
from ocs.rules.review.authority import Authority
from ocs.rules.review.diff import Pair, amendments
from ocs.rules.review.leadchanges import standing
from ocs.rules.review.requirements import ChangedRecord, verdict_on
from ocs.tasks.records.fieldedits import find, plan
from ocs.tasks.records.whoever import whoever_asks
from ocs.tasks.registry.load import document as document_of
from ocs.tasks.registry.load import load

_COMMUNITY = KIND["community"]


@dataclass(frozen=True, slots=True)
class LeadPlan:
    """A plan, and what it takes."""

    plan: EditPlan
    steps: NextSteps


@dataclass(frozen=True, slots=True)
class Setting:
    """Where a change is made."""

    files: Files
    schemas: Schemas
    today: date

    def registry(self) -> Registry:
        return load(self.files, self.schemas).registry


def plan_handover(
    name: str,
    to: str,
    of: str | None,
    title: str | None,
    decision: str | None,
    *,
    stays: bool,
    at: Setting,
) -> LeadPlan:
    """An owner hands over to somebody, who becomes owner in their place and custodian of what
    they held.

    Whoever hands over is the only owner, or *of*. With *stays* they go on as peer.
    """
    registry = at.registry()
    document, community = _community(name, registry)
    outgoing, lead = _owner(community, of, registry, at.today)
    incoming = find(registry, KIND["person"], to).id
    if incoming == lead.person:
        raise OcsError(
            f"{incoming} is owner of {community.id} already", "name who follows with --to"
        )
    _check_is_no_owner(incoming, community, registry, at.today)
    day = lead.until if lead.until and lead.until > at.today else at.today
    edits: list[Edit] = []
    if lead.until != day:
        edits.append(Set(("leads", outgoing, "until"), day.isoformat()))
    for number, other in active_leads(community, at.today):
        if other.person and registry.now_called("person", other.person) == incoming:
            edits.append(Set(("leads", number, "until"), day.isoformat()))
    new = _lead(incoming, Role.OWNER, title or lead.title, day, decision)
    edits.append(Insert(("leads", 0), new))
    if stays:
        edits.append(Insert(("leads", 1), _lead(str(lead.person), Role.PEER, None, day, None)))
    edits += _custody(community, str(lead.person), incoming, stays=stays)
    title = f"{community.name}: {lead.person} hands over to {incoming}"
    return _proposed(
        title, document, edits, registry, at, leaves=str(lead.person), decision=decision
    )


def plan_step_down(name: str, who: str | None, decision: str | None, at: Setting) -> LeadPlan:
    """A lead leaves office, and nobody follows."""
    registry = at.registry()
    document, community = _community(name, registry)
    person = _person(who, registry, at)
    number, lead = _lead_of(community, person, registry, at.today)
    if lead.until is not None:
        raise OcsError(
            f"{person} is in office until {lead.until} already, says {document.file}"
        )
    edits: list[Edit] = [Set(("leads", number, "until"), at.today.isoformat())]
    if decision:
        edits.append(Set(("leads", number, "decision"), decision))
    others = [lead for n, lead in active_leads(community, at.today) if n != number]
    if not others:
        edits.append(Set(("vacant_since",), at.today.isoformat()))
    title = f"{community.name}: {person} steps down as {lead.role}"
    return _proposed(title, document, edits, registry, at, leaves=person, decision=decision)


def plan_add_peer(
    name: str,
    who: str,
    title: str | None,
    speaks_for: Sequence[str],
    decision: str | None,
    at: Setting,
) -> LeadPlan:
    """Somebody becomes peer."""
    registry = at.registry()
    document, community = _community(name, registry)
    person = find(registry, KIND["person"], who).id
    for _, lead in active_leads(community, at.today):
        if lead.person and registry.now_called("person", lead.person) == person:
            raise OcsError(f"{person} is {lead.role} of {community.id} already")
    unknown = [action for action in speaks_for if action not in registry.policy.actions]
    if unknown:
        raise OcsError(
            f"there is no action '{unknown[0]}'",
            f"known are {one_of(registry.policy.actions, 20)}",
        )
    new = _lead(person, Role.PEER, title, at.today, decision)
    if speaks_for:
        new["speaks_for"] = list(speaks_for)
    leads = document.tree.get("leads")
    edits: list[Edit] = (
        [Insert(("leads", len(leads)), new)]
        if isinstance(leads, list) and leads
        else [Set(("leads",), [new])]
    )
    if "vacant_since" in document.tree:
        edits.append(Remove(("vacant_since",)))
    title = f"{community.name}: {person} becomes peer"
    return _proposed(title, document, edits, registry, at, decision=decision)


def plan_confirm(name: str, by: str | None, at: Setting) -> LeadPlan:
    """A lead confirms that a community's record is true."""
    registry = at.registry()
    document, community = _community(name, registry)
    person = _person(by, registry, at)
    _lead_of(community, person, registry, at.today)
    if community.reviewed == at.today:
        raise OcsError(f"{document.file} was confirmed on {at.today} already")
    edits = [Set(("reviewed",), at.today.isoformat())]
    title = f"{community.name}: confirmed by {person}"
    made = plan(
        {document.file: edits}, registry, at.files, at.schemas, at.today, subject=title
    )
    return LeadPlan(made, NextSteps(title))


def _proposed(
    title: str,
    document: Document,
    edits: Sequence[Edit],
    registry: Registry,
    at: Setting,
    *,
    decision: str | None,
    leaves: str | None = None,
) -> LeadPlan:
    made = plan(
        {document.file: edits}, registry, at.files, at.schemas, at.today, subject=title
    )
    tree = applied(document.tree, edits)
    after = document_of(
        document.file, document.kind, document.id, tree, at.schemas, fits=not made.findings
    )
    found = tuple(amendments(Pair(document, after, at.schemas.of(document.kind), at.today)))
    community = document.record if isinstance(document.record, Community) else None
    verdict = verdict_on(
        ChangedRecord(document.reference, found, Authority(registry, at.today, community)),
        at.today,
    )
    then = Registry(
        tuple(after if record is document else record for record in registry), registry.present
    )
    holds = tuple(holdings(leaves, then, at.today)) if leaves else ()
    rotate = (
        tuple(dict.fromkeys(secrets_known(leaves, community))) if leaves and community else ()
    )
    return LeadPlan(made, NextSteps(title, verdict, leaves, holds, rotate, decision))


def _community(name: str, registry: Registry) -> tuple[Document, Community]:
    document = find(registry, _COMMUNITY, name)
    assert isinstance(document.record, Community)
    if document.record.leads_at:
        raise OcsError(
            f"the leads of {document.id} are kept elsewhere: {document.record.leads_at}",
            "change them there",
        )
    return document, document.record


def _owner(
    community: Community, of: str | None, registry: Registry, today: date
) -> tuple[int, Lead]:
    owners = [
        (n, lead)
        for n, lead in active_leads(community, today)
        if lead.role is Role.OWNER and lead.person
    ]
    if of is not None:
        person = find(registry, KIND["person"], of).id
        owners = [
            (n, lead)
            for n, lead in owners
            if registry.now_called("person", str(lead.person)) == person
        ]
        if not owners:
            raise OcsError(
                f"{person} is no owner of {community.id}",
                f"see `ocs community history {community.id}`",
            )
    if not owners:
        raise OcsError(
            f"nobody owns {community.id}, so nobody can hand it over",
            "fill the vacancy by hand",
        )
    if len(owners) > 1:
        names = [str(lead.person) for _, lead in owners]
        raise OcsError(
            f"{community.id} has {len(owners)} owners",
            f"say who hands over: --from {one_of(names)}",
        )
    return owners[0]


def _check_is_no_owner(
    person: str, community: Community, registry: Registry, today: date
) -> None:
    """Raises OcsError for whoever is owner, or is to become one."""
    for lead in standing(community, today, {}).values():
        if (
            lead.role is not Role.OWNER
            or not lead.person
            or registry.now_called("person", lead.person) != person
        ):
            continue
        if in_office(lead, today):
            raise OcsError(
                f"{person} is owner of {community.id} already", "let the other one step down"
            )
        raise OcsError(
            f"{person} becomes owner of {community.id} on {lead.since} already",
            f"to say it otherwise, take that out of {KIND['community'].file(community.id)} first",
        )


def _lead_of(
    community: Community, person: str, registry: Registry, today: date
) -> tuple[int, Lead]:
    for number, lead in active_leads(community, today):
        if lead.person and registry.now_called("person", lead.person) == person:
            return number, lead
    leads = [str(lead.who) for lead in standing(community, today, {}).values()]
    raise OcsError(
        f"{person} does not lead {community.id}",
        f"{one_of(leads)} can" if leads else "nobody does at present",
    )


def _person(name: str | None, registry: Registry, at: Setting) -> str:
    if name is None:
        return whoever_asks(registry, at.files, "who is it?")
    return find(registry, KIND["person"], name).id


def _lead(
    person: str, role: Role, title: str | None, day: date, decision: str | None
) -> dict[str, Tree]:
    new: dict[str, Any] = {"person": person, "role": role.value}
    more = {"title": title, "since": day.isoformat(), "decision": decision}
    return new | {name: value for name, value in more.items() if value is not None}


def _custody(community: Community, old: str, new: str, *, stays: bool) -> Iterator[Edit]:
    """What the outgoing owner is custodian of goes to the new one; nobody is deputy for
    themself.
    """
    for number, resource in enumerate(community.resources):
        steps = ("resources", number)
        if resource.custodian == old:
            yield Set((*steps, "custodian"), new)
            if resource.deputy == new:
                yield Set((*steps, "deputy"), old) if stays else Remove((*steps, "deputy"))
        elif resource.deputy == old and not stays:
            yield (
                Remove((*steps, "deputy"))
                if resource.custodian == new
                else Set((*steps, "deputy"), new)
            )
