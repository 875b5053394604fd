"""The versions that a bug report names."""

from __future__ import annotations

import re

from ocs import __version__
from ocs.adapters import machine
from ocs.tasks.setup.fixes import git_answer


def versions() -> dict[str, str | None]:
    """The versions of ocs and what it runs on; None for a program that is missing."""
    gpg = machine.ask("gpg", "--version")
    return {
        "ocs": __version__,
        "python": machine.python_version(),
        "gpg": _number(gpg.out if gpg else ""),
        "git": _number(git_answer(None, "--version")),
        "sqlite": machine.sqlite_version(),
    }


def _number(output: str) -> str | None:
    """The version in the first line of what a program prints: `git version 2.39.5`."""
    number = re.search(r"\d+\.\d\S*", output.partition("\n")[0])
    return number.group() if number else None
