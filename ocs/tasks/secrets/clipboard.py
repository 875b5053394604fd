"""A secret in the clipboard, for as long as it takes to paste it."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

from ocs.adapters.clipboard import find_clipboard
from ocs.errors import OcsError
from ocs.rules.secrets.lines import PASSWORD
from ocs.tasks.secrets.bodies import decrypted_to_use
from ocs.tasks.secrets.plaintext import value_of

if TYPE_CHECKING:
    from ocs.adapters.files import Files
    from ocs.rules.records.schema import Schemas
    from ocs.tasks.registry.certificates import Keyrings

# As long as with pass, and set by the same variable.
_SECONDS, _VARIABLE = 45, "PASSWORD_STORE_CLIP_TIME"


class Copied(NamedTuple):
    """How long something stays in the clipboard, and the program that keeps it in a file."""

    seconds: int
    kept_by: str | None


def copied(
    secret: str, key: str | None, files: Files, schemas: Schemas, keyrings: Keyrings
) -> Copied:
    """Put the password of a secret, or the line *key*, into the clipboard. Raises OcsError."""
    # First, so that nobody enters a passphrase in vain.
    clipboard = find_clipboard()
    line = key or PASSWORD
    value = value_of(
        decrypted_to_use(secret, files, schemas, keyrings), line, secret
    ).reveal()[:-1]
    try:
        is_text = "\0" not in value.decode()
    except UnicodeDecodeError:
        is_text = False
    if not value or not is_text:
        what = "is not text" if value else "is empty"
        raise OcsError(f"the line '{line}' of {secret} {what}", "nothing was copied")
    setting = os.environ.get(_VARIABLE, "")
    is_number = setting.isascii() and setting.isdecimal() and len(setting) < 6
    seconds = int(setting) if is_number else _SECONDS
    clipboard.put(value, seconds)
    return Copied(seconds, clipboard.write[0] if clipboard.keeps else None)
