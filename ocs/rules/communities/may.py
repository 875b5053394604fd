"""May somebody ask for something on behalf of a community or organisation?

A community is established if it is active and its leads have confirmed its file within a year.
Somebody is trusted if they lead it, or their vetting counts. An established community's lead
may ask for what they speak for, and not for anything else. Where only one of the two holds, or
something about either is in doubt, a gatekeeper is asked; where neither holds the answer is
no. An organisation speaks through its contacts alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain

from ocs.model.community import Community, CommunityStatus
from ocs.model.org import Org, OrgContact, OrgStatus
from ocs.model.person import Person, PersonStatus
from ocs.model.registry import Registry
from ocs.model.ruling import Permission, Referral, Ruling
from ocs.model.vetting import Vetting
from ocs.rules.communities.offices import (
    Office,
    community_called,
    office_in_words,
    offices,
    scope_in_words,
)
from ocs.rules.communities.standing import ancestors
from ocs.rules.communities.vacancies import without_lead
from ocs.rules.nearest import listed
from ocs.rules.people.accounts import reach
from ocs.rules.people.standing import counts, is_away, suspension
from ocs.rules.records.dates import A_YEAR


def person_may(
    person: Person, action: str, community: Community, registry: Registry, today: date
) -> Ruling:
    """May this person ask for that on behalf of the community?"""
    every = tuple(offices(community, registry, today))
    question = _Question(person, action, community, registry, today, every)
    own = [office for office in every if office.person == person.id]
    speaking = [office for office in own if office.speaks_for(action)]
    if community.status is CommunityStatus.ARCHIVED:
        above = _of_all(community.part_of, action, person.id, registry, today)
        reason = f"{community.id} is archived: nobody may ask on its behalf"
        return question.answer(Permission.NO, [reason], above or question.gatekeepers())
    if speaking:
        return _of_lead(question, speaking[0], list(_twice(own, community)))
    if own:
        ask = [] if question.others() else question.gatekeepers()
        return question.answer(Permission.NO, [question.stands(own[0])], ask)
    return _of_another(question)


@dataclass(frozen=True, slots=True)
class _Question:
    """Who asks for what, and everybody in office."""

    person: Person
    action: str
    community: Community
    registry: Registry
    today: date
    every: tuple[Office, ...]

    def answer(
        self, given: Permission, reasons: Iterable[str], ask: Iterable[Referral] = ()
    ) -> Ruling:
        """The answer; unless it is yes, with who else speaks for it and whom to ask besides."""
        person, community = self.person.id, self.community.id
        others = () if given is Permission.YES else dict.fromkeys([*self.others(), *ask])
        if not others and given is not Permission.YES:
            own = self.community.gatekeepers
            others = dict.fromkeys(somebody(own, person, self.registry, self.today))
        return Ruling(given, person, self.action, community, tuple(reasons), tuple(others))

    def others(self) -> list[Referral]:
        return _others(self.every, self.action, self.person.id, self.registry, self.today)

    def gatekeepers(self) -> list[Referral]:
        own = self.community.gatekeepers
        return _gatekeepers(own, self.person.id, self.registry, self.today)

    def stands(self, office: Office) -> str:
        scope = scope_in_words(office.scope, self.registry.policy.actions)
        return f"{office_in_words(office, self.community.id)} {scope}"


def _of_lead(question: _Question, office: Office, doubts: list[str]) -> Ruling:
    """The answer to a lead who speaks for it."""
    leads = dict.fromkeys((office.first, office.lead))
    stands = [
        question.stands(office),
        *(f"leaves office on {lead.until}" for lead in leads if lead.until),
    ]
    doubts = [
        *_doubts(question.person, office, question.registry, question.today),
        *_unsettled(question.community, question.today),
        *doubts,
    ]
    if doubts:
        return question.answer(Permission.ASK, [*stands, *doubts], question.gatekeepers())
    return question.answer(
        Permission.YES,
        [*stands, f"the leads last confirmed the record on {question.community.reviewed}"],
    )


def _of_another(question: _Question) -> Ruling:
    """The answer to somebody who does not lead the community, or not today."""
    person, community = question.person, question.community
    registry, today = question.registry, question.today
    ended = _ended(person, community, registry, today)
    vacancy = list(_vacancy(community, question.every, registry))
    unsettled = list(_unsettled(community, today))
    trusted = _is_vetted(person, registry, today) and person.status is not PersonStatus.ALUMNI
    names = _acting(community) if vacancy else ()
    acting = _of_all(names, question.action, person.id, registry, today)
    reasons = [
        *(ended or [f"{person.id} does not lead {community.id}"]),
        *_above(person, community, registry, today),
        *[f"{person.id} is vetted"] * trusted,
        *vacancy,
        *unsettled,
    ]
    is_open = (trusted or not unsettled) and not (ended and not vacancy)
    is_all = not (question.others() or acting)
    ask = [*acting, *(question.gatekeepers() if is_open or is_all else [])]
    return question.answer(Permission.ASK if is_open else Permission.NO, reasons, ask)


def contact_may(
    contact: OrgContact,
    of: Org,
    action: str,
    subject: Org | Community,
    registry: Registry,
    today: date,
) -> Ruling:
    """May this contact of an organisation ask for that on behalf of *subject*?"""
    name = f"{of.id}/{contact.id}"
    title = f" ({contact.role})" if contact.role else ""
    role = f"{name} is a contact of {of.name}{title}"
    actions = ", ".join(contact.may_authorise)
    may = f"and may ask for: {actions}" if actions else "and may ask for nothing"

    def answer(given: Permission, *reasons: str, ask: Sequence[Referral] = ()) -> Ruling:
        if given is Permission.ASK:
            ask = [*ask, *_gatekeepers(of.gatekeepers, "", registry, today)]
        if not ask and given is not Permission.YES:
            ask = somebody(subject.gatekeepers, "", registry, today)
        return Ruling(given, name, action, subject.id, reasons, tuple(ask), contact.call_back)

    if subject.id != of.id:
        others = contacts_for(subject, action, but=None) if isinstance(subject, Org) else []
        reason = f"contacts of {of.id} may ask only on behalf of {of.id}"
        return answer(Permission.NO, role, reason, ask=others)
    others = contacts_for(of, action, but=contact)
    if of.status is OrgStatus.LEFT:
        reason = f"{of.id} has left: the group no longer helps it"
        return answer(Permission.NO, role, reason)
    if action not in contact.may_authorise:
        reasons = [] if others else [f"no contact of {of.id} may ask for {action}"]
        return answer(Permission.NO, f"{role} {may}", *reasons, ask=others)
    doubts = list(_doubts_about(of, today))
    if not contact.call_back:
        doubts.append("no secret holds a number to call back, so nobody can verify the caller")
    given = Permission.ASK if doubts else Permission.YES
    return answer(given, f"{role} {may}", *doubts, ask=others if doubts else ())


def person_may_not(
    person: Person, action: str, org: Org, registry: Registry, today: date
) -> Ruling:
    """People of the registry never speak for an organisation; its contacts do."""
    reasons = [
        f"only contacts of {org.id} may ask on its behalf, and {person.id} is not a contact"
    ]
    others = contacts_for(org, action, but=None)
    if not others:
        reasons.append(f"no contact of {org.id} may ask for {action}")
    ask = others or somebody(org.gatekeepers, person.id, registry, today)
    return Ruling(Permission.NO, person.id, action, org.id, tuple(reasons), tuple(ask))


def somebody(own: Sequence[str], but: str, registry: Registry, today: date) -> list[Referral]:
    """Whom to ask where nobody speaks for it: a gatekeeper, else the group itself."""
    policy = registry.policy
    return (
        _gatekeepers(own, but, registry, today)
        or _gatekeepers((), but, registry, today)
        or [Referral(f"the group {policy.name}", policy.contact)]
    )


def contacts_for(org: Org, action: str, but: OrgContact | None) -> list[Referral]:
    """The contacts of an organisation that may ask for something."""
    return [
        Referral(f"{org.id}/{contact.id}", contact.mail, contact.call_back)
        for contact in org.contacts
        if action in contact.may_authorise and contact is not but
    ]


def _unsettled(community: Community, today: date) -> Iterator[str]:
    """Why the community is not established."""
    if community.status is None:
        yield f"the record of {community.id} does not say that it is active"
    elif community.status is not CommunityStatus.ACTIVE:
        yield f"{community.id} is {community.status}"
    if community.leads_at:
        yield f"its leads are recorded elsewhere: {community.leads_at}"
    if community.reviewed is None:
        yield f"the leads have never confirmed the record of {community.id}"
    elif community.reviewed > today:
        yield f"the record of {community.id} has a confirmation in the future: {community.reviewed}"
    elif today - community.reviewed > A_YEAR:
        yield f"the leads last confirmed the record of {community.id} on {community.reviewed}"


def _doubts(person: Person, office: Office, registry: Registry, today: date) -> Iterator[str]:
    """What is in doubt about somebody who speaks for it."""
    for lead in dict.fromkeys((office.first, office.lead)):
        if lead.term_ends is not None and lead.term_ends < today:
            yield f"the term ended on {lead.term_ends}, but the lead is still in office"
    for group in office.through:
        yield from _unsettled(group, today)
    if person.status is PersonStatus.ALUMNI:
        yield f"{person.id} has left, according to their own record"
    if is_away(person, today):
        until = f" until {person.away_until}" if person.away_until else ""
        yield f"{person.id} is away{until}"
    if suspended := suspension(_vetting(person.id, registry), today):
        yield f"the vetting of {person.id} has been suspended since {suspended.since}"


def _twice(own: Sequence[Office], community: Community) -> Iterator[str]:
    direct = [office for office in own if not office.through]
    if len(direct) > 1:
        yield f"{direct[0].person} is listed {len(direct)} times as a lead of {community.id}"


def _doubts_about(org: Org, today: date) -> Iterator[str]:
    if org.status is None:
        yield f"the record of {org.id} does not say that it is active"
    elif org.status is not OrgStatus.ACTIVE:
        yield f"{org.id} is {org.status}"
    if org.review_by is not None and org.review_by < today:
        yield f"the record of {org.id} was due for review by {org.review_by}"


def _ended(person: Person, community: Community, registry: Registry, today: date) -> list[str]:
    """That somebody's office has ended, or has yet to begin."""
    for lead in community.leads or ():
        if lead.person is None or registry.now_called("person", lead.person) != person.id:
            continue
        role = f"{lead.role} of {community.id}"
        if lead.since is not None and lead.since > today:
            return [f"{person.id} becomes {role} on {lead.since}, not before"]
        if lead.until is not None:
            return [f"{person.id} was {role} until {lead.until}"]
        return [f"{person.id} is {role}, out of office"]
    return []


def _above(
    person: Person, community: Community, registry: Registry, today: date
) -> Iterator[str]:
    """That somebody leads a community above."""
    for id in sorted(ancestors(community.id, registry) - {community.id}):
        above = community_called(id, registry)
        leads = {office.person for office in offices(above, registry, today)} if above else ()
        if person.id in leads:
            yield (
                f"{person.id} leads {id}, a community above {community.id}; this gives no right "
                f"to ask on behalf of {community.id}"
            )


def _vacancy(
    community: Community, every: Sequence[Office], registry: Registry
) -> Iterator[str]:
    if every or community.leads_at:
        return
    acting = _acting(community)
    instead = f"; {listed(acting, 'or')} acts in its place" if acting else ""
    yield f"{without_lead(community.id, community.vacant_since)}{instead}"


def _acting(community: Community) -> Sequence[str]:
    recovery = community.succession.recovery if community.succession else None
    return (recovery,) if recovery else community.part_of


def _of_all(
    names: Iterable[str], action: str, but: str, registry: Registry, today: date
) -> list[Referral]:
    """Who speaks for it in any of these communities."""
    communities = filter(None, (community_called(name, registry) for name in names))
    every = chain.from_iterable(
        offices(community, registry, today) for community in communities
    )
    return _others(every, action, but, registry, today)


def _others(
    every: Iterable[Office], action: str, but: str, registry: Registry, today: date
) -> list[Referral]:
    """Who else speaks for it and is there; where all of them are away, they."""
    speaking = dict.fromkeys(
        office.person for office in every if office.speaks_for(action) and office.person != but
    )
    return _present(speaking, registry, today)


def _gatekeepers(
    own: Sequence[str], but: str, registry: Registry, today: date
) -> list[Referral]:
    named = own or [gatekeeper.person for gatekeeper in registry.policy.gatekeepers]
    names = dict.fromkeys(registry.now_called("person", name) for name in named)
    return _present([name for name in names if name != but], registry, today)


def _present(names: Iterable[str], registry: Registry, today: date) -> list[Referral]:
    people = {person.id: person for person in registry.records(Person)}
    known = [
        person
        for person in (people[name] for name in names if name in people)
        if person.status is not PersonStatus.ALUMNI
        and suspension(_vetting(person.id, registry), today) is None
    ]
    there = [person for person in known if not is_away(person, today)]
    return [Referral(person.id, reach(person)) for person in there or known]


def _is_vetted(person: Person, registry: Registry, today: date) -> bool:
    """Has somebody a vetting that counts, above the lowest level, which everybody begins with?"""
    vetting = _vetting(person.id, registry)
    lowest = registry.policy.vetting.levels[:1]
    return vetting is not None and counts(vetting, today) and vetting.level not in lowest


def _vetting(person: str, registry: Registry) -> Vetting | None:
    document = registry.by_kind["vetting"].get(person)
    record = document.record if document else None
    return record if isinstance(record, Vetting) else None
