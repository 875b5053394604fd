"""Who can read what, and why, by the records and by the ciphertexts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ocs.adapters.files import Files
from ocs.errors import RecordNotFoundError
from ocs.model.access import AccessEntry
from ocs.model.registry import Registry
from ocs.rules.nearest import did_you_mean
from ocs.rules.records.schema import Schemas
from ocs.rules.secrets.ciphertexts import holders, who_can_read
from ocs.rules.secrets.readers import access_of, gatekeepers_of, owner_of, readers_of
from ocs.tasks.registry.rotation import with_history
from ocs.tasks.secrets.secrets import registry_of


def access(name: str, files: Files, schemas: Schemas, today: date) -> list[AccessEntry]:
    """Everybody who may or can read a secret, or everything that a person may or can read.

    Raises RecordNotFoundError where *name* is neither.
    """
    registry, _ = with_history(registry_of(files, schemas), files, today)
    secrets = sorted(registry.ids("access") | (registry.secrets or frozenset()))
    person = registry.now_called("person", name)
    if name in secrets:
        return list(_of_secret(name, registry, today))
    if person in registry.ids("person"):
        entries = (
            entry for secret in secrets for entry in _of_secret(secret, registry, today)
        )
        return [entry for entry in entries if entry.person == person]
    known = [*secrets, *registry.ids("person")]
    hint = did_you_mean(name, known) or "see `ocs list people` and `ocs secret list`"
    raise RecordNotFoundError(f"'{name}' is neither a person nor a secret", hint)


def _of_secret(secret: str, registry: Registry, today: date) -> Iterator[AccessEntry]:
    record, owner = access_of(secret, registry), owner_of(secret, registry)
    readers = {
        registry.now_called("person", reader.person): reader
        for reader in (record.readers if record else ())
    }
    gatekeepers = gatekeepers_of(owner, registry)
    file = (registry.ciphertexts or {}).get(secret)
    message = file.message if file else None
    people, unknown = who_can_read(message, holders(registry)) if message else (set(), [])
    recorded = readers_of(secret, registry, today)
    for person in (*recorded, *sorted(people - recorded.keys())):
        until = None
        if person in gatekeepers:
            why = "gatekeeper"
        elif reader := readers.get(person):
            why, until = reader.because or "-", reader.until
        else:
            why = "no access record"
        can = person in people if message else None
        yield AccessEntry(person, secret, why, until, person in recorded, can)
    for person in registry.former_readers.get(secret, ()):
        if person not in people:
            why = "former reader: rotate it"
            yield AccessEntry(person, secret, why, None, may=False, can=False)
    for key_id in unknown:
        why = "unknown key"
        yield AccessEntry(f"key {key_id}", secret, why, None, may=False, can=True)
