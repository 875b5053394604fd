"""One record, with what mentions it."""

from __future__ import annotations

from collections.abc import Sequence

from ocs.adapters.store.index import Index
from ocs.errors import OcsError, RecordNotFoundError
from ocs.model.found import Found, Shown
from ocs.model.kinds import KIND, KIND_OF_FOLDER, KINDS, Kind
from ocs.rules.nearest import did_you_mean, one_of


def show(index: Index, name: str) -> Shown:
    """The record called *name*: `problems/x`, `problems/x.yaml`, or `x` if only one has it.

    An earlier id serves as well. Raises RecordNotFoundError for no record or several.
    """
    record = find(index, name)
    if record.tree is None:
        raise OcsError(
            f"{record.file} cannot be read", f"run `ocs validate {record.file}` to see why"
        )
    former = record.field("formerly")
    ids = [record.id, *(former if isinstance(former, list) else [])]
    spaces = KIND[record.kind].spaces
    mentions = [m for id in ids for m in index.mentions(spaces, str(id))] if spaces else []
    return Shown(record, tuple(mentions))


def find(index: Index, name: str) -> Found:
    """The record, even if its file cannot be read. Raises RecordNotFoundError as `show`."""
    records = _candidates(index, name)
    if len(records) == 1:
        return records[0]
    if records:
        choices = one_of(record.reference for record in records)
        raise RecordNotFoundError(
            f"more than one record has the id '{name}'", f"write {choices}"
        )
    raise RecordNotFoundError(f"no record has the id '{name}'", _near(name, index))


def _candidates(index: Index, name: str) -> list[Found]:
    kinds, id = _meaning(name)
    names = [kind.name for kind in kinds]
    records = index.find(id, names) or index.once_called(id, names)
    owner, _, name = id.partition("/")
    if records or not name:
        return records
    owners = index.once_called(owner, ("org", "community"))
    return [record for now in owners for record in index.find(f"{now.id}/{name}", names)]


def _meaning(name: str) -> tuple[Sequence[Kind], str]:
    """The kinds that a name can be of, and the id in it."""
    id = name.removesuffix(".yaml").strip("/")
    folder, slash, rest = id.partition("/")
    if slash and folder in KIND_OF_FOLDER:
        return [KIND_OF_FOLDER[folder]], rest
    if slash:
        return [KIND["access"]], id
    return [kind for kind in KINDS if not kind.about], id


def _near(name: str, index: Index) -> str:
    kinds, id = _meaning(name)
    known = {other for _, other in index.ids([kind.name for kind in kinds])}
    of_owners = [other for _, other in index.ids(["access"]) if other.endswith(f"/{id}")]
    if of_owners:
        return f"did you mean '{of_owners[0]}'?"
    return did_you_mean(id, known) or "find it with `ocs search WORDS` or `ocs list KIND`"
