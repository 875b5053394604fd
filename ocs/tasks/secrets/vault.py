"""The registry for those who plan changes of secrets: with certificates and ciphertexts."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date
from functools import cached_property

from ocs.adapters.files import Files
from ocs.adapters.git.commits import uncommitted
from ocs.adapters.git.versions import HistoryUnknownError
from ocs.adapters.keyring import Keyring
from ocs.adapters.memories import Memories
from ocs.adapters.memory import forget_abandoned
from ocs.adapters.replacing import finish
from ocs.errors import OcsError, RecordNotFoundError
from ocs.model.access import Access
from ocs.model.change import Replacement
from ocs.model.ciphertext import MOST_BYTES, CiphertextFile, file_of, owner_id
from ocs.model.community import Community
from ocs.model.edit import Edit, applied
from ocs.model.kinds import KIND
from ocs.model.org import Org
from ocs.model.plan import EditPlan
from ocs.model.registry import Registry
from ocs.rules.nearest import did_you_mean, listed
from ocs.rules.records.naming import name_of
from ocs.rules.records.schema import Schemas
from ocs.rules.secrets.conflicts import conflict
from ocs.rules.secrets.gpgids import gpg_id_file, gpg_id_of
from ocs.rules.secrets.readers import access_of, contested, fingerprint_of, owner_of
from ocs.tasks.records import fieldedits
from ocs.tasks.registry.certificates import Keyrings, keyring_of
from ocs.tasks.registry.ciphertexts import gpg_id
from ocs.tasks.registry.rotation import known_history
from ocs.tasks.secrets.secrets import registry_of, verified_registry
from ocs.tasks.trust.memory import Memory, open_memory

_ACCESS = KIND["access"]


class Vault:
    """A registry with verified certificates, on the day *today*.

    *memories* are what the user's ocs remembers; without them nobody is confirmed.
    Raises KeyringError where gpg cannot verify them, unless `is_verified` is false. Raises
    OcsError where it just finished a change that was interrupted before.
    """

    def __init__(
        self,
        files: Files,
        schemas: Schemas,
        keyrings: Keyrings,
        today: date,
        memories: Memories | None = None,
        *,
        is_verified: bool = True,
    ) -> None:
        forget_abandoned()
        finish(files.root)
        self.files = files
        self.schemas = schemas
        self.keyrings = keyrings
        self.today = today
        self.memories = memories
        read = verified_registry if is_verified else registry_of
        self.registry = read(files, schemas, keyrings)

    @cached_property
    def past(self) -> Registry:
        """The registry with the history of its secrets. Raises OcsError where git cannot tell."""
        try:
            return known_history(self.registry, self.files, self.today)
        except HistoryUnknownError as error:
            message = "cannot find out whether a ciphertext was moved here from another secret"
            raise OcsError(f"{message}: {error.message}", error.hint) from error

    @cached_property
    def memory(self) -> Memory:
        """What the user has confirmed of this registry."""
        return open_memory(self.registry, self.files.root, self.memories, self.today)

    def keyring(self) -> Keyring:
        """A keyring of all certificates that may be used, as they were read."""
        return keyring_of((self.registry.certificates or {}).values(), self.keyrings)

    def uncommitted(self) -> list[str]:
        """Files that a killed command, or somebody by hand, wrote and did not commit."""
        return uncommitted(self.files.root, ("access", "secrets"))

    def owner(self, secret: str) -> Org | Community:
        """The owner of a secret. Raises OcsError where there is none, or it has no gatekeepers."""
        id = owner_id(secret)
        owner = owner_of(secret, self.registry)
        if owner is None:
            for message, hint in contested("org", id, self.registry):
                raise OcsError(message, hint)
            known = sorted(self.registry.ids("org") | self.registry.ids("community"))
            raise RecordNotFoundError(
                f"no organisation or community has the id '{id}'", did_you_mean(id, known)
            )
        if not owner.gatekeepers:
            raise OcsError(
                f"{owner.id} has no gatekeepers, who must be able to read its secrets",
                f"add `gatekeepers:` to its record with `ocs edit {owner.id}`",
            )
        return owner

    def named(self, text: str) -> tuple[str, Access, CiphertextFile]:
        """The secret that the user names, its record and its ciphertext.

        Raises RecordNotFoundError where there is no ciphertext, OcsError where one of them
        cannot be used.
        """
        secret = name_of(text)
        access = access_of(secret, self.registry)
        ciphertext = (self.registry.ciphertexts or {}).get(secret)
        if ciphertext is not None:
            check_merged(ciphertext)
        if access is None and secret in self.registry.ids("access"):
            raise OcsError(
                f"{_ACCESS.file(secret)} does not fit its schema",
                "fix it first: `ocs validate` shows how",
            )
        if ciphertext is None:
            known = sorted(self.registry.ciphertexts or ())
            add = f"add it with `ocs secret add {secret}`" if access else None
            raise RecordNotFoundError(
                f"there is no secret {secret}",
                add or did_you_mean(secret, known) or "see `ocs secret list`",
            )
        if access is None:
            raise OcsError(
                f"no record says who may read {secret}", f"write {_ACCESS.file(secret)} first"
            )
        if ciphertext.message is None:
            raise OcsError(
                f"cannot use {ciphertext.file}: {ciphertext.fault or 'it is not encrypted'}",
                "restore the file from git's history",
            )
        self.owner(secret)
        return secret, access, ciphertext

    def read(self, secret: str) -> bytes:
        return self.files.read(file_of(secret), MOST_BYTES)

    def gpg_id(self, owner: str) -> bytes | None:
        """What stands in the `.gpg-id` of an owner, who may have no secret yet."""
        known = self.registry.gpg_ids
        return known[owner] if owner in known else gpg_id(owner, self.files)

    def after(self, edits: Mapping[str, Sequence[Edit]]) -> Registry:
        """The registry with these edits of the access records of secrets."""
        from ocs.tasks.registry.load import document

        old = self.registry.by_kind["access"]
        documents = [
            each for each in self.registry if each.kind is not _ACCESS or each.id not in edits
        ]
        for secret, changes in edits.items():
            before = dict(old[secret].tree) if secret in old else {"purpose": "-"}
            tree, file = applied(before, changes), _ACCESS.file(secret)
            documents.append(document(file, _ACCESS, secret, tree, self.schemas, fits=True))
        return replace(self.registry, documents=tuple(documents))


def check_merged(file: CiphertextFile) -> None:
    """Raises OcsError where a merge left the ciphertext in conflict."""
    if file.conflict:
        raise OcsError(*conflict(file.file, file.conflict, file.secret))


def keys(people: Iterable[str], registry: Registry) -> Mapping[str, str]:
    """The fingerprints of people."""
    fingerprints = ((person, fingerprint_of(person, registry)) for person in people)
    return {person: key for person, key in fingerprints if key is not None}


def gpg_ids_written(owners: Iterable[str], vault: Vault) -> Iterator[Replacement]:
    """The `.gpg-id` files of owners that are not as they should be."""
    for owner in owners:
        wanted, now = gpg_id_of(owner, vault.registry), vault.gpg_id(owner)
        if wanted is not None and wanted != now:
            yield Replacement(gpg_id_file(owner), wanted, now)


def check_own(secret: str, vault: Vault) -> None:
    """Raises OcsError where the ciphertext is another secret's, which its readers must not get."""
    ciphertexts = vault.registry.ciphertexts or {}
    own = ciphertexts[secret].message
    originals = {
        name
        for name, file in ciphertexts.items()
        if name != secret and own and file.message and file.message.content == own.content
    }
    originals |= set(vault.past.ever_of.get(secret, ()))
    _refuse_copy(secret, originals, "nothing was decrypted")


def check_no_copy(secret: str, vault: Vault) -> None:
    """Raises OcsError where git's history shows that the ciphertext is another secret's.

    Of two that are the same, and of those whose history is not known, either may be its own:
    people must always be able to take somebody out of that.
    """
    originals: tuple[str, ...] = ()
    with suppress(OcsError):
        originals = vault.past.once_of.get(secret, ())
    _refuse_copy(secret, originals, "nothing was changed")


def _refuse_copy(secret: str, originals: Collection[str], done: str) -> None:
    if originals:
        names = listed(sorted(originals), "and")
        raise OcsError(
            f"{secret} holds a copy of the ciphertext of {names}",
            f"{done}; see with `git log` who did this, and restore the right file",
        )


def edited(secret: str, changes: Sequence[Edit], vault: Vault) -> EditPlan:
    """The plan of edits of an access record, which may be a new one."""
    if not changes:
        return EditPlan()
    return fieldedits.plan_of(
        _ACCESS, secret, changes, vault.registry, vault.files, vault.schemas, vault.today
    )
