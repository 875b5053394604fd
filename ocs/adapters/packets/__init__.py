"""The OpenPGP packet walk: what messages and certificates say of themselves, in pure Python.

It never decrypts and verifies nothing. Each byte is looked at once; whatever is not as it
should be ends in a NotOpenPgpError.
"""

from ocs.adapters.packets.certificates import (
    MOST_BYTES,
    as_text,
    certificates_in,
    read_certificate,
)
from ocs.adapters.packets.messages import read_message, without_recipients

__all__ = [
    "MOST_BYTES",
    "as_text",
    "certificates_in",
    "read_certificate",
    "read_message",
    "without_recipients",
]
