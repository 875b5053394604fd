"""What the shell completes: values of arguments and options that begin as somebody typed.

A completion that fails completes nothing, and says nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from ocs.model.kinds import KIND, KINDS, RECORD_FOLDERS, Kind


def complete_record(ctx: Any, incomplete: str) -> Iterator[str]:
    """The names of records that begin so: `problems/x`, and `x` where that is enough."""
    for kind, id in _ids(ctx, KINDS):
        # A record about another one has no id of its own to be called by.
        for name in (KIND[kind].reference(id), *(() if KIND[kind].about else (id,))):
            if name.startswith(incomplete):
                yield name


def complete_problem(ctx: Any, incomplete: str) -> list[str]:
    """The problems whose ids begin so."""
    return [id for _, id in _ids(ctx, [KIND["problem"]]) if id.startswith(incomplete)]


def complete_person(ctx: Any, incomplete: str) -> list[str]:
    """The people whose ids begin so."""
    return [id for _, id in _ids(ctx, [KIND["person"]]) if id.startswith(incomplete)]


def complete_secret(ctx: Any, incomplete: str) -> list[str]:
    """The secrets whose names begin so."""
    return [id for _, id in _ids(ctx, [KIND["access"]]) if id.startswith(incomplete)]


def complete_owner(ctx: Any, incomplete: str) -> list[str]:
    """The organisations and communities whose ids begin so."""
    kinds = [KIND["org"], KIND["community"]]
    return [id for _, id in _ids(ctx, kinds) if id.startswith(incomplete)]


def complete_community(ctx: Any, incomplete: str) -> list[str]:
    """The communities whose ids begin so."""
    return [id for _, id in _ids(ctx, [KIND["community"]]) if id.startswith(incomplete)]


def _ids(ctx: Any, kinds: Iterable[Kind]) -> list[tuple[str, str]]:
    """The names of kinds and ids of the records, none where that is not to be had."""
    try:
        from ocs.workspace import Workspace

        folder = ctx.params.get("registry") if ctx is not None else None
        if isinstance(folder, list | tuple):  # of several the first is completed from
            folder = next(iter(folder), None)
        work = Workspace.open(Path(folder) if folder else None)
        return work.ask(lambda index: list(index.ids([kind.name for kind in kinds])))
    except Exception:  # noqa: BLE001  see above
        return []


def complete_kind(incomplete: str) -> list[str]:
    """The kinds of record that begin so."""
    return [folder for folder in RECORD_FOLDERS if folder.startswith(incomplete)]


def complete_condition(ctx: Any, incomplete: str) -> list[str]:
    """The fields that begin so, of the kind that is asked for."""
    from ocs.workspace import Workspace

    kind = ctx.params.get("kind")
    if not isinstance(kind, Kind):
        return []
    fields = Workspace(Path()).schemas.of(kind).schema["properties"]
    return [f"{field}=" for field in fields if field.startswith(incomplete)]
