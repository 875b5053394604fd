"""The content of a secret: from a file, from an editor that leaves no traces, or decrypted."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ocs.adapters.editor import Editor, find_editor
from ocs.adapters.files import Files, read_given
from ocs.adapters.git.conflicts import unmerged
from ocs.adapters.memory import file_in_memory
from ocs.adapters.memory import read as read_edited
from ocs.errors import (
    KeyringError,
    NoSecretKeyError,
    NotOpenPgpError,
    OcsError,
    RecordNotFoundError,
    UnreadableError,
)
from ocs.model.ciphertext import MOST_BYTES, file_of
from ocs.model.secret import Plaintext
from ocs.rules.records.naming import name_of
from ocs.rules.secrets.conflicts import Explained, conflict
from ocs.rules.secrets.lines import values_of

if TYPE_CHECKING:
    from ocs.rules.records.schema import Schemas
    from ocs.tasks.registry.certificates import Keyrings

MOST_CONTENT = 1024 * 1024


def content(data: bytes) -> Plaintext:
    """Content to encrypt. Raises OcsError where it is nothing, or too much."""
    if not data.strip():
        raise OcsError(
            "there is nothing to encrypt",
            "give the secret on stdin, with --file, or at the prompt",
        )
    if len(data) > MOST_CONTENT:
        raise OcsError(
            "a secret has at most 1 MiB", "keep large files elsewhere, and their key here"
        )
    return Plaintext(data)


def from_file(path: Path) -> Plaintext:
    """The content of a file that the user names. Raises UnreadableError."""
    return content(read_given(path, MOST_CONTENT))


def decrypted(name: str, files: Files, schemas: Schemas, keyrings: Keyrings) -> Plaintext:
    """The content of a secret. Raises RecordNotFoundError, KeyringError, OcsError."""
    secret = name_of(name)
    try:
        data = files.read(file_of(secret), MOST_BYTES)
    except UnreadableError as error:
        if (files.root / file_of(secret)).is_symlink():
            raise
        raise RecordNotFoundError(
            f"there is no secret {secret}", "see `ocs secret list`"
        ) from error
    try:
        return keyrings([]).decrypt(data)
    except NoSecretKeyError as error:
        from ocs.tasks.secrets.missingkey import explained

        raise explained(secret, error, files, schemas, keyrings) from error
    except NotOpenPgpError as error:
        if undecided := in_conflict(secret, files):
            raise OcsError(*undecided) from error
        raise OcsError(
            f"cannot decrypt {secret}: {error.message}",
            "restore the file from git's history",
        ) from error
    except KeyringError as error:
        raise KeyringError(f"cannot decrypt {secret}: {error.message}", error.hint) from error


def in_conflict(secret: str, files: Files) -> Explained | None:
    """What to do about a secret that two branches changed; None where that is not so."""
    file = file_of(name_of(secret))
    sides = unmerged(files.root, [file]).get(file)
    return conflict(file, sides, secret) if sides else None


def value_of(plaintext: Plaintext, key: str, secret: str) -> Plaintext:
    """The value of a line such as `url: https://…`; `password` names the first.

    Raises OcsError that shows nothing of the other lines.
    """
    value = values_of(plaintext.reveal()).get(key.lower())
    if value is None:
        raise OcsError(
            f"no line of {secret} begins with '{key}:'",
            f"`ocs secret show {secret}` shows all lines",
        )
    return Plaintext(value + b"\n")


def edited(plaintext: Plaintext, *, on_disk: bool) -> tuple[Plaintext, Editor, bool]:
    """What an editor makes of a secret, the editor, and whether it is known to leave no traces."""
    editor, leaves_none = find_editor().without_traces()
    with file_in_memory(plaintext.reveal(), on_disk=on_disk) as file:
        editor.edit(file)
        return content(read_edited(file)), editor, leaves_none
