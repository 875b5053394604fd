"""Who reads a secret, and who may.

A person may be a reader of a secret when all of this holds:
- a vetting that counts today, of at least the level that the organisation's sensitivity asks
  for;
- no conflict of interest with its owner or the owner's suppliers;
- a certificate whose fingerprint is the vetted one, and that the rules for keys do not refuse.

The owner's gatekeepers are readers by office, with the key that ocs.yaml names for them.
All code that encrypts asks here. What was not verified counts as a reason against.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from ocs.model.access import Access, Reader, file_of
from ocs.model.certificate import CertificateFile
from ocs.model.ciphertext import owner_id
from ocs.model.community import Community
from ocs.model.finding import Place
from ocs.model.kinds import KIND
from ocs.model.org import Org
from ocs.model.person import Person
from ocs.model.registry import Registry
from ocs.model.secretplan import Obstacle
from ocs.model.vetting import Vetting
from ocs.rules.nearest import did_you_mean, listed
from ocs.rules.people.keys import reasons
from ocs.rules.people.standing import has_expired, suspension


def owner_of(secret: str, registry: Registry) -> Org | Community | None:
    """The organisation or community that a secret belongs to, also by an id of old."""
    owner = registry.now_called("org", owner_id(secret))
    for kind in ("org", "community"):
        document = registry.by_kind[kind].get(owner)
        if document is not None and isinstance(document.record, Org | Community):
            return document.record
    return None


def are_readers_known(secret: str, registry: Registry) -> bool:
    """Can the records be read that name the readers of a secret: its owner's, and its own?

    Where one cannot, that is an error by itself, and nothing follows from who it does not name.
    """
    own_is_read = access_of(secret, registry) or secret not in registry.ids("access")
    return bool(own_is_read) and is_owner_read(owner_id(secret), registry)


def is_owner_read(owner: str, registry: Registry) -> bool:
    """Can the record of this organisation or community be read, if there is one?"""
    is_there = any(owner in registry.ids(kind) for kind in ("org", "community"))
    return not is_there or owner_of(f"{owner}/", registry) is not None


def current_readers(access: Access, today: date) -> Iterator[tuple[int, Reader]]:
    """The readers whose access lasts, with their places in the list; `until` is the last day."""
    return (
        (number, reader)
        for number, reader in enumerate(access.readers)
        if reader.until is None or reader.until >= today
    )


def who_reads(secret: str, registry: Registry, today: date) -> set[str]:
    """Everybody who should read a secret: the owner's gatekeepers, and current readers."""
    return set(readers_of(secret, registry, today))


def gatekeepers_of(owner: Org | Community | None, registry: Registry) -> tuple[str, ...]:
    """An owner's gatekeepers, by the ids that they have now."""
    return tuple(
        registry.now_called("person", person)
        for person in (owner.gatekeepers if owner else ())
    )


def readers_of(secret: str, registry: Registry, today: date) -> Mapping[str, Place]:
    """As `who_reads`, gatekeepers first, with where they are named."""
    places: dict[str, Place] = {}
    owner, access = owner_of(secret, registry), access_of(secret, registry)
    for person, place in _gatekeepers_in(owner) if owner else ():
        places.setdefault(registry.now_called("person", person), place)
    for number, reader in current_readers(access, today) if access else ():
        place = Place(file_of(secret), ("readers", number, "person"))
        places.setdefault(registry.now_called("person", reader.person), place)
    return places


def owners_gatekeepers(registry: Registry) -> Iterator[tuple[str, Place]]:
    """The gatekeepers of organisations and communities, as written, and where."""
    for org in registry.records(Org):
        yield from _gatekeepers_in(org)
    for community in registry.records(Community):
        yield from _gatekeepers_in(community)


def _gatekeepers_in(owner: Org | Community) -> Iterator[tuple[str, Place]]:
    file = KIND["org" if isinstance(owner, Org) else "community"].file(owner.id)
    for number, person in enumerate(owner.gatekeepers):
        yield person, Place(file, ("gatekeepers", number))


def access_of(secret: str, registry: Registry) -> Access | None:
    """The access record of a secret; None if it is missing or does not fit its schema."""
    document = registry.by_kind["access"].get(secret)
    return document.record if document and isinstance(document.record, Access) else None


def obstacles(
    people: Iterable[str], secret: str, registry: Registry, today: date
) -> list[Obstacle]:
    """All that keeps any of these people from reading a secret on the day *today*."""
    owner = owner_id(secret)
    return [Obstacle(owner, *reason) for reason in contested("org", owner, registry)] + [
        Obstacle(person, *reason)
        for person in people
        for reason in _obstacles(person, secret, registry, today)
    ]


Reasons = Iterator[tuple[str, str]]  # each with a hint


def contested(kind: str, id: str, registry: Registry) -> Reasons:
    """The reason against an id that two records claim, so that nobody knows whom it names."""
    claimants = registry.claimants(kind, id)
    if len(claimants) > 1:
        yield (
            f"{listed(claimants, 'and')} claim the id '{id}', so ocs cannot tell who has it",
            f"find with `git log` who wrote '{id}' under `formerly:` by mistake, and "
            "remove it there",
        )


def _obstacles(person: str, secret: str, registry: Registry, today: date) -> Reasons:
    if ambiguity := list(contested("person", person, registry)):
        yield from ambiguity
        return
    known = registry.ids("person")
    if person not in known:
        yield (
            f"no person has the id '{person}'",
            did_you_mean(person, known) or f"add people/{person}.yaml",
        )
        return
    if person in gatekeepers_of(owner_of(secret, registry), registry):
        yield from _against_gatekeeper(person, registry, today)
    else:
        needed = level_needed(secret, registry)
        for fault, hint in vetting_faults(person, needed, registry, today):
            yield f"{person} {fault}", hint
        for party in conflicts_of(person, secret, registry):
            yield f"{person} has a conflict with {party}", "choose somebody without a conflict"
    yield from key_faults(person, registry, today)


def _against_gatekeeper(person: str, registry: Registry, today: date) -> Reasons:
    if not any(
        gatekeeper.person == person and gatekeeper.key for gatekeeper in registry.gatekeepers
    ):
        yield (
            f"ocs.yaml lists no key of the gatekeeper {person}",
            "write `key: FINGERPRINT` there",
        )
    if suspended := suspension(vetting_of(person, registry), today):
        yield (
            f"{person} has been suspended since {suspended.since}",
            "remove them from the owner's gatekeepers",
        )


def vetting_of(person: str, registry: Registry) -> Vetting | None:
    document = registry.by_kind["vetting"].get(person)
    return document.record if document and isinstance(document.record, Vetting) else None


def level_needed(secret: str, registry: Registry) -> str | None:
    """The level of vetting that the owner's sensitivity needs; None for a community."""
    owner = owner_of(secret, registry)
    if not isinstance(owner, Org):
        return None
    # Without a sensitivity that the policy knows, a leak may do the greatest harm.
    highest = registry.policy.vetting.levels[-1]
    return registry.policy.sensitivity.get(owner.sensitivity or "", highest)


def vetting_faults(
    person: str, needed: str | None, registry: Registry, today: date
) -> Reasons:
    """What a person's vetting lacks for the level *needed*, without the person's name."""
    levels = registry.policy.vetting.levels
    vetting = vetting_of(person, registry)
    vet = f"`ocs vet {person} --level {needed or levels[0]} --check KIND --by GATEKEEPER`"
    if vetting is None:
        yield "was never vetted", f"run {vet}"
        return
    if has_expired(vetting, today):
        yield f"has a vetting that expired on {vetting.expires}", f"check again: {vet}"
    if suspended := suspension(vetting, today):
        why = f": {suspended.because}" if suspended.because else ""
        yield (
            f"has been suspended since {suspended.since}{why}",
            f"resolve that, then remove `suspended` from vetting/{person}.yaml",
        )
    if needed in levels and (
        vetting.level not in levels or levels.index(vetting.level) < levels.index(needed)
    ):
        yield f"has the level {vetting.level} instead of {needed}", f"check more: {vet}"


def conflicts_of(person: str, secret: str, registry: Registry) -> list[str]:
    """The owner and suppliers of a secret with whom a person has a conflict of interest."""
    document = registry.by_kind["person"].get(person)
    record = document.record if document else None
    if not isinstance(record, Person) or not record.conflicts:
        return []
    owner = owner_of(secret, registry)
    parties = {owner_id(secret)}
    if owner is not None:
        parties |= {owner.id, *owner.formerly}
    if isinstance(owner, Org):
        parties |= {supplier.id for supplier in owner.suppliers}
    return sorted({conflict.with_ for conflict in record.conflicts} & parties)


def key_faults(person: str, registry: Registry, today: date) -> Reasons:
    """Why ocs encrypts nothing to a person's certificate."""
    file = (registry.certificates or {}).get(person)
    if file is None:
        yield f"there is no certificate of {person}", f"run `ocs key import {person} FILE`"
        return
    if not file.vetted:
        yield (
            f"the key of {person} was not vetted",
            f"compare its fingerprint with {person}, then write it into "
            f"vetting/{person}.yaml as `key:`",
        )
    for reason in reasons(file, today):
        if reason.refuses:
            yield f"the certificate of {person}: {reason.fault.message}", reason.fault.hint
    if file.outline and not file.was_asked:
        yield f"the certificate of {person} was not verified", "install GnuPG"


def fingerprint_of(person: str, registry: Registry) -> str | None:
    """The primary fingerprint of a person's certificate."""
    file = (registry.certificates or {}).get(person)
    return file.outline.fingerprint if file and file.outline else None


def key_ids(file: CertificateFile) -> frozenset[str]:
    """The ids of the keys in a certificate's file that are known to be the person's.

    Without gpg these are all of them; with it, only those that the person's primary key signed.
    """
    outline = file.outline
    if outline is None or (file.vetted and file.vetted != {outline.fingerprint}):
        return frozenset()
    if file.was_asked:
        keys = file.certificate.keys if file.certificate else ()
        return frozenset(key.key.key_id for key in keys)
    return frozenset(key.key_id for key in (outline.primary, *outline.subkeys))
