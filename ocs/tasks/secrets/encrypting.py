"""Carrying out a plan for secrets: all of a secret's files, or none, then one commit.

What must hold, in words:
- Whoever is to be encrypted to passes `rules/secrets/readers.py`, or nothing is written, and all
  reasons are told.
- What is decrypted to be encrypted anew is the secret's own: never a copy of another's over
  it, by which somebody who may write files but not read secrets would have a gatekeeper
  encrypt one to them.
- Taking somebody out needs no secret key; whatever stays is a recipient who is recorded.
- The plaintext is in memory only, and nowhere else.
- Secrets are decrypted one after the other, and none behind one that failed: gpg-agent asks
  one question at a time and turns away whoever waits for a minute, and somebody who cancels it
  is not to be asked again.
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
from ocs.tasks.secrets.keyless import explained
from ocs.tasks.secrets.vault import Vault

_ACCESS = KIND["access"]
_SOMEBODY_ELSE = "whoever can read it runs `ocs secret sync`"
# As many are flushed together, so that the disk is waited for once and not for each.
_MOST_TOGETHER = 100


def carry_out(
    plan: SecretPlan,
    vault: Vault,
    content: Plaintext | None = None,
    *,
    commits: bool = True,
    differs: bool = False,
) -> SecretsDone:
    """Carry out a plan. *content* is what becomes new; if it *differs* has to differ from what
    was there.

    Each secret is written whole or not at all, with its record, and all are in one commit;
    where there are many, what was done before it was stopped stays done. Raises OcsError,
    KeyringError, NoSecretKeyError.
    """
    if not plan.is_possible:
        raise OcsError("this plan cannot be carried out", "see what was found")
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
        made = None
        if commits and written:
            together = _with_records(written, vault)
            made = commit(vault.files.root, together, f"secrets: {plan.subject}")
    return SecretsDone(tuple(written), made, tuple(skipped))


def _batches(steps: Sequence[SecretStep]) -> Iterator[tuple[SecretStep, ...]]:
    """The steps that are written at one go: some of those that need no key, any other alone."""
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
    return [each.path for each in files]


def _skipped(
    step: SecretStep, error: NoSecretKeyError, plan: SecretPlan, vault: Vault
) -> Skipped:
    """That a secret is not for the user; raised where it is the only one."""
    if len(plan.steps) == 1:
        raise explained(
            step.secret, error, vault.files, vault.schemas, vault.keyrings
        ) from error
    return Skipped(step.secret, error.message, _SOMEBODY_ELSE)


def _with_records(written: Sequence[str], vault: Vault) -> list[str]:
    """The files, and the record of each ciphertext, which may have been written and not
    committed before.
    """
    named = {file_of(each): _ACCESS.file(each) for each in vault.registry.ids("access")}
    records = [named[path] for path in written if path in named]
    return list(dict.fromkeys([*written, *records]))


def _ciphertexts(
    plan: SecretPlan, vault: Vault, content: Plaintext | None, *, differs: bool
) -> Generator[bytes | NoSecretKeyError | None]:
    """The new ciphertext of each step, in their order; None where it stays.

    Of many, the next is encrypted and the one behind it decrypted while one is written.
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
    """What each step encrypts; None where that is nothing, an error where the user cannot read
    it.
    """
    for step in steps:
        try:
            found = _content(step, keyring, content, differs=differs)
        except NoSecretKeyError as error:
            found = error
        yield step, found


def _content(
    step: SecretStep, keyring: Keyring, content: Plaintext | None, *, differs: bool
) -> Plaintext | NoSecretKeyError | None:
    if step.how in (How.KEPT, How.LESS):
        return None
    if step.how is How.ANEW or content is None:
        return _decrypted(step, keyring)
    if differs and same(content, _decrypted(step, keyring)):
        raise OcsError(
            f"this is what {step.secret} holds already",
            "change it where it is used, and give the new",
        )
    return content


def _decrypted(step: SecretStep, keyring: Keyring) -> Plaintext:
    """What a secret says. Raises KeyringError that names it, and NoSecretKeyError."""
    try:
        return keyring.decrypt(step.before or b"")
    except NoSecretKeyError:
        raise
    except (KeyringError, NotOpenPgpError) as error:
        raise KeyringError(
            f"cannot decrypt {step.secret}: {error.message}", error.hint
        ) from error


def _encrypted(
    contents: Generator[tuple[SecretStep, Plaintext | NoSecretKeyError | None]],
    keyring: Keyring,
    keys: Mapping[str, str],
) -> Generator[bytes | NoSecretKeyError | None]:
    """What each step encrypts, encrypted to its readers; and what needs no encrypting as it
    is.
    """
    with closing(contents):
        for step, content in contents:
            if isinstance(content, Plaintext):
                yield keyring.encrypt(content, [keys[person] for person in step.readers])
            else:
                yield step.after if content is None else content


def same(one: Plaintext, other: Plaintext) -> bool:
    """Do two secrets say the same, whatever ends their last line?"""
    return Plaintext(one.reveal().rstrip()) == Plaintext(other.reveal().rstrip())
