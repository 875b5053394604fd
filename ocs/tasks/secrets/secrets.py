"""Which secrets a registry has and who can read them, without any secret key."""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass, replace
from datetime import date

from ocs.adapters.files import Files
from ocs.errors import KeyringError, RecordNotFoundError
from ocs.model.access import SecretSummary
from ocs.model.ciphertext import owner_id
from ocs.model.finding import Finding, Severity, by_root_cause, sort_key
from ocs.model.kinds import KIND, RECORD_FOLDERS
from ocs.model.registry import Registry
from ocs.model.trust import Fact
from ocs.rules.nearest import did_you_mean
from ocs.rules.records.schema import Schemas
from ocs.rules.secrets import access, ciphertexts, gpgids
from ocs.rules.secrets.readers import access_of, readers_of
from ocs.tasks.registry.certificates import Keyrings, with_certificates
from ocs.tasks.registry.ciphertexts import with_ciphertexts
from ocs.tasks.registry.load import Counted, load
from ocs.tasks.registry.otherfiles import interrupted
from ocs.tasks.registry.rotation import with_history

# Records that say nothing of secrets, and of which there may be very many.
_FOLDERS = tuple(folder for folder in RECORD_FOLDERS if folder != "problems")
_NAMING_READERS = ("ocs.yaml", *(KIND[kind].folder for kind in ("access", "org", "community")))
_AUDITED = (
    *ciphertexts.CHECKS,
    *gpgids.CHECKS,
    access.secrets_without_access_record,
    access.access_records_without_secret,
    access.suspended_people_who_still_read,
)


@dataclass(frozen=True, slots=True)
class Audit:
    """The findings about so many secrets, worst first."""

    findings: tuple[Finding, ...]
    secrets: int

    @property
    def has_errors(self) -> bool:
        return any(finding.severity is Severity.ERROR for finding in self.findings)


def registry_of(
    files: Files,
    schemas: Schemas,
    keyrings: Keyrings | None = None,
    counted: Counted = lambda items, what: items,
) -> Registry:
    """The registry as far as it concerns secrets, verified where there are *keyrings*."""
    return _with_secrets(load(files, schemas, counted, _FOLDERS).registry, files, keyrings)


def _with_secrets(
    registry: Registry, files: Files, keyrings: Keyrings | None = None
) -> Registry:
    registry, _ = with_certificates(registry, files, keyrings)
    return with_ciphertexts(registry, files)


def verified_registry(files: Files, schemas: Schemas, keyrings: Keyrings) -> Registry:
    """As `registry_of`. Raises KeyringError where gpg cannot verify the certificates."""
    registry, faults = with_certificates(
        load(files, schemas, folders=_FOLDERS).registry, files, keyrings
    )
    for fault in faults:
        raise KeyringError(fault.message, fault.hint)
    return with_ciphertexts(registry, files)


def audit(
    files: Files,
    schemas: Schemas,
    today: date,
    counted: Counted = lambda items, what: items,
    confirmed: Container[Fact] = frozenset(),
) -> Audit:
    """The ciphertexts compared with the records, without gpg or a secret key.

    Records that name readers and cannot be read are among the findings: ocs compares nothing
    with these. *confirmed* are the facts that the user has confirmed.
    """
    loaded = load(files, schemas, counted, _FOLDERS)
    registry = _with_secrets(loaded.registry, files)
    # Where there are no certificates, every recipient of a ciphertext is unknown.
    registry = replace(
        registry,
        certificates=registry.certificates or {},
        secrets=registry.secrets or frozenset(),
        confirmed=confirmed,
    )
    findings = [finding for check in _AUDITED for finding in check.findings(registry, today)]
    findings += interrupted(files)
    findings += [
        finding
        for finding in loaded.findings
        if finding.severity is Severity.ERROR
        and finding.place.file.partition("/")[0] in _NAMING_READERS
    ]
    return Audit(tuple(sorted(by_root_cause(findings), key=sort_key)), len(_names(registry)))


def listing(
    owner: str | None, reader: str | None, files: Files, schemas: Schemas, today: date
) -> list[SecretSummary]:
    """The secrets, perhaps of one owner or with one reader. Raises RecordNotFoundError."""
    registry, _ = with_history(registry_of(files, schemas), files, today)
    owners = registry.ids("org") | registry.ids("community")
    _check_known(owner, sorted(owners), "organisation or community")
    _check_known(reader, sorted(registry.ids("person")), "person")
    summaries = (
        _summary(name, registry, today)
        for name in _names(registry)
        if owner in (None, owner_id(name))
    )
    return [summary for summary in summaries if reader is None or reader in summary.readers]


def _summary(name: str, registry: Registry, today: date) -> SecretSummary:
    record = access_of(name, registry)
    return SecretSummary(
        name,
        record.purpose if record else None,
        tuple(readers_of(name, registry, today)),
        name in (registry.secrets or ()),
        record.rotated if record else None,
        record.rotate_by if record else None,
        registry.former_readers.get(name, ()),
    )


def _names(registry: Registry) -> Sequence[str]:
    """Every secret that has a ciphertext or an access record."""
    return sorted(registry.ids("access") | (registry.secrets or frozenset()))


def _check_known(id: str | None, known: Sequence[str], what: str) -> None:
    if id is not None and id not in known:
        raise RecordNotFoundError(f"no {what} has the id '{id}'", did_you_mean(id, known))
