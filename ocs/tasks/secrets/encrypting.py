"""Carrying out a plan for secrets: all of a secret's files, or none, then one commit.

What must hold, in words:
- Everybody whom ocs encrypts to passes `rules/secrets/readers.py`. Otherwise it writes nothing,
  and the plan has all the reasons.
- ocs decrypts only the secret's own ciphertext to encrypt it anew, never a copy of another's in
  its place. By such a copy, people who may write files but not read secrets would have a
  gatekeeper encrypt a secret to them.
- To take people out needs no secret key; every recipient who stays is recorded.
- The plaintext is in memory only, and nowhere else.
- ocs decrypts secrets one after the other, and stops at the first that fails: gpg-agent asks
  one question at a time and refuses after a minute's wait, and people who cancel want no
  further question.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import closing
from itertools import groupby, islice

from ocs.adapters.git.commits import commit
from ocs.adapters.keyring import Keyring
from ocs.adapters.prefetch import prefetch
from ocs.adapters.replacing import replace_all
from ocs.errors import KeyringError, NoSecretKeyError, NotOpenPgpError, OcsError
from ocs.model.change import Replacement
from ocs.model.ciphertext import file_of
from ocs.model.kinds import KIND
from ocs.model.secret import Plaintext
from ocs.model.secretplan import How, SecretPlan, SecretsDone, SecretStep, Skipped
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
    commits: bool = True,
    differs: bool = False,
) -> SecretsDone:
    """Carry out a plan. *content* is the new content, which *differs* says must be another.

    Each secret is written whole or not at all, with its record, and all are in one commit.
    What was written stays when ocs is stopped before the end. Raises OcsError, KeyringError,
    NoSecretKeyError.
    """
    if not plan.is_possible:
        raise OcsError("cannot carry out this plan", "fix its findings first")
    files = {file.path: file for file in (*plan.edits.replacements, *plan.others)}
    written: list[str] = []
    skipped: list[Skipped] = []
    try:
        with closing(_ciphertexts(plan, vault, content, differs=differs)) as ciphertexts:
            for steps in _batches(plan.steps):
                own: list[Replacement] = []
                for step, data in zip(steps, ciphertexts, strict=False):
                    if isinstance(data, NoSecretKeyError):
                        skipped.append(_skipped(step, data, plan, vault))
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
    return SecretsDone(tuple(written), new_commit, tuple(skipped))


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


def _skipped(
    step: SecretStep, error: NoSecretKeyError, plan: SecretPlan, vault: Vault
) -> Skipped:
    """Why the user cannot read a secret. Raises NoSecretKeyError where it is the only one."""
    if len(plan.steps) == 1:
        registry = vault.files, vault.schemas, vault.keyrings
        raise explained(step.secret, error, *registry) from error
    return Skipped(step.secret, error.message, _SOMEBODY_ELSE)


def _with_records(written: Sequence[str], vault: Vault) -> list[str]:
    """The files with the records of their secrets, which may wait for a commit since before."""
    record_of = {file_of(id): _ACCESS.file(id) for id in vault.registry.ids("access")}
    records = [record_of[path] for path in written if path in record_of]
    return list(dict.fromkeys([*written, *records]))


def _ciphertexts(
    plan: SecretPlan, vault: Vault, content: Plaintext | None, *, differs: bool
) -> Generator[bytes | NoSecretKeyError | None]:
    """The new ciphertext of each step, in their order; None where it stays.

    While it writes one of many, ocs encrypts the next and decrypts the one behind that.
    """
    keyring = vault.keyring()
    contents = _contents(plan.steps, keyring, content, differs=differs)
    if plan.decryptions < 2:
        return _encrypted(contents, keyring, plan.keys or {})
    keyring.prepare()
    return prefetch(_encrypted(prefetch(contents), keyring, plan.keys or {}))


def _contents(
    steps: Sequence[SecretStep], keyring: Keyring, content: Plaintext | None, *, differs: bool
) -> Generator[tuple[SecretStep, Plaintext | NoSecretKeyError | None]]:
    """What each step encrypts; None for nothing, an error where the user cannot read it."""
    for step in steps:
        try:
            outcome = _content(step, keyring, content, differs=differs)
        except NoSecretKeyError as error:
            outcome = error
        yield step, outcome


def _content(
    step: SecretStep, keyring: Keyring, content: Plaintext | None, *, differs: bool
) -> Plaintext | NoSecretKeyError | None:
    if step.how in (How.KEPT, How.LESS):
        return None
    if step.how is How.ANEW or content is None:
        return _decrypted(step, keyring)
    if differs and same(content, _decrypted(step, keyring)):
        raise OcsError(
            f"{step.secret} already holds this",
            "change it where it is used, then enter the new content",
        )
    return content


def _decrypted(step: SecretStep, keyring: Keyring) -> Plaintext:
    """The content of a secret. Raises KeyringError that names it, and NoSecretKeyError."""
    try:
        return keyring.decrypt(step.before or b"")
    except NoSecretKeyError:
        raise
    except (KeyringError, NotOpenPgpError) as error:
        message = f"cannot decrypt {step.secret}: {error.message}"
        raise KeyringError(message, error.hint) from error


def _encrypted(
    contents: Generator[tuple[SecretStep, Plaintext | NoSecretKeyError | None]],
    keyring: Keyring,
    keys: Mapping[str, str],
) -> Generator[bytes | NoSecretKeyError | None]:
    """The content of each step, encrypted to its readers; as it is what needs no encryption."""
    with closing(contents):
        for step, content in contents:
            if isinstance(content, Plaintext):
                yield keyring.encrypt(content, [keys[person] for person in step.readers])
            else:
                yield step.after if content is None else content


def same(one: Plaintext, other: Plaintext) -> bool:
    """Do two secrets say the same, but for the end of their last line?"""
    return Plaintext(one.reveal().rstrip()) == Plaintext(other.reveal().rstrip())
