"""Ends a process, as `kill -9` does, before the Nth thing by which it changes something outside of itself."""

from __future__ import annotations

import os
import signal
import sys
from typing import Any

_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT
# What Python tells of just before it does it; flushing it does not tell, so that is told by ourselves.
_FLUSHES = "tests.fsync"
_DOES = {
    "os.rename",
    "os.remove",
    "os.mkdir",
    "os.rmdir",
    "os.chmod",
    "os.truncate",
    "fcntl.flock",
    "subprocess.Popen",
    _FLUSHES,
}


def watch(moments: str, killed_at: int) -> None:
    """Write each such thing as a line into the file *moments*, and end before number *killed_at*, if any.

    Cannot be undone in this process.
    """
    told = os.open(moments, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_APPEND, 0o600)
    count = 0
    flush = os.fsync

    def tell(event: str, arguments: tuple[Any, ...]) -> None:
        nonlocal count
        if event in _DOES or (
            event == "open" and isinstance(arguments[2], int) and arguments[2] & _WRITES
        ):
            count += 1
            os.write(told, f"{event} {arguments[0]!r}\n".encode())
            if count == killed_at:
                os.kill(os.getpid(), signal.SIGKILL)

    def fsync(descriptor: int) -> None:
        sys.audit(_FLUSHES, descriptor)
        flush(descriptor)

    sys.dont_write_bytecode = True  # which may be written or not
    os.fsync = fsync  # type: ignore[assignment]
    sys.addaudithook(tell)
