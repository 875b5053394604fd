"""Finding and showing start fast: what they do not need is not loaded."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.conftest import EXAMPLE_REGISTRY

HEAVY = {"git", "gnupg", "jsonschema_rs", "rich", "yaml"}
CODE = """
import sys
from ocs.cli import app
sys.argv = ["ocs", *{arguments}]
try:
    app()
finally:
    print("loaded", *sorted({{name.partition(".")[0] for name in sys.modules}}), file=sys.stderr)
"""


def loaded(*arguments: str) -> set[str]:
    """The packages that are loaded after a command, once the index is up to date."""
    for _ in range(2):
        done = subprocess.run(
            [sys.executable, "-c", CODE.format(arguments=list(arguments))],
            cwd=EXAMPLE_REGISTRY,
            capture_output=True,
            text=True,
            check=True,
        )
    return set(done.stderr.rpartition("loaded ")[2].split())


@pytest.mark.parametrize("arguments", [("search", "calendar"), ("show", "lena")])
def test_finding_and_showing_load_nothing_heavy(arguments: tuple[str, ...]) -> None:
    modules = loaded(*arguments)
    assert "typer" in modules
    assert not modules & HEAVY
