"""A program on a terminal of its own, and somebody who reads what it shows and types."""

from __future__ import annotations

import contextlib
import os
import pty
import select
import signal
import sys
import time
from pathlib import Path

_PATIENCE_SECONDS = 300.0


class Terminal:
    """ocs, called with *arguments* in *folder*, on a terminal."""

    def __init__(self, folder: Path, *arguments: str, **environment: str) -> None:
        self.shown = b""
        self._read = 0
        self.process, self._terminal = pty.fork()
        if self.process == 0:
            os.chdir(folder)
            os.environ.update(environment)
            os.execv(sys.executable, [sys.executable, "-m", "ocs", *arguments])

    def reads(self, text: bytes) -> None:
        """Wait until this is shown."""
        until = time.monotonic() + _PATIENCE_SECONDS
        while text not in self.shown[self._read :]:
            assert time.monotonic() < until, f"{text!r} is not shown: {self.shown!r}"
            assert self._more(until), f"it ended without {text!r}: {self.shown!r}"
        self._read = self.shown.index(text, self._read) + len(text)

    def reads_any(self, *texts: bytes) -> bytes:
        """Wait until one of these is shown, or the program ends: then the answer is empty."""
        until = time.monotonic() + _PATIENCE_SECONDS
        while True:
            unread = self.shown[self._read :]
            if found := [text for text in texts if text in unread]:
                first = min(found, key=unread.index)
                self._read += unread.index(first) + len(first)
                return first
            assert time.monotonic() < until, f"none of {texts} is shown: {self.shown!r}"
            if not self._more(until):
                return b""

    def types(self, text: bytes) -> None:
        os.write(self._terminal, text)

    def interrupts(self) -> None:
        """Press Ctrl-C at the question that is shown.

        It is pressed once the program waits for the answer. Python loses a signal that comes
        after a question is shown and right before it waits: of 10,000 that were sent at once, 12.
        """
        state = Path(f"/proc/{self.process}/stat")
        until = time.monotonic() + _PATIENCE_SECONDS
        while state.exists() and state.read_text().rpartition(")")[2].split()[0] != "S":
            assert time.monotonic() < until, f"it does not wait: {self.shown!r}"
            time.sleep(0.01)
        if not state.exists():  # where there is no /proc
            time.sleep(1)
        self.types(b"\x03")

    def ends(self) -> int:
        """Its status, once it has ended."""
        until = time.monotonic() + _PATIENCE_SECONDS
        while self._more(until):
            pass
        with contextlib.suppress(ProcessLookupError):
            if time.monotonic() >= until:
                os.kill(self.process, signal.SIGKILL)
        status = os.waitstatus_to_exitcode(os.waitpid(self.process, 0)[1])
        os.close(self._terminal)
        return status

    def _more(self, until: float) -> bool:
        if not select.select([self._terminal], [], [], max(0.0, until - time.monotonic()))[0]:
            return False
        try:
            part = os.read(self._terminal, 65536)
        except OSError:  # nobody holds the other end any more
            return False
        self.shown += part
        return bool(part)
