"""Where the command `ocs` begins; also `python -m ocs`."""

from __future__ import annotations

import gc
import os
import sys
from typing import NoReturn


def main() -> NoReturn:
    """Run `ocs` with the arguments of the process, and end the process with its status."""
    # Hardly anything is made in circles here, and a process is short: looking for garbage
    # costs 4 ms of each start, and doubles the time to read a large registry.
    gc.disable()
    if os.name != "posix":
        sys.stderr.write(
            "error: ocs needs Linux, macOS or another Unix\n"
            "hint: on Windows, install WSL (`wsl --install`) and run ocs in it\n"
        )
        _leave(2)
    try:
        from ocs.plain import answer

        status = answer(sys.argv[1:])
        if status is not None:
            _leave(status)
        from ocs.cli import app

        app()
    except SystemExit as end:
        _leave(end.code)
    except KeyboardInterrupt:  # while ocs itself was still being loaded
        _leave(130)
    except Exception as error:  # noqa: BLE001  the same; whatever a command raises ends in cli.py
        sys.stderr.write(
            f"error: ocs cannot start: {type(error).__name__}: {error}\nhint: install ocs again\n"
        )
        _leave(3)
    _leave(0)


def _leave(status: str | int | None) -> NoReturn:
    # Taking down every module that was loaded takes 10 ms and serves nobody: what needs an
    # orderly end (files, the index, other programs) has had it by now.
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError, AttributeError):
            status = status or 2  # what was to be said could not be written
    os._exit(status if isinstance(status, int) else 0)


if __name__ == "__main__":
    main()
