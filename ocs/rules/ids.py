"""An id names one record, now and for ever."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ocs.model.finding import Place, Severity
from ocs.model.registry import Registry
from ocs.rules.check import Said, check

# Kinds that share one space of ids. Records about another record have no ids of their own.
_SPACES = (("person",), ("org", "community"), ("problem",))


@check(
    "duplicate-id",
    Severity.ERROR,
    example="orgs/river-house.yaml and communities/river-house.yaml",
    mend="Give one of them another id.",
)
def ids_used_twice(registry: Registry, today: date) -> Iterator[Said]:
    """An id names one record (organisations and communities share theirs), and no other one later."""
    for space in _SPACES:
        users: dict[str, list[tuple[str, Place]]] = {}
        for kind in space:
            for document in registry.by_kind[kind].values():
                now = (f"is the id of {document.reference}", Place(document.file))
                users.setdefault(document.id, []).append(now)
        for kind in space:
            for document in registry.by_kind[kind].values():
                former = document.tree.get("formerly")
                for number, id in enumerate(former if isinstance(former, list) else ()):
                    if isinstance(id, str):
                        before = (
                            f"was the id of {document.reference}",
                            Place(document.file, ("formerly", number)),
                        )
                        users.setdefault(id, []).append(before)
        for id, uses in users.items():
            if len(uses) > 1:
                yield Said(
                    f"'{id}' {' and '.join(use for use, _ in uses)}",
                    tuple(place for _, place in reversed(uses)),
                    "give one of them another id; an id is never used again",
                )
