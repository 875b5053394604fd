"""The OpenPGP packet walk: reading messages and certificates without gpg. It verifies nothing."""

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
