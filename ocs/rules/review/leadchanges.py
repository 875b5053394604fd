"""What changes in who leads a community.

People are told apart by their ids, not by place or words: who is listed again with another
title has another title, and whose role changes neither leaves nor comes. Who gets an `until`
leaves, on whatever day that is.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from ocs.model.change import Amendment, What
from ocs.model.community import Community, Lead, LeadRef, Role
from ocs.model.kinds import KIND
from ocs.rules.nearest import listed

_TERMS = ("since", "until", "term_ends", "speaks_for")
# For so long an owner who could not be reached comes back alone.
_TO_COME_BACK = timedelta(days=180)
_TERM_WORDS = {
    "since": " is in office since",
    "until": " is out of office from",
    "term_ends": "'s term ends",
}


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two states of a community's leads, of which *renamed* says by which ids people went
    before.
    """

    before: Mapping[LeadRef, Lead]
    after: Mapping[LeadRef, Lead]

    def leaving(self, role: Role) -> list[LeadRef]:
        """Who had this role, and has no office any more; an owner who stays as a peer leaves
        that office.
        """
        return [
            who
            for who, lead in self.before.items()
            if lead.role is role and self._goes(who, lead)
        ]

    def coming(self, role: Role) -> list[LeadRef]:
        """Who gets this role, and had none as high."""
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
        if now is None:
            return True
        if lead.role is Role.OWNER and now.role is not Role.OWNER:
            return True
        return leaves_sooner(lead, now)


def leaves_sooner(lead: Lead, now: Lead) -> bool:
    return now.until is not None and (lead.until is None or now.until < lead.until)


def standing(
    community: Community, today: date, renamed: Mapping[str, str]
) -> Mapping[LeadRef, Lead]:
    """Everybody who holds an office or is to, by the id that they had before; the highest of
    several.
    """
    found: dict[LeadRef, Lead] = {}
    for lead in _all_standing(community, today, renamed):
        if lead.who not in found or lead.role is Role.OWNER:
            found[lead.who] = lead
    return found


def _all_standing(community: Community, today: date, renamed: Mapping[str, str]) -> list[Lead]:
    return [
        replace(lead, person=renamed.get(lead.person, lead.person)) if lead.person else lead
        for lead in community.leads or ()
        if lead.role is not Role.EMERITUS and (lead.until is None or lead.until > today)
    ]


def changes_of_leads(
    before: Community, after: Community, today: date, renamed: Mapping[str, str]
) -> Iterator[Amendment]:
    """Who comes, who goes, whose role, title or terms change."""
    leads = Comparison(standing(before, today, {}), standing(after, today, renamed))
    make = _Maker(after)
    back = _back(before, leads, today)
    yield from [_back_again(back, leads, make)] if back else _owners(leads, today, make)
    for who in leads.leaving(Role.PEER):
        if who not in leads.coming(Role.OWNER):
            when = _when(leads.after.get(who))
            named = None if when else who
            sentence = f"{who} leaves as peer{when}"
            yield make(What.PEER_GONE, sentence, out=(who,), named=named)
    for who in leads.coming(Role.PEER):
        begins = _from([who], leads, today)
        named = None if begins else who
        yield make(What.PEER_ADDED, f"{who} becomes peer{begins}", into=(who,), named=named)
    for who, lead in leads.after.items():
        was = leads.before.get(who)
        if was is not None and was.role is lead.role:
            yield from _of_one(
                who, _leaving(was, lead) if leaves_sooner(was, lead) else was, lead, make
            )
        elif was is not None and was.role is Role.OWNER and _gains(was, lead):
            yield _speaks_for(who, was, lead, make)
    yield from _past(before, after, leads, today, make, back)
    every = _all_standing(before, today, {}), _all_standing(after, today, renamed)
    yield from _beside(*every, leads, make)


def _back(before: Community, leads: Comparison, today: date) -> Collection[LeadRef]:
    """The owners who come back as they were, having been removed lately as out of reach.

    Nobody where anything else changes in who owns, but that whoever came in their place goes.
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


def _back_again(back: Collection[LeadRef], leads: Comparison, make: _Maker) -> Amendment:
    """That owners come back, and who goes for it."""
    out = tuple(leads.leaving(Role.OWNER))
    instead = f", in place of {_names(out)}" if out else ""
    sentence = f"{_names(back)} could not be reached, and is owner again{instead}"
    return make(What.OWNER_BACK, sentence, out=out, into=tuple(back))


def _owners(leads: Comparison, today: date, make: _Maker) -> Iterator[Amendment]:
    out, into = leads.leaving(Role.OWNER), leads.coming(Role.OWNER)
    if into and not out:
        # Whoever announced before that they go is followed, rather than joined.
        ends = {who: leads.before[who].until for who in leads.owners_before()}
        begins = [leads.after[who].since for who in into]
        out = [
            who
            for who, end in ends.items()
            if end and all(day and day >= end for day in begins)
        ]
    if out and into:
        yield make(
            What.OWNER_HANDOVER,
            f"owner handover: {_names(out)} → "
            f"{listed([_was(who, leads) for who in into], 'and')}"
            f"{_from(into, leads, today)}",
            out=tuple(out),
            into=tuple(into),
        )
        return
    for who in out:
        stays = leads.after.get(who)
        how = "stays as peer" if stays and stays.role is Role.PEER else "leaves"
        ended = [lead for lead in make.community.leads or () if lead.who == who and lead.until]
        sentence = f"{who} is owner no longer and {how}{_when(stays)}{_decided(ended)}"
        yield make(What.OWNER_GONE, sentence, out=(who,))
    for who in into:
        start = _from([who], leads, today)
        named = None if start or who in leads.before else who
        is_added = bool(leads.owners_before())
        how = " beside the others" if is_added else "; there was none"
        what = What.OWNER_ADDED if is_added else What.VACANCY_FILLED
        sentence = f"{_was(who, leads)} becomes owner{how}{start}"
        yield make(what, sentence, into=(who,), named=named)


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
    """From which day on somebody holds an office, if that is yet to come, and where it was
    decided.
    """
    given = [leads.after[who] for who in into]
    days = sorted({str(lead.since) for lead in given if lead.since and lead.since > today})
    return (f", from {listed(days, 'and')} on" if days else "") + _decided(given)


def _decided(given: Iterable[Lead]) -> str:
    links = list(dict.fromkeys(lead.decision for lead in given if lead.decision))
    return f", decided: {listed(links, 'and')}" if links else ""


def _of_one(who: LeadRef, was: Lead, lead: Lead, make: _Maker) -> Iterator[Amendment]:
    if was.title != lead.title:
        yield make(
            What.TEXT, f"title of {who}: {was.title or 'none'} → {lead.title or 'none'}"
        )
    if was.decision != lead.decision:
        yield make(What.TEXT, f"decision about {who}: {lead.decision or 'none'}")
    for field in _TERMS:
        old, new = getattr(was, field), getattr(lead, field)
        if field == "speaks_for":
            if _as_set(old) != _as_set(new):
                yield _speaks_for(who, was, lead, make)
        elif old != new:
            yield make(
                What.TERMS,
                f"{who}{_TERM_WORDS[field]}: {old or 'open'} → {new or 'open'}",
                into=(who,),
            )


def _speaks_for(who: LeadRef, was: Lead, lead: Lead, make: _Maker) -> Amendment:
    sentence = f"{who} speaks for: {_scope(was.speaks_for)} → {_scope(lead.speaks_for)}"
    return make(What.TERMS, sentence, into=(who,))


def _leaving(was: Lead, lead: Lead) -> Lead:
    """What somebody had, but for what goes with leaving: the day, the decision, a term not
    outlasted.
    """
    kept = replace(was, until=lead.until, decision=lead.decision)
    outlasts = was.term_ends is None or lead.until is None or lead.until > was.term_ends
    return kept if outlasts else replace(kept, term_ends=lead.term_ends)


def _gains(owner: Lead, peer: Lead) -> bool:
    """Does an owner who stays as peer speak for more than before?"""
    return owner.speaks_for is not None and not {*(peer.speaks_for or ())} <= {
        *owner.speaks_for
    }


def _as_set(scope: tuple[str, ...] | None) -> frozenset[str] | None:
    return None if scope is None else frozenset(scope)


def _scope(scope: tuple[str, ...] | None) -> str:
    return "as the role says" if scope is None else ", ".join(scope) or "nothing"


def _past(
    before: Community,
    after: Community,
    leads: Comparison,
    today: date,
    make: _Maker,
    back: Collection[LeadRef],
) -> Iterator[Amendment]:
    """What the record says of those who held an office once; who leaves or comes back is told
    already.
    """
    moved = {who for who, lead in leads.before.items() if leads.after.get(who) != lead} | set(
        back
    )

    def ended(community: Community) -> set[tuple[object, ...]]:
        return {
            (lead.who, lead.role, lead.since, lead.until)
            for lead in community.leads or ()
            if lead.who not in moved
            and (
                lead.role is Role.EMERITUS or (lead.until is not None and lead.until <= today)
            )
        }

    for who in sorted({str(office[0]) for office in ended(before) ^ ended(after)}):
        yield make(What.UNLISTED, f"the record of the office that {who} held changes")


def _beside(
    before: Sequence[Lead], after: Sequence[Lead], leads: Comparison, make: _Maker
) -> Iterator[Amendment]:
    """Other offices of those who stand more than once. That a peer ends who becomes owner is
    told already.
    """
    new = {
        _terms(lead)
        for lead in after
        if leads.after[lead.who] != lead and not _ends(lead, leads)
    }
    gone = {_terms(lead) for lead in before if leads.before[lead.who] != lead}
    slipped = (new - {_terms(lead) for lead in before}) | (
        gone - {_terms(lead) for lead in after}
    )
    for who, role, *_ in sorted(slipped, key=lambda terms: [str(term) for term in terms]):
        yield make(What.TERMS, f"another office of {who}, as {role}", into=(who,))


def _terms(lead: Lead) -> tuple[LeadRef, Role, object, object, object, object]:
    scope = _as_set(lead.speaks_for)
    return lead.who, lead.role, lead.since, lead.until, lead.term_ends, scope


def _ends(lead: Lead, leads: Comparison) -> bool:
    """Is this the office that somebody had, which ends by the day on which the higher one
    begins?
    """
    was, begins = leads.before.get(lead.who), leads.after[lead.who].since
    if was is None or begins is None or lead.until is None or lead.until > begins:
        return False
    return replace(was, until=lead.until) == lead


@dataclass(frozen=True, slots=True)
class _Maker:
    community: Community

    def __call__(
        self,
        what: What,
        sentence: str,
        *,
        out: tuple[LeadRef, ...] = (),
        into: tuple[LeadRef, ...] = (),
        named: LeadRef | None = None,
    ) -> Amendment:
        kind, id = KIND["community"], self.community.id
        return Amendment(
            what,
            kind.reference(id),
            kind.file(id),
            sentence,
            out,
            into,
            self.community.part_of,
            named=named,
        )
