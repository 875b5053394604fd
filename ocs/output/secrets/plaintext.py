"""The one place where a secret is shown: as it is to a pipe, and so that it steers nothing to
a terminal.

Git shows what it is handed on a terminal, or hands it to a pager that does.
"""

from __future__ import annotations

import hashlib
import sys

from ocs.errors import OcsError
from ocs.model.secret import Plaintext
from ocs.output.console import Screen, clean


def show(content: Plaintext, secret: str, screen: Screen) -> None:
    """Write what a secret says to stdout. Raises OcsError for what is no text, on a terminal."""
    data = content.reveal()
    if not sys.stdout.isatty():
        sys.stdout.flush()
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
        return
    text = _text(data)
    if text is None:
        raise OcsError(
            f"{secret} is no text, and is not shown on a terminal",
            f"`ocs secret show {secret} > FILE`",
        )
    shown = clean(text)
    screen.out(shown.removesuffix("\n"))
    if shown != text.replace("\r\n", "\n"):
        screen.say(
            "some characters would steer the terminal or cannot be seen, and are shown as others"
        )


def for_git(content: Plaintext, file: str) -> None:
    """Write what a file holds so that git can tell in which lines it differs from another."""
    data = content.reveal()
    text = _text(data)
    if text is None:
        differs = hashlib.sha256(data).hexdigest()[:12]
        text = f"({file} holds no text, but {len(data):,} bytes: {differs})\n"
    sys.stdout.write(clean(text))


def _text(data: bytes) -> str | None:
    """What bytes say; None where they are no text."""
    try:
        return None if b"\0" in data else data.decode()
    except UnicodeDecodeError:
        return None
