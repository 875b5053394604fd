"""Plans by which people can read a secret no longer, and by which all ciphertexts become as is
recorded.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from datetime import date

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
    check_own,
    edited,
    gpg_id_written,
    keys,
)

_ACCESS = KIND["access"]


def plan_revoke(name: str, people: Sequence[str], vault: Vault) -> SecretPlan:
    """People are to read a secret no longer: they are taken out of its record and out of its
    ciphertext.
    """
    secret, access, ciphertext = vault.named(name)
    registry = vault.registry
    office = gatekeepers_of(vault.owner(secret), registry)
    places = {
        registry.now_called("person", each.person): at
        for at, each in enumerate(access.readers)
    }
    can_read, _ = who_can_read(ciphertext.message or read_message(b""), holders(registry))
    for person in people:
        if person in office:
            raise OcsError(
                f"{person} is a gatekeeper of {owner_id(secret)} and reads {secret} by office",
                "take them out of its `gatekeepers:`, then run `ocs secret sync`",
            )
        if person not in places and person not in can_read:
            raise OcsError(
                f"{person} is no reader of {secret}",
                did_you_mean(person, [*places, *can_read]),
            )
    changes = _without([places[person] for person in set(people) if person in places], access)
    after = vault.after({secret: changes})
    step = _lessened(secret, after, vault)
    said = [
        f"what {listed(people, 'and')} could read stays in git's history: change it "
        "where it is used, "
        f"then run `ocs secret rotate {secret}`"
    ]
    made = edited(secret, changes, vault)
    subject = f"revoke {secret} from {listed(people, 'and')}"
    return SecretPlan(subject, (step,), made, said=(*said, *_left_open(step)))


def plan_end(person: str, vault: Vault) -> SecretPlan:
    """Somebody is to read no secret any longer, but for those that they read by office."""
    registry = vault.registry
    if person not in registry.ids("person") and person not in (registry.certificates or {}):
        known = registry.ids("person")
        raise RecordNotFoundError(f"there is no person {person}", did_you_mean(person, known))
    whose = holders(registry)
    readable: list[str] = []
    changes: dict[str, list[Edit]] = {}
    office: set[str] = set()
    skipped: list[Skipped] = []
    for secret, access in sorted((each.id, each) for each in registry.records(Access)):
        owner = owner_of(secret, registry)
        if owner and person in gatekeepers_of(owner, registry):
            office.add(owner.id)
            continue
        named = [
            at
            for at, each in enumerate(access.readers)
            if registry.now_called("person", each.person) == person
        ]
        file = (registry.ciphertexts or {}).get(secret)
        if file and file.conflict:
            skipped.append(Skipped(secret, *conflict(file.file, file.conflict, secret)))
            continue
        if named:
            changes[secret] = _without(named, access)
        if file and file.message and person in who_can_read(file.message, whose)[0]:
            readable.append(secret)
    after = vault.after(changes)
    steps = [_lessened(secret, after, vault) for secret in readable]
    made = EditPlan()
    if changes:
        files = {_ACCESS.file(secret): removed for secret, removed in changes.items()}
        made = fieldedits.plan(files, registry, vault.files, vault.schemas, vault.today)
    said = [
        f"{person} could read it until now, so change it, then `ocs secret rotate {s.secret}`"
        for s in steps
    ]
    said += [
        f"{person} is a gatekeeper of {owner} and reads its secrets by office: take "
        "them out of its "
        "`gatekeepers:`, then run `ocs secret sync`"
        for owner in sorted(office)
    ]
    subject = f"end the access of {person}"
    return SecretPlan(subject, tuple(steps), made, said=tuple(said), skipped=tuple(skipped))


def plan_sync(vault: Vault, *, without: Collection[str] = ()) -> SecretPlan:
    """Every ciphertext as its access record says, ended access taken out, every `.gpg-id` as
    it should be.
    """
    steps: list[SecretStep] = []
    changes: dict[str, list[Edit]] = {}
    said: list[str] = []
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
                said.append(f"{secret} is left alone: see `ocs secret audit`")
                continue
            step = _synced(secret, ciphertext.message, vault, without)
        except OcsError as error:  # the others need not wait for this one
            skipped.append(Skipped(secret, error.message, error.hint))
            continue
        if step:
            steps.append(step)
        if ended := _ended(access, vault.today):
            changes[_ACCESS.file(secret)] = ended
    wanted = [(each.secret, each.readers) for each in steps if each.how is How.ANEW]
    found = [
        each
        for secret, people in wanted
        for each in obstacles(people, secret, registry, vault.today)
    ]
    made = EditPlan()
    if changes and not found:
        made = fieldedits.plan(changes, registry, vault.files, vault.schemas, vault.today)
    owners = sorted({"", *(owner_id(name) for name in registry.secrets or ())})
    others = tuple(each for owner in owners for each in gpg_id_written(owner, vault))
    lost = [each.secret for each in steps if each.loses]
    if lost:
        said.append(f"rotate what others could read: {', '.join(lost)}")
    return SecretPlan(
        "sync",
        tuple(steps),
        made,
        others,
        tuple(dict.fromkeys(found)),
        tuple(said),
        keys({person for step in steps for person in step.readers}, registry),
        tuple(skipped),
    )


def _check_uncontested(secret: str, vault: Vault) -> None:
    """Raises OcsError where two claim the id of the owner or of a reader."""
    readers = readers_of(secret, vault.registry, vault.today)
    ids = [("org", owner_id(secret)), *(("person", person) for person in readers)]
    for kind, id in ids:
        for message, hint in contested(kind, id, vault.registry):
            raise OcsError(message, hint)


def _ended(access: Access, today: date) -> list[Edit]:
    """The edits that take out of a record whose access is over."""
    return _without(
        [at for at, each in enumerate(access.readers) if each.until and each.until < today],
        access,
    )


def _without(places: Sequence[int], access: Access) -> list[Edit]:
    """The edits that take out of a record the readers at these places."""
    if places and len(places) == len(access.readers):
        return [Remove(("readers",))]
    return [Remove(("readers", at)) for at in sorted(places, reverse=True)]


def compared(step: SecretStep, vault: Vault) -> SecretStep:
    """The step with what the ciphertext is now, and who comes and goes."""
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
    words = [*sorted(people), *(f"the key {key_id}, which is nobody's" for key_id in unknown)]
    if HIDDEN in message.key_ids:
        words.append("somebody hidden")
    if message.passphrases:
        words.append("a passphrase")
    return tuple(words)


def _lessened(secret: str, after: Registry, vault: Vault) -> SecretStep:
    """The step that takes everybody out of a ciphertext who is not recorded in the registry
    *after*.
    """
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
    if not left:
        raise OcsError(
            f"nobody who is recorded could read {secret} any more",
            "let somebody else read it first: `ocs secret sync`",
        )
    less = without_recipients(before, gone)
    lost = _in_words(
        people - set(readers), [each for each in unknown if each in gone], read_message(less)
    )
    return SecretStep(secret, How.LESS, left, (), lost, before, less)


def _left_open(step: SecretStep) -> Iterator[str]:
    for word in step.loses:
        if word in ("somebody hidden", "a passphrase"):
            yield f"{word} can still read it: run `ocs secret sync`, or rotate it"


def _synced(
    secret: str, message: Message, vault: Vault, without: Collection[str]
) -> SecretStep | None:
    """What makes a ciphertext fit its record; None where it does."""
    readers = readers_of(secret, vault.registry, vault.today)
    people, unknown = who_can_read(message, holders(vault.registry))
    wanted = tuple(person for person in readers if person not in without)
    is_open = HIDDEN in message.key_ids or message.passphrases
    if set(wanted) <= people and not is_open:
        return (
            _lessened(secret, vault.registry, vault)
            if people - set(readers) or unknown
            else None
        )
    check_own(secret, vault)
    return compared(SecretStep(secret, How.ANEW, wanted), vault)
