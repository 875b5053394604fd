"""Editing at a terminal: questions are asked, and neither Ctrl-C nor a kill takes a text along."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import EXAMPLE_REGISTRY
from tests.terminal import Terminal

PATIENCE_SECONDS = 300


@pytest.fixture
def registry(tmp_path: Path) -> Path:
    shutil.copytree(EXAMPLE_REGISTRY, tmp_path / "registry")
    subprocess.run(["git", "init", "-q", tmp_path / "registry"], check=True)
    return tmp_path / "registry"


@pytest.fixture
def editor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """An editor that writes what lies in the file `text`, and then waits while there is a file `wait`."""
    script = tmp_path / "my editor"
    script.write_text(
        f'#!/bin/sh\ncd "{tmp_path}"; [ -e text ] && cat text > "$1"; touch began\n'
        "while [ -e wait ]; do sleep 0.05; done\n"
    )
    script.chmod(0o755)
    monkeypatch.delenv("VISUAL", raising=False)
    yield f"'{script}'"
    (tmp_path / "wait").unlink(missing_ok=True)


def draft(registry: Path) -> Path:
    return registry / ".git/ocs/drafts/people/kim.yaml"


def wait_for(path: Path) -> None:
    until = time.monotonic() + PATIENCE_SECONDS
    while not path.exists():
        assert time.monotonic() < until
        time.sleep(0.02)


def test_it_asks_whether_to_edit_again(registry: Path, editor: str, tmp_path: Path) -> None:
    (tmp_path / "text").write_text("nme: Kim\n")
    terminal = Terminal(registry, "new", "person", "kim", EDITOR=editor)
    terminal.reads(b"edit again? [Y/n]")
    assert b"did you mean 'name'?" in terminal.shown
    (tmp_path / "text").write_text("name: Kim\n")
    terminal.types(b"y\n")
    assert terminal.ends() == 0
    assert b"new      people/kim.yaml" in terminal.shown
    assert (registry / "people/kim.yaml").read_text() == "name: Kim\n"
    assert not draft(registry).exists()


@pytest.mark.parametrize(
    ("answer", "status"), [(b"n\n", 1), (None, 130)], ids=["no", "Ctrl-C"]
)
def test_whoever_has_had_enough_is_told_where_the_text_is(
    answer: bytes | None, status: int, registry: Path, editor: str, tmp_path: Path
) -> None:
    (tmp_path / "text").write_text("nme: Kim\n")
    terminal = Terminal(registry, "new", "person", "kim", EDITOR=editor)
    terminal.reads(b"edit again? [Y/n]")
    terminal.types(answer) if answer else terminal.interrupts()
    assert terminal.ends() == status
    assert b"your text is kept in .git/ocs/drafts/people/kim.yaml" in terminal.shown
    assert b"continue with `ocs new person kim`" in terminal.shown
    assert not (registry / "people/kim.yaml").exists()
    (tmp_path / "text").unlink()
    terminal = Terminal(registry, "new", "person", "kim", EDITOR=editor)
    terminal.reads(b"continuing with your draft of people/kim.yaml")
    terminal.reads(b"edit again?")
    terminal.types(b"n\n")
    assert terminal.ends() == 1
    assert draft(registry).read_text() == "nme: Kim\n"


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGHUP])
def test_what_was_saved_when_ocs_was_killed_is_there_afterwards(
    number: signal.Signals, registry: Path, editor: str, tmp_path: Path
) -> None:
    (tmp_path / "text").write_text("name: Kim\n")
    (tmp_path / "wait").touch()
    terminal = Terminal(registry, "new", "person", "kim", EDITOR=editor)
    wait_for(tmp_path / "began")
    os.kill(terminal.process, number)
    (tmp_path / "wait").unlink()
    assert terminal.ends() == -number
    assert not (registry / "people/kim.yaml").exists()
    assert draft(registry).read_text() == "name: Kim\n"
    (tmp_path / "text").unlink()
    terminal = Terminal(registry, "new", "person", "kim", EDITOR=editor)
    assert terminal.ends() == 0
    assert (registry / "people/kim.yaml").read_text() == "name: Kim\n"


def test_two_windows_do_not_edit_the_same_text(
    registry: Path, editor: str, tmp_path: Path
) -> None:
    (tmp_path / "wait").touch()
    first = Terminal(registry, "edit", "lena", EDITOR=editor)
    wait_for(tmp_path / "began")
    second = Terminal(registry, "edit", "lena", EDITOR=editor)
    assert second.ends() == 2
    assert b"people/lena.yaml is open in another window" in second.shown
    (tmp_path / "wait").unlink()
    assert first.ends() == 0
    assert b"people/lena.yaml is unchanged" in first.shown


def test_what_changes_while_the_editor_is_open_is_not_written_over(
    registry: Path, editor: str, tmp_path: Path
) -> None:
    (tmp_path / "text").write_text("name: Sam\nstatus: alumni\n")
    (tmp_path / "wait").touch()
    terminal = Terminal(registry, "edit", "sam", "--on", "2026-11-20", EDITOR=editor)
    wait_for(tmp_path / "began")
    (registry / "people/sam.yaml").write_text("name: Sam of somebody else\n")
    (tmp_path / "wait").unlink()
    assert terminal.ends() == 2
    assert b"people/sam.yaml changed while ocs ran" in terminal.shown
    assert b"your text is kept in .git/ocs/drafts/people/sam.yaml" in terminal.shown
    assert (registry / "people/sam.yaml").read_text() == "name: Sam of somebody else\n"
