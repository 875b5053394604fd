"""The registry as whoever plans for its secrets sees it: with verified certificates, and its
ciphertexts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cached_property

from ocs.adapters.files import Files
from ocs.adapters.git.commits import uncommitted
from ocs.adapters.keyring import Keyring
from ocs.adapters.memory import forget_abandoned
from ocs.adapters.replacing import finish
from ocs.errors import OcsError, RecordNotFoundError
from ocs.model.access import Access
from ocs.model.change import Replacement
from ocs.model.ciphertext import MOST_BYTES, CiphertextFile, file_of
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
from ocs.tasks.registry.rotation import with_history
from ocs.tasks.secrets.secrets import registry_of, verified_registry

_ACCESS = KIND["access"]


class Vault:
    """A registry of which secrets are planned for, on the day *today*. Its certificates are
    verified.

    Raises KeyringError where gpg is not there to do so and `is_verified` is asked for,
    OcsError where what was interrupted before was finished just now.
    """

    def __init__(
        self,
        files: Files,
        schemas: Schemas,
        keyrings: Keyrings,
        today: date,
        *,
        is_verified: bool = True,
    ) -> None:
        forget_abandoned()
        finish(files.root)
        self.files = files
        self.schemas = schemas
        self.keyrings = keyrings
        self.today = today
        read = verified_registry if is_verified else registry_of
        self.registry = read(files, schemas, keyrings)

    @cached_property
    def once_of(self) -> Mapping[str, tuple[str, ...]]:
        """The other secrets that had a ciphertext before. Raises OcsError where git cannot
        tell.
        """
        registry, unknown = with_history(self.registry, self.files, self.today)
        for finding in unknown:
            message = (
                "it cannot be told whether a ciphertext was moved here from another secret"
            )
            raise OcsError(f"{message}: {finding.message.partition(': ')[2]}", finding.hint)
        return registry.once_of

    def keyring(self) -> Keyring:
        """A keyring of all certificates that may be used, as they were read."""
        return keyring_of((self.registry.certificates or {}).values(), self.keyrings)

    def uncommitted(self) -> list[str]:
        """What was written before, by a command that was killed or by hand, and is in no
        commit yet.
        """
        return uncommitted(self.files.root, ("access", "secrets"))

    def owner(self, secret: str) -> Org | Community:
        """Whose secret it is. Raises OcsError where there is no such owner, or it has no
        gatekeepers.
        """
        name = secret.partition("/")[0]
        found = owner_of(secret, self.registry)
        if found is None:
            for message, hint in contested("org", name, self.registry):
                raise OcsError(message, hint)
            known = sorted(self.registry.ids("org") | self.registry.ids("community"))
            raise RecordNotFoundError(
                f"no organisation or community has the id '{name}'", did_you_mean(name, known)
            )
        if not found.gatekeepers:
            raise OcsError(
                f"{found.id} has no gatekeepers, and they read every secret of it",
                f"write `gatekeepers:` into its record: `ocs edit {found.id}`",
            )
        return found

    def named(self, text: str) -> tuple[str, Access, CiphertextFile]:
        """The secret that somebody calls *text*, its record and what its ciphertext says of
        itself.

        Raises RecordNotFoundError where one of them is missing, OcsError where it cannot be
        used.
        """
        secret = name_of(text)
        access = access_of(secret, self.registry)
        ciphertext = (self.registry.ciphertexts or {}).get(secret)
        if ciphertext is not None:
            check_merged(ciphertext)
        if access is None and secret in self.registry.ids("access"):
            raise OcsError(
                f"{_ACCESS.file(secret)} is not as it should be",
                "mend it first: `ocs validate` says how",
            )
        if ciphertext is None:
            known = sorted(self.registry.ciphertexts or ())
            add = f"add it with `ocs secret add {secret}`" if access else None
            raise RecordNotFoundError(
                f"there is no secret {secret}", add or did_you_mean(secret, known)
            )
        if access is None:
            raise OcsError(
                f"nobody knows who may read {secret}", f"write {_ACCESS.file(secret)} first"
            )
        if ciphertext.message is None:
            raise OcsError(
                f"{ciphertext.file} may not be used: {ciphertext.fault or 'it is not encrypted'}",
                "take the file from git as it was before",
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
        """The registry as it is with these edits of the access records of secrets."""
        from ocs.tasks.registry.load import document

        old = self.registry.by_kind["access"]
        new = []
        for secret, changes in edits.items():
            tree = applied(
                dict(old[secret].tree) if secret in old else {"purpose": "-"}, changes
            )
            new.append(
                document(_ACCESS.file(secret), _ACCESS, secret, tree, self.schemas, fits=True)
            )
        others = [
            each for each in self.registry if each.kind is not _ACCESS or each.id not in edits
        ]
        return replace(self.registry, documents=(*others, *new))


def check_merged(file: CiphertextFile) -> None:
    """Raises OcsError where a merge left it undecided what the ciphertext is."""
    if file.conflict:
        raise OcsError(*conflict(file.file, file.conflict, file.secret))


def keys(people: Iterable[str], registry: Registry) -> Mapping[str, str]:
    """The fingerprints of people."""
    return {
        person: key
        for person in people
        if (key := fingerprint_of(person, registry)) is not None
    }


def gpg_id_written(owner: str, vault: Vault) -> Iterator[Replacement]:
    """The `.gpg-id` of an owner as it should be, where it is not."""
    wanted, now = gpg_id_of(owner, vault.registry), vault.gpg_id(owner)
    if wanted is not None and wanted != now:
        yield Replacement(gpg_id_file(owner), wanted, now)


def check_own(secret: str, vault: Vault) -> None:
    """Raises OcsError where the ciphertext of a secret is another's, which is not to come to
    its readers.
    """
    every = vault.registry.ciphertexts or {}
    own = every[secret].message
    copies = {
        name
        for name, file in every.items()
        if name != secret and own and file.message and file.message.content == own.content
    }
    copies |= set(vault.once_of.get(secret, ()))
    if copies:
        raise OcsError(
            f"{secret} is the ciphertext of {listed(sorted(copies), 'and')}, which "
            "was copied or moved here",
            "see with `git log` who did, and take the right file from before; "
            "nothing was decrypted",
        )


def edited(secret: str, changes: Sequence[Edit], vault: Vault) -> EditPlan:
    """The plan of the edits of an access record, which may be a new one."""
    if not changes:
        return EditPlan()
    return fieldedits.plan_of(
        _ACCESS, secret, changes, vault.registry, vault.files, vault.schemas, vault.today
    )
