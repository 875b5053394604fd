"""Changes of a community's leads.

A person is known by the id, not by the place in the list: one who is listed with another title
has another title, and one whose role changes neither leaves nor comes. A person who gets an
`until` leaves, on any day.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property

from ocs.model.change import Amendment, What
from ocs.model.community import Community, Lead, LeadRef, Role
from ocs.model.kinds import KIND
from ocs.rules.nearest import listed
from ocs.rules.review.powers import Powers, by_lead, standing_offices

# For so long an owner who could not be reached may come back alone.
_TO_COME_BACK = timedelta(days=180)
# An attempt to reach somebody counts when there was time to answer, and not for ever.
_TIME_TO_ANSWER, _ATTEMPTS_LAST = timedelta(days=14), timedelta(days=180)
_CHANNELS = 2
_TERM_WORDS = {
    "since": "first day in office",
    "until": "first day out of office",
    "term_ends": "end of term",
}


@dataclass(frozen=True)
class Comparison:
    """Two states of a community's leads, both by the ids that people had before."""

    before: Mapping[LeadRef, Lead]
    after: Mapping[LeadRef, Lead]
    powers: Powers

    @cached_property
    def leaving(self) -> Mapping[Role, Collection[LeadRef]]:
        """The leads of each role who lose it, for some days or for good.

        An owner who becomes peer goes as owner.
        """
        return self._by_role(
            self.before, lambda who, role: self.powers.without(who, role) is not None
        )

    @cached_property
    def coming(self) -> Mapping[Role, Collection[LeadRef]]:
        """The leads who get each role, and had none as high."""
        return self._by_role(
            self.after,
            lambda who, role: (
                not (who in self.before and self.before[who].role in (role, Role.OWNER))
            ),
        )

    def _by_role(
        self, leads: Mapping[LeadRef, Lead], is_wanted: Callable[[LeadRef, Role], bool]
    ) -> Mapping[Role, Collection[LeadRef]]:
        return {
            role: {
                who: None
                for who, lead in leads.items()
                if lead.role is role and is_wanted(who, role)
            }.keys()
            for role in (Role.OWNER, Role.PEER)
        }

    def owners_before(self) -> list[LeadRef]:
        return [who for who, lead in self.before.items() if lead.role is Role.OWNER]


def leaves_sooner(lead: Lead, now: Lead) -> bool:
    return now.until is not None and (lead.until is None or now.until < lead.until)


def standing(
    community: Community, today: date, renamed: Mapping[str, str]
) -> Mapping[LeadRef, Lead]:
    """The highest office, current or future, of each lead, by the id that they had before."""
    return _highest(standing_offices(community, today, renamed))


def _highest(offices: Iterable[Lead]) -> Mapping[LeadRef, Lead]:
    highest: dict[LeadRef, Lead] = {}
    for lead in offices:
        if lead.who not in highest or lead.role is Role.OWNER:
            highest[lead.who] = lead
    return highest


def changes_of_leads(
    before: Community, after: Community, today: date, renamed: Mapping[str, str]
) -> Iterator[Amendment]:
    """The changes of leads: who comes, who leaves, whose role, title or terms change."""
    old, new = (
        standing_offices(before, today, {}),
        standing_offices(after, today, renamed),
    )
    powers = Powers(by_lead(old), by_lead(new), today)
    leads = Comparison(_highest(old), _highest(new), powers)
    back = _back(before, leads, today)
    found = [
        *([_back_again(back, leads, after)] if back else _owners(leads, today, after)),
        *_peers(leads, today, after),
        *_all_terms(leads, after),
        *_past_offices(before, after, leads, today, back),
        *_other_offices(old, new, leads, after),
    ]
    yield from found
    yield from _untold(found, leads, after)


def _peers(leads: Comparison, today: date, after: Community) -> Iterator[Amendment]:
    for who in leads.leaving[Role.PEER]:
        if who not in leads.coming[Role.OWNER]:
            when = _when(who, Role.PEER, leads, today)
            named = None if when else who
            sentence = f"{who} stops being peer{when}"
            yield _amendment(after, What.PEER_GONE, sentence, out=(who,), named=named)
    for who in leads.coming[Role.PEER]:
        begins = _from([who], leads, today)
        named = None if begins else who
        sentence = f"{who} becomes peer{begins}"
        yield _amendment(after, What.PEER_ADDED, sentence, into=(who,), named=named)


def _all_terms(leads: Comparison, after: Community) -> Iterator[Amendment]:
    for who, lead in leads.after.items():
        was = leads.before.get(who)
        if was is not None and was.role is lead.role:
            yield from _terms_of_one(who, was, lead, leads, after)
        elif was is not None and was.role is Role.OWNER and _gains(was, lead):
            yield _gained(who, _speaks_for(who, was, lead), after)


def _untold(
    found: Sequence[Amendment], leads: Comparison, after: Community
) -> Iterator[Amendment]:
    """Whoever may do more or less by this change, and is in none of the changes *found*."""
    out = {who for change in found for who in change.out}
    into = {who for change in found for who in change.into}
    for who in dict.fromkeys((*leads.before, *leads.after)):
        if leads.powers.loses(who) and who not in out and who not in leads.coming[Role.OWNER]:
            yield _lost(who, f"{who} may do less than before", leads, after)
        if leads.powers.gains(who) and who not in into:
            yield _gained(who, f"{who} may do more than before", after)


def _back(before: Community, leads: Comparison, today: date) -> Collection[LeadRef]:
    """The owners who come back unchanged after they were lately removed as out of reach.

    Nobody if the owners change in any other way, but that those who came in their place go.
    """
    gone = {
        lead.who: (lead, lead.until)
        for lead in before.leads or ()
        if lead.role is Role.OWNER and lead.until is not None and lead.until <= today
        if today - lead.until <= _TO_COME_BACK
        and was_out_of_reach(lead.who, before, lead.until)
    }
    back = leads.coming[Role.OWNER]
    if not back or not all(
        who in gone and _is_as_before(gone[who][0], leads.after[who]) for who in back
    ):
        return ()
    first = min(gone[who][1] for who in back)
    starts = [leads.before[who].since for who in leads.leaving[Role.OWNER]]
    return back if all(start is not None and start >= first for start in starts) else ()


def was_out_of_reach(who: LeadRef, community: Community, day: date) -> bool:
    """Did attempts to reach a lead on two channels remain without an answer, as of a day?"""
    channels = {
        attempt.channel
        for attempt in community.attempts
        if attempt.to == who.person
        if _TIME_TO_ANSWER <= day - attempt.date <= _ATTEMPTS_LAST
    }
    return len(channels) >= _CHANNELS


def _is_as_before(was: Lead, now: Lead) -> bool:
    return _terms(replace(was, until=None)) == _terms(now)


def _back_again(back: Collection[LeadRef], leads: Comparison, after: Community) -> Amendment:
    out = tuple(leads.leaving[Role.OWNER])
    instead = f", in place of {_names(out)}" if out else ""
    become = "becomes" if len(back) == 1 else "become"
    sentence = f"{_names(back)}, who could not be reached, {become} owner again{instead}"
    return _amendment(after, What.OWNER_BACK, sentence, out=out, into=back)


def _owners(leads: Comparison, today: date, after: Community) -> Iterator[Amendment]:
    out, into = leads.leaving[Role.OWNER], leads.coming[Role.OWNER]
    if into and not out:
        # New owners follow those who announced before that they leave; they do not join them.
        ends = {who: leads.before[who].until for who in leads.owners_before()}
        begins = [leads.after[who].since for who in into]
        out = [
            who
            for who, end in ends.items()
            if end and all(day and day >= end for day in begins)
        ]
    if out and into:
        new = listed([_was(who, leads) for who in into], "and")
        again = [f"; {who} is owner again from {day} on" for who, day in _again(out, leads)]
        sentence = f"owner handover: {_names(out)} → {new}{_from(into, leads, today)}"
        sentence += "".join(again)
        yield _amendment(after, What.OWNER_HANDOVER, sentence, out=out, into=into)
        return
    for who in out:
        stays = leads.after.get(who)
        is_back = any(again == who for again, _ in _again([who], leads))
        how = " and stays as peer" if stays and stays.role is Role.PEER else " and leaves"
        ended = [lead for lead in after.leads or () if lead.who == who and lead.until]
        when = _when(who, Role.OWNER, leads, today)
        sentence = f"{who} stops being owner{'' if is_back else how}{when}{_decided(ended)}"
        yield _amendment(after, What.OWNER_GONE, sentence, out=(who,))
    for who in into:
        start = _from([who], leads, today)
        named = None if start or who in leads.before else who
        is_added = bool(leads.owners_before())
        how = ", beside the others" if is_added else "; there was none"
        what = What.OWNER_ADDED if is_added else What.VACANCY_FILLED
        sentence = f"{_was(who, leads)} becomes owner{how}{start}"
        yield _amendment(after, what, sentence, into=(who,), named=named)


def _names(leads: Iterable[LeadRef]) -> str:
    return listed([str(lead) for lead in leads], "and")


def _was(who: LeadRef, leads: Comparison) -> str:
    was = leads.before.get(who)
    if was is None:
        return str(who)
    return f"{who} (was {was.role}{f' since {was.since}' if was.since else ''})"


def _when(who: LeadRef, role: Role, leads: Comparison, today: date) -> str:
    """From when on somebody no longer has a role, and until when, if not for good."""
    lost = leads.powers.without(who, role)
    if lost is None:
        return ""
    first = f" on {lost.first}" if lost.first > today else ""
    return f"{first} until {lost.end}" if lost.end else first


def _again(out: Iterable[LeadRef], leads: Comparison) -> Iterator[tuple[LeadRef, date]]:
    """Owners who lose their office for some days, and the day on which they have it again."""
    for who in out:
        lost = leads.powers.without(who, Role.OWNER)
        if lost is not None and lost.end is not None:
            yield who, lost.end


def _from(into: Iterable[LeadRef], leads: Comparison, today: date) -> str:
    """The first day in office if it is yet to come, the scope, and links to the decisions."""
    new = [leads.after[who] for who in into]
    days = sorted({str(lead.since) for lead in new if lead.since and lead.since > today})
    limits = list(dict.fromkeys(_limit(lead) for lead in new))
    begins = f", from {listed(days, 'and')} on" if days else ""
    return begins + (limits[0] if len(limits) == 1 else "".join(limits)) + _decided(new)


def _limit(lead: Lead) -> str:
    """What a new lead speaks for, where that is not what the role says."""
    if lead.speaks_for is None:
        return ""
    return f", where {lead.called} speaks for: {_scope(lead.speaks_for)}"


def _decided(leads: Iterable[Lead]) -> str:
    links = list(dict.fromkeys(lead.decision for lead in leads if lead.decision))
    return f", decided: {listed(links, 'and')}" if links else ""


def _terms_of_one(
    who: LeadRef, was: Lead, lead: Lead, leads: Comparison, after: Community
) -> Iterator[Amendment]:
    if was.title != lead.title:
        sentence = f"title of {who}: {was.title or 'none'} → {lead.title or 'none'}"
        yield _amendment(after, What.TEXT, sentence)
    was = _leaving(was, lead) if leaves_sooner(was, lead) else was
    if was.decision != lead.decision:
        sentence = (
            f"decision about {who}: {was.decision or 'none'} → {lead.decision or 'none'}"
        )
        yield _amendment(after, What.TEXT, sentence)
    for field, words in _TERM_WORDS.items():
        old, new = getattr(was, field), getattr(lead, field)
        if old == new:
            continue
        sentence = f"{who}, {words}: {old or 'open'} → {new or 'open'}"
        is_lost = leads.powers.with_field(who, was, field, lead).loses(who)
        yield _lost(who, sentence, leads, after) if is_lost else _gained(who, sentence, after)
    if _as_set(was.speaks_for) != _as_set(lead.speaks_for):
        alone = leads.powers.with_field(who, was, "speaks_for", lead)
        sentence = _speaks_for(who, was, lead)
        if alone.loses(who):
            yield _lost(who, sentence, leads, after)
        if alone.gains(who) or not alone.loses(who):
            yield _gained(who, sentence, after)


def _lost(who: LeadRef, sentence: str, leads: Comparison, after: Community) -> Amendment:
    """Somebody loses power: as strong as their removal from the office that they had."""
    was = leads.before.get(who)
    is_owner = was is not None and was.role is Role.OWNER
    what = What.OWNER_GONE if is_owner else What.PEER_GONE
    return _amendment(after, what, sentence, out=(who,))


def _gained(who: LeadRef, sentence: str, after: Community) -> Amendment:
    return _amendment(after, What.TERMS, sentence, into=(who,))


def _speaks_for(who: LeadRef, was: Lead, lead: Lead) -> str:
    return f"{who} speaks for: {_scope(was.speaks_for)} → {_scope(lead.speaks_for)}"


def _leaving(was: Lead, lead: Lead) -> Lead:
    """The office before, with what leaving may change: the day, the decision, an earlier end."""
    left = replace(was, until=lead.until, decision=lead.decision)
    outlasts = was.term_ends is None or lead.until is None or lead.until > was.term_ends
    return left if outlasts else replace(left, term_ends=lead.term_ends)


def _gains(owner: Lead, peer: Lead) -> bool:
    """Does an owner who stays as peer speak for more than before?"""
    return owner.speaks_for is not None and not {*(peer.speaks_for or ())} <= {
        *owner.speaks_for
    }


def _as_set(scope: tuple[str, ...] | None) -> frozenset[str] | None:
    return None if scope is None else frozenset(scope)


def _scope(scope: tuple[str, ...] | None) -> str:
    return "as the role says" if scope is None else ", ".join(scope) or "nothing"


def _past_offices(
    before: Community,
    after: Community,
    leads: Comparison,
    today: date,
    back: Collection[LeadRef],
) -> Iterator[Amendment]:
    """Changes of ended offices, but of people who leave or come back by this change."""
    moved = {who for who, lead in leads.before.items() if leads.after.get(who) != lead}

    def ended(community: Community) -> set[tuple[object, ...]]:
        return {
            (lead.who, lead.role, lead.since, lead.until)
            for lead in community.leads or ()
            if lead.who not in moved.union(back)
            if lead.role is Role.EMERITUS or (lead.until is not None and lead.until <= today)
        }

    for who in sorted({str(office[0]) for office in ended(before) ^ ended(after)}):
        sentence = f"a past office of {who} changes"
        yield _amendment(after, What.UNLISTED, sentence)


def _other_offices(
    before: Sequence[Lead], after: Sequence[Lead], leads: Comparison, community: Community
) -> Iterator[Amendment]:
    """Changes of lower offices, but for the end of a peer's office who becomes owner."""
    new = {
        _terms(lead)
        for lead in after
        if leads.after[lead.who] != lead and not _ends(lead, leads)
    }
    gone = {_terms(lead) for lead in before if leads.before[lead.who] != lead}
    changed = new - {_terms(lead) for lead in before}
    changed |= gone - {_terms(lead) for lead in after}
    for who, role, *_ in sorted(changed, key=lambda terms: [str(term) for term in terms]):
        sentence = f"another office of {who} changes: {role}"
        is_lost = leads.powers.loses(who)
        if is_lost and who not in leads.coming[Role.OWNER]:
            yield _lost(who, sentence, leads, community)
        if not is_lost or leads.powers.gains(who):
            yield _gained(who, sentence, community)


def _terms(lead: Lead) -> tuple[LeadRef, Role, object, object, object, object]:
    scope = _as_set(lead.speaks_for)
    return lead.who, lead.role, lead.since, lead.until, lead.term_ends, scope


def _ends(lead: Lead, leads: Comparison) -> bool:
    """Is this the former office, and does it end before or when the higher one begins?"""
    was, begins = leads.before.get(lead.who), leads.after[lead.who].since
    if was is None or begins is None or lead.until is None or lead.until > begins:
        return False
    return replace(was, until=lead.until) == lead


def _amendment(
    community: Community,
    what: What,
    sentence: str,
    *,
    out: Iterable[LeadRef] = (),
    into: Iterable[LeadRef] = (),
    named: LeadRef | None = None,
) -> Amendment:
    return Amendment(
        what,
        KIND["community"].reference(community.id),
        KIND["community"].file(community.id),
        sentence,
        tuple(out),
        tuple(into),
        community.part_of,
        named=named,
    )
