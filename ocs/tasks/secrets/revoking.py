"""Plans to revoke secrets from people, and to make all ciphertexts agree with the records."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace

from ocs.adapters.packets import read_message, without_recipients
from ocs.errors import OcsError, RecordNotFoundError
from ocs.model.access import Access
from ocs.model.ciphertext import HIDDEN, Message, owner_id
from ocs.model.edit import Edit, Remove
from ocs.model.kinds import KIND
from ocs.model.plan import EditPlan
from ocs.model.registry import Registry
from ocs.model.secretplan import How, SecretPlan, SecretStep, Skipped
from ocs.rules.nearest import did_you_mean, listed
from ocs.rules.secrets.ciphertexts import holders, who_can_read
from ocs.rules.secrets.conflicts import conflict
from ocs.rules.secrets.readers import (
    access_of,
    contested,
    gatekeepers_of,
    key_ids,
    obstacles,
    owner_of,
    readers_of,
)
from ocs.tasks.records import fieldedits
from ocs.tasks.secrets.vault import (
    Vault,
    check_merged,
    check_no_copy,
    edited,
    gpg_ids_written,
    keys,
)

_ACCESS = KIND["access"]
_HIDDEN, _PASSPHRASE = "a hidden recipient", "a passphrase"


def plan_revoke(name: str, people: Sequence[str], vault: Vault) -> SecretPlan:
    """Take people out of the record of a secret and out of its ciphertext."""
    secret, access, ciphertext = vault.named(name)
    registry = vault.registry
    gatekeepers = gatekeepers_of(vault.owner(secret), registry)
    places = {
        registry.now_called("person", reader.person): at
        for at, reader in enumerate(access.readers)
    }
    can_read, _ = who_can_read(ciphertext.message or read_message(b""), holders(registry))
    for person in people:
        if person in gatekeepers:
            raise OcsError(
                f"{person} is a gatekeeper of {owner_id(secret)}, "
                f"and gatekeepers can always read {secret}",
                f"remove {person} from its `gatekeepers:`, then run `ocs secret sync`",
            )
        if person not in places and person not in can_read:
            raise OcsError(
                f"{person} is not a reader of {secret}",
                did_you_mean(person, [*places, *can_read]),
            )
    changes = _without([places[person] for person in set(people) if person in places], access)
    step = _lessened(secret, vault.after({secret: changes}), vault)
    names = listed(people, "and")
    notes = [
        f"{names} can still read the old content in git's history: change the secret where it "
        f"is used, then run `ocs secret rotate {secret}`"
    ]
    notes += [
        f"{word} can still decrypt it: run `ocs secret sync`, or rotate it"
        for word in step.loses
        if word in (_HIDDEN, _PASSPHRASE)
    ]
    edits = edited(secret, changes, vault)
    return SecretPlan(f"revoke {secret} from {names}", (step,), edits, said=tuple(notes))


def plan_end(person: str, vault: Vault) -> SecretPlan:
    """Take somebody out of all secrets, but for those that they read as a gatekeeper."""
    registry = vault.registry
    if person not in registry.ids("person") and person not in (registry.certificates or {}):
        known = registry.ids("person")
        raise RecordNotFoundError(
            f"no person has the id '{person}'", did_you_mean(person, known)
        )
    people_of = holders(registry)
    readable: list[str] = []
    changes: dict[str, list[Edit]] = {}
    owners: set[str] = set()
    skipped: list[Skipped] = []
    for access in sorted(registry.records(Access), key=lambda access: access.id):
        secret = access.id
        owner = owner_of(secret, registry)
        if owner and person in gatekeepers_of(owner, registry):
            owners.add(owner.id)
            continue
        places = [
            at
            for at, reader in enumerate(access.readers)
            if registry.now_called("person", reader.person) == person
        ]
        file = (registry.ciphertexts or {}).get(secret)
        if file and file.conflict:
            skipped.append(Skipped(secret, *conflict(file.file, file.conflict, secret)))
            continue
        if file and file.message and person in who_can_read(file.message, people_of)[0]:
            try:
                check_no_copy(secret, vault)
            except OcsError as error:
                skipped.append(Skipped(secret, error.message, error.hint))
                continue
            readable.append(secret)
        if places:
            changes[secret] = _without(places, access)
    after = vault.after(changes)
    steps = tuple(_lessened(secret, after, vault) for secret in readable)
    notes = [
        f"{person} could read {secret}: change the secret where it is used, then run "
        f"`ocs secret rotate {secret}`"
        for secret in readable
    ]
    notes += [
        f"{person} is a gatekeeper of {owner} and still reads its secrets: edit its "
        "`gatekeepers:`, then run `ocs secret sync`"
        for owner in sorted(owners)
    ]
    return SecretPlan(
        f"end the access of {person}",
        steps,
        _edits(changes, vault),
        said=tuple(notes),
        skipped=tuple(skipped),
    )


def plan_sync(vault: Vault, *, without: Collection[str] = ()) -> SecretPlan:
    """Make every ciphertext and `.gpg-id` agree with the records, and take out ended access."""
    steps: list[SecretStep] = []
    changes: dict[str, list[Edit]] = {}
    notes: list[str] = []
    skipped: list[Skipped] = []
    registry = vault.registry
    for secret, ciphertext in sorted((registry.ciphertexts or {}).items()):
        access = access_of(secret, registry)
        try:
            check_merged(ciphertext)
            _check_uncontested(secret, vault)
            if (
                access is None
                or ciphertext.message is None
                or owner_of(secret, registry) is None
            ):
                notes.append(f"skipped {secret}: see `ocs secret audit`")
                continue
            step = _synced(secret, ciphertext.message, vault, without)
        except OcsError as error:  # the others need not wait for this one
            skipped.append(Skipped(secret, error.message, error.hint))
            continue
        if step:
            steps.append(step)
        ended = [
            at
            for at, reader in enumerate(access.readers)
            if reader.until and reader.until < vault.today
        ]
        if ended:
            changes[secret] = _without(ended, access)
    against = [
        obstacle
        for step in steps
        if step.how is How.ANEW
        for obstacle in obstacles(step.readers, step.secret, registry, vault.today)
    ]
    lost = [step.secret for step in steps if step.loses]
    if lost:
        notes.append(f"rotate these, since others could read them: {', '.join(lost)}")
    owners = sorted({"", *map(owner_id, registry.secrets or ())})
    return SecretPlan(
        "sync",
        tuple(steps),
        EditPlan() if against else _edits(changes, vault),
        tuple(gpg_ids_written(owners, vault)),
        tuple(dict.fromkeys(against)),
        tuple(notes),
        keys({person for step in steps for person in step.readers}, registry),
        tuple(skipped),
        only_removes=True,
    )


def _edits(changes: Mapping[str, list[Edit]], vault: Vault) -> EditPlan:
    """The plan of edits of the access records of secrets."""
    if not changes:
        return EditPlan()
    edits = {_ACCESS.file(secret): removals for secret, removals in changes.items()}
    return fieldedits.plan(edits, vault.registry, vault.files, vault.schemas, vault.today)


def _check_uncontested(secret: str, vault: Vault) -> None:
    """Raises OcsError where two records claim the id of the owner or of a reader."""
    readers = readers_of(secret, vault.registry, vault.today)
    ids = [("org", owner_id(secret)), *(("person", person) for person in readers)]
    for kind, id in ids:
        for message, hint in contested(kind, id, vault.registry):
            raise OcsError(message, hint)


def _without(places: Sequence[int], access: Access) -> list[Edit]:
    """The edits that remove the readers at these places from a record."""
    if places and len(places) == len(access.readers):
        return [Remove(("readers",))]
    return [Remove(("readers", at)) for at in sorted(places, reverse=True)]


def compared(step: SecretStep, vault: Vault) -> SecretStep:
    """The step with the present ciphertext, and the readers whom it gains and loses."""
    file = (vault.registry.ciphertexts or {}).get(step.secret)
    if file is None or file.message is None:
        return replace(step, gains=step.readers)
    people, unknown = who_can_read(file.message, holders(vault.registry))
    return replace(
        step,
        gains=tuple(person for person in step.readers if person not in people),
        loses=_in_words(people - set(step.readers), unknown, file.message),
        before=vault.read(step.secret),
    )


def _in_words(
    people: Collection[str], unknown: Sequence[str], message: Message
) -> tuple[str, ...]:
    words = [*sorted(people), *(f"the unknown key {key_id}" for key_id in unknown)]
    if HIDDEN in message.key_ids:
        words.append(_HIDDEN)
    if message.passphrases:
        words.append(_PASSPHRASE)
    return tuple(words)


def _lessened(secret: str, after: Registry, vault: Vault) -> SecretStep:
    """The step that takes everybody out of a ciphertext but the readers in *after*."""
    readers = readers_of(secret, after, vault.today)
    stay = {
        key_id
        for person in readers
        if (file := (after.certificates or {}).get(person)) is not None
        and not file.shared_with
        for key_id in key_ids(file)
    }
    before = vault.read(secret)
    message = read_message(before)
    gone = set(message.key_ids) - stay - {HIDDEN}
    people, unknown = who_can_read(message, holders(vault.registry))
    left = tuple(person for person in readers if person in people)
    if not gone:
        return SecretStep(secret, How.KEPT, left)
    check_no_copy(secret, vault)
    if not left:
        raise OcsError(
            f"no recorded reader could read {secret} any more",
            "add another reader first: run `ocs secret sync`",
        )
    less = without_recipients(before, gone)
    unknown = [key_id for key_id in unknown if key_id in gone]
    lost = _in_words(people - set(readers), unknown, read_message(less))
    return SecretStep(secret, How.LESS, left, (), lost, before, less)


def taking_away(step: SecretStep, vault: Vault) -> SecretStep | None:
    """What is left of a step without its encryption: taking out who may not read the secret."""
    if step.how is not How.ANEW:
        return None
    with suppress(OcsError):
        less = _lessened(step.secret, vault.registry, vault)
        return less if less.how is How.LESS else None
    return None


def _synced(
    secret: str, message: Message, vault: Vault, without: Collection[str]
) -> SecretStep | None:
    """The step that makes a ciphertext agree with its record; None where it does."""
    readers = readers_of(secret, vault.registry, vault.today)
    people, unknown = who_can_read(message, holders(vault.registry))
    wanted = tuple(person for person in readers if person not in without)
    is_open = HIDDEN in message.key_ids or message.passphrases
    if set(wanted) <= people and not is_open:
        has_others = people - set(readers) or unknown
        return _lessened(secret, vault.registry, vault) if has_others else None
    return compared(SecretStep(secret, How.ANEW, wanted), vault)
