"""The changes between two states of a record, in words for people.

Each change has a kind, for which policy.py says who must agree. The schema names the kind of a
field without a rule of its own (`x-agree`). A field without a mark is of the kind `anything else`
or `rules of the community`: no new field is free by accident.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from ocs.model.change import Amendment, What
from ocs.model.ciphertext import owner_id
from ocs.model.community import (
    Attempt,
    Community,
    CommunityStatus,
    LeadRef,
    Resource,
    ResourceType,
    Role,
)
from ocs.model.org import Org
from ocs.model.problem import Problem
from ocs.model.record import Record, Tree
from ocs.model.registry import Document
from ocs.rules.communities.resources import same_name
from ocs.rules.nearest import listed, many
from ocs.rules.records.paths import is_obeyed, on_disk
from ocs.rules.records.schema import Shape
from ocs.rules.review.leadchanges import changes_of_leads, standing
from ocs.rules.review.problemchanges import changes_of_problem
from ocs.rules.review.protected import NOBODY, facts, marked, marks_of, plain

# The kind of change of a new record, and of a field without a mark.
_OF_KIND = {
    "ocs": What.POLICY,
    "person": What.IDENTITY,
    "vetting": What.VETTING,
    "access": What.ACCESS,
    "org": What.UNLISTED,
    "community": What.RULES,
    "problem": What.PROBLEM,
}
# In characters: a value that is shown whole, the most that is shown of what differs in a longer
# one, and what is shown around that.
_SHORT, _LONG, _AROUND = 200, 1000, 40
# Somewhere it is tomorrow already.
_ELSEWHERE = timedelta(days=1)
# Of records that speak of a new one, so many are named.
_MOST_NAMED = 3
# Fields of a community with rules of their own.
_OWN_RULES = {"leads", "attempts", "resources", "part_of", "status"}
# The fields of a resource that neither name it nor say who answers for it.
_DETAILS = {
    "name": What.DETAILS,
    "where": What.DETAILS,
    "expires": What.DETAILS,
    "secrets": What.RULES,
}


@dataclass(frozen=True, slots=True)
class Pair:
    """A record before and after; None where there is none. `renamed` has people's ids before.

    `named_by` are records that speak of a new one before it is there.
    """

    before: Document | None
    after: Document | None
    shape: Shape
    today: date
    renamed: Mapping[str, str] = field(default_factory=dict)
    named_by: Sequence[str] = ()


def amendments(pair: Pair) -> Iterator[Amendment]:
    """The changes of a record. For a deleted record there are none: a review refuses it."""
    before, after = pair.before, pair.after
    if after is None:
        return
    if before is None:
        yield from _new(after, pair)
        return
    if before.id != after.id:
        yield _amendment(What.RENAMED, pair, f"renamed: {before.id} → {after.id}")
        if after.kind.name == "person":
            yield _amendment(What.IDENTITY, pair, f"the id {before.id} becomes {after.id}")
    old, new = before.record, after.record
    if isinstance(old, Community) and isinstance(new, Community):
        yield from _of_community(old, new, after, pair)
    yield from _former_ids(before, after, pair)
    if isinstance(new, Problem):
        # Of a problem that nobody could read, nobody has vouched for anything.
        yield from changes_of_problem(old if isinstance(old, Problem) else None, new, after)
    if after.kind.name == "vetting" and _only_suspends(before, after, pair.shape):
        yield _amendment(What.SUSPENDED, pair, f"the vetting of {after.id} is suspended")
        return
    yield from _fields(before, after, pair)


def stays_behind(
    before: Community, after: Community, leaving: Collection[str]
) -> Iterator[str]:
    """What leaving people still hold after the change, besides what it gives them."""
    old = {_key(item): item for item in before.resources}
    for resource in after.resources:
        was = old.get(_key(resource), resource)
        if resource.custodian in leaving and resource.custodian == was.custodian:
            yield f"{resource.custodian} is still custodian of {_resource(resource)}"
        if resource.deputy in leaving and resource.deputy == was.deputy:
            yield f"{resource.deputy} is still deputy for {_resource(resource)}"


def of_file(
    path: str, *, is_new: bool, is_gone: bool, is_plain: bool = True, is_around: bool = False
) -> Amendment:
    """The change of a file that is no record.

    `is_plain`: it is a file, and no link or repository, before and after the change.
    `is_around`: programs obey it though it lies beside the registry's folder.
    """
    how = "is new" if is_new else "is deleted" if is_gone else "changes"
    folder, _, name = path.partition("/")
    if is_around or is_obeyed(path):
        return Amendment(What.JUDGE, path, path, f"{path}, which can control programs, {how}")
    if folder == "secrets":
        owner, slash, _ = name.partition("/")
        return Amendment(
            What.ACCESS,
            path,
            path,
            f"the secret {path} {how}",
            parents=(owner if slash else "",),
        )
    if folder == "keys" and on_disk(name).endswith(".asc"):
        whose = name.removesuffix(".asc")
        sentence = f"the key of {whose} {how}"
        out = (LeadRef(person=whose),)
        return Amendment(What.IDENTITY, path, path, sentence, out, subject=whose)
    if not is_plain:
        sentence = f"{path}, a link or a repository in this one, {how}"
        return Amendment(What.JUDGE, path, path, sentence)
    return Amendment(What.UNLISTED, path, path, f"{path} {how}")


def _amendment(
    what: What, pair: Pair, sentence: str, named: LeadRef | None = None
) -> Amendment:
    document = pair.after
    assert document is not None
    # People who had a say before have it, by the id that they had then.
    was = (pair.before or document).id
    subject = was if document.kind.name in ("person", "vetting") else None
    return Amendment(
        what,
        document.reference,
        document.file,
        sentence,
        _ref(subject),
        parents=_secrets_of(document.kind.name, what, was),
        subject=subject,
        named=named,
    )


def _secrets_of(kind: str, what: What, id: str) -> tuple[str, ...]:
    """The owner over whose secrets a change decides."""
    if kind == "access":
        return (owner_id(id),)
    return (id,) if what in (What.ACCESS, What.GATEKEEPERS) else ()


def _new(after: Document, pair: Pair) -> Iterator[Amendment]:
    kind, record = after.kind.name, after.record
    if pair.named_by:
        names = list(pair.named_by[:_MOST_NAMED])
        if more := len(pair.named_by) - len(names):
            names.append(f"{more} more")
        where = listed(names, "and")
        sentence = f"{after.reference} is new, but this names it already: {where}"
        yield _amendment(What.FORMER_IDS, pair, sentence)
    if isinstance(record, Community):
        leads = standing(record, pair.today, pair.renamed)
        owners = tuple(who for who, lead in leads.items() if lead.role is Role.OWNER)
        detail = _led_by(record, owners)
        yield Amendment(
            What.NEW_COMMUNITY,
            after.reference,
            after.file,
            f"new community {after.id}, {detail}",
            into=owners,
            parents=record.part_of,
            detail=detail,
        )
        for who, lead in leads.items():
            if lead.role is Role.PEER and not who.name:
                sentence = f"{who} becomes peer"
                peer = _amendment(What.PEER_ADDED, pair, sentence, named=who)
                yield replace(peer, into=(who,))
        for attempt in record.attempts:
            yield _attempt(attempt, What.ATTEMPT, pair)
        for resource in record.resources:
            yield _resource_added(resource, after, pair.renamed)
    elif kind == "person":
        new = LeadRef(person=after.id)
        yield _amendment(What.APPLICANT, pair, f"{new} is new here", new)
    else:
        yield _amendment(_OF_KIND[kind], pair, f"{after.reference} is new")
    if isinstance(record, Problem):
        yield from changes_of_problem(None, record, after)


def _led_by(community: Community, owners: Iterable[LeadRef]) -> str:
    if names := [str(owner) for owner in owners]:
        return f"led by {', '.join(names)}"
    elsewhere = community.leads_at
    return (
        f"whose leads are kept elsewhere: {elsewhere}"
        if elsewhere
        else "which nobody leads yet"
    )


def _fields(before: Document, after: Document, pair: Pair) -> Iterator[Amendment]:
    """The changes of fields without a rule of their own, each of the kind that its mark names."""
    kind, shape = after.kind.name, pair.shape
    apart = {"formerly"} | (_OWN_RULES if kind == "community" else set())
    every = _differing(plain(before.tree, shape), plain(after.tree, shape)) - apart
    nodes = {name: shape.schema.get("properties", {}).get(name, {}) for name in every}
    marks = {name: dict.fromkeys(marks_of(nodes[name])) for name in every}
    differing = {
        mark: _differing(*_marked(before, after, shape, mark))
        for mark in {mark for some in marks.values() for mark in some}
    }
    for name in sorted(every):
        sentence = _old_to_new(name, before, after)
        kinds = [mark for mark in marks[name] if mark != NOBODY and name in differing[mark]]
        for mark in kinds:
            what = What(mark) if mark else _OF_KIND[kind]
            yield _of_field(name, what, sentence, before, after, pair)
        if not kinds:
            yield _of_field(name, What.TEXT, sentence, before, after, pair)


def _marked(
    before: Document, after: Document, shape: Shape, mark: str | None
) -> tuple[Mapping[str, Tree], Mapping[str, Tree]]:
    def is_wanted(other: str | None) -> bool:
        return other == mark

    return marked(before.tree, shape, is_wanted), marked(after.tree, shape, is_wanted)


def _of_field(
    name: str, what: What, sentence: str, before: Document, after: Document, pair: Pair
) -> Amendment:
    old, new = before.record, after.record
    if after.kind.name == "problem" or (
        name == "vacant_since" and _begins_or_ends_vacancy(before, after, pair.today)
    ):
        # What a problem's change takes is said by itself, and a vacancy by who leaves or comes.
        what = What.PROBLEM if after.kind.name == "problem" else What.TEXT
    change = _amendment(what, pair, sentence)
    if what is What.GATEKEEPERS and isinstance(old, Community | Org):
        out, into = (
            tuple(LeadRef(person=pair.renamed.get(person, person)) for person in some)
            for some in _gone_and_new(old.gatekeepers, new)
        )
        return replace(change, out=out, into=into)
    if (
        isinstance(old, Community)
        and isinstance(new, Community)
        and _settles(name, old, new, pair.today)
    ):
        what = What.CONFIRMED if name == "reviewed" else what
        return replace(change, what=what)
    if isinstance(old, Community) and name in ("reviewed", "leads_at"):
        return replace(change, what=What.RULES, out=_owners(old, pair))
    return change


def _settles(name: str, old: Community, new: Community, today: date) -> bool:
    """Is the word of the leads worth as much as before, or more, after this field changed?"""
    if name == "leads_at":
        return new.leads_at is None
    if name == "reviewed":
        # Nobody takes the word of leads who confirmed their record on a day that is yet to come.
        first = old.reviewed if old.reviewed and old.reviewed <= today else date.min
        return new.reviewed is not None and first <= new.reviewed <= today + _ELSEWHERE
    return True


def _owners(community: Community, pair: Pair) -> tuple[LeadRef, ...]:
    leads = standing(community, pair.today, {})
    return tuple(who for who, lead in leads.items() if lead.role is Role.OWNER)


def _gone_and_new(
    old: Iterable[str], record: Record | None
) -> tuple[Sequence[str], Sequence[str]]:
    now = record.gatekeepers if isinstance(record, Community | Org) else ()
    before, after = dict.fromkeys(old), dict.fromkeys(now)
    # Where nobody is named everybody is, so nobody loses by it.
    gone = [person for person in before if after and person not in after]
    return gone, [person for person in after if person not in before]


def _former_ids(before: Document, after: Document, pair: Pair) -> Iterator[Amendment]:
    """The ids that a record has or had, but for its own that a rename adds."""
    old, new = (_ids(document) for document in (before, after))
    own = {before.id} if before.id != after.id else set()
    if new - old - own or old - new:
        words = [", ".join(sorted(ids)) or "none" for ids in (old, new)]
        yield _amendment(What.FORMER_IDS, pair, f"former ids: {words[0]} → {words[1]}")


def _ids(document: Document) -> set[str]:
    former = document.tree.get("formerly")
    return {str(id) for id in former} if isinstance(former, list) else set()


def _differing(old: Mapping[str, Tree], new: Mapping[str, Tree]) -> set[str]:
    return {name for name in {*old, *new} if old.get(name) != new.get(name)}


def _begins_or_ends_vacancy(before: Document, after: Document, today: date) -> bool:
    """Does `vacant_since` only repeat that the last lead leaves, or the first one comes?"""
    records = before.record, after.record
    led = {
        bool(standing(record, today, {}))
        for record in records
        if isinstance(record, Community)
    }
    return len(led) == 2


def _old_to_new(name: str, before: Document, after: Document) -> str:
    old, new = _compared(before.tree.get(name), after.tree.get(name))
    return f"{name}: {old} → {new}"


def _compared(old: Tree, new: Tree) -> tuple[str, str]:
    """Two values in words; of long ones what differs, with a little of what is around it."""
    one, other = _in_words(old), _in_words(new)
    if one == other:  # a list of two texts, and a text with a comma
        one, other = json.dumps(old), json.dumps(new)
    if max(len(one), len(other)) <= _SHORT:
        return one, other
    start = _alike(one, other)
    end = _alike(one[:start:-1], other[:start:-1])
    first = max(start - _AROUND, 0)
    if first:  # where a word begins, if one does
        first = max(first, one.find(" ", first, start) + 1)
    before, after = (_cut(text, first, len(text) - end + _AROUND) for text in (one, other))
    return before, after


def _alike(one: str, other: str) -> int:
    """How many characters two texts have in common from their beginning on."""
    pairs = zip(one, other, strict=False)
    return next((at for at, (a, b) in enumerate(pairs) if a != b), min(len(one), len(other)))


def _cut(text: str, first: int, last: int) -> str:
    """A part of a text; what is left out of a very long one is counted."""
    shown = text[first:last]
    more = len(shown) - _LONG
    before, after = "…" if first else "", "…" if last < len(text) else ""
    if more > 0:
        shown, after = shown[:_LONG], f"… ({many(more, 'character')} more)"
    return f"{before}{shown}{after}"


def _in_words(value: Tree) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {_in_words(item)}" for name, item in value.items())
    if isinstance(value, list):
        return ", ".join(
            f"({_in_words(item)})" if isinstance(item, Mapping) else str(item)
            for item in value
        )
    return "none" if value is None else " ".join(str(value).split())


def _only_suspends(before: Document, after: Document, shape: Shape) -> bool:
    old, new = dict(facts(before.tree, shape)), dict(facts(after.tree, shape))
    return "suspended" not in old and new.pop("suspended", None) is not None and old == new


def _of_community(
    old: Community, new: Community, after: Document, pair: Pair
) -> Iterator[Amendment]:
    yield from changes_of_leads(old, new, pair.today, pair.renamed)
    yield from _attempts(old, new, pair)
    if set(old.part_of) != set(new.part_of):
        sentence = (
            f"part of: {', '.join(old.part_of) or 'none'} → {', '.join(new.part_of) or 'none'}"
        )
        parents = tuple(dict.fromkeys((*old.part_of, *new.part_of)))
        yield Amendment(What.PARENTS, after.reference, after.file, sentence, parents=parents)
    if old.status is not new.status:
        what = What.ARCHIVED if new.status is CommunityStatus.ARCHIVED else What.RULES
        sentence = f"status: {old.status or 'none'} → {new.status or 'none'}"
        loses = what is What.RULES and old.status is CommunityStatus.ACTIVE
        out = _owners(old, pair) if loses else ()
        yield Amendment(what, after.reference, after.file, sentence, out, parents=old.part_of)
    yield from _resources(old, new, after, pair)


def _attempts(old: Community, new: Community, pair: Pair) -> Iterator[Amendment]:
    """Changed attempts to reach leads; nobody invents attempts to reach a former lead later."""
    leads = standing(old, pair.today, {})
    before, now = {*old.attempts}, {*new.attempts}
    for attempt in sorted(
        before ^ now,
        key=lambda attempt: (attempt.to, attempt.date, attempt.channel),
    ):
        what = What.ATTEMPT if LeadRef(person=attempt.to) in leads else What.UNLISTED
        if attempt in now:
            yield _attempt(attempt, what, pair)
        else:
            sentence = f"no longer recorded: {_in_vain(attempt)}"
            yield _amendment(what, pair, sentence)


def _attempt(attempt: Attempt, what: What, pair: Pair) -> Amendment:
    """An attempt that somebody is said to have made."""
    change = _amendment(what, pair, _in_vain(attempt))
    return replace(change, one_of=_ref(attempt.by))


def _in_vain(attempt: Attempt) -> str:
    by = f", says {attempt.by}" if attempt.by else ""
    return f"nobody reached {attempt.to} by {attempt.channel} on {attempt.date}{by}"


def _resources(
    old: Community, new: Community, after: Document, pair: Pair
) -> Iterator[Amendment]:
    """Resources that come, go or pass to somebody else.

    One that goes is taken from whoever holds it, and one that comes is given to somebody. So a
    resource that leaves and comes back, here or elsewhere, passes by the agreement of both.
    """
    before, now = _by_key(old.resources), _by_key(new.resources)
    for key in dict.fromkeys((*before, *now)):
        held, holds = before.get(key, []), now.get(key, [])
        for was, resource in zip(held, holds, strict=False):
            yield from _of_resource(was, resource, after, pair)
        for resource in holds[len(held) :]:
            yield _resource_added(resource, after, pair.renamed)
        for resource in held[len(holds) :]:
            sentence = f"resource removed: {_held(resource)}"
            out = tuple(dict.fromkeys(_holders(resource)))
            yield Amendment(What.RESOURCE_DROPPED, after.reference, after.file, sentence, out)


def _of_resource(
    was: Resource, resource: Resource, after: Document, pair: Pair
) -> Iterator[Amendment]:
    for role in ("custodian", "deputy"):
        one, other = getattr(was, role), getattr(resource, role)
        other = pair.renamed.get(other, other)
        if one != other:
            sentence = (
                f"{role} of {_resource(resource)}: {one or 'nobody'} → {other or 'nobody'}"
            )
            out, into = (_ref(person) for person in (one, other))
            yield Amendment(What.CUSTODY, after.reference, after.file, sentence, out, into)
    for name, what in _DETAILS.items():
        values = [_as_tree(getattr(one, name)) for one in (was, resource)]
        if values[0] != values[1]:
            old, new = _compared(*values)
            yield _amendment(what, pair, f"{name} of {_resource(resource)}: {old} → {new}")


def _resource_added(
    resource: Resource, after: Document, renamed: Mapping[str, str]
) -> Amendment:
    into = [LeadRef(person=renamed.get(str(who), who.person)) for who in _holders(resource)]
    return Amendment(
        What.RESOURCE_ADDED,
        after.reference,
        after.file,
        f"resource added: {_held(resource)}",
        into=tuple(dict.fromkeys(into)),
    )


def _by_key(resources: Iterable[Resource]) -> Mapping[tuple[str, str], Sequence[Resource]]:
    found: dict[tuple[str, str], list[Resource]] = {}
    for resource in resources:
        found.setdefault(_key(resource), []).append(resource)
    return found


def _holders(resource: Resource) -> tuple[LeadRef, ...]:
    return (*_ref(resource.custodian), *_ref(resource.deputy))


def _held(resource: Resource) -> str:
    """A resource with whoever answers for it."""
    roles = {"custodian": resource.custodian, "deputy": resource.deputy}
    held = [f"{role} {person}" for role, person in roles.items() if person]
    return ", ".join([_resource(resource), *held])


def _ref(person: str | None) -> tuple[LeadRef, ...]:
    return (LeadRef(person=person),) if person else ()


def _key(resource: Resource) -> tuple[str, str]:
    kind = resource.type or ResourceType.OTHER
    return kind.value, same_name(resource.name, resource.type is ResourceType.DOMAIN)


def _as_tree(value: object) -> Tree:
    if isinstance(value, tuple):
        return sorted(map(str, value)) or None
    return None if value is None else str(value)


def _resource(resource: Resource) -> str:
    return f"{resource.name} ({resource.type or ResourceType.OTHER})"
