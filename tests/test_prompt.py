"""Questions at a real terminal: what counts as an answer, and how a command ends without one."""

from __future__ import annotations

import getpass
import io
import shutil
from pathlib import Path

import pytest

from ocs.commands import prompt
from ocs.errors import OcsError
from tests.conftest import EXAMPLE_REGISTRY
from tests.terminal import Terminal

SUSPEND = ("vet", "lena", "--suspend", "--because", "key lost on a train")


@pytest.fixture
def registry(tmp_path: Path) -> Path:
    return Path(shutil.copytree(EXAMPLE_REGISTRY, tmp_path / "registry"))


@pytest.mark.parametrize(
    ("typed", "status"),
    [
        pytest.param(b"y\r", 0, id="yes"),
        pytest.param(b" YES \r", 0, id="YES"),
        pytest.param(b"n\r", 130, id="no"),
        pytest.param(b"\r", 130, id="Enter"),
        pytest.param(b"\x03", 130, id="Ctrl-C"),
        pytest.param(b"\x04", 130, id="Ctrl-D"),
        pytest.param(b"\xff\r", 2, id="no text"),
    ],
)
def test_only_yes_goes_on(registry: Path, typed: bytes, status: int) -> None:
    record = registry / "vetting" / "lena.yaml"
    before = record.read_bytes()
    terminal = Terminal(registry, *SUSPEND)
    terminal.reads(b"suspend them? [y/N]: ")
    terminal.interrupts() if typed == b"\x03" else terminal.types(typed)
    assert terminal.ends() == status, terminal.shown
    assert (record.read_bytes() == before) == bool(status)
    if status:  # the message begins a line of its own
        assert b"\nerror: " in terminal.shown
        assert b"Traceback" not in terminal.shown
        assert b"bug in ocs" not in terminal.shown


def test_what_is_neither_yes_nor_no_is_asked_again(registry: Path) -> None:
    terminal = Terminal(registry, *SUSPEND)
    terminal.reads(b"suspend them? [y/N]: ")
    terminal.types(b"yess\r")
    terminal.reads(b"answer y or n")
    terminal.reads(b"suspend them? [y/N]: ")
    terminal.types(b"n\r")
    assert terminal.ends() == 130


def test_an_empty_answer_is_asked_for_again(tmp_path: Path) -> None:
    terminal = Terminal(tmp_path, "init", "--founder", "lena", "--founder-name", "Lena")
    for typed in (b"\r", b"River House\r"):
        terminal.reads(b"What is the name of the group? ")
        terminal.types(typed)
    assert terminal.ends() == 0, terminal.shown
    assert "River House" in (tmp_path / "ocs.yaml").read_text()


def test_without_a_terminal_nothing_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("y\n"))
    with pytest.raises(OcsError, match="no terminal to ask"):
        prompt.confirm("go on?")


def test_what_cannot_be_hidden_is_not_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the terminal goes on showing what is typed, Python warns and reads it all the same."""
    monkeypatch.setattr("sys.stdin", io.StringIO("secret\nsecret\n"))
    monkeypatch.setattr("getpass.getpass", getpass.fallback_getpass)
    with pytest.raises(OcsError, match="cannot hide what you type"):
        prompt.hidden("Secret")
