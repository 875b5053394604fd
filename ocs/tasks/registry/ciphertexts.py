"""The files in secrets/: what ciphertexts say of themselves without being decrypted, and
`.gpg-id` files.
"""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from dataclasses import replace

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

FOLDER = "secrets"
CODES = frozenset(check.code for check in (*of_ciphertexts.CHECKS, *gpgids.CHECKS))
_MOST_BYTES_OF_A_GPG_ID = 64 * 1024


def with_ciphertexts(registry: Registry, files: Files) -> Registry:
    """The registry with its ciphertexts, where there is a folder of them."""
    if not any(entry.path == FOLDER for entry in files.top()):
        return registry
    read = dict(ciphertexts(files))
    for path, stages in unmerged(files.root, [FOLDER]).items():
        with contextlib.suppress(Misplaced):
            secret = identify_secret(path)
            read[secret] = replace(read.get(secret) or CiphertextFile(secret), conflict=stages)
    owners = {"", *(owner_id(name) for name in read)}
    gpg_ids = {owner: gpg_id(owner, files) for owner in owners}
    return replace(registry, secrets=frozenset(read), ciphertexts=read, gpg_ids=gpg_ids)


def ciphertexts(files: Files) -> Mapping[str, CiphertextFile]:
    """Every ciphertext by the secret's name; what lies there else is told elsewhere."""
    found = {}
    for entry in sorted(files.records((FOLDER,))):
        if entry.what == "file" and entry.path != "ocs.yaml":
            try:
                secret = identify_secret(entry.path)
            except Misplaced:
                continue
            found[secret] = ciphertext(secret, files)
    return found


def ciphertext(secret: str, files: Files) -> CiphertextFile:
    """What the ciphertext of a secret says of itself."""
    try:
        data = files.read(file_of(secret), MOST_BYTES)
    except UnreadableError as error:
        return CiphertextFile(secret, fault=error.message)
    if not is_ciphertext(data):
        return CiphertextFile(secret)  # which is told, whatever it is
    return of_bytes(secret, data)


def of_bytes(secret: str, data: bytes) -> CiphertextFile:
    """What these bytes say of themselves as the ciphertext of a secret."""
    try:
        return CiphertextFile(secret, read_message(data))
    except NotOpenPgpError as error:
        return CiphertextFile(secret, fault=error.message)


def gpg_id(owner: str, files: Files) -> bytes | None:
    """What stands in the `.gpg-id` of an owner; None where there is none."""
    try:
        return files.read(gpg_id_file(owner), _MOST_BYTES_OF_A_GPG_ID)
    except UnreadableError:
        return None
