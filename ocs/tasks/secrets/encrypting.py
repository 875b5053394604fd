"""Carrying out a plan for secrets: all of a secret's files, or none, then one commit.

What must hold, in words:
- Everybody whom ocs encrypts to passes `rules/secrets/readers.py`. Otherwise it writes nothing,
  and the plan has all the reasons.
- Everybody whom ocs encrypts to is somebody whom the user has confirmed: `confirming.py` asks.
- ocs encrypts again only what was written for this secret, as the name in the body says, or
  somebody at a terminal. Otherwise people who may write files, but not read secrets, could put
  another secret there, or a mail, and have a gatekeeper encrypt that to them.
- To take people out needs no secret key; every recipient who stays is recorded.
- The plaintext is in memory only, and nowhere else.
- ocs decrypts secrets one after the other, and stops at the first that fails: gpg-agent asks
  one question at a time and refuses after a minute's wait, and people who cancel want no
  further question.
"""

from __future__ import annotations

from collections.abc import Collection, Generator, Iterator, Mapping, Sequence
from contextlib import closing
from itertools import groupby, islice
from typing import NamedTuple

from ocs.adapters.git.commits import commit
from ocs.adapters.keyring import Keyring
from ocs.adapters.prefetch import prefetch
from ocs.adapters.replacing import replace_all
from ocs.errors import (
    KeyringError,
    NoSecretKeyError,
    NotItsOwnError,
    NotOpenPgpError,
    OcsError,
)
from ocs.model.change import Replacement
from ocs.model.ciphertext import file_of
from ocs.model.kinds import KIND
from ocs.model.registry import Registry
from ocs.model.secret import Plaintext
from ocs.model.secretplan import How, SecretPlan, SecretsDone, SecretStep, Skipped
from ocs.rules.secrets.bodies import Origin, body_name
from ocs.tasks.secrets import confirming
from ocs.tasks.secrets.bodies import check_belongs, origin_of, unconfirmed
from ocs.tasks.secrets.missingkey import explained
from ocs.tasks.secrets.vault import Vault

_ACCESS = KIND["access"]
_SOMEBODY_ELSE = "ask somebody who can read it to run `ocs secret sync`"
# As many are written together, so that ocs waits for the disk once and not for each.
_MOST_TOGETHER = 100


def carry_out(
    plan: SecretPlan,
    vault: Vault,
    content: Plaintext | None = None,
    *,
    ask: confirming.Ask | None = None,
    commits: bool = True,
    differs: bool = False,
    confirmed: Collection[str] = (),
) -> SecretsDone:
    """Carry out a plan. *content* is the new content, which *differs* says must be another.

    *ask* asks about people whom the user has not confirmed; without it they get nothing.
    Each secret is written whole or not at all, with its record, and all are in one commit.
    What was written stays when ocs is stopped before the end. Somebody has *confirmed* that
    these secrets hold what was written for them. Raises OcsError, KeyringError, and of a single
    secret NoSecretKeyError, NotItsOwnError.
    """
    if not plan.is_possible:
        raise OcsError("cannot carry out this plan", "fix its findings first")
    wanted, plan = plan, confirming.confirmed(plan, vault, ask)
    files = {file.path: file for file in (*plan.edits.replacements, *plan.others)}
    written: list[str] = []
    errors: dict[str, NoSecretKeyError | NotItsOwnError] = {}
    source = _Source(
        vault.keyring(),
        origin_of(vault.files, vault.memory.roots),
        vault.registry,
        content,
        differs,
        confirmed,
    )
    try:
        with closing(_ciphertexts(plan, source)) as ciphertexts:
            for steps in _batches(plan.steps):
                own: list[Replacement] = []
                for step, data in zip(steps, ciphertexts, strict=False):
                    if isinstance(data, NoSecretKeyError | NotItsOwnError):
                        if len(plan.steps) == 1:
                            raise _explained(step.secret, data, vault) from data
                        errors[step.secret] = data
                        files.pop(_ACCESS.file(step.secret), None)
                    else:
                        own += _files_of(step, data, files)
                if len(steps) == len(plan.steps):
                    own += [files.pop(path) for path in list(files)]
                written += _write(own, vault)
        written += _write(list(files.values()), vault)
    finally:
        new_commit = None
        if commits and written:
            paths = _with_records(written, vault)
            new_commit = commit(vault.files.root, paths, f"secrets: {plan.subject}")
        confirming.remember(plan, written, vault)
    skipped = [_skipped(secret, error, vault) for secret, error in errors.items()]
    left_out = plan.skipped[len(wanted.skipped) :]
    return SecretsDone(tuple(written), new_commit, (*left_out, *skipped))


def _batches(steps: Sequence[SecretStep]) -> Iterator[tuple[SecretStep, ...]]:
    """The steps that are written together: many of those that need no key, any other alone."""
    for is_known, group in groupby(steps, key=lambda step: step.how in (How.KEPT, How.LESS)):
        while batch := tuple(islice(group, _MOST_TOGETHER if is_known else 1)):
            yield batch


def _files_of(
    step: SecretStep, data: bytes | None, files: dict[str, Replacement]
) -> Iterator[Replacement]:
    """The record and the ciphertext of a secret; the record is taken out of *files*."""
    record = files.pop(_ACCESS.file(step.secret), None)
    if record is not None:
        yield record
    if data is not None:
        yield Replacement(file_of(step.secret), data, step.before)


def _write(files: Sequence[Replacement], vault: Vault) -> list[str]:
    """Write all of the files or none; their paths."""
    if files:
        replace_all(vault.files.root, files)
    return [file.path for file in files]


def _explained(
    secret: str, error: NoSecretKeyError | NotItsOwnError, vault: Vault
) -> OcsError:
    """Why a secret stays as it was, for somebody who asked for this one alone."""
    if isinstance(error, NotItsOwnError):
        return unconfirmed(error, vault)
    return explained(secret, error, vault.files, vault.schemas, vault.keyrings)


def _skipped(secret: str, error: NoSecretKeyError | NotItsOwnError, vault: Vault) -> Skipped:
    """Why one of many secrets stays as it was."""
    if isinstance(error, NotItsOwnError):
        error = unconfirmed(error, vault)
        return Skipped(secret, error.reason, error.hint, error.may_be_confirmed)
    return Skipped(secret, error.message, _SOMEBODY_ELSE)


def _with_records(written: Sequence[str], vault: Vault) -> list[str]:
    """The files with the records of their secrets, which may wait for a commit since before."""
    record_of = {file_of(id): _ACCESS.file(id) for id in vault.registry.ids("access")}
    records = [record_of[path] for path in written if path in record_of]
    return list(dict.fromkeys([*written, *records]))


class _Source(NamedTuple):
    """Where the content of secrets comes from: what is *new*, else what their files hold."""

    keyring: Keyring
    origin: Origin
    registry: Registry
    new: Plaintext | None
    differs: bool
    confirmed: Collection[str]


_Content = Plaintext | NoSecretKeyError | NotItsOwnError | None
_Encrypted = bytes | NoSecretKeyError | NotItsOwnError | None


def _ciphertexts(plan: SecretPlan, source: _Source) -> Generator[_Encrypted]:
    """The new ciphertext of each step, in their order; None where it stays.

    While it writes one of many, ocs encrypts the next and decrypts the one behind that.
    """
    contents = _contents(plan.steps, source)
    if plan.decryptions < 2:
        return _encrypted(contents, source, plan.keys or {})
    source.keyring.prepare()
    return prefetch(_encrypted(prefetch(contents), source, plan.keys or {}))


def _contents(
    steps: Sequence[SecretStep], source: _Source
) -> Generator[tuple[SecretStep, _Content]]:
    """What each step encrypts; None for nothing, an error where that cannot be had."""
    for step in steps:
        try:
            outcome: _Content = _content(step, source)
        except (NoSecretKeyError, NotItsOwnError) as error:
            outcome = error
        yield step, outcome


def _content(step: SecretStep, source: _Source) -> Plaintext | None:
    if step.how in (How.KEPT, How.LESS):
        return None
    if step.how is How.ANEW or source.new is None:
        return _decrypted(step, source, source.confirmed)
    # Nobody has to confirm what is only compared, and not encrypted again.
    if source.differs and same(source.new, _decrypted(step, source, {step.secret})):
        raise OcsError(
            f"the new content of {step.secret} is the same as the old content",
            "change the secret where it is used, then enter the new content",
        )
    return source.new


def _decrypted(step: SecretStep, source: _Source, confirmed: Collection[str]) -> Plaintext:
    """The content of a secret. Raises KeyringError that names it, and NoSecretKeyError.

    Raises NotItsOwnError where it was not written for this secret.
    """
    try:
        content = source.keyring.decrypt(step.before or b"")
    except NoSecretKeyError:
        raise
    except (KeyringError, NotOpenPgpError) as error:
        message = f"cannot decrypt {step.secret}: {error.message}"
        raise KeyringError(message, error.hint) from error
    check_belongs(content, step.secret, source.origin, source.registry, confirmed)
    return content


def _encrypted(
    contents: Generator[tuple[SecretStep, _Content]],
    source: _Source,
    keys: Mapping[str, str],
) -> Generator[_Encrypted]:
    """The content of each step, encrypted to its readers; as it is what needs no encryption."""
    with closing(contents):
        for step, content in contents:
            if isinstance(content, Plaintext):
                to = [keys[person] for person in step.readers]
                name = body_name(source.origin.new, step.secret)
                yield source.keyring.encrypt(content, to, name)
            else:
                yield step.after if content is None else content


def same(one: Plaintext, other: Plaintext) -> bool:
    """Do two secrets say the same, but for the end of their last line?"""
    return Plaintext(one.reveal().rstrip()) == Plaintext(other.reveal().rstrip())
