"""Changes of a community's leads.

A person is known by the id, not by the place in the list: one who is listed with another title
has another title, and one whose role changes neither leaves nor comes. A person who gets an
`until` leaves, on any day.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from ocs.model.change import Amendment, What
from ocs.model.community import Community, Lead, LeadRef, Role
from ocs.model.kinds import KIND
from ocs.rules.nearest import listed

# For so long an owner who could not be reached may come back alone.
_TO_COME_BACK = timedelta(days=180)
_TERM_WORDS = {
    "since": "first day in office",
    "until": "first day out of office",
    "term_ends": "end of term",
}


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two states of a community's leads, both by the ids that people had before."""

    before: Mapping[LeadRef, Lead]
    after: Mapping[LeadRef, Lead]

    def leaving(self, role: Role) -> list[LeadRef]:
        """The leads of this role who go, or go earlier; an owner who becomes peer goes as owner."""
        return [
            who
            for who, lead in self.before.items()
            if lead.role is role and self._goes(who, lead)
        ]

    def coming(self, role: Role) -> list[LeadRef]:
        """The leads who get this role, and had none as high."""
        return [
            who
            for who, lead in self.after.items()
            if lead.role is role
            and not (who in self.before and self.before[who].role in (role, Role.OWNER))
        ]

    def owners_before(self) -> list[LeadRef]:
        return [who for who, lead in self.before.items() if lead.role is Role.OWNER]

    def _goes(self, who: LeadRef, lead: Lead) -> bool:
        now = self.after.get(who)
        if now is None or (lead.role is Role.OWNER and now.role is not Role.OWNER):
            return True
        return leaves_sooner(lead, now)


def leaves_sooner(lead: Lead, now: Lead) -> bool:
    return now.until is not None and (lead.until is None or now.until < lead.until)


def standing(
    community: Community, today: date, renamed: Mapping[str, str]
) -> Mapping[LeadRef, Lead]:
    """The highest office, current or future, of each lead, by the id that they had before."""
    highest: dict[LeadRef, Lead] = {}
    for lead in _all_standing(community, today, renamed):
        if lead.who not in highest or lead.role is Role.OWNER:
            highest[lead.who] = lead
    return highest


def _all_standing(community: Community, today: date, renamed: Mapping[str, str]) -> list[Lead]:
    return [
        replace(lead, person=renamed.get(lead.person, lead.person)) if lead.person else lead
        for lead in community.leads or ()
        if lead.role is not Role.EMERITUS and (lead.until is None or lead.until > today)
    ]


def changes_of_leads(
    before: Community, after: Community, today: date, renamed: Mapping[str, str]
) -> Iterator[Amendment]:
    """The changes of leads: who comes, who leaves, whose role, title or terms change."""
    leads = Comparison(standing(before, today, {}), standing(after, today, renamed))
    back = _back(before, leads, today)
    yield from [_back_again(back, leads, after)] if back else _owners(leads, today, after)
    for who in leads.leaving(Role.PEER):
        if who not in leads.coming(Role.OWNER):
            when = _when(leads.after.get(who))
            named = None if when else who
            sentence = f"{who} stops being peer{when}"
            yield _amendment(after, What.PEER_GONE, sentence, out=(who,), named=named)
    for who in leads.coming(Role.PEER):
        begins = _from([who], leads, today)
        named = None if begins else who
        sentence = f"{who} becomes peer{begins}"
        yield _amendment(after, What.PEER_ADDED, sentence, into=(who,), named=named)
    for who, lead in leads.after.items():
        was = leads.before.get(who)
        if was is not None and was.role is lead.role:
            was = _leaving(was, lead) if leaves_sooner(was, lead) else was
            yield from _terms_of_one(who, was, lead, after)
        elif was is not None and was.role is Role.OWNER and _gains(was, lead):
            yield _speaks_for(who, was, lead, after)
    yield from _past_offices(before, after, leads, today, back)
    every = _all_standing(before, today, {}), _all_standing(after, today, renamed)
    yield from _other_offices(*every, leads, after)


def _back(before: Community, leads: Comparison, today: date) -> Collection[LeadRef]:
    """The owners who come back unchanged after they were lately removed as out of reach.

    Nobody if the owners change in any other way, but that those who came in their place go.
    """
    tried = {LeadRef(person=attempt.to) for attempt in before.attempts}
    gone = {
        lead.who: (lead, lead.until)
        for lead in before.leads or ()
        if lead.role is Role.OWNER and lead.until is not None and lead.until <= today
        if lead.who in tried and today - lead.until <= _TO_COME_BACK
    }
    back = leads.coming(Role.OWNER)
    if not back or not all(
        who in gone and _is_as_before(gone[who][0], leads.after[who]) for who in back
    ):
        return ()
    first = min(gone[who][1] for who in back)
    starts = [leads.before[who].since for who in leads.leaving(Role.OWNER)]
    return back if all(start is not None and start >= first for start in starts) else ()


def _is_as_before(was: Lead, now: Lead) -> bool:
    return _terms(replace(was, until=None)) == _terms(now)


def _back_again(back: Collection[LeadRef], leads: Comparison, after: Community) -> Amendment:
    out = tuple(leads.leaving(Role.OWNER))
    instead = f", in place of {_names(out)}" if out else ""
    become = "becomes" if len(back) == 1 else "become"
    sentence = f"{_names(back)}, who could not be reached, {become} owner again{instead}"
    return _amendment(after, What.OWNER_BACK, sentence, out=out, into=back)


def _owners(leads: Comparison, today: date, after: Community) -> Iterator[Amendment]:
    out, into = leads.leaving(Role.OWNER), leads.coming(Role.OWNER)
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
        sentence = f"owner handover: {_names(out)} → {new}{_from(into, leads, today)}"
        yield _amendment(after, What.OWNER_HANDOVER, sentence, out=out, into=into)
        return
    for who in out:
        stays = leads.after.get(who)
        how = "stays as peer" if stays and stays.role is Role.PEER else "leaves"
        ended = [lead for lead in after.leads or () if lead.who == who and lead.until]
        sentence = f"{who} stops being owner and {how}{_when(stays)}{_decided(ended)}"
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


def _when(lead: Lead | None) -> str:
    return f" on {lead.until}" if lead and lead.until else ""


def _from(into: Sequence[LeadRef], leads: Comparison, today: date) -> str:
    """The first day in office if it is yet to come, and links to the decisions."""
    new = [leads.after[who] for who in into]
    days = sorted({str(lead.since) for lead in new if lead.since and lead.since > today})
    return (f", from {listed(days, 'and')} on" if days else "") + _decided(new)


def _decided(leads: Iterable[Lead]) -> str:
    links = list(dict.fromkeys(lead.decision for lead in leads if lead.decision))
    return f", decided: {listed(links, 'and')}" if links else ""


def _terms_of_one(
    who: LeadRef, was: Lead, lead: Lead, after: Community
) -> Iterator[Amendment]:
    if was.title != lead.title:
        sentence = f"title of {who}: {was.title or 'none'} → {lead.title or 'none'}"
        yield _amendment(after, What.TEXT, sentence)
    if was.decision != lead.decision:
        sentence = f"decision about {who}: {lead.decision or 'none'}"
        yield _amendment(after, What.TEXT, sentence)
    for field, words in _TERM_WORDS.items():
        old, new = getattr(was, field), getattr(lead, field)
        if old != new:
            sentence = f"{who}, {words}: {old or 'open'} → {new or 'open'}"
            yield _amendment(after, What.TERMS, sentence, into=(who,))
    if _as_set(was.speaks_for) != _as_set(lead.speaks_for):
        yield _speaks_for(who, was, lead, after)


def _speaks_for(who: LeadRef, was: Lead, lead: Lead, after: Community) -> Amendment:
    sentence = f"{who} speaks for: {_scope(was.speaks_for)} → {_scope(lead.speaks_for)}"
    return _amendment(after, What.TERMS, sentence, into=(who,))


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
        yield _amendment(community, What.TERMS, sentence, into=(who,))


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
