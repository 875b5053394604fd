"""To which secret a body belongs: whoever may write files must not decide what ocs encrypts.

A body is what a ciphertext encrypts. ocs writes a name into each, as the name of the file in the
literal packet (RFC 4880, 5.9). Readers alone can see it, and whoever may write files, but not
read the secret, cannot put another one there. It is a hash of:
- the registry: a commit without parents and the registry's folder in the repository. Every
  clone has the same, whatever it is called, and nobody can make a second one; the name in
  ocs.yaml anybody can copy, and it may change.
- the secret: OWNER/NAME.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import Enum
from hashlib import sha256
from typing import NamedTuple

from ocs.model.registry import Registry
from ocs.rules.secrets.readers import owner_of

_PREFIX = "ocs:"
_RESTORE = (
    "restore the right file from git's history; to rename a secret, add it under its new name: "
    "`ocs secret show OLD | ocs secret add NEW`"
)
_CONFIRM = "check it with `ocs secret show {secret}`, then run this at a terminal and confirm"


class Origin(NamedTuple):
    """What a registry is called in bodies: in new ones, and in those that are its own.

    `merged` are other registries, whose history somebody merged into this one.
    """

    new: str
    own: tuple[str, ...]
    merged: tuple[str, ...] = ()


# Nobody can tell such registries apart, so what they write is not surely their own either.
NO_HISTORY = Origin("", ())


class Belongs(Enum):
    """Does a body belong to the secret in whose file it lies?"""

    SURELY = "surely"
    PERHAPS = "perhaps"  # somebody has to say so
    NOT = "not"


class Belonging(NamedTuple):
    """Whether a body belongs to a secret; if not surely, why not, and what to do."""

    belongs: Belongs
    reason: str = ""
    hint: str = ""


def body_name(registry: str, secret: str) -> str:
    """The name in the body of a secret. *registry* is one that an `Origin` has."""
    return _PREFIX + sha256(f"{registry}\0{secret}".encode()).hexdigest()


def is_own(name: str, secret: str, origin: Origin) -> bool:
    """Was a body with this name written for this secret of this registry?"""
    return any(name == body_name(registry, secret) for registry in origin.own)


def is_named(name: str) -> bool:
    """Did ocs write a body with this name?"""
    return name.startswith(_PREFIX)


def belonging(name: str, secret: str, origin: Origin, registry: Registry) -> Belonging:
    """To whom a body with this name belongs that lies in the file of *secret*."""
    if is_own(name, secret, origin):
        return Belonging(Belongs.SURELY)
    hint = _CONFIRM.format(secret=secret)
    if not is_named(name):
        reason = "nothing in its content says that it was written for this secret"
        return Belonging(Belongs.PERHAPS, reason, hint)
    if is_own(name, secret, Origin("", ("",))):
        reason = "it was written where the registry had no history, perhaps in another one"
        return Belonging(Belongs.PERHAPS, reason, hint)
    if any(name == body_name(merged, secret) for merged in origin.merged):
        reason = "it was written in another registry, whose history was merged into this one"
        return Belonging(Belongs.PERHAPS, reason, hint)
    for old in _old_names(secret, registry):
        if is_own(name, old, origin):
            reason = f"it was written as {old}, which its owner was called before"
            return Belonging(Belongs.PERHAPS, reason, hint)
    if origin == NO_HISTORY:
        reason = (
            "without the registry's history ocs cannot tell for which secret it was written"
        )
        return Belonging(
            Belongs.NOT, reason, "in a shallow clone, run `git fetch --unshallow`"
        )
    other = _found(name, {*registry.ids("access"), *(registry.secrets or ())}, origin)
    whose = other or "another secret, or for another registry"
    return Belonging(Belongs.NOT, f"its content was written for {whose}", _RESTORE)


def _old_names(secret: str, registry: Registry) -> Iterator[str]:
    """The names that a secret had when its owner had other ids."""
    owner = owner_of(secret, registry)
    if owner is not None:
        kind = "org" if owner.id in registry.by_kind["org"] else "community"
        for old in owner.formerly:
            if registry.now_called(kind, old) == owner.id:
                yield f"{old}/{secret.partition('/')[2]}"


def _found(name: str, secrets: Iterable[str], origin: Origin) -> str | None:
    """The secret of this registry that a body with this name is of, if it is any."""
    return next((secret for secret in sorted(secrets) if is_own(name, secret, origin)), None)
