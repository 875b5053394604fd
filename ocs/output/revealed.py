"""The one place where a secret is shown: as it is to a pipe, and so that it steers nothing to a terminal."""

from __future__ import annotations

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
    try:
        text = data.decode()
    except UnicodeDecodeError:
        text = "\0"
    if "\0" in text:
        raise OcsError(
            f"{secret} is no text, and is not shown on a terminal", f"`ocs secret show {secret} > FILE`"
        )
    shown = clean(text)
    screen.out(shown.removesuffix("\n"))
    if shown != text.replace("\r\n", "\n"):
        screen.say("some characters would steer the terminal or cannot be seen, and are shown as others")
