"""The scripts under tests/scripts/ read like a manual, and everything in them happens as they say.

A script is a text with commands set off by four spaces: `$ ` begins a command and `> ` goes on with it;
what follows is what it prints, first on stdout, then, each line after `! `, on stderr; `[1]` is its status
where that is not 0. `...` stands for any text within a line, and on a line of its own for any lines.
`at-a-terminal` is somebody who compares keys and answers what ocs asks.
Every script runs in a fresh copy of the example registry: in this process, in CI as real processes.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from typer.testing import CliRunner

from ocs.cli import app
from tests.conftest import CERTIFICATES, EXAMPLE_REGISTRY, ROOT

# Stories of keys, which are made for each of them.
OF_KEYS = (
    "changes",
    "import",
    "key",
    "secret",
    "secret-exec",
    "secret-git",
    "validate",
    "vet",
)
# Stories that need another program; where it is missing they cannot be told.
NEEDS = dict.fromkeys((*OF_KEYS, "doctor"), "gpg")
AS_PROCESSES = bool(os.environ.get("CI"))
SCRIPTS = sorted((Path(__file__).parent / "scripts").glob("*.txt"))


@dataclass
class Step:
    """A command of a script, and what it must print."""

    line: int
    command: str
    expected: list[str] = field(default_factory=list)


def steps_of(script: str) -> Iterator[Step]:
    step: Step | None = None
    for number, line in enumerate(script.splitlines(), 1):
        if line.startswith("    $ "):
            if step:
                yield step
            step = Step(number, line[6:])
        elif line.startswith("    > ") and step and not step.expected:
            step.command += "\n" + line[6:]
        elif step and (line.startswith("    ") or not line.strip()):
            step.expected.append(line[4:])
        elif step:
            yield step
            step = None
    if step:
        yield step


def run_in_process(command: str) -> tuple[str, str, int]:
    result = CliRunner().invoke(app, shlex.split(command)[1:])
    return result.stdout, result.stderr, result.exit_code


def run_as_process(command: str) -> tuple[str, str, int]:
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False)
    return done.stdout, done.stderr, done.returncode


def printed(stdout: str, stderr: str, status: int) -> str:
    """What a command did, in the form that scripts have."""
    lines = stdout.splitlines() + [f"! {line}" for line in stderr.splitlines()]
    if status:
        lines.append(f"[{status}]")
    return "\n".join(line.rstrip() for line in lines).strip("\n")


def matches(expected: str, actual: str) -> bool:
    lines = [
        "(?:.*\n)*?.*" if line == "..." else re.escape(line).replace(r"\.\.\.", ".*")
        for line in expected.split("\n")
    ]
    return re.fullmatch("\n".join(lines), actual) is not None


def needs_a_shell(command: str) -> bool:
    # `ocs secret exec` becomes another program, and would do so in this process.
    return (
        not command.startswith("ocs ")
        or " exec " in command
        or any(sign in command for sign in "|><&;$\n")
    )


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.stem)
def test_script(
    script: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
) -> None:
    if not shutil.which(NEEDS.get(script.stem, "sh")):
        pytest.skip(f"{NEEDS[script.stem]} is not installed")
    if script.stem in OF_KEYS:
        # Keys that a story makes are its own, and lie where the path of the agent's socket is short enough.
        keys = request.getfixturevalue("empty_home")
        monkeypatch.setenv("GNUPGHOME", keys.path)
    registry = tmp_path / "example-registry"
    shutil.copytree(EXAMPLE_REGISTRY, registry)
    shutil.copytree(CERTIFICATES, tmp_path / "downloads")
    monkeypatch.chdir(registry)
    attend = tmp_path / "bin" / "at-a-terminal"
    attend.parent.mkdir()
    attend.write_text(
        f'#!/bin/sh\nPYTHONPATH={ROOT} exec {sys.executable} -m tests.attending "$@"\n'
    )
    attend.chmod(0o755)
    folders = (str(attend.parent), str(Path(sys.executable).parent), os.environ["PATH"])
    monkeypatch.setenv("PATH", os.pathsep.join(folders))
    count = 0
    for step in steps_of(script.read_text()):
        count += 1
        if step.command.startswith("cd "):
            monkeypatch.chdir(step.command[3:])
            continue
        run = run_as_process if AS_PROCESSES or needs_a_shell(step.command) else run_in_process
        actual = printed(*run(step.command)).replace(str(tmp_path), "/home/ana")
        expected = "\n".join(line.rstrip() for line in step.expected).strip("\n")
        if not matches(expected, actual):
            # Shows the difference where `...` is none.
            assert actual == expected, f"{script.name}:{step.line}: $ {step.command}"
    assert count


def test_a_script_that_is_wrong_fails() -> None:
    assert not matches("3 results", "4 results")
    assert not matches("a\n...\nd", "a\nb\nc")
    assert matches("a\n...\nd", "a\nb\nc\nd")
    assert matches("a ... d", "a b c d")
    (step,) = steps_of("Text.\n\n    $ ocs show x\n    one\n\n    two\n    [2]\n\nText.\n")
    assert step.expected == ["one", "", "two", "[2]", ""]
    assert printed("one\n", "two\n", 2) == "one\n! two\n[2]"
