"""The completion scripts for packagers, tried by real shells."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from ocs.cli import app
from tests.conftest import EXAMPLE_REGISTRY, ROOT

SHELLS = ("bash", "zsh", "fish")
# Each prints what it completes for the words of $LINE, of which the last has begun.
TRY = {
    "bash": r"""
        source "$SCRIPT"
        read -ra COMP_WORDS <<< "$LINE"
        COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
        [[ "$(complete -p ocs)" == *"-F _ocs_completion ocs" ]] && _ocs_completion ocs
        printf "%s\\n" "${COMPREPLY[@]}"
    """,
    "zsh": r"""
        _arguments() { print -r -- "${@[-1]}" | grep -oE '[( ]"[^"]*"' | tr -d '(" ' }
        _files() { }
        compdef() { [[ "$*" == "_ocs_completion ocs" ]] }
        source "$SCRIPT"
        words=(${=LINE}); CURRENT=${#words}
        _ocs_completion
    """,
    "fish": r"""
        source $SCRIPT
        complete --do-complete "$LINE" | string replace -r "\\t.*" ""
    """,
}


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """One in which a shell finds the `ocs` of this checkout."""
    program = tmp_path / "bin" / "ocs"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m ocs "$@"\n')
    program.chmod(0o755)
    path = f"{program.parent}:{os.environ['PATH']}"
    return {**os.environ, "PATH": path, "PYTHONPATH": str(ROOT)}


@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("ocs se", ["search", "secret"]),
        ("ocs secret gr", ["grant"]),
        ("ocs list prob", ["problems"]),
        ("ocs show people/le", ["people/lena"]),
        ("ocs secret show riverside-food-bank/cl", ["riverside-food-bank/cloud-admin"]),
        ("ocs explain custodian-no", ["custodian-no-lead"]),
        ("ocs show no-such-record", []),
    ],
)
def test_a_shell_completes(
    shell: str, line: str, expected: list[str], environment: dict[str, str]
) -> None:
    if not shutil.which(shell):
        pytest.skip(f"{shell} is not installed")
    quiet = {"bash": ["--norc"], "zsh": ["-f"], "fish": ["--no-config"]}[shell]
    done = subprocess.run(
        [shell, *quiet, "-c", TRY[shell]],
        env={
            **environment,
            "LINE": line,
            "SCRIPT": str(ROOT / "completions" / f"ocs.{shell}"),
        },
        cwd=EXAMPLE_REGISTRY,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    assert sorted(done.stdout.split()) == expected


@pytest.mark.parametrize("shell", SHELLS)
def test_the_file_is_what_ocs_itself_would_install(
    shell: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("_TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION", "1")
    shown = CliRunner().invoke(app, ["--show-completion", shell])
    assert shown.exit_code == 0
    assert (ROOT / "completions" / f"ocs.{shell}").read_text() == shown.stdout
