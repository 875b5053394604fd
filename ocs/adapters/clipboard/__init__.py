"""The clipboard of the desktop: putting something there, and clearing it again."""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import shutil
import subprocess
import sys
from typing import NamedTuple

from ocs.adapters.clipboard import clearing
from ocs.errors import OcsError

_PATIENCE_SECONDS = 10.0


class Clipboard(NamedTuple):
    """Programs that write, read and empty the clipboard, where *variable*, if any, is set.

    Files of the pattern `keeps`, below /, are where the first one keeps what it was given, if
    not in memory.
    """

    variable: str
    write: tuple[str, ...]
    read: tuple[str, ...]
    empty: tuple[str, ...]
    keeps: str = ""

    def put(self, content: bytes, seconds: int) -> None:
        """Put *content* there for so many seconds. Raises OcsError where there is no desktop."""
        try:
            done = subprocess.run(
                self.write,
                input=content,
                # Such a program keeps running, to serve what it holds, and would keep a pipe open.
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                check=False,
                timeout=_PATIENCE_SECONDS,
            )
            is_copied = done.returncode == 0
        except (OSError, subprocess.TimeoutExpired):
            is_copied = False
        if not is_copied:
            value = os.environ.get(self.variable)
            where = f" ({self.variable}={value})" if self.variable else ""
            raise OcsError(
                f"{self.write[0]} cannot reach the clipboard{where}",
                "nothing was copied; run this in a terminal of your desktop",
            )
        self._clear_later(content, seconds)

    def _clear_later(self, content: bytes, seconds: int) -> None:
        """Start a process that does; a pipe gives it a salted hash of the content."""
        salt = secrets.token_hex()
        task = {
            "seconds": seconds,
            "read": self.read,
            "empty": self.empty,
            "keeps": self.keeps,
            "salt": salt,
            "digest": hashlib.sha256(salt.encode() + content).hexdigest(),
        }
        process = subprocess.Popen(
            [sys.executable, "-I", "-S", clearing.__file__],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            cwd="/",
        )
        if process.stdin:
            process.stdin.write(json.dumps(task).encode())
            process.stdin.close()
        # Nobody waits for it; without a status Python would warn of that.
        process.returncode = 0


_XCLIP = ("xclip", "-selection", "clipboard")
_CLIPBOARDS = (
    Clipboard(
        "WAYLAND_DISPLAY",
        ("wl-copy",),
        ("wl-paste", "--no-newline"),
        ("wl-copy", "--clear"),
        # It removes them, unless the desktop ends first.
        keeps="tmp/wl-copy-buffer-*/*",
    ),
    Clipboard("DISPLAY", _XCLIP, (*_XCLIP, "-out"), _XCLIP),
    Clipboard(
        "DISPLAY",
        ("xsel", "--clipboard", "--input"),
        ("xsel", "--clipboard", "--output"),
        ("xsel", "--clipboard", "--delete"),
    ),
    Clipboard("", ("pbcopy",), ("pbpaste",), ("pbcopy",)),
    Clipboard(
        "",
        ("clip.exe",),
        ("powershell.exe", "-NoProfile", "-Command", "Get-Clipboard"),
        ("clip.exe",),
    ),
)


def find_clipboard() -> Clipboard:
    """The clipboard of this desktop. Raises OcsError that names what to install."""
    for clipboard in _CLIPBOARDS:
        has_desktop = not clipboard.variable or os.environ.get(clipboard.variable)
        if has_desktop and shutil.which(clipboard.write[0]):
            return clipboard
    if os.environ.get("WAYLAND_DISPLAY"):
        missing, package = "wl-copy", "wl-clipboard"
    elif os.environ.get("DISPLAY"):
        missing, package = "xclip", "xclip"
    else:
        raise OcsError(
            "there is no clipboard here: neither WAYLAND_DISPLAY nor DISPLAY is set",
            "run this in a terminal of your desktop, or without --clip",
        )
    raise OcsError(
        f"no program can reach the clipboard, such as {missing}",
        f"install {package} with your system's package manager",
    )
