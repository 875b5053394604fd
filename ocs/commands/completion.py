"""What the shell completes: values of arguments and options, by how they begin.

A completion that fails completes nothing and prints nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from ocs.model.kinds import KIND, KINDS, RECORD_FOLDERS, Kind


def complete_record(ctx: Any, incomplete: str) -> Iterator[str]:
    """Records: `problems/x`, and `x` where that is enough."""
    for kind, id in _names(ctx, KINDS):
        # A record about another one has no id of its own to be called by.
        for name in (KIND[kind].reference(id), *(() if KIND[kind].about else (id,))):
            if name.startswith(incomplete):
                yield name


def complete_problem(ctx: Any, incomplete: str) -> list[str]:
    return _ids(ctx, incomplete, "problem")


def complete_person(ctx: Any, incomplete: str) -> list[str]:
    return _ids(ctx, incomplete, "person")


def complete_secret(ctx: Any, incomplete: str) -> list[str]:
    return _ids(ctx, incomplete, "access")


def complete_owner(ctx: Any, incomplete: str) -> list[str]:
    return _ids(ctx, incomplete, "org", "community")


def complete_community(ctx: Any, incomplete: str) -> list[str]:
    return _ids(ctx, incomplete, "community")


def _ids(ctx: Any, incomplete: str, *kinds: str) -> list[str]:
    names = _names(ctx, [KIND[kind] for kind in kinds])
    return [id for _, id in names if id.startswith(incomplete)]


def _names(ctx: Any, kinds: Iterable[Kind]) -> list[tuple[str, str]]:
    """The kind and id of each record; none where the index cannot be read."""
    try:
        from ocs.workspace import Workspace

        folder = ctx.params.get("registry") if ctx is not None else None
        if isinstance(folder, list | tuple):  # of several registries, the first completes
            folder = next(iter(folder), None)
        work = Workspace.open(Path(folder) if folder else None)
        return work.ask(lambda index: list(index.ids([kind.name for kind in kinds])))
    except Exception:  # noqa: BLE001  see above
        return []


def complete_kind(incomplete: str) -> list[str]:
    return [folder for folder in RECORD_FOLDERS if folder.startswith(incomplete)]


def complete_condition(ctx: Any, incomplete: str) -> list[str]:
    """Fields of the kind that stands before, with `=`."""
    from ocs.workspace import Workspace

    kind = ctx.params.get("kind")
    if not isinstance(kind, Kind):
        return []
    fields = Workspace(Path()).schemas.of(kind).schema["properties"]
    return [f"{field}=" for field in fields if field.startswith(incomplete)]
