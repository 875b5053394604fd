"""Every id that a record mentions names something that exists."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date

from ocs.model.finding import Finding, Place
from ocs.model.registry import Document, Registry
from ocs.rules.codes import finding
from ocs.rules.nearest import did_you_mean, one_of
from ocs.rules.schema import Reference, Schemas

# What a space of names is called, and what to do about a name that is not in it.
_NOUNS = {
    "person": "person",
    "community": "community",
    "problem": "problem",
    "owner": "organisation or community",
    "secret": "access record",
    "system": "system",
    "supplier": "supplier",
    "party": "organisation, community or supplier",
    "level": "vetting level",
    "sensitivity": "class of sensitivity",
    "community-kind": "kind of community",
    "action": "action",
}
_FILES = {
    "person": "people/{}.yaml",
    "community": "communities/{}.yaml",
    "problem": "problems/{}.yaml",
    "owner": "orgs/{}.yaml",
    "secret": "access/{}.yaml",
}
_WORDS = frozenset({"level", "sensitivity", "community-kind", "action"})


def dangling_references(registry: Registry, schemas: Schemas, today: date) -> Iterator[Finding]:
    """Every id that a record mentions names something that exists."""
    names = Names(registry)
    for document in registry:
        for reference in references_of(document, schemas):
            (space,) = reference.spaces
            target = full_name(reference, document)
            if target not in names.of(space, document):
                yield _dangling(space, target, reference, document, names)


def references_of(document: Document, schemas: Schemas) -> Iterator[Reference]:
    """What a record mentions: in its fields, and by the name of its file."""
    yield from schemas.of(document.kind).references(document.tree)
    if document.kind.owner_folders:
        yield Reference(document.id.partition("/")[0], ("owner",), ())
    elif document.kind.about:
        yield Reference(document.id, document.kind.about, ())


def full_name(reference: Reference, document: Document) -> str:
    """The target's full name: a secret without its owner belongs to the record that mentions it."""
    if reference.spaces == ("secret",) and "/" not in reference.target:
        return f"{document.id}/{reference.target}"
    return reference.target


class Names:
    """Which names there are: of records, of parts of a record, and of the policy's words."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry
        self._known: dict[str, frozenset[str]] = {}

    def of(self, space: str, document: Document) -> frozenset[str]:
        """The names of a space, as *document* sees them: systems and suppliers are those of its own."""
        if space in _LOCAL:
            return frozenset(_ids(document, _LOCAL[space]))
        if space not in self._known:
            self._known[space] = frozenset(_GLOBAL[space](self._registry))
        return self._known[space]


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


def _ids(document: Document, field: str) -> Iterator[str]:
    items = document.tree.get(field)
    for item in items if isinstance(items, list) else ():
        if isinstance(item, Mapping) and isinstance(item.get("id"), str):
            yield item["id"]


_LOCAL = {"system": "systems", "supplier": "suppliers"}
_GLOBAL: dict[str, Callable[[Registry], Iterable[str]]] = {
    "person": _records("person"),
    "community": _records("community"),
    "problem": _records("problem"),
    "owner": _records("org", "community"),
    "secret": _records("access"),
    "party": _parties,
    "level": lambda registry: registry.policy.vetting.levels,
    "sensitivity": lambda registry: registry.policy.sensitivity,
    "community-kind": lambda registry: registry.policy.community_kinds,
    "action": lambda registry: registry.policy.actions,
}


def _dangling(space: str, target: str, reference: Reference, document: Document, names: Names) -> Finding:
    known = sorted(names.of(space, document))
    noun = _NOUNS[space]
    otherwise: str | None
    if space in _WORDS:
        message, root = f"no {noun} is called '{target}'", f"{space} {target}"
        otherwise = f"ocs.yaml knows {one_of(known)}" if known else "ocs.yaml lists none"
    elif space in _LOCAL:
        message, root = f"no {noun} has the id '{target}'", f"{document.reference} {space} {target}"
        otherwise = f"this record has {one_of(known)}" if known else f"this record has no {_LOCAL[space]}"
    else:
        message = f"no {noun} {'is' if space == 'secret' else 'has the id'} '{target}'"
        root = f"{space} {target}"
        otherwise = f"add {_FILES[space].format(target)}, or correct it" if space in _FILES else None
    if space == "secret":
        message = f"the secret '{target}' has no access record"
    return finding(
        f"unknown-{space}",
        message,
        Place(document.file, reference.steps, reference.of_key),
        hint=did_you_mean(target, known) or otherwise,
        root=root,
    )
