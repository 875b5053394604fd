"""The editor is the one that the user named, and however it ends is told."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from ocs.adapters.editor import Editor, find_editor, needs_no_terminal
from ocs.errors import OcsError

VIM = shutil.which("vim")


@pytest.fixture(autouse=True)
def no_editor(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("VISUAL", "EDITOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    (tmp_path / "bin").mkdir()


def install(folder: Path, *programs: str) -> None:
    for program in programs:
        (folder / "bin" / program).write_text("#!/bin/sh\n")
        (folder / "bin" / program).chmod(0o755)


def test_the_order_in_which_it_is_looked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(OcsError, match="there is no editor"):
        find_editor()
    install(tmp_path, "vi")
    assert find_editor() == Editor(("vi",), "PATH")
    install(tmp_path, "nano")
    assert find_editor() == Editor(("nano",), "PATH")
    install(tmp_path, "editor")
    assert find_editor() == Editor(("editor",), "PATH")
    monkeypatch.setenv("EDITOR", "ed")
    assert find_editor() == Editor(("ed",), "EDITOR")
    monkeypatch.setenv("VISUAL", "code --wait")
    assert find_editor() == Editor(("code", "--wait"), "VISUAL")
    assert not needs_no_terminal()
    monkeypatch.setenv("OCS_EDITOR", "'/opt/my editor/bin' -n")
    assert find_editor() == Editor(("/opt/my editor/bin", "-n"), "OCS_EDITOR")
    assert needs_no_terminal()
    monkeypatch.setenv("OCS_EDITOR", "  ")
    assert find_editor().named_by == "VISUAL"
    assert not needs_no_terminal()


def test_an_editor_keeps_no_copies_where_it_is_known_how(tmp_path: Path) -> None:
    install(tmp_path, "nano", "code")
    known, unknown, absent = (
        Editor(("nano",), "X"),
        Editor(("code",), "X"),
        Editor(("ed",), "X"),
    )
    assert known.without_traces() == (Editor(("nano", "--ignorercfiles"), "X"), True)
    assert unknown.without_traces() == (unknown, False)
    assert absent.without_traces() == (absent, False)
    assert [editor.is_there for editor in (known, unknown, absent)] == [True, True, False]


def test_git_is_asked_for_the_users_own_and_not_for_the_repositorys(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    git = next(
        Path(folder, "git") for folder in os.defpath.split(":") if Path(folder, "git").exists()
    )
    (tmp_path / "bin" / "git").symlink_to(git)
    (tmp_path / "own").write_text("[core]\n\teditor = vim -u NONE\n")
    subprocess.run(["git", "init", "-q", tmp_path / "repository"], check=True)
    monkeypatch.chdir(tmp_path / "repository")
    subprocess.run(["git", "config", "core.editor", "stranger"], check=True)
    with pytest.raises(OcsError, match="there is no editor"):
        find_editor()
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "own"))
    assert find_editor() == Editor(("vim", "-u", "NONE"), "core.editor of git")


def test_how_it_ends_is_told(tmp_path: Path) -> None:
    file = tmp_path / "file"

    def edit(*command: str) -> None:
        Editor(command, "EDITOR").edit(file)

    edit("/bin/sh", "-c", 'echo new > "$0"')
    assert file.read_text() == "new\n"
    with pytest.raises(OcsError, match="the editor '/bin/sh' ended with status 3"):
        edit("/bin/sh", "-c", "exit 3")
    with pytest.raises(OcsError, match="was killed by signal 9"):
        edit("/bin/sh", "-c", "kill -9 $$")
    with pytest.raises(KeyboardInterrupt):
        edit("/bin/sh", "-c", "kill -INT $$")
    with pytest.raises(
        OcsError, match="cannot start the editor '/no/such' that EDITOR names: No such file"
    ):
        edit("/no/such")
    with pytest.raises(OcsError, match="Permission denied"):
        edit(str(file))


@pytest.mark.parametrize("command", ['vi "', "vi '"])
def test_a_command_that_is_none_is_told(command: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EDITOR", command)
    with pytest.raises(OcsError, match="EDITOR is not a valid command"):
        find_editor()


def test_an_interrupt_while_it_works_is_its_own(tmp_path: Path) -> None:
    """Whoever presses Ctrl-C in the editor does not end ocs, and the editor hears of it."""
    code = (
        "import os, signal, sys; from pathlib import Path; from ocs.adapters.editor import Editor\n"
        "Editor(('/bin/sh', '-c', 'trap \"echo heard > $0\" INT; kill -INT $PPID $$'), 'EDITOR')"
        ".edit(Path(sys.argv[1]))\n"
        "print('went on')"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, tmp_path / "file"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout == "went on\n", done.stderr
    assert (tmp_path / "file").read_text() == "heard\n"


@pytest.mark.skipif(VIM is None, reason="vim is not installed")
def test_vim_obeys_nothing_that_stands_in_a_secret(tmp_path: Path) -> None:
    """Whoever can push can put a content of their own there."""
    (tmp_path / "rc").write_text("set nocompatible modeline modelines=5\n")
    (tmp_path / "secret.txt").write_text("hunter2\nvim: set textwidth=77:\n")
    editor, _ = Editor((str(VIM), "-u", str(tmp_path / "rc")), "X").without_traces()
    told = f"call writefile([&textwidth], '{tmp_path}/width')"
    words = ["-es", "-c", told, "-c", "q!", str(tmp_path / "secret.txt")]
    subprocess.run([*editor.command, *words], stdin=subprocess.DEVNULL, check=False)
    assert (tmp_path / "width").read_text() == "0\n"
