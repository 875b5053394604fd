"""What the change of one record needs, and whether there is enough agreement."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from ocs.model.change import Amendment, What
from ocs.model.community import Community, LeadRef
from ocs.model.review import Agreement, Evidence, Need, Notice, Outcome, Required, Verdict
from ocs.rules.nearest import listed, many
from ocs.rules.review.authority import Authority
from ocs.rules.review.leadchanges import was_out_of_reach
from ocs.rules.review.policy import (
    ALIKE_FOR_EVERY_CHANGE,
    Way,
    needs_signature,
    platform_suffices,
    ways_of,
)

# Kinds of change by which somebody loses an office.
_OFFICES = (What.OWNER_GONE, What.OWNER_HANDOVER, What.PEER_GONE)
_WORST = (Outcome.REFUSED, Outcome.NOT_YET, Outcome.CANNOT_TELL, Outcome.ALLOWED)


@dataclass(frozen=True, slots=True)
class ChangedRecord:
    """A record that changes: what changes, who has a say, and who agreed to its facts."""

    name: str
    amendments: tuple[Amendment, ...]
    who: Authority
    agreements: tuple[Agreement, ...] = ()
    stays_behind: tuple[str, ...] = ()
    weighed: tuple[str, ...] = ()  # gatekeepers who take the platform's word for it


def gainers(amendments: Iterable[Amendment], who: Authority) -> tuple[str, ...]:
    """The people whom changes are about, or give something: they vouch for nothing in them."""
    changes = tuple(amendments)
    subjects = (change.subject for change in changes if change.subject is not None)
    gaining = (person for change in changes for person in who.people(change.into))
    return (*subjects, *gaining)


def verdict_on(record: ChangedRecord, opened: date | None) -> Verdict:
    """The verdict on the change of one record. Notice counts from the day *opened*."""
    ways = [(amendment, _way(amendment, record)) for amendment in record.amendments]
    needs = _joined(_needs_of_all(ways, record.who))
    required = tuple(_required(need, record.agreements) for need in needs)
    days = max((way.days for _, way in ways), default=0)
    notice = _notice(days, opened, record.who.today) if days else None
    strong = [agreement for agreement in record.agreements if _suffices(agreement)]
    weak = any(
        not _required(need, record.agreements).missing and _required(need, strong).missing
        for need in _needs_of_all(
            [(change, way) for change, way in ways if needs_signature(change)], record.who
        )
    )
    weighed = record.weighed if weak else ()
    return Verdict(
        record.name,
        _answer(required, notice, weak and not weighed),
        record.amendments,
        required,
        notice,
        record.stays_behind,
        tuple(dict.fromkeys(_other_ways(ways, record))),
        weak and not weighed,
        weighed,
    )


def removed(record: ChangedRecord) -> set[LeadRef]:
    """The leads who lose an office by the agreement of others, without their own."""
    agreed = {agreement.person for agreement in record.agreements}
    offices = [amendment for amendment in record.amendments if amendment.what in _OFFICES]
    forced = [
        office for office in offices if _way(office, record) != ways_of(office, record.who)[0]
    ]
    now = record.who.base.now_called
    leads = [
        lead if lead.person is None else LeadRef(person=now("person", lead.person))
        for change in forced
        for lead in change.out
    ]
    return {lead for lead in leads if lead.person not in agreed}


def left_out_of_reach(record: ChangedRecord, after: Community) -> list[LeadRef]:
    """Owners who leave by their own agreement, and whom the record still calls out of reach."""
    agreed = {agreement.person for agreement in record.agreements}
    forced = removed(record)
    called = record.who.base.now_called
    return [
        lead
        for change in record.amendments
        if change.what in (What.OWNER_GONE, What.OWNER_HANDOVER)
        for lead in change.out
        if lead.person and called("person", lead.person) in agreed and lead not in forced
        if any(was_out_of_reach(lead, after, day) for day in _ends(lead, after))
    ]


def _ends(lead: LeadRef, community: Community) -> list[date]:
    offices = [office for office in community.leads or () if office.who == lead]
    return [office.until for office in offices if office.until is not None]


def worst(answers: Iterable[Outcome]) -> Outcome:
    """The answer to a change of which these are the parts."""
    return min(answers, key=_WORST.index, default=Outcome.ALLOWED)


def _way(amendment: Amendment, record: ChangedRecord) -> Way:
    """The first way whose needs are met; the usual one if there is none."""
    ways = ways_of(amendment, record.who)
    return next((way for way in ways if not _lacks(amendment, way, record)), ways[0])


def _needs(amendment: Amendment, way: Way, who: Authority) -> Iterator[Need]:
    for needs in way.needs:
        yield from needs(amendment, who)


def _needs_of_all(ways: Iterable[tuple[Amendment, Way]], who: Authority) -> Iterator[Need]:
    """The needs of a record's changes. Those that are alike for every change come once."""
    asked: set[object] = set()
    for change, way in ways:
        for needs in way.needs:
            if needs not in ALIKE_FOR_EVERY_CHANGE or needs not in asked:
                asked.add(needs)
                yield from needs(change, who)


def _joined(needs: Iterable[Need]) -> list[Need]:
    """The needs, each once with all its roles, without those that a needed person meets anyway."""
    joined: dict[tuple[object, ...], Need] = {}
    for need in needs:
        key = (need.who, need.of, need.count, need.by_review)
        known = joined.get(key, need)
        joined[key] = replace(known, roles=tuple(dict.fromkeys((*known.roles, *need.roles))))
    certain = {need.of for need in joined.values() if need.roles and len(need.of) == 1}
    return [
        need
        for need in joined.values()
        if need.roles or need.count > 1 or not any(set(of) <= set(need.of) for of in certain)
    ]


def _required(need: Need, agreements: Sequence[Agreement]) -> Required:
    """The need with its agreements: each person once, by the strongest evidence."""
    best: dict[str, Agreement] = {}
    openers = {one.person for one in agreements if one.evidence is Evidence.OPENED}
    # Who opened the change reviews it only where too few others could.
    left_out = openers if len({*need.of} - openers) >= need.count else set()
    for agreement in sorted(agreements, key=lambda one: one.evidence is not Evidence.SIGNED):
        by_opening = agreement.evidence is Evidence.OPENED or agreement.person in left_out
        if agreement.person in need.of and not (need.by_review and by_opening):
            best.setdefault(agreement.person, agreement)
    return Required(need, tuple(best.values()))


def _suffices(agreement: Agreement) -> bool:
    return agreement.evidence is Evidence.SIGNED or platform_suffices(agreement.record)


def _answer(required: Iterable[Required], notice: Notice | None, weak: bool) -> Outcome:
    if any(need.missing for need in required):
        return Outcome.NOT_YET
    if notice is not None and notice.until is not None and not notice.is_over:
        return Outcome.NOT_YET
    if weak or (notice is not None and notice.until is None):
        return Outcome.CANNOT_TELL
    return Outcome.ALLOWED


def _notice(days: int, opened: date | None, today: date) -> Notice:
    until = opened + timedelta(days) if opened else None
    return Notice(days, until, until is not None and until <= today)


def _other_ways(ways: Iterable[tuple[Amendment, Way]], record: ChangedRecord) -> Iterable[str]:
    """Other ways of the changes for which agreement is missing, in words."""
    lacking = [(change, way) for change, way in ways if _lacks(change, way, record)]
    # The ways without an officer's agreement are the same for the officer's resources.
    offices = [(change, way) for change, way in lacking if change.what in _OFFICES]
    for amendment, way in offices or lacking:
        for other in ways_of(amendment, record.who):
            if other == way:
                continue
            needs = list(_needs(amendment, other, record.who))
            if all(len(need.of) >= need.count for need in needs):
                notice = f", with {many(other.days, 'day')} of notice" if other.days else ""
                who = listed([need.who for need in needs if not need.roles], "and")
                yield f"{other.also}: {who} must agree{notice}"


def _lacks(amendment: Amendment, way: Way, record: ChangedRecord) -> bool:
    return any(
        _required(need, record.agreements).missing
        for need in _needs(amendment, way, record.who)
    )
