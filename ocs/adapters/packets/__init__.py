"""The OpenPGP packet walk: what messages and certificates hold, read in pure Python.

It never decrypts and verifies nothing. It looks at each byte once; anything malformed raises
NotOpenPgpError.
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
