"""Checks of the files in secrets/: recorded readers can read them, and nobody else can.

The rules compare the recipients and the hash of each ciphertext with the records, and decrypt
nothing. A key belongs to the person whose certificate in keys/ has it; else to nobody.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from ocs.model.ciphertext import HIDDEN, CiphertextFile, Message, file_of
from ocs.model.finding import Place, Severity
from ocs.model.kinds import KIND
from ocs.model.registry import Registry
from ocs.rules.check import Check, Violation, check
from ocs.rules.nearest import listed
from ocs.rules.secrets.conflicts import conflict
from ocs.rules.secrets.facts import SEE_CHANGES, is_confirmed, to_encrypt
from ocs.rules.secrets.readers import (
    access_of,
    are_readers_known,
    key_ids,
    owner_of,
    readers_of,
    who_reads,
)

_SYNC = "run `ocs secret sync`"
_SEE_CHANGES = f" to remove them; who stays is {SEE_CHANGES}"
_RESTORE = "restore the file from git, or delete it and add the secret again"
_UNRECORDED = " without an access record"
_MOST_NAMED = 3


def holders(registry: Registry) -> Mapping[str, frozenset[str]]:
    """The people whose certificate has a key, by the key's id."""
    holders: dict[str, set[str]] = {}
    for person, file in (registry.certificates or {}).items():
        for key_id in key_ids(file):
            holders.setdefault(key_id, set()).add(person)
    return {key_id: frozenset(people) for key_id, people in holders.items()}


def _comparable(registry: Registry) -> Iterator[tuple[CiphertextFile, Message]]:
    """The ciphertexts that can be compared with records: where both keys/ and secrets/ are."""
    if registry.certificates is not None:
        for file in (registry.ciphertexts or {}).values():
            if file.message is not None:
                yield file, file.message


def who_can_read(
    message: Message, whose: Mapping[str, frozenset[str]]
) -> tuple[set[str], list[str]]:
    """The people who can read a message, and its recipients that are nobody's keys."""
    ids = [recipient for recipient in message.key_ids if recipient != HIDDEN]
    people = {person for key_id in ids for person in whose.get(key_id, ())}
    return people, [key_id for key_id in ids if key_id not in whose]


@check(
    "extra-reader",
    Severity.ERROR,
    example="secrets/river/login.gpg is encrypted to sam as well, without an access record",
    hint="Run `ocs secret sync` to remove the reader. Then rotate the secret, because the "
    "reader may know it.",
)
def readers_that_no_record_names(registry: Registry, today: date) -> Iterator[Violation]:
    """Only the owner's gatekeepers and the readers in its access record can read a secret."""
    whose = holders(registry)
    extra: dict[tuple[str, str], list[str]] = {}
    for file, message in _comparable(registry):
        has_owner = owner_of(file.secret, registry) is not None
        if not has_owner or not are_readers_known(file.secret, registry):
            continue
        people, unknown = who_can_read(message, whose)
        for person in people - who_reads(file.secret, registry, today):
            ended = _has_ended(person, file.secret, registry)
            why = ", but the access has ended" if ended else _UNRECORDED
            extra.setdefault((person, why), []).append(file.secret)
        for key_id in unknown:
            who = f"the unknown key {key_id}"
            extra.setdefault((who, _UNRECORDED), []).append(file.secret)
    for (who, why), secrets in sorted(extra.items()):
        them = "it" if len(secrets) == 1 else "them"
        rotate = f", then rotate {them} with `ocs secret rotate`"
        yield Violation(
            f"{who} can read {_named(secrets)}{why}",
            tuple(Place(file_of(secret)) for secret in secrets),
            f"{_SYNC}{rotate if is_confirmed(secrets, registry, today) else _SEE_CHANGES}",
        )


def _has_ended(person: str, secret: str, registry: Registry) -> bool:
    access = access_of(secret, registry)
    return any(
        registry.now_called("person", reader.person) == person
        for reader in (access.readers if access else ())
    )


@check(
    "missing-reader",
    Severity.WARNING,
    example="access/river/login.yaml names sam, and secrets/river/login.gpg is not "
    "encrypted to sam",
    hint="Ask somebody who can read the secret to run `ocs secret sync`. That adds the missing "
    "readers.",
)
def readers_who_cannot_read(registry: Registry, today: date) -> Iterator[Violation]:
    """Everybody who should read a secret can decrypt it."""
    whose = holders(registry)
    missing: dict[str, list[tuple[str, Place]]] = {}
    for file, message in _comparable(registry):
        if HIDDEN in message.key_ids:
            continue
        people, _ = who_can_read(message, whose)
        for person, place in readers_of(file.secret, registry, today).items():
            if person not in people:
                missing.setdefault(person, []).append((file.secret, place))
    for person, cases in sorted(missing.items()):
        secrets = [secret for secret, _ in cases]
        has_key = person in (registry.certificates or {})
        yield Violation(
            f"{person} cannot read {_named(secrets)}",
            tuple(dict.fromkeys(place for _, place in cases)),
            to_encrypt(_SYNC, secrets, registry, today)
            if has_key
            else f"run `ocs key import {person} FILE`, then see `ocs changes`",
        )


@check(
    "hidden-reader",
    Severity.ERROR,
    example="a ciphertext that somebody made with gpg's --throw-keyids",
    hint="Run `ocs secret sync` to encrypt it to the recorded readers, then rotate the secret.",
)
def readers_that_are_hidden(registry: Registry, today: date) -> Iterator[Violation]:
    """Every ciphertext lists all its recipients."""
    for file, message in _comparable(registry):
        if HIDDEN in message.key_ids:
            yield Violation(
                f"{file.secret} hides a recipient, so ocs cannot know who can read it",
                (Place(file.file),),
                to_encrypt(
                    f"{_SYNC}, then rotate it with `ocs secret rotate`",
                    [file.secret],
                    registry,
                    today,
                ),
            )


@check(
    "passphrase-reader",
    Severity.ERROR,
    example="a ciphertext that somebody made with gpg's --symmetric beside its recipients",
    hint="Restore the file from git, or delete it and add the secret again.",
)
def passphrases_that_open_a_secret(registry: Registry, today: date) -> Iterator[Violation]:
    """No passphrase opens a secret; only people's keys do."""
    for file, message in _comparable(registry):
        if message.passphrases:
            yield Violation(
                f"anybody who knows its passphrase can read {file.secret}",
                (Place(file.file),),
                _RESTORE,
            )


@check(
    "copied-ciphertext",
    Severity.ERROR,
    example="secrets/river/login.gpg is a copy of secrets/house/login.gpg",
    hint="Restore the right file from git's history; do not use or re-encrypt this one.",
)
def ciphertexts_of_other_secrets(registry: Registry, today: date) -> Iterator[Violation]:
    """No two secrets have, or ever had, the same ciphertext."""
    alike: dict[str, list[str]] = {}
    for file, message in _comparable(registry):
        alike.setdefault(message.content, []).append(file.secret)
    for secrets in alike.values():
        if len(secrets) > 1:
            yield Violation(
                f"{listed(secrets, 'and')} are the same ciphertext, so one was copied "
                "over the other",
                tuple(Place(file_of(secret)) for secret in secrets),
                "find the copy with `git log`, and restore the file that was there before",
            )
    twice = {secret for secrets in alike.values() if len(secrets) > 1 for secret in secrets}
    for secret, others in sorted(registry.once_of.items()):
        if secret not in twice:
            yield Violation(
                f"{secret} is the ciphertext that {listed(others, 'and')} had before",
                (Place(file_of(secret)),),
                "find with `git log` who put it here, and undo that; after a rename, add it "
                "again",
            )


@check(
    "unfit-ciphertext",
    Severity.ERROR,
    example="secrets/river/login.gpg is cut short",
    hint="Restore the file from git, or delete it and add the secret again.",
)
def ciphertexts_that_cannot_be_used(registry: Registry, today: date) -> Iterator[Violation]:
    """Every ciphertext is one whole message with integrity protection."""
    for file in (registry.ciphertexts or {}).values():
        fault = "" if file.conflict else file.fault
        if file.message is not None and not file.message.has_integrity:
            fault = "without integrity protection, nobody would notice a changed content"
        if fault:
            message = f"{file.secret} must not be used: {fault}"
            yield Violation(message, (Place(file.file),), _RESTORE)


@check(
    "conflicting-ciphertext",
    Severity.ERROR,
    example="two branches rotated river/login, and were merged",
    hint="Take one with `git checkout --ours FILE` or `--theirs`, `git add` it, and "
    "run `ocs secret sync`.",
)
def ciphertexts_that_two_branches_changed(
    registry: Registry, today: date
) -> Iterator[Violation]:
    """No secret has an unresolved merge conflict."""
    for file in (registry.ciphertexts or {}).values():
        if file.conflict:
            undecided = conflict(file.file, file.conflict, file.secret)
            hint = to_encrypt(undecided.hint, [file.secret], registry, today)
            if hint != undecided.hint:
                hint = f"{undecided.decide}; {hint}"
            yield Violation(undecided.message, (Place(file.file),), hint)


@check(
    "to-be-rotated",
    Severity.WARNING,
    example="sam was revoked from river/login, and the secret has not been rotated since",
    hint="Change the login where it is used, then run `ocs secret rotate OWNER/NAME`.",
)
def secrets_that_former_readers_know(registry: Registry, today: date) -> Iterator[Violation]:
    """After a person stops being a reader, the secret is rotated."""
    for secret, people in sorted(registry.former_readers.items()):
        are = "is no longer a reader" if len(people) == 1 else "are no longer readers"
        yield Violation(
            f"{listed(people, 'and')} could read the content of {secret}, but {are}",
            (Place(KIND["access"].file(secret)),),
            to_encrypt(
                f"change the secret where it is used, then run `ocs secret rotate {secret}`",
                [secret],
                registry,
                today,
            ),
        )


def _named(secrets: list[str]) -> str:
    """The secrets by name; of many, the first and how many more, which are at least two."""
    if len(secrets) <= _MOST_NAMED + 1:
        return listed(secrets, "and")
    return f"{', '.join(secrets[:_MOST_NAMED])} and {len(secrets) - _MOST_NAMED} more secrets"


HISTORY_UNKNOWN = Check(
    code="history-unknown",
    severity=Severity.NOTE,
    meaning="Git's history is complete, so that ocs can list the secrets to rotate.",
    example="a clone that was made with --depth 1",
    hint="Fetch the whole history: `git fetch --unshallow`.",
)
CHECKS = (
    readers_that_no_record_names,
    readers_who_cannot_read,
    readers_that_are_hidden,
    passphrases_that_open_a_secret,
    ciphertexts_of_other_secrets,
    ciphertexts_that_cannot_be_used,
    ciphertexts_that_two_branches_changed,
    secrets_that_former_readers_know,
    HISTORY_UNKNOWN,
)
