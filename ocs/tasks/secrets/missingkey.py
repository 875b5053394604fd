"""Why the user's keys do not open a secret: what is missing, and the next command."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import suppress
from datetime import date

from ocs.adapters import machine
from ocs.adapters.files import Files
from ocs.errors import KeyringError, NoSecretKeyError
from ocs.model.registry import Registry
from ocs.rules.nearest import listed
from ocs.rules.records.schema import Schemas
from ocs.rules.secrets.readers import key_ids, readers_of
from ocs.tasks.registry.certificates import Keyrings
from ocs.tasks.secrets.secrets import registry_of

GENERATE = 'gpg --quick-generate-key "Your Name <you@example.org>" future-default default 2y'


def explained(
    secret: str, error: NoSecretKeyError, files: Files, schemas: Schemas, keyrings: Keyrings
) -> NoSecretKeyError:
    """The failure to decrypt a secret, explained by the keys that the user has."""
    registry = registry_of(files, schemas)
    why, hint = error.message, error.hint
    with suppress(KeyringError):
        own = keyrings([]).own_keys()
        why, hint = (
            _other_key(secret, why, own, registry) if own else _no_key(secret, registry)
        )
    return NoSecretKeyError(f"cannot decrypt {secret}: {why}", hint)


def _no_key(secret: str, registry: Registry) -> tuple[str, str]:
    why = "gpg has no secret key here"
    if home := machine.variable("GNUPGHOME"):
        why += f", in {home} (GNUPGHOME)"
    elsewhere = "if your key is on another machine, copy it with `gpg --export-secret-keys`"
    send = f"send the output of `gpg --armor --export` to {_whom(secret, registry)}"
    return (
        why,
        f"{elsewhere} and `gpg --import`; if you have no key, run `ocs doctor`, then {send}",
    )


def _other_key(
    secret: str, why: str, own: Collection[str], registry: Registry
) -> tuple[str, str]:
    whom = _whom(secret, registry)
    person = next(_people(own, registry), None)
    if person is None:
        return why, (
            f"keys/ has no certificate of your keys ({listed(sorted(own), 'and')}): ask {whom} "
            "to run `ocs key import`, or `gpg --import` the right key"
        )
    file = (registry.ciphertexts or {}).get(secret)
    certificate = (registry.certificates or {})[person]
    if file and file.message and not key_ids(certificate).isdisjoint(file.message.key_ids):
        return (
            f"it is encrypted to {person}, but your gpg lacks the secret key of {person}",
            f"copy the key from where {person} made it: `gpg --export-secret-keys`, then "
            "`gpg --import`",
        )
    if person in readers_of(secret, registry, date.min):
        sync = f"ask {whom} to run `ocs secret sync`, or to grant it again if access has ended"
        return why, f"the record names {person} as a reader: {sync}"
    return why, f"ask {whom} to run `ocs secret grant {secret} {person}`"


def _people(own: Collection[str], registry: Registry) -> Iterator[str]:
    """Whose certificates have these keys."""
    for person, file in sorted((registry.certificates or {}).items()):
        if file.outline and file.outline.fingerprint in own:
            yield person


def _whom(secret: str, registry: Registry) -> str:
    """Who can grant the secret."""
    gatekeepers = {gatekeeper.person for gatekeeper in registry.gatekeepers}
    people = sorted(
        person for person in readers_of(secret, registry, date.min) if person in gatekeepers
    )
    return listed(people, "or") if people else "a gatekeeper"
