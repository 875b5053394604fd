"""Replacing this process by a program: signals, terminal and exit status become its own."""

from __future__ import annotations

import os
import shutil
import signal
import sys
from collections.abc import Mapping, Sequence

from ocs.errors import OcsError


def find_program(name: str) -> str:
    """Where a program is. Raises OcsError where there is none."""
    program = shutil.which(name)
    if program is None:
        raise OcsError(
            f"cannot find the program '{name}'",
            "check the name of the program, and that it is installed",
        )
    return program


def replace(program: str, command: Sequence[str], variables: Mapping[str, bytes]) -> None:
    """Run a command in this process's place, with these variables besides those that exist.

    Returns only by raising OcsError. No process of another user can see the variables.
    """
    environment = {
        **os.environb,
        **{os.fsencode(name): value for name, value in variables.items()},
    }
    # Set for this process alone, whose help typer would colour.
    environment.pop(b"_TYPER_FORCE_DISABLE_TERMINAL", None)
    sys.stdout.flush()
    sys.stderr.flush()
    # Python ignores these signals, and an exec'd program would inherit that.
    for number in (signal.SIGPIPE, signal.SIGXFSZ):
        signal.signal(number, signal.SIG_DFL)
    try:
        os.execve(program, list(command), environment)  # noqa: S606  that is its purpose
    except OSError as error:
        raise OcsError(
            f"cannot run '{command[0]}': {error.strerror}", "check that it is a program"
        ) from None
