"""Checks of the `.gpg-id` files in secrets/, which name the keys that other programs encrypt to."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ocs.model.finding import Place, Severity
from ocs.model.ocs import OcsRecord
from ocs.model.registry import Registry
from ocs.rules.check import Violation, check
from ocs.rules.secrets.facts import SEE_CHANGES, are_gatekeepers_confirmed
from ocs.rules.secrets.readers import gatekeepers_of, is_owner_read, owner_of

_SYNC = "run `ocs secret sync`"


def gpg_id_file(owner: str) -> str:
    """The path of an owner's `.gpg-id`; the owner "" has the one for all owners."""
    return f"secrets/{owner}/.gpg-id" if owner else "secrets/.gpg-id"


def owner_of_gpg_id(file: str) -> str:
    """The owner whose `.gpg-id` this is; "" for the one for all owners."""
    return file.removeprefix("secrets/").removesuffix(".gpg-id").rstrip("/")


def gpg_id_of(owner: str, registry: Registry) -> bytes | None:
    """What an owner's `.gpg-id` should hold; None if no key of its gatekeepers is known."""
    keys = {
        gatekeeper.person: gatekeeper.key
        for gatekeeper in registry.gatekeepers
        if gatekeeper.key
    }
    if owner:
        people = gatekeepers_of(owner_of(f"{owner}/", registry), registry)
        named = [keys[person] for person in people if person in keys]
    else:
        named = list(keys.values())
    return "".join(f"{key}\n" for key in named).encode() if named else None


def _gpg_ids(registry: Registry) -> Iterator[tuple[str, bytes | None]]:
    """The owners with a `.gpg-id`, and those who should have one: None where it is missing.

    Without those whose gatekeepers no record tells that can be read.
    """
    is_policy_read = bool(list(registry.records(OcsRecord))) or not registry.ids("ocs")
    if registry.certificates is None or not is_policy_read:
        return
    for owner, text in sorted(registry.gpg_ids.items()):
        if not is_owner_read(owner, registry):
            continue
        if text is not None or gpg_id_of(owner, registry) is not None:
            yield owner, text


@check(
    "wrong-gpg-id",
    Severity.ERROR,
    example="secrets/river/.gpg-id lists a key that belongs to no gatekeeper of river",
    hint="Run `ocs secret sync` to rewrite the file. To see who changed it, run `git log`.",
)
def gpg_ids_that_name_others(registry: Registry, today: date) -> Iterator[Violation]:
    """A `.gpg-id` below secrets/ lists the keys of the owner's gatekeepers, and nothing else."""
    for owner, text in _gpg_ids(registry):
        if text is not None and text != gpg_id_of(owner, registry):
            whose = f"gatekeepers of {owner}" if owner else "gatekeepers of this registry"
            yield Violation(
                f"the keys in this file are not those of the {whose}, and programs such as "
                "pass encrypt to them",
                (Place(gpg_id_file(owner)),),
                f"{_SYNC} to rewrite the file"
                if are_gatekeepers_confirmed(owner, registry)
                else SEE_CHANGES,
            )


@check(
    "missing-gpg-id",
    Severity.WARNING,
    example="secrets/river/ without a file .gpg-id",
    hint="Run `ocs secret sync` to write it.",
)
def gpg_ids_that_are_missing(registry: Registry, today: date) -> Iterator[Violation]:
    """Every owner's folder below secrets/ has a `.gpg-id`, as in pass's password store."""
    missing = [owner for owner, text in _gpg_ids(registry) if text is None]
    if missing:
        places = tuple(Place(gpg_id_file(owner)) for owner in missing)
        message = (
            "without this file, programs such as pass do not know which keys to encrypt to"
        )
        confirmed = all(are_gatekeepers_confirmed(owner, registry) for owner in missing)
        hint = f"{_SYNC} to write it" if confirmed else SEE_CHANGES
        yield Violation(message, places, hint)


CHECKS = (gpg_ids_that_name_others, gpg_ids_that_are_missing)
