"""A secret in the clipboard, for as long as it takes to paste it."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

from ocs.adapters.clipboard import find_clipboard
from ocs.errors import OcsError
from ocs.rules.secrets.lines import PASSWORD
from ocs.tasks.secrets.plaintext import decrypted, value_of

if TYPE_CHECKING:
    from ocs.adapters.files import Files
    from ocs.rules.records.schema import Schemas
    from ocs.tasks.registry.certificates import Keyrings

# As long as pass does, and named by the same variable.
_SECONDS, _VARIABLE = 45, "PASSWORD_STORE_CLIP_TIME"


class Copied(NamedTuple):
    """For how many seconds something is in the clipboard, and the program that keeps it in a
    file, if any.
    """

    seconds: int
    kept_by: str | None


def copied(
    secret: str, key: str | None, files: Files, schemas: Schemas, keyrings: Keyrings
) -> Copied:
    """Put the password of a secret, or the line *key*, into the clipboard. Raises OcsError."""
    # Without a clipboard nobody is asked for a passphrase.
    clipboard = find_clipboard()
    value = value_of(
        decrypted(secret, files, schemas, keyrings), key or PASSWORD, secret
    ).reveal()[:-1]
    try:
        is_text = "\0" not in value.decode()
    except UnicodeDecodeError:
        is_text = False
    if not value or not is_text:
        what = "is no text" if value else "is empty"
        raise OcsError(
            f"the line '{key or PASSWORD}' of {secret} {what}", "nothing was copied"
        )
    named = os.environ.get(_VARIABLE, "")
    seconds = (
        int(named) if named.isascii() and named.isdecimal() and len(named) < 6 else _SECONDS
    )
    clipboard.put(value, seconds)
    return Copied(seconds, clipboard.write[0] if clipboard.keeps else None)
