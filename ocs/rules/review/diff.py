"""The changes between two states of a record, in words for people.

Each change has a kind, for which policy.py says who must agree. A change that no rule here knows
is of the kind `anything else` or `rules of the community`: no new field is free by accident.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from ocs.model.change import Amendment, What
from ocs.model.ciphertext import owner_id
from ocs.model.community import (
    Community,
    CommunityStatus,
    LeadRef,
    Resource,
    ResourceType,
    Role,
)
from ocs.model.record import Tree
from ocs.model.registry import Document
from ocs.rules.communities.resources import same_name
from ocs.rules.nearest import many
from ocs.rules.records.schema import Shape
from ocs.rules.review.leadchanges import changes_of_leads, standing
from ocs.rules.review.protected import facts, plain

# The kind of change of a protected field, if no rule below knows better.
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
# Fields of a community with rules of their own.
_OWN_RULES = {"leads", "attempts", "resources", "part_of", "status", "formerly"}


@dataclass(frozen=True, slots=True)
class Pair:
    """A record before and after; None where there is none. `renamed` has people's ids before."""

    before: Document | None
    after: Document | None
    shape: Shape
    today: date
    renamed: Mapping[str, str] = field(default_factory=dict)


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


def of_file(path: str, *, is_new: bool, is_gone: bool) -> Amendment:
    """The change of a file that is no record."""
    how = "is new" if is_new else "is deleted" if is_gone else "changes"
    folder, _, name = path.partition("/")
    if folder == "secrets":
        owner, slash, _ = name.partition("/")
        return Amendment(
            What.ACCESS,
            path,
            path,
            f"the secret {path} {how}",
            parents=(owner if slash else "",),
        )
    if folder == "keys":
        whose = name.removesuffix(".asc")
        sentence = f"the key of {whose} {how}"
        out = (LeadRef(person=whose),)
        return Amendment(What.IDENTITY, path, path, sentence, out, subject=whose)
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
        parents=(owner_id(was),) if document.kind.name == "access" else (),
        subject=subject,
        named=named,
    )


def _new(after: Document, pair: Pair) -> Iterator[Amendment]:
    kind, record = after.kind.name, after.record
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
        for resource in record.resources:
            yield _amendment(
                What.RESOURCE_ADDED, pair, f"resource added: {_resource(resource)}"
            )
    elif kind == "person":
        new = LeadRef(person=after.id)
        yield _amendment(What.APPLICANT, pair, f"{new} is new here", new)
    else:
        yield _amendment(_OF_KIND[kind], pair, f"{after.reference} is new")


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
    """The changes of fields without a rule of their own, protected or free."""
    kind = after.kind.name
    apart = (
        _OWN_RULES if kind == "community" else {"formerly"} if before.id != after.id else set()
    )
    protected = _differing(facts(before.tree, pair.shape), facts(after.tree, pair.shape))
    for name in sorted(protected - apart):
        what = _OF_KIND[kind]
        if name == "vacant_since" and _begins_or_ends_vacancy(before, after, pair.today):
            what = What.TEXT
        old, new = _compared(before.tree.get(name), after.tree.get(name))
        yield _amendment(what, pair, f"{name}: {old} → {new}")
    fields = _differing(plain(before.tree, pair.shape), plain(after.tree, pair.shape))
    for name in sorted(fields - protected - apart):
        what = What.PROBLEM if kind == "problem" else What.TEXT
        verb = "change" if name.endswith("s") and not name.endswith("us") else "changes"
        yield _amendment(what, pair, f"{name} {verb}")


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
        yield Amendment(what, after.reference, after.file, sentence, parents=old.part_of)
    if old.id == new.id and set(old.formerly) != set(new.formerly):
        yield _amendment(What.RENAMED, pair, "its former ids change")
    yield from _resources(old, new, after, pair)


def _attempts(old: Community, new: Community, pair: Pair) -> Iterator[Amendment]:
    """Changed attempts to reach leads; nobody invents attempts to reach a former lead later."""
    leads = standing(old, pair.today, {})
    for attempt in sorted(
        {*old.attempts} ^ {*new.attempts},
        key=lambda attempt: (attempt.to, attempt.date, attempt.channel),
    ):
        what = What.ATTEMPT if LeadRef(person=attempt.to) in leads else What.UNLISTED
        sentence = f"nobody reached {attempt.to} by {attempt.channel} on {attempt.date}"
        if attempt not in new.attempts:
            sentence = f"no longer recorded: {sentence}"
        yield _amendment(what, pair, sentence)


def _resources(
    old: Community, new: Community, after: Document, pair: Pair
) -> Iterator[Amendment]:
    before, now = (
        {_key(resource): resource for resource in record.resources} for record in (old, new)
    )
    for resource in new.resources:
        was = before.get(_key(resource))
        if was is None:
            yield _amendment(
                What.RESOURCE_ADDED, pair, f"resource added: {_resource(resource)}"
            )
            continue
        for role in ("custodian", "deputy"):
            one, other = getattr(was, role), getattr(resource, role)
            other = pair.renamed.get(other, other)
            if one != other:
                sentence = (
                    f"{role} of {_resource(resource)}: {one or 'nobody'} → {other or 'nobody'}"
                )
                out, into = (_ref(person) for person in (one, other))
                yield Amendment(What.CUSTODY, after.reference, after.file, sentence, out, into)
        if _free(was) != _free(resource):
            yield _amendment(What.TEXT, pair, f"the details of {_resource(resource)} change")
    for key, resource in before.items():
        if key not in now:
            held = _ref(resource.custodian)
            sentence = f"resource removed: {_resource(resource)}"
            yield Amendment(What.RESOURCE_DROPPED, after.reference, after.file, sentence, held)


def _ref(person: str | None) -> tuple[LeadRef, ...]:
    return (LeadRef(person=person),) if person else ()


def _key(resource: Resource) -> tuple[str, str]:
    kind = resource.type or ResourceType.OTHER
    return kind.value, same_name(resource.name, resource.type is ResourceType.DOMAIN)


def _free(resource: Resource) -> tuple[object, ...]:
    return resource.name, resource.where, resource.expires, frozenset(resource.secrets)


def _resource(resource: Resource) -> str:
    return f"{resource.name} ({resource.type or ResourceType.OTHER})"
