"""Who must agree to which kind of change, and for how long it is announced before.

The table POLICY is the whole policy: for each kind of change one or more ways to allow it. A
way has needs, which people meet by agreeing, and days of notice. Any way suffices; a change of
several kinds needs a way for each. The state before the change decides who must agree, never
what is proposed:

- Owners, peers and gatekeepers are those in the base. A person who gains an office by a change
  agrees only to taking it on.
- Gatekeepers whose vetting is suspended or has expired do not count. Nobody counts as
  gatekeeper for a change of their own record, or for a change that gives them an office.
- A person counts once for each need.
- What is not in the table needs a gatekeeper; in a community that has owners, an owner as
  well.
- A registry may ask for more (`review:` in ocs.yaml before the change), and never for less.
- A lead who could not be reached on two channels is removed with less notice. For half a year
  they may come back alone, in place of those who came instead.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from ocs.model.change import Amendment, What
from ocs.model.community import LeadRef
from ocs.model.ocs import AskedFor, OcsRecord
from ocs.model.review import Need
from ocs.rules.nearest import listed
from ocs.rules.review.authority import Authority
from ocs.rules.review.leadchanges import was_out_of_reach

# As many days as the community sets (`succession: notice:`), else seven.
AS_THE_COMMUNITY_SAYS = -1
_DEFAULT_DAYS = 7
_DAYS = {"day": 1, "week": 7, "month": 30, "year": 365}

# Agreement by a review on a platform rests on the platform's word. It is enough for
# communities, and for files that are no records; for people, keys, vetting, access and the
# registry itself it takes signatures.
PLATFORM_SUFFICES = ("communities",)
SIGNED_FOLDERS = (
    "people",
    "keys",
    "vetting",
    "access",
    "secrets",
    "orgs",
    "problems",
    "approvals",
)


Needs = Callable[[Amendment, Authority], Iterator[Need]]


@dataclass(frozen=True, slots=True)
class Way:
    """One way to allow a change; `only_if` limits the changes that may take it."""

    needs: Sequence[Needs] = field(default=())
    days: int = 0
    also: str = ""
    only_if: Callable[[Amendment, Authority], bool] | None = None


def an_owner(change: Amendment, who: Authority) -> Iterator[Need]:
    owners = who.owners(who.community)
    if owners:
        yield Need("an owner", owners)
    elif who.community is not None:
        yield Need("1 gatekeeper", who.gatekeepers(who.people(change.into)))


def another_owner(change: Amendment, who: Authority) -> Iterator[Need]:
    yield Need("another owner", _without(who.owners(who.community), who.people(change.out)))


def every_owner(change: Amendment, who: Authority) -> Iterator[Need]:
    for owner in who.owners(who.community):
        yield Need(owner, (owner,), roles=("owner",))


# What these need does not depend on the change.
ALIKE_FOR_EVERY_CHANGE = frozenset({every_owner})


def those_out(change: Amendment, who: Authority) -> Iterator[Need]:
    for lead in change.out:
        yield _of_lead(lead, _AS_OUT.get(change.what, "gives it up"), who)


def those_in(change: Amendment, who: Authority) -> Iterator[Need]:
    for lead in change.into:
        yield _of_lead(lead, _AS_IN.get(change.what, "takes it on"), who)


def _of_lead(lead: LeadRef, role: str, who: Authority) -> Need:
    """The agreement of a lead: a group's owner agrees for it; nobody for a lead without record."""
    people = who.owners_of(lead.group) if lead.group else who.people((lead,))
    return Need(str(lead), people, roles=(role,))


@dataclass(frozen=True, slots=True)
class gatekeepers:  # noqa: N801  it reads as the other needs do
    count: int

    def __call__(self, change: Amendment, who: Authority) -> Iterator[Need]:
        label = "1 gatekeeper" if self.count == 1 else f"{self.count} gatekeepers"
        but = (*who.people(change.into), *_subject(change))
        yield Need(label, who.gatekeepers(but), self.count)


def could_not_be_reached(change: Amendment, who: Authority) -> bool:
    """Has the record before attempts to reach every removed lead on two channels?"""
    community = who.community
    return (
        community is not None
        and bool(change.out)
        and all(was_out_of_reach(lead, community, who.today) for lead in change.out)
    )


def a_lead(change: Amendment, who: Authority) -> Iterator[Need]:
    leads = who.leads(who.community)
    if leads:
        yield Need("a lead", leads)
    else:
        yield Need("1 gatekeeper", who.gatekeepers())


def a_lead_or_gatekeeper(change: Amendment, who: Authority) -> Iterator[Need]:
    leads = who.leads(who.community)
    label = "a lead, or 1 gatekeeper" if leads else "1 gatekeeper"
    yield Need(label, tuple(dict.fromkeys((*leads, *who.gatekeepers()))))


def the_person_or_gatekeeper(change: Amendment, who: Authority) -> Iterator[Need]:
    themself = who.called(_subject(change))
    people = tuple(dict.fromkeys((*themself, *who.gatekeepers())))
    yield Need(f"{listed([*_subject(change)], 'or')}, or 1 gatekeeper", people)


def one_of_them(change: Amendment, who: Authority) -> Iterator[Need]:
    yield Need("one of those who saw it work", who.people(change.one_of))


def whoever_tried(change: Amendment, who: Authority) -> Iterator[Need]:
    for lead in change.one_of:
        yield Need(str(lead), who.people((lead,)), roles=("tried to reach them",))


def each_or_gatekeeper(change: Amendment, who: Authority) -> Iterator[Need]:
    for lead in change.one_of:
        people = tuple(dict.fromkeys((*who.people((lead,)), *who.gatekeepers())))
        yield Need(f"{lead}, or 1 gatekeeper", people)


def names_gatekeepers(change: Amendment, who: Authority) -> bool:
    """Does the owner name gatekeepers of its own before the change?"""
    owner = who.owner(change.parents[0]) if change.parents else None
    return owner is not None and bool(owner.gatekeepers)


def an_owner_gains(change: Amendment, who: Authority) -> bool:
    """Is one of those who may do more an owner before the change, today or later?"""
    return not who.owners_to_come.isdisjoint(change.into)


def no_owner_gains(change: Amendment, who: Authority) -> bool:
    return not an_owner_gains(change, who)


def somebody_loses(change: Amendment, who: Authority) -> bool:
    return bool(change.out)


def gatekeeper_if_top(change: Amendment, who: Authority) -> Iterator[Need]:
    if who.community is not None and not who.community.part_of:
        yield Need("1 gatekeeper", who.gatekeepers(who.people(change.into)))


def owner_above_or_gatekeeper(change: Amendment, who: Authority) -> Iterator[Need]:
    above = [
        owner for parent in _parents_before(change, who) for owner in who.owners_of(parent)
    ]
    people = tuple(dict.fromkeys((*above, *who.gatekeepers())))
    yield Need(
        "an owner of a community above, or 1 gatekeeper",
        _without(people, who.people(_gaining(change))),
    )


def owner_of_each_parent(change: Amendment, who: Authority) -> Iterator[Need]:
    for parent in change.parents:
        yield Need(f"an owner of {parent}", who.owners_of(parent))


def gatekeeper_of_the_owner(change: Amendment, who: Authority) -> Iterator[Need]:
    for owner in change.parents:
        people = _without(who.gatekeepers_of(owner), who.people(change.into))
        yield Need(f"1 gatekeeper of {owner}" if owner else "1 gatekeeper", people)


def threshold(change: Amendment, who: Authority) -> Iterator[Need]:
    count = threshold_of(who.base.policy)
    yield Need(f"{count} gatekeepers", who.gatekeepers(_subject(change)), count)


def threshold_of(policy: OcsRecord) -> int:
    """How many gatekeepers must agree where the threshold counts: as set, else a majority."""
    return policy.threshold or max(1, len(policy.gatekeepers) // 2 + 1)


def threshold_at_least_two(change: Amendment, who: Authority) -> Iterator[Need]:
    count = max(2, who.base.policy.threshold or 2)
    yield Need(f"{count} gatekeepers", who.gatekeepers(_subject(change)), count)


def majority_of_old_and_new(change: Amendment, who: Authority) -> Iterator[Need]:
    old = who.base.policy
    yield _majority("of the current gatekeepers", old, who.gatekeepers())
    if who.proposed is not None:
        new = who.called(gatekeeper.person for gatekeeper in who.proposed.gatekeepers)
        yield _majority("of the proposed gatekeepers", who.proposed, new)


def threshold_and_majority(change: Amendment, who: Authority) -> Iterator[Need]:
    """Reviews of the gatekeepers: whoever proposes it does not agree by that."""
    need = _majority("gatekeepers", who.base.policy, who.gatekeepers())
    yield replace(need, by_review=True)


def _majority(which: str, of: OcsRecord, people: tuple[str, ...]) -> Need:
    count = max(of.threshold or 1, len(of.gatekeepers) // 2 + 1)
    return Need(f"{count} {which}", people, count)


def _without_who_loses(also: str) -> list[Way]:
    """The ways to take something from somebody who does not agree."""
    return [
        Way([another_owner, gatekeepers(2)], days=14, also=also, only_if=somebody_loses),
        Way([gatekeepers(2)], days=28, also=f"{also} and of an owner", only_if=somebody_loses),
    ]


_VANISHED = "without the agreement of an owner who could not be reached on two channels"
# kind of change: who must agree, and the days of notice. More than one way: any of them.
POLICY: Mapping[What, Sequence[Way]] = {
    What.TEXT: [Way()],
    What.PROBLEM: [Way()],
    What.APPLICANT: [Way()],
    What.SOLUTION: [Way([one_of_them])],
    What.SEEN_WORKING: [Way([each_or_gatekeeper])],
    What.DETAILS: [Way([a_lead_or_gatekeeper])],
    What.CONFIRMED: [Way([a_lead])],
    What.PERSONAL: [Way([the_person_or_gatekeeper])],
    What.PEER_ADDED: [Way([an_owner, those_in])],
    What.PEER_GONE: [
        Way([those_out]),
        Way([an_owner], days=7, also="without the peer's agreement"),
    ],
    What.OWNER_HANDOVER: [
        Way([those_out, those_in, gatekeeper_if_top], days=AS_THE_COMMUNITY_SAYS),
        Way([gatekeepers(2), those_in], days=14, also=_VANISHED, only_if=could_not_be_reached),
        Way(
            [gatekeepers(2), those_in], days=28, also="without the outgoing owner's agreement"
        ),
    ],
    What.OWNER_GONE: [
        Way([those_out]),
        Way(
            [gatekeepers(2), another_owner],
            days=14,
            also="without the owner's agreement, while another owner stays",
        ),
        Way([gatekeepers(2)], days=14, also=_VANISHED, only_if=could_not_be_reached),
        Way([gatekeepers(2)], days=28, also="without the owner's agreement"),
    ],
    What.OWNER_BACK: [Way([those_in])],
    What.ATTEMPT: [Way([gatekeepers(1), whoever_tried])],
    What.OWNER_ADDED: [Way([every_owner, those_in], days=7)],
    What.VACANCY_FILLED: [Way([those_in, owner_above_or_gatekeeper], days=7)],
    What.CUSTODY: [
        Way([an_owner, those_out, those_in]),
        Way(
            [another_owner, gatekeepers(2), those_in],
            days=14,
            also="without the holder's agreement",
        ),
        Way(
            [gatekeepers(2), those_in],
            days=28,
            also="without the agreement of the holder or another owner",
        ),
    ],
    What.RESOURCE_ADDED: [Way([an_owner, those_in, gatekeepers(1)])],
    What.RESOURCE_DROPPED: [
        Way([an_owner, those_out, gatekeepers(1)]),
        *_without_who_loses("without the holder's agreement"),
    ],
    What.PARENTS: [Way([every_owner, owner_of_each_parent, gatekeepers(1)], days=7)],
    What.NEW_COMMUNITY: [Way([those_in, owner_above_or_gatekeeper], days=7)],
    What.ARCHIVED: [Way([every_owner, owner_above_or_gatekeeper], days=14)],
    What.RENAMED: [Way([an_owner, gatekeepers(1)])],
    What.FORMER_IDS: [Way([an_owner, threshold_at_least_two])],
    What.TERMS: [
        Way([an_owner, gatekeepers(1)], only_if=no_owner_gains),
        Way([every_owner, gatekeepers(1)], days=7, only_if=an_owner_gains),
    ],
    What.RULES: [
        Way([an_owner, those_out, gatekeepers(1)]),
        *_without_who_loses("without the agreement of those who lose by it"),
    ],
    What.IDENTITY: [
        Way([those_out, gatekeepers(1)]),
        Way([threshold_at_least_two], also="without the old key"),
    ],
    What.VETTING: [Way([threshold])],
    What.SUSPENDED: [Way([gatekeepers(1)])],
    What.ACCESS: [Way([gatekeeper_of_the_owner])],
    What.GATEKEEPERS: [
        Way([an_owner, gatekeeper_of_the_owner, those_out], only_if=names_gatekeepers),
        Way([an_owner, threshold_at_least_two], also="by the gatekeepers of all"),
    ],
    What.POLICY: [Way([majority_of_old_and_new])],
    What.JUDGE: [Way([threshold_and_majority])],
    What.UNLISTED: [Way([gatekeepers(1), an_owner])],
}

_AS_OUT = {
    What.OWNER_HANDOVER: "outgoing owner",
    What.OWNER_GONE: "outgoing owner",
    What.PEER_GONE: "outgoing peer",
    What.CUSTODY: "custody",
    What.RESOURCE_DROPPED: "custody",
    What.RULES: "loses by it",
    What.GATEKEEPERS: "loses by it",
    What.IDENTITY: "with their current account or key",
}
_AS_IN = {
    What.OWNER_HANDOVER: "incoming owner",
    What.OWNER_ADDED: "incoming owner",
    What.OWNER_BACK: "comes back",
    What.VACANCY_FILLED: "incoming owner",
    What.NEW_COMMUNITY: "owner",
    What.PEER_ADDED: "incoming peer",
    What.CUSTODY: "custody",
    What.RESOURCE_ADDED: "custody",
}


def ways_of(change: Amendment, who: Authority) -> Sequence[Way]:
    """The ways that are open to a change, the usual one first, as strict as the registry asks."""
    more = who.base.policy.review.get(change.what.value, AskedFor())
    return [
        _raised(way, more, who)
        for way in POLICY[change.what]
        if way.only_if is None or way.only_if(change, who)
    ]


def _raised(way: Way, more: AskedFor, who: Authority) -> Way:
    """A way with at least the gatekeepers and days that the registry asks for."""
    count = max(gatekeepers_of(way), more.gatekeepers or 0)
    needs = [
        gatekeepers(count) if isinstance(need, gatekeepers) else need for need in way.needs
    ]
    if count and not gatekeepers_of(way):
        needs.append(gatekeepers(count))
    days = max(days_of(way, who), in_days(more.notice) if more.notice else 0)
    return replace(way, needs=needs, days=days)


def gatekeepers_of(way: Way) -> int:
    """How many gatekeepers a way needs by itself."""
    return max((need.count for need in way.needs if isinstance(need, gatekeepers)), default=0)


def days_of(way: Way, who: Authority) -> int:
    """The days of notice of a way, from the community's record if the way leaves it to that."""
    if way.days != AS_THE_COMMUNITY_SAYS:
        return way.days
    succession = who.community.succession if who.community else None
    notice = succession.notice if succession else None
    return in_days(notice) if notice else _DEFAULT_DAYS


def in_days(span: str) -> int:
    """`14 days` or `2 weeks` in days."""
    number, _, unit = span.partition(" ")
    return int(number) * _DAYS[unit.rstrip("s")]


# Of these kinds of change a platform's word is enough in every record.
_OF_THEIR_OWN = (What.PERSONAL, What.SOLUTION, What.SEEN_WORKING)


def needs_signature(change: Amendment) -> bool:
    """Must agreement to a change be signed?"""
    return change.what not in _OF_THEIR_OWN and not platform_suffices(change.record)


def platform_suffices(record: str) -> bool:
    """May agreement to a change of this record rest on a platform's word alone?"""
    folder, slash, _ = record.partition("/")
    return folder in PLATFORM_SUFFICES or (
        record != "ocs" and not (slash and folder in SIGNED_FOLDERS)
    )


def _subject(change: Amendment) -> tuple[str, ...]:
    """The person whom the record is about, who does not count as gatekeeper for it."""
    return (change.subject,) if change.subject is not None else ()


def _parents_before(change: Amendment, who: Authority) -> Sequence[str]:
    """The communities above before the change; for a new community those that it names."""
    return who.community.part_of if who.community is not None else change.parents


def _gaining(change: Amendment) -> Sequence[LeadRef]:
    """Who may not agree for those above as well: nobody fills a vacancy with themself alone."""
    return change.into if change.what is What.VACANCY_FILLED else ()


def _without(people: tuple[str, ...], those: Iterable[str]) -> tuple[str, ...]:
    out = set(those)
    return tuple(person for person in people if person not in out)
