"""Editing at a terminal: questions are asked, and neither Ctrl-C nor a kill takes a text along."""

from __future__ import annotations

import os
import pty
import select
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import EXAMPLE_REGISTRY

OCS = [sys.executable, "-m", "ocs"]
PATIENCE_SECONDS = 60


class Terminal:
    """A program at a terminal of its own."""

    def __init__(self, *arguments: str, folder: Path, editor: str) -> None:
        environment = os.environ | {"EDITOR": editor, "VISUAL": ""}
        self.pid, self._end = pty.fork()
        if self.pid == 0:
            os.chdir(folder)
            os.execvpe(OCS[0], [*OCS, *arguments], environment)
        self.said = ""

    def wait_for(self, text: str) -> None:
        until = time.monotonic() + PATIENCE_SECONDS
        while text not in self.said:
            assert time.monotonic() < until, self.said
            assert self._read(until), self.said

    def type(self, text: str) -> None:
        os.write(self._end, text.encode())

    def end(self) -> int:
        """Its status, when it has ended."""
        while self._read(time.monotonic() + PATIENCE_SECONDS):
            pass
        os.close(self._end)
        return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])

    def _read(self, until: float) -> bool:
        try:
            if not select.select([self._end], [], [], max(0, until - time.monotonic()))[0]:
                return False
            data = os.read(self._end, 65536)
        except OSError:  # how a terminal says that nobody is there any more
            return False
        self.said += data.decode().replace("\r\n", "\n")
        return bool(data)


@pytest.fixture
def registry(tmp_path: Path) -> Path:
    shutil.copytree(EXAMPLE_REGISTRY, tmp_path / "registry")
    subprocess.run(["git", "init", "-q", tmp_path / "registry"], check=True)
    return tmp_path / "registry"


@pytest.fixture
def editor(tmp_path: Path) -> Iterator[str]:
    """An editor that writes what lies in the file `text`, and then waits while there is a file `wait`."""
    script = tmp_path / "my editor"
    script.write_text(
        f'#!/bin/sh\ncd "{tmp_path}"; [ -e text ] && cat text > "$1"; touch began\n'
        "while [ -e wait ]; do sleep 0.05; done\n"
    )
    script.chmod(0o755)
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
    terminal = Terminal("new", "person", "kim", folder=registry, editor=editor)
    terminal.wait_for("edit again? [Y/n]")
    assert "did you mean 'name'?" in terminal.said
    (tmp_path / "text").write_text("name: Kim\n")
    terminal.type("y\n")
    assert terminal.end() == 0
    assert "new      people/kim.yaml" in terminal.said
    assert (registry / "people/kim.yaml").read_text() == "name: Kim\n"
    assert not draft(registry).exists()


@pytest.mark.parametrize(
    ("answer", "status"), [("n\n", 1), ("\x03", 130)], ids=["no", "Ctrl-C"]
)
def test_whoever_has_had_enough_is_told_where_the_text_is(
    answer: str, status: int, registry: Path, editor: str, tmp_path: Path
) -> None:
    (tmp_path / "text").write_text("nme: Kim\n")
    terminal = Terminal("new", "person", "kim", folder=registry, editor=editor)
    terminal.wait_for("edit again? [Y/n]")
    terminal.type(answer)
    assert terminal.end() == status
    assert "your text is kept in .git/ocs/drafts/people/kim.yaml" in terminal.said
    assert "go on with `ocs new person kim`" in terminal.said
    assert not (registry / "people/kim.yaml").exists()
    (tmp_path / "text").unlink()
    terminal = Terminal("new", "person", "kim", folder=registry, editor=editor)
    terminal.wait_for("going on with your text of people/kim.yaml")
    terminal.wait_for("edit again?")
    terminal.type("n\n")
    assert terminal.end() == 1
    assert draft(registry).read_text() == "nme: Kim\n"


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGHUP])
def test_what_was_saved_when_ocs_was_killed_is_there_afterwards(
    number: signal.Signals, registry: Path, editor: str, tmp_path: Path
) -> None:
    (tmp_path / "text").write_text("name: Kim\n")
    (tmp_path / "wait").touch()
    terminal = Terminal("new", "person", "kim", folder=registry, editor=editor)
    wait_for(tmp_path / "began")
    os.kill(terminal.pid, number)
    (tmp_path / "wait").unlink()
    assert terminal.end() == -number
    assert not (registry / "people/kim.yaml").exists()
    assert draft(registry).read_text() == "name: Kim\n"
    (tmp_path / "text").unlink()
    terminal = Terminal("new", "person", "kim", folder=registry, editor=editor)
    assert terminal.end() == 0
    assert (registry / "people/kim.yaml").read_text() == "name: Kim\n"


def test_two_windows_do_not_edit_the_same_text(
    registry: Path, editor: str, tmp_path: Path
) -> None:
    (tmp_path / "wait").touch()
    first = Terminal("edit", "lena", folder=registry, editor=editor)
    wait_for(tmp_path / "began")
    second = Terminal("edit", "lena", folder=registry, editor=editor)
    assert second.end() == 2
    assert "people/lena.yaml is being worked on in another window" in second.said
    (tmp_path / "wait").unlink()
    assert first.end() == 0
    assert "people/lena.yaml stays as it is" in first.said


def test_what_changes_while_the_editor_is_open_is_not_written_over(
    registry: Path, editor: str, tmp_path: Path
) -> None:
    (tmp_path / "text").write_text("name: Sam\nstatus: alumni\n")
    (tmp_path / "wait").touch()
    terminal = Terminal("edit", "sam", "--on", "2026-11-20", folder=registry, editor=editor)
    wait_for(tmp_path / "began")
    (registry / "people/sam.yaml").write_text("name: Sam of somebody else\n")
    (tmp_path / "wait").unlink()
    assert terminal.end() == 2
    assert "people/sam.yaml changed meanwhile" in terminal.said
    assert "your text is kept in .git/ocs/drafts/people/sam.yaml" in terminal.said
    assert (registry / "people/sam.yaml").read_text() == "name: Sam of somebody else\n"
