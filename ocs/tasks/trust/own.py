"""What the user's own ocs wrote is confirmed without asking; what it took away is forgotten."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from ocs.adapters.files import Files
from ocs.adapters.memories import Memories
from ocs.errors import OcsError
from ocs.model.certificate import Certificate
from ocs.model.change import Replacement
from ocs.model.trust import Fact
from ocs.rules.records.schema import Schemas
from ocs.tasks.trust.memory import Memory, memory_of
from ocs.tasks.trust.stated import difference


def note(
    written: Iterable[Replacement],
    files: Files,
    schemas: Schemas,
    memories: Memories | None,
    today: date,
    copies: Iterable[Certificate] = (),
) -> OcsError | None:
    """Remember what these files, which ocs wrote for the user, say anew, and say no more.

    *copies* are the certificates among them. Returns why that could not be kept.
    """
    added, removed = difference(written, today)
    seen = tuple(copies)
    if not (added or removed or seen):
        return None
    memory = memory_of(files, schemas, memories, today)
    remember(added, removed, memory)
    memory.saw(seen)
    return memory.fault


def remember(added: frozenset[Fact], removed: frozenset[Fact], memory: Memory) -> None:
    """Remember that these facts came and went."""
    if added:
        memory.confirm(added)
    if removed:
        memory.forget(removed)
