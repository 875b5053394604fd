"""The files in secrets/: ciphertexts, read without decrypting them, and `.gpg-id` files."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from typing import TypeVar

from ocs.adapters.files import Files
from ocs.adapters.git.conflicts import unmerged
from ocs.adapters.packets import read_message
from ocs.errors import NotOpenPgpError, UnreadableError
from ocs.model.ciphertext import MOST_BYTES, CiphertextFile, file_of, owner_id
from ocs.model.registry import Registry
from ocs.rules.records.naming import Misplaced, identify_secret
from ocs.rules.secrets import ciphertexts as of_ciphertexts
from ocs.rules.secrets import gpgids
from ocs.rules.secrets.files import is_ciphertext
from ocs.rules.secrets.gpgids import gpg_id_file

T = TypeVar("T")
FOLDER = "secrets"
CODES = frozenset(check.code for check in (*of_ciphertexts.CHECKS, *gpgids.CHECKS))
_MOST_BYTES_OF_A_GPG_ID = 64 * 1024


def with_ciphertexts(registry: Registry, files: Files) -> Registry:
    """The registry with its ciphertexts, where there is a folder of them."""
    if not any(entry.path == FOLDER for entry in files.top()):
        return registry
    files_of = ReadWhenAsked(_secrets(files), lambda secret: ciphertext(secret, files))
    for path, stages in unmerged(files.root, [FOLDER]).items():
        with suppress(Misplaced):
            secret = identify_secret(path)
            file = files_of.get(secret) or CiphertextFile(secret)
            files_of.put(secret, replace(file, conflict=stages))
    owners = {"", *map(owner_id, files_of)}
    gpg_ids = ReadWhenAsked(owners, lambda owner: gpg_id(owner, files))
    secrets = frozenset(files_of)
    return replace(registry, secrets=secrets, ciphertexts=files_of, gpg_ids=gpg_ids)


class ReadWhenAsked(Mapping[str, T]):
    """Values that are read when they are first needed, as most commands need only a few."""

    def __init__(self, names: Iterable[str], read: Callable[[str], T]) -> None:
        self._names = dict.fromkeys(names)
        self._read = read
        self._values: dict[str, T] = {}

    def __getitem__(self, name: str) -> T:
        if name not in self._values:
            if name not in self._names:
                raise KeyError(name)
            self._values[name] = self._read(name)
        return self._values[name]

    def __contains__(self, name: object) -> bool:
        return name in self._names

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)

    def put(self, name: str, value: T) -> None:
        """Use this value instead of reading one."""
        self._names[name] = None
        self._values[name] = value


def _secrets(files: Files) -> Iterator[str]:
    """The secrets that have a ciphertext; other checks report what else lies there."""
    for entry in sorted(files.records((FOLDER,))):
        if entry.what == "file" and entry.path != "ocs.yaml":
            with suppress(Misplaced):
                yield identify_secret(entry.path)


def ciphertext(secret: str, files: Files) -> CiphertextFile:
    """What the ciphertext of a secret says without being decrypted."""
    try:
        data = files.read(file_of(secret), MOST_BYTES)
    except UnreadableError as error:
        return CiphertextFile(secret, fault=error.message)
    # That it is not encrypted is a finding of its own.
    return of_bytes(secret, data) if is_ciphertext(data) else CiphertextFile(secret)


def of_bytes(secret: str, data: bytes) -> CiphertextFile:
    """What these bytes say as the ciphertext of a secret."""
    try:
        return CiphertextFile(secret, read_message(data))
    except NotOpenPgpError as error:
        return CiphertextFile(secret, fault=error.message)


def gpg_id(owner: str, files: Files) -> bytes | None:
    """The `.gpg-id` of an owner; None where there is none."""
    try:
        return files.read(gpg_id_file(owner), _MOST_BYTES_OF_A_GPG_ID)
    except UnreadableError:
        return None
