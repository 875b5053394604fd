"""Users whose ocs remembers: what a registry states is confirmed, as if they had answered before."""

from __future__ import annotations

from collections.abc import Container
from datetime import date
from pathlib import Path

from ocs.adapters.files import Files, read_schema
from ocs.adapters.memories import Memories
from ocs.model.trust import Fact
from ocs.rules.records.schema import Schemas
from ocs.rules.secrets.facts import facts_of
from ocs.tasks.secrets.secrets import registry_of
from ocs.tasks.trust.memory import open_memory
from ocs.workspace import Workspace

_SCHEMAS = Schemas(read_schema)


class Everything(Container[Fact]):
    """Everything is confirmed."""

    def __contains__(self, fact: object) -> bool:
        return True


def memories(root: Path) -> Memories:
    """What the user's ocs remembers, in their state folder."""
    found = Workspace(root).memories()
    assert found
    return found


def remember(root: Path, today: date | None = None, folder: Path | None = None) -> Memories:
    """Confirm everything that the registry states now; kept in *folder*, if not as usual."""
    day = today or date.today()
    registry = registry_of(Files(root), _SCHEMAS)
    kept = Memories(folder) if folder else memories(root)
    open_memory(registry, root, kept, day).confirm(facts_of(registry, day))
    return kept
