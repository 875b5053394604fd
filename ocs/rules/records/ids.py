"""An id names one record, now and for ever."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import combinations

from ocs.model.finding import Place, Severity
from ocs.model.kinds import KIND, KINDS
from ocs.model.org import Org
from ocs.model.registry import Registry
from ocs.rules.check import Violation, at, check

# The names of the kinds that share their ids.
_SPACES = [
    [kind.name for kind in KINDS if kind.ids == ids and not kind.about]
    for ids in dict.fromkeys(kind.ids for kind in KINDS)
]


@check(
    "duplicate-id",
    Severity.ERROR,
    example="orgs/river-house.yaml and communities/river-house.yaml",
    hint="Give one of them another id; an id is never used again.",
)
def ids_used_twice(registry: Registry, today: date) -> Iterator[Violation]:
    """An id names one record for ever. Organisations and communities share one set of ids."""
    for space in _SPACES:
        former: dict[str, list[tuple[str, Place]]] = {}
        for id, whose, place in _former_ids(registry, space):
            former.setdefault(id, []).append((whose, place))
        contested = set(former)
        for one, other in combinations(space, 2):
            contested |= registry.ids(one) & registry.ids(other)
        for id in sorted(contested):
            uses = [
                (f"is the id of {KIND[kind].reference(id)}", at(kind, id))
                for kind in space
                if id in registry.ids(kind)
            ]
            uses += [(f"was the id of {whose}", place) for whose, place in former.get(id, ())]
            if len(uses) > 1:
                yield Violation(
                    f"'{id}' {' and '.join(use for use, _ in uses)}",
                    tuple(place for _, place in reversed(uses)),
                )


def _former_ids(registry: Registry, space: Iterable[str]) -> Iterator[tuple[str, str, Place]]:
    """Every id that a record of these kinds had before, the record, and where it says so."""
    for kind in space:
        for document in registry.by_kind[kind].values():
            former = document.tree.get("formerly")
            for number, id in enumerate(former if isinstance(former, list) else ()):
                if isinstance(id, str):
                    yield id, document.reference, Place(document.file, ("formerly", number))


@check(
    "duplicate-part",
    Severity.ERROR,
    example="two systems of one organisation with the id web",
    hint="Give one of them another id, and correct the places that name it.",
)
def parts_with_one_id(registry: Registry, today: date) -> Iterator[Violation]:
    """Each contact, system, supplier and backup of an organisation has its own id."""
    for org in registry.records(Org):
        for field in ("contacts", "systems", "suppliers", "backups"):
            parts: dict[str, list[Place]] = {}
            for number, part in enumerate(getattr(org, field)):
                parts.setdefault(part.id, []).append(at("org", org.id, field, number, "id"))
            for id, places in parts.items():
                if len(places) > 1:
                    yield Violation(f"{len(places)} {field} have the id '{id}'", tuple(places))


CHECKS = (ids_used_twice, parts_with_one_id)
