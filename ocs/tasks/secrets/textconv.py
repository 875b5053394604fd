"""The text that git compares in place of a ciphertext.

What must hold, in words:
- Git asks for every version that it shows, and for any file that .gitattributes give this
  driver. So a file that is no ciphertext comes out as it is: otherwise a branch could hide a
  change of a record behind it.
- Nothing fails, since git would then show nothing at all. A secret that the user cannot read
  becomes one line, which differs where the ciphertext does.
"""

from __future__ import annotations

from pathlib import Path

from ocs.adapters.files import Files
from ocs.adapters.packets import read_message
from ocs.errors import KeyringError, NoSecretKeyError, NotOpenPgpError
from ocs.model.ciphertext import MOST_BYTES
from ocs.model.secret import Plaintext
from ocs.tasks.registry.certificates import Keyrings


def text_of(path: Path, keyrings: Keyrings) -> Plaintext:
    """The text of a file, decrypted where the user can. Raises UnreadableError."""
    data = Files(path.parent).read(path.name, MOST_BYTES)
    try:
        message = read_message(data)
    except NotOpenPgpError:
        return Plaintext(data)
    try:
        return keyrings([]).decrypt(data)
    except NoSecretKeyError:
        why = "none of them yours"
    except KeyringError as error:
        why = f"not readable now: {error.message}"
    count = len(message.recipients)
    keys = "1 key" if count == 1 else f"{count} keys"
    return Plaintext(f"(encrypted to {keys}, {why}; {message.content[:12]})\n".encode())
