"""Run by its path, without ocs: clear the clipboard after a while, if the content is unchanged."""

from __future__ import annotations

import hashlib
import json
import os
import stat
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

_PATIENCE_SECONDS = 10.0
_MOST_BYTES = 1 << 20


def main() -> None:
    task = json.load(sys.stdin)
    time.sleep(task["seconds"])
    try:
        empty(task)
    finally:
        remove(task)


def empty(task: dict[str, Any]) -> None:
    """Empty the clipboard, if it still holds what was put there."""
    read = subprocess.run(
        task["read"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        check=False,
        timeout=_PATIENCE_SECONDS,
    )
    if is_it(read.stdout, task):
        subprocess.run(
            task["empty"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            check=False,
            timeout=_PATIENCE_SECONDS,
        )


def remove(task: dict[str, Any]) -> None:
    """Remove the files that a program that has ended left behind."""
    for file in Path("/").glob(task["keeps"]) if task["keeps"] else ():
        try:
            folder = file.parent.lstat()
            is_own = stat.S_ISDIR(folder.st_mode) and folder.st_uid == os.getuid()
            if is_own and is_it(start_of(file), task):
                file.write_bytes(bytes(file.stat().st_size))
                file.unlink()
                file.parent.rmdir()
        except OSError:  # it is gone
            continue


def start_of(file: Path) -> bytes:
    with os.fdopen(os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK), "rb") as opened:
        return opened.read(_MOST_BYTES)


def is_it(data: bytes, task: dict[str, Any]) -> bool:
    """Is this what was put into the clipboard? Some desktops append a line end."""
    salt = task["salt"].encode()
    forms = (data, data.rstrip(b"\r\n"))
    return task["digest"] in {hashlib.sha256(salt + form).hexdigest() for form in forms}


if __name__ == "__main__":
    main()
