"""The one place that shows a secret: as it is in a pipe, and cleaned on a terminal.

Git's text is always cleaned, since git or its pager shows it on a terminal.
"""

from __future__ import annotations

import hashlib
import sys

from ocs.errors import OcsError
from ocs.model.secret import Plaintext
from ocs.output.console import Screen, clean
from ocs.rules.secrets.bodies import Belonging


def show(content: Plaintext, secret: str, screen: Screen) -> None:
    """Write a secret to stdout. Raises OcsError on a terminal for what is no text."""
    data = content.reveal()
    if not sys.stdout.isatty():
        sys.stdout.flush()
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
        return
    text = _text(data)
    if text is None:
        raise OcsError(
            f"{secret} is not text, so ocs does not show it on a terminal",
            f"write it to a file: `ocs secret show {secret} > FILE`",
        )
    shown = clean(text)
    screen.out(shown.removesuffix("\n"))
    if shown != text.replace("\r\n", "\n"):
        screen.say(
            "some characters would control the terminal or are invisible; ocs shows others instead"
        )


def doubtful(secret: str, doubt: Belonging | None, screen: Screen) -> None:
    """Warn of a content that was written for another secret."""
    if doubt is not None:
        screen.warn(f"do not use this as {secret}: {doubt.reason}")


def for_git(content: Plaintext, file: str) -> None:
    """Write what a file holds, for git to compare it line by line."""
    data = content.reveal()
    text = _text(data)
    if text is None:
        digest = hashlib.sha256(data).hexdigest()[:12]
        text = f"({file} holds no text, but {len(data):,} bytes: {digest})\n"
    sys.stdout.write(clean(text))


def _text(data: bytes) -> str | None:
    try:
        return None if b"\0" in data else data.decode()
    except UnicodeDecodeError:
        return None
