"""Every id that a record mentions names something that exists."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

from ocs.model.ciphertext import owner_id
from ocs.model.finding import Place, Severity
from ocs.model.kinds import Kind, is_slug
from ocs.model.record import Reference, Tree
from ocs.model.registry import Document, Registry
from ocs.rules.check import Check, Violation
from ocs.rules.nearest import did_you_mean, one_of
from ocs.rules.records.schema import MOST_FINDINGS, Shape

# Each guess compares a name with every known one, so further unknown names come without a guess.
MOST_GUESSED = 50


def mentions(
    kind: Kind, id: str, tree: Mapping[str, Tree], shape: Shape
) -> Iterator[Reference]:
    """What a record mentions, in its fields and by the name of its file, by full names.

    A secret that is named without its owner belongs to the record that mentions it.
    """
    if kind.owner_folders:
        yield Reference(owner_id(id), "owner", ())
    elif kind.about:
        yield Reference(id, kind.about[0], ())
    for reference in shape.references(tree):
        if reference.space == "secret" and "/" not in reference.target:
            yield Reference(f"{id}/{reference.target}", "secret", reference.steps)
        else:
            yield reference


@dataclass(frozen=True, slots=True)
class Space:
    """A space of names: what a name in it is called, and which names there are in a registry.

    `file` is where a record with such a name lies, `part_of` the field of the mentioning
    record that such names are defined in. Where both are None, ocs.yaml defines the names.
    """

    noun: str
    names: Callable[[Registry], Iterable[str]] | None = None
    file: str | None = None
    part_of: str | None = None


def _records(*kinds: str) -> Callable[[Registry], Iterable[str]]:
    def names(registry: Registry) -> Iterator[str]:
        for kind in kinds:
            yield from registry.ids(kind)
            yield from registry.former_ids[kind]

    return names


def _parties(registry: Registry) -> Iterator[str]:
    yield from _records("org", "community")(registry)
    for document in registry.by_kind["org"].values():
        yield from _ids(document, "suppliers")


def _secrets(registry: Registry) -> Iterator[str]:
    """The secrets' names: those that their files have, and those that records write otherwise.

    A record may write an id that the owner had before, or has since.
    """
    files = registry.ids("access")
    yield from files
    now = cache(lambda owner: registry.now_called("org", owner))
    by_owner_now = {
        f"{now(owner)}/{name}" for owner, _, name in (id.partition("/") for id in files)
    }
    written = {
        reference.target
        for _, references in registry.mentioning.get("secret", ())
        for reference in references
    }
    for target in written - files:
        owner, _, name = target.partition("/")
        if f"{now(owner)}/{name}" in by_owner_now:
            yield target


def _ids(document: Document, field: str) -> Iterator[str]:
    items = document.tree.get(field)
    for item in items if isinstance(items, list) else ():
        if isinstance(item, Mapping) and isinstance(item.get("id"), str):
            yield item["id"]


SPACES = {
    "person": Space("person", _records("person"), "people/{}.yaml"),
    "community": Space("community", _records("community"), "communities/{}.yaml"),
    "problem": Space("problem", _records("problem"), "problems/{}.yaml"),
    "owner": Space("organisation or community", _records("org", "community"), "orgs/{}.yaml"),
    "secret": Space("access record", _secrets, "access/{}.yaml"),
    "party": Space("organisation, community or supplier", _parties, "orgs/{}.yaml"),
    "system": Space("system", part_of="systems"),
    "supplier": Space("supplier", part_of="suppliers"),
    "level": Space("vetting level", lambda registry: registry.policy.vetting.levels),
    "sensitivity": Space("class of sensitivity", lambda registry: registry.policy.sensitivity),
    "community-kind": Space(
        "kind of community", lambda registry: registry.policy.community_kinds
    ),
    "action": Space("action", lambda registry: registry.policy.actions),
}


def names(registry: Registry) -> frozenset[str]:
    """Everything that a record can mention and need not define itself, as "space name"."""
    return frozenset(
        f"{space} {name}"
        for space, known in SPACES.items()
        if known.names is not None
        for name in known.names(registry)
    )


def _dangling(name: str) -> Callable[[Registry, date], Iterator[Violation]]:
    """The rule that every name of a space exists."""
    space = SPACES[name]

    def rule(registry: Registry, today: date) -> Iterator[Violation]:
        if not (space.file or space.part_of or registry.has_policy):
            return  # nobody knows which words ocs.yaml defines
        mentioning = registry.mentioning.get(name, ())
        names = tuple(space.names(registry)) if space.names and mentioning else ()
        everywhere = frozenset(names)
        guesses: dict[tuple[str, str], str | None] = {}
        for document, references in mentioning:
            known = frozenset(_ids(document, space.part_of)) if space.part_of else everywhere
            # The schema reports what has not even the form of a name.
            dangling = [
                reference
                for reference in references
                if reference.target not in known
                and all(map(is_slug, reference.target.split("/")))
            ]
            for reference in dangling[:MOST_FINDINGS]:
                target = reference.target
                key = (document.file if space.part_of else "", target)
                if key not in guesses and len(guesses) < MOST_GUESSED:
                    guesses[key] = _guess(name, target, known)
                hint = guesses.get(key) or _otherwise(name, target, known, names)
                place = Place(document.file, reference.steps, reference.of_key)
                root = f"{document.reference} {target}" if space.part_of else target
                yield Violation(_message(name, target), (place,), hint, root)

    return rule


def _message(name: str, target: str) -> str:
    if name == "secret":
        return f"the secret '{target}' has no access record"
    space = SPACES[name]
    verb = "has the id" if space.file or space.part_of else "is called"
    return f"no {space.noun} {verb} '{target}'"


def _otherwise(name: str, target: str, known: Iterable[str], names: Iterable[str]) -> str:
    """What to do about an unknown name where none can be guessed."""
    space = SPACES[name]
    if space.part_of:
        return f"this record has {one_of(sorted(known)) or f'no {space.part_of}'}"
    if not space.file:
        return f"use {one_of(names)} (see ocs.yaml)" if names else "ocs.yaml lists none"
    hint = f"add {space.file.format(target)}, or correct '{target}'"
    renamed = "; if the record was renamed, list the old id under its `formerly:`"
    return hint if name == "secret" else hint + renamed


def _guess(name: str, target: str, known: frozenset[str]) -> str | None:
    if name != "secret":
        return did_you_mean(target, known)
    owner, _, own = target.partition("/")
    others = (other.partition("/") for other in known)
    return did_you_mean(own, [other for of, _, other in others if of == owner])


def _check(
    name: str, meaning: str, example: str, hint: str, severity: Severity = Severity.ERROR
) -> Check:
    return Check(f"unknown-{name}", severity, meaning, example, hint, _dangling(name))


CHECKS = (
    _check(
        "person",
        "Every person that a record names has a file in people/.",
        "custodian: jost",
        "Correct the id, or add people/<id>.yaml.",
    ),
    _check(
        "community",
        "Every community that a record names has a file in communities/.",
        "part_of: [mozila-communities]",
        "Correct the id, or add communities/<id>.yaml.",
    ),
    _check(
        "problem",
        "Every problem that a record names has a file in problems/.",
        "related: [nextcloud-occ-wrong-usr]",
        "Correct the id, or remove it.",
    ),
    _check(
        "owner",
        "Every folder in access/ is named after an organisation or a community.",
        "access/riverside-foodbank/cloud-admin.yaml",
        "Rename the folder, or add the organisation.",
    ),
    _check(
        "secret",
        "Every secret that a record names has a file in access/.",
        "secrets: [cloud-admn]",
        "Correct the name, or add access/<owner>/<name>.yaml.",
    ),
    _check(
        "system",
        "Every system that a record names is one of the same organisation's systems.",
        "needs: [server]",
        "Correct the id, or add the system.",
    ),
    _check(
        "supplier",
        "Every supplier that a record names is one of the same organisation's suppliers.",
        "hosted_by: hostr",
        "Correct the id, or add the supplier.",
    ),
    _check(
        "party",
        "A conflict of interest is with an organisation, community or supplier of this "
        "registry. With anybody else it has no effect.",
        "conflicts: [{with: studio-nrd}]",
        "Correct the id, or leave it until such a record exists.",
        Severity.WARNING,
    ),
    _check(
        "level",
        "ocs.yaml lists every vetting level under `vetting: levels:`.",
        "level: veted",
        "Write one of the levels in ocs.yaml.",
    ),
    _check(
        "sensitivity",
        "ocs.yaml lists every class of sensitivity under `sensitivity:`.",
        "sensitivity: hihg",
        "Write one of the classes in ocs.yaml.",
    ),
    _check(
        "community-kind",
        "ocs.yaml lists every kind of community under `community_kinds:`.",
        "kind: regonal",
        "Write one of the kinds in ocs.yaml, or add it there.",
    ),
    _check(
        "action",
        "ocs.yaml lists under `actions:` every action that a `speaks_for:` names.",
        "speaks_for: [domains]",
        "Write one of the actions in ocs.yaml, or add it there.",
    ),
)
