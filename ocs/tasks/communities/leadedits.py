"""Plans that change who leads a community: hand over, step down, add a peer, confirm.

Each comes with the text of its pull request: what changes, who must agree, and what a person
who leaves still holds.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from ocs.adapters.files import Files
from ocs.errors import OcsError
from ocs.model.community import Community, Lead, Role
from ocs.model.edit import Edit, Insert, Remove, Set, addition, applied
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
from ocs.tasks.records.gituser import git_user
from ocs.tasks.registry.load import document as document_of
from ocs.tasks.registry.load import load

_COMMUNITY = KIND["community"]


@dataclass(frozen=True, slots=True)
class LeadPlan:
    """A plan, and what comes after it."""

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
    """An owner hands office and custody over to another person.

    That owner is *of*, else the only one; with *stays* they go on as peer.
    """
    registry = at.registry()
    document, community = _community(name, registry)
    outgoing, lead = _owner(community, of, registry, at.today)
    incoming = find(registry, KIND["person"], to).id
    if incoming == lead.person:
        raise OcsError(
            f"{incoming} is already an owner of {community.id}", "name the new owner with --to"
        )
    _check_is_no_owner(incoming, community, registry, at.today)
    day = lead.until if lead.until and lead.until > at.today else at.today
    edits: list[Edit] = []
    if lead.until != day:
        edits.append(Set(("leads", outgoing, "until"), day.isoformat()))
    for number, _ in _offices(incoming, community, registry, at.today):
        edits.append(Set(("leads", number, "until"), day.isoformat()))
    new = _lead(incoming, Role.OWNER, title or lead.title, day, decision)
    edits.append(Insert(("leads", 0), new))
    leaves = str(lead.person)
    if stays:
        edits.append(Insert(("leads", 1), _lead(leaves, Role.PEER, None, day, None)))
    edits += _custody(community, leaves, incoming, stays=stays)
    title = f"{community.name}: {leaves} hands over to {incoming}"
    return _proposed(title, document, edits, registry, at, decision, leaves)


def plan_step_down(name: str, who: str | None, decision: str | None, at: Setting) -> LeadPlan:
    """A lead leaves office, and nobody follows."""
    registry = at.registry()
    document, community = _community(name, registry)
    person = _person(who, registry, at)
    number, lead = _lead_of(community, person, registry, at.today)
    if lead.until is not None:
        raise OcsError(f"{document.file} already says: {person} leaves on {lead.until}")
    edits: list[Edit] = [Set(("leads", number, "until"), at.today.isoformat())]
    if decision:
        edits.append(Set(("leads", number, "decision"), decision))
    others = [lead for n, lead in active_leads(community, at.today) if n != number]
    if not others:
        edits.append(Set(("vacant_since",), at.today.isoformat()))
    title = f"{community.name}: {person} steps down as {lead.role}"
    return _proposed(title, document, edits, registry, at, decision, person)


def plan_add_peer(
    name: str,
    who: str,
    title: str | None,
    speaks_for: Sequence[str],
    decision: str | None,
    at: Setting,
) -> LeadPlan:
    registry = at.registry()
    document, community = _community(name, registry)
    person = find(registry, KIND["person"], who).id
    for _, lead in _offices(person, community, registry, at.today):
        raise OcsError(f"{person} already leads {community.id} as {lead.role}")
    actions = registry.policy.actions
    for action in speaks_for:
        if action not in actions:
            raise OcsError(f"there is no action '{action}'", f"use {one_of(actions, 20)}")
    new = _lead(person, Role.PEER, title, at.today, decision)
    if speaks_for:
        new["speaks_for"] = list(speaks_for)
    is_first = not document.tree.get("leads")
    edits: list[Edit] = [
        Set(("leads",), [new]) if is_first else addition(document.tree, "leads", new)
    ]
    if "vacant_since" in document.tree:
        edits.append(Remove(("vacant_since",)))
    title = f"{community.name}: {person} becomes peer"
    return _proposed(title, document, edits, registry, at, decision)


def plan_confirm(name: str, by: str | None, at: Setting) -> LeadPlan:
    """A lead confirms that a community's record is true."""
    registry = at.registry()
    document, community = _community(name, registry)
    person = _person(by, registry, at)
    _lead_of(community, person, registry, at.today)
    if community.reviewed == at.today:
        raise OcsError(f"{document.file} was already confirmed on {at.today}")
    edits = {document.file: [Set(("reviewed",), at.today.isoformat())]}
    title = f"{community.name}: confirmed by {person}"
    edit_plan = plan(edits, registry, at.files, at.schemas, at.today)
    return LeadPlan(replace(edit_plan, subject=title), NextSteps(title))


def _proposed(
    title: str,
    document: Document,
    edits: Sequence[Edit],
    registry: Registry,
    at: Setting,
    decision: str | None,
    leaves: str | None = None,
) -> LeadPlan:
    edit_plan = plan({document.file: edits}, registry, at.files, at.schemas, at.today)
    tree = applied(document.tree, edits)
    fits = not edit_plan.findings
    after = document_of(document.file, document.kind, document.id, tree, at.schemas, fits=fits)
    changes = tuple(amendments(Pair(document, after, at.schemas.of(document.kind), at.today)))
    community = document.record
    assert isinstance(community, Community)
    authority = Authority(registry, at.today, community)
    verdict = verdict_on(ChangedRecord(document.reference, changes, authority), at.today)
    steps = NextSteps(title, verdict, leaves, decision=decision)
    if leaves:
        documents = tuple(after if other is document else other for other in registry)
        holds = holdings(leaves, Registry(documents, registry.present), at.today)
        rotate = dict.fromkeys(secrets_known(leaves, community))
        steps = replace(steps, holds=tuple(holds), rotate=tuple(rotate))
    return LeadPlan(replace(edit_plan, subject=title), steps)


def _community(name: str, registry: Registry) -> tuple[Document, Community]:
    document = find(registry, _COMMUNITY, name)
    assert isinstance(document.record, Community)
    if document.record.leads_at:
        raise OcsError(
            f"the leads of {document.id} are recorded elsewhere: {document.record.leads_at}",
            "change them there",
        )
    return document, document.record


def _owner(
    community: Community, of: str | None, registry: Registry, today: date
) -> tuple[int, Lead]:
    leads = active_leads(community, today)
    if of is not None:
        person = find(registry, KIND["person"], of).id
        leads = _offices(person, community, registry, today)
    owners = [(n, lead) for n, lead in leads if lead.role is Role.OWNER and lead.person]
    if not owners:
        if of is not None:
            raise OcsError(
                f"{person} is not an owner of {community.id}",
                f"see `ocs community history {community.id}`",
            )
        raise OcsError(
            f"nobody owns {community.id}, so nobody can hand it over",
            f"add an owner with `ocs edit {community.id}`",
        )
    if len(owners) > 1:
        names = one_of(str(lead.person) for _, lead in owners)
        raise OcsError(f"{community.id} has {len(owners)} owners", f"use --from with {names}")
    return owners[0]


def _check_is_no_owner(
    person: str, community: Community, registry: Registry, today: date
) -> None:
    """Raises OcsError for a person who is owner, or will be."""
    for lead in standing(community, today, {}).values():
        if lead.role is not Role.OWNER or not _is_of(person, lead, registry):
            continue
        if in_office(lead, today):
            raise OcsError(
                f"{person} is already an owner of {community.id}",
                "let the other owner step down",
            )
        raise OcsError(
            f"{person} already becomes owner of {community.id} on {lead.since}",
            f"to change that, remove it from {KIND['community'].file(community.id)} first",
        )


def _lead_of(
    community: Community, person: str, registry: Registry, today: date
) -> tuple[int, Lead]:
    for number, lead in _offices(person, community, registry, today):
        return number, lead
    leads = one_of(str(lead.who) for lead in standing(community, today, {}).values())
    hint = f"only its leads can do this: {leads}" if leads else "it has no leads"
    raise OcsError(f"{person} does not lead {community.id}", hint)


def _offices(
    person: str, community: Community, registry: Registry, today: date
) -> Iterator[tuple[int, Lead]]:
    """The offices that somebody holds today, each with its place in the record."""
    return (
        (number, lead)
        for number, lead in active_leads(community, today)
        if _is_of(person, lead, registry)
    )


def _is_of(person: str, lead: Lead, registry: Registry) -> bool:
    return lead.person is not None and registry.now_called("person", lead.person) == person


def _person(name: str | None, registry: Registry, at: Setting) -> str:
    if name is None:
        return git_user(registry, at.files, "cannot tell who you are")
    return find(registry, KIND["person"], name).id


def _lead(
    person: str, role: Role, title: str | None, day: date, decision: str | None
) -> dict[str, Tree]:
    new: dict[str, Any] = {"person": person, "role": role.value}
    more = {"title": title, "since": day.isoformat(), "decision": decision}
    return new | {name: value for name, value in more.items() if value is not None}


def _custody(community: Community, old: str, new: str, *, stays: bool) -> Iterator[Edit]:
    """The new owner becomes custodian instead of the old one; nobody is their own deputy."""
    for number, resource in enumerate(community.resources):
        deputy = ("resources", number, "deputy")
        if resource.custodian == old:
            yield Set(("resources", number, "custodian"), new)
            if resource.deputy == new:
                yield Set(deputy, old) if stays else Remove(deputy)
        elif resource.deputy == old and not stays:
            yield Remove(deputy) if resource.custodian == new else Set(deputy, new)
