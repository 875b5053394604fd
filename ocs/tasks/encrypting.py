"""Carrying out a plan for secrets: all of a secret's files, or none, then one commit.

What must hold, in words:
- Whoever is to be encrypted to passes `rules/readers.py`, or nothing is written, and all reasons are told.
- What is decrypted to be encrypted anew is the secret's own: never a copy of another's over it, by which
  somebody who may write files but not read secrets would have a gatekeeper encrypt one to them.
- Taking somebody out needs no secret key; whatever stays is a recipient who is recorded.
- The plaintext is in memory only, and nowhere else.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from ocs.adapters.git import Commit, commit
from ocs.adapters.keyring import Keyring
from ocs.adapters.replacing import Replacement, replace_all
from ocs.errors import NoSecretKeyError, OcsError
from ocs.model.ciphertext import file_of
from ocs.model.kinds import KIND
from ocs.model.secret import Plaintext
from ocs.rules.readers import (
    Obstacle,
)
from ocs.tasks import edits
from ocs.tasks.certificates import keyring_of
from ocs.tasks.keyless import explained
from ocs.tasks.vault import Vault

_ACCESS = KIND["access"]
_SOMEBODY_ELSE = "whoever can read it runs `ocs secret sync`"


class How(StrEnum):
    """What becomes of a ciphertext."""

    NEW = "new"  # new content is encrypted
    ANEW = "anew"  # the same content is encrypted once more
    LESS = "less"  # somebody is taken out of it
    KEPT = "kept"


@dataclass(frozen=True, slots=True)
class Step:
    """What becomes of the ciphertext of a secret. `readers` are all who can read it afterwards.

    `gains` and `loses` say who comes and goes, as words. `after` is known beforehand where somebody is only
    taken out.
    """

    secret: str
    how: How
    readers: tuple[str, ...]
    gains: tuple[str, ...] = ()
    loses: tuple[str, ...] = ()
    before: bytes | None = None
    after: bytes | None = None


@dataclass(frozen=True, slots=True)
class Skipped:
    """A secret that stays as it was, though something was to be done to it: why, and what mends that."""

    secret: str
    because: str
    hint: str | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be done to secrets and the records about them.

    With `obstacles`, or findings of the edits, it cannot be carried out. `others` are files of which only the
    bytes matter; `keys` the fingerprints of the readers; `skipped` what cannot be done while the rest can.
    """

    subject: str
    steps: tuple[Step, ...]
    edits: edits.Plan
    others: tuple[Replacement, ...] = ()
    obstacles: tuple[Obstacle, ...] = ()
    said: tuple[str, ...] = ()
    keys: Mapping[str, str] | None = None
    skipped: tuple[Skipped, ...] = ()

    @property
    def is_possible(self) -> bool:
        return not self.obstacles and not self.edits.findings

    @property
    def is_empty(self) -> bool:
        return not (self.edits.changes or self.others or any(each.how is not How.KEPT for each in self.steps))

    @property
    def decryptions(self) -> int:
        """How many secrets are decrypted with the user's key."""
        return sum(each.how is How.ANEW for each in self.steps)


@dataclass(frozen=True, slots=True)
class Done:
    """What was written, the commit that holds it, and the secrets that could not be decrypted."""

    files: tuple[str, ...]
    commit: Commit | None
    skipped: tuple[Skipped, ...] = ()


def apply(
    plan: Plan, vault: Vault, content: Plaintext | None = None, *, commits: bool = True, differs: bool = False
) -> Done:
    """Carry out a plan. *content* is what becomes new; if it *differs* has to differ from what was there.

    Each secret is written whole or not at all, with its record, and all are in one commit; where there are
    many, what was done before it was stopped stays done. Raises OcsError, KeyringError, NoSecretKeyError.
    """
    if not plan.is_possible:
        raise OcsError("this plan cannot be carried out", "see what was found")
    keyring = keyring_of(vault.files, vault.keyrings)
    files = {each.path: each for each in [*edits.replacements(plan.edits.changes), *plan.others]}
    written: list[str] = []
    skipped: list[Skipped] = []
    try:
        for step in plan.steps:
            try:
                data = _ciphertext(step, plan.keys or {}, keyring, content, differs=differs)
            except NoSecretKeyError as error:
                if len(plan.steps) == 1:
                    asked = (vault.files, vault.schemas, vault.keyrings)
                    raise explained(step.secret, error, *asked) from error
                skipped.append(Skipped(step.secret, error.message, _SOMEBODY_ELSE))
                files.pop(_ACCESS.file(step.secret), None)
                continue
            own = [files.pop(path) for path in [_ACCESS.file(step.secret)] if path in files]
            if data is not None:
                own.append(Replacement(file_of(step.secret), data, step.before))
            own += [] if len(plan.steps) > 1 else [files.pop(path) for path in list(files)]
            replace_all(vault.files.root, own)
            written += [each.path for each in own]
        if files:
            replace_all(vault.files.root, list(files.values()))
            written += files
    finally:
        together = _with_records(written, vault) if commits and written else ()
        made = commit(vault.files.root, together, f"secrets: {plan.subject}") if together else None
    return Done(tuple(written), made, tuple(skipped))


def _with_records(written: Sequence[str], vault: Vault) -> list[str]:
    """The files, and the record of each ciphertext, which may have been written and not committed before."""
    named = {file_of(each): _ACCESS.file(each) for each in vault.registry.ids("access")}
    records = [named[path] for path in written if path in named]
    return list(dict.fromkeys([*written, *records]))


def _ciphertext(
    step: Step, keys: Mapping[str, str], keyring: Keyring, content: Plaintext | None, *, differs: bool
) -> bytes | None:
    """The new ciphertext of a secret; None where it stays."""
    if step.how in (How.KEPT, How.LESS):
        return step.after
    if step.how is How.ANEW or content is None:
        content = keyring.decrypt(step.before or b"")
    elif differs and same(content, keyring.decrypt(step.before or b"")):
        raise OcsError(
            f"this is what {step.secret} holds already", "change it where it is used, and give the new"
        )
    return keyring.encrypt(content, [keys[person] for person in step.readers])


def same(one: Plaintext, other: Plaintext) -> bool:
    """Do two secrets say the same, whatever ends their last line?"""
    return Plaintext(one.reveal().rstrip()) == Plaintext(other.reveal().rstrip())
