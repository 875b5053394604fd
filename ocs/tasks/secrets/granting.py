"""Plans to add a secret, to grant it to more readers, and to rotate it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date, timedelta

from ocs.errors import OcsError
from ocs.model.ciphertext import owner_id
from ocs.model.edit import Edit, Set, addition, applied
from ocs.model.kinds import KIND
from ocs.model.plan import EditPlan
from ocs.model.record import Tree
from ocs.model.secretplan import How, SecretPlan, SecretStep
from ocs.model.trust import Fact, FactKind
from ocs.rules.nearest import did_you_mean, listed
from ocs.rules.records.naming import name_of
from ocs.rules.secrets.readers import access_of, gatekeepers_of, obstacles, readers_of
from ocs.tasks.secrets.revoking import compared
from ocs.tasks.secrets.vault import Vault, edited, gpg_ids_written, keys

_ACCESS = KIND["access"]


def plan_add(
    name: str,
    vault: Vault,
    *,
    to: Sequence[str] = (),
    purpose: str | None = None,
    because: str | None = None,
    until: date | None = None,
    without: Collection[str] = (),
) -> SecretPlan:
    """Add a secret, and its access record where there is none."""
    secret = name_of(name)
    owner = vault.owner(secret)
    if owner.id != owner_id(secret):
        raise OcsError(f"{owner_id(secret)} is now called {owner.id}", f"add it to {owner.id}")
    if secret in (vault.registry.secrets or ()):
        raise OcsError(
            f"the secret {secret} already exists",
            f"to change its content, run `ocs secret rotate {secret}`; to add readers, run "
            "`ocs secret grant`",
        )
    is_recorded = secret in vault.registry.ids("access")
    if is_recorded and access_of(secret, vault.registry) is None:
        raise OcsError(
            f"{_ACCESS.file(secret)} does not fit its schema",
            "fix it first: `ocs validate` shows how",
        )
    if not is_recorded and not purpose:
        raise OcsError(
            f"{secret} has no purpose yet",
            "write what it is for with --purpose TEXT, which is not encrypted",
        )
    changes: list[Edit] = [Set(("purpose",), purpose)] if purpose else []
    changes.append(Set(("rotated",), vault.today.isoformat()))
    changes += _readers_added(secret, to, because, until, vault, changes)
    return _planned(f"add {secret}", secret, changes, vault, How.NEW, to, without=without)


def plan_grant(
    name: str,
    people: Sequence[str],
    vault: Vault,
    *,
    because: str | None = None,
    until: date | None = None,
    without: Collection[str] = (),
) -> SecretPlan:
    """Let more people read a secret, or for longer."""
    secret, _, _ = vault.named(name)
    changes = _readers_added(secret, people, because, until, vault)
    subject = f"grant {secret} to {listed(people, 'and')}"
    return _planned(subject, secret, changes, vault, How.ANEW, people, without=without)


def plan_rotate(
    name: str, vault: Vault, *, without: Collection[str] = (), subject: str = "rotate"
) -> SecretPlan:
    """Give a secret other content, for all its readers."""
    secret, access, _ = vault.named(name)
    changes: list[Edit] = []
    notes = []
    if access.rotated != vault.today:
        changes.append(Set(("rotated",), vault.today.isoformat()))
    if access.rotate_by:
        period = access.rotate_by - access.rotated if access.rotated else timedelta(days=365)
        if (by := vault.today + period) != access.rotate_by:
            changes.append(Set(("rotate_by",), by.isoformat()))
            notes.append(f"rotate it again by {by}")
    if access.rotated == vault.today:
        notes += [
            "it was already rotated today, so git's history does not show this rotation",
            "people who could read it before stay on the list until you rotate it on another day",
        ]
    return _planned(
        f"{subject} {secret}", secret, changes, vault, How.NEW, without=without, notes=notes
    )


def _readers_added(
    secret: str,
    people: Sequence[str],
    because: str | None,
    until: date | None,
    vault: Vault,
    before: Sequence[Edit] = (),
) -> list[Edit]:
    """The edits of an access record that let these people read the secret."""
    if until is not None and until < vault.today:
        raise OcsError(f"access until {until} has ended already", "give a later day")
    document = vault.registry.by_kind["access"].get(secret)
    tree: dict[str, Tree] = applied(dict(document.tree) if document else {}, before)
    gatekeepers = gatekeepers_of(vault.owner(secret), vault.registry)
    fields = {"because": because} if because else {}
    if until:
        fields["until"] = until.isoformat()
    edits: list[Edit] = []
    for person in dict.fromkeys(people):
        if person in gatekeepers:
            raise OcsError(
                f"{person} is a gatekeeper of {owner_id(secret)} and already reads {secret}",
                "leave them out",
            )
        readers = [
            vault.registry.now_called("person", reader["person"])
            for reader in tree.get("readers") or ()
        ]
        new: list[Edit]
        if person in readers:
            at = readers.index(person)
            new = [Set(("readers", at, name), value) for name, value in fields.items()]
        else:
            new = [addition(tree, "readers", {"person": person, **fields})]
        tree = applied(tree, new)
        edits += new
    return edits


def _planned(
    subject: str,
    secret: str,
    changes: Sequence[Edit],
    vault: Vault,
    how: How,
    named: Sequence[str] = (),
    *,
    without: Collection[str] = (),
    notes: Iterable[str] = (),
) -> SecretPlan:
    """The plan to encrypt one secret to all its readers; the user *named* some of them."""
    after = vault.after({secret: changes})
    recorded = readers_of(secret, after, vault.today)
    for person in without:
        if person not in recorded:
            raise OcsError(
                f"{person} would not be a reader of {secret}", did_you_mean(person, recorded)
            )
    readers = tuple(person for person in recorded if person not in without)
    if not readers:
        raise OcsError("a secret needs at least one reader", "leave fewer people out")
    against = obstacles(readers, secret, after, vault.today)
    step = compared(SecretStep(secret, how, readers), vault)
    edits = EditPlan() if against else edited(secret, changes, vault)
    notes = list(notes)
    if without:
        who = listed(list(without), "and")
        subject += f", without {who}"
        notes.append(
            f"{who} cannot read it until somebody fixes their key and runs `ocs secret sync`"
        )
    if len(readers) == 1:
        notes.append(f"only {readers[0]} can read it; grant it to a second person")
    return SecretPlan(
        subject,
        (step,),
        edits,
        tuple(gpg_ids_written(("", owner_id(secret)), vault)),
        tuple(against),
        tuple(notes),
        keys(readers, vault.registry),
        own=frozenset(
            Fact(FactKind.READER, secret, vault.registry.now_called("person", person))
            for person in named
        ),
    )
