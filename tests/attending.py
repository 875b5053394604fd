"""Somebody at a terminal who compares keys: `python -m tests.attending COMMAND…`.

They read what ocs shows, choose the end of the key that is shown, and say yes to what has the
same key as before. What was shown goes to stdout.
"""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path

from tests.terminal import Terminal

_KEY = re.compile(rb"  key +([0-9A-F ]+)\r?\n")
_CHOICE = re.compile(rb"  ([1-4])  ([0-9A-F]{4})\r?\n")


def attend(folder: Path, *arguments: str, **environment: str) -> tuple[int, str]:
    """The status of ocs at a terminal where somebody answers, and what was shown."""
    terminal = Terminal(folder, *arguments, **environment)
    while terminal.reads_any(b"or n for none]: ", b"is that right? [y/N]: "):
        shown = terminal.shown
        if shown.endswith(b"[y/N]: "):
            terminal.types(b"y\r")
            continue
        key = _KEY.findall(shown)[-1].replace(b" ", b"")
        number = next(n for n, end in _CHOICE.findall(shown)[-4:] if key.endswith(end))
        terminal.types(number + b"\r")
    status = terminal.ends()
    return status, terminal.shown.decode().replace("\r\n", "\n")


def main() -> int:
    status, shown = attend(Path(), *sys.argv[2:], **dict(os.environ))
    sys.stdout.write(shown)
    return status


if __name__ == "__main__":
    sys.exit(main())
