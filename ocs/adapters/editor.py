"""The user's editor: finding it, and running it on a file."""

from __future__ import annotations

import os
import shlex
import shutil
import signal
import subprocess
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from ocs.adapters.git.program import GitError, answer, begin
from ocs.errors import OcsError

# It names an editor that needs no terminal.
OWN_VARIABLE = "OCS_EDITOR"
_VARIABLES = (OWN_VARIABLE, "VISUAL", "EDITOR")
_PROGRAMS = ("editor", "nano", "vi")
# Options with which an editor keeps neither swap nor backup nor undo nor history files.
# Nor does it obey settings in the text, which anybody may have written who can push.
_VIM_SET = "set nobackup nowritebackup noswapfile noundofile"
_VIM_OBEYS_NO_TEXT = "autocmd BufReadPre * setlocal nomodeline"
# Given before and after vim reads the user's own settings.
_VIM = ("-n", "-i", "NONE", "--cmd", _VIM_SET, "--cmd", _VIM_OBEYS_NO_TEXT, "-c", _VIM_SET)
_EMACS = (
    "--eval",
    "(setq make-backup-files nil auto-save-default nil create-lockfiles nil "
    "enable-local-variables nil enable-local-eval nil)",
)
_WITHOUT_TRACES: Mapping[str, tuple[str, ...]] = {
    "vim": _VIM,
    "nvim": _VIM,
    "nano": ("--ignorercfiles",),
    "emacs": _EMACS,
    "busybox": (),
    "ed": (),
}
_OR_A_FILE = (
    "name one in EDITOR, such as EDITOR=nano, or give the whole record with --file FILE"
)


class Editor(NamedTuple):
    """A command, and what names it."""

    command: tuple[str, ...]
    named_by: str

    @property
    def is_there(self) -> bool:
        return shutil.which(self.command[0]) is not None

    def edit(self, file: Path) -> None:
        """Run it on *file*. Raises OcsError where it fails, KeyboardInterrupt if interrupted."""
        try:
            with _interrupts_left_to_it():
                status = subprocess.run([*self.command, str(file)], check=False).returncode
        except (OSError, ValueError) as error:
            reason = error.strerror if isinstance(error, OSError) else error
            editor = f"'{self.command[0]}' that {self.named_by} names"
            message = f"cannot start the editor {editor}: {reason}"
            raise OcsError(message, _OR_A_FILE) from error
        if status == -signal.SIGINT:
            raise KeyboardInterrupt
        if status:
            how = (
                f"ended with status {status}"
                if status > 0
                else f"was killed by signal {-status}"
            )
            raise OcsError(f"the editor '{self.command[0]}' {how}", "nothing was written")

    def without_traces(self) -> tuple[Editor, bool]:
        """The editor without copies of its own, and whether ocs knows how to do that."""
        program = shutil.which(self.command[0])
        options = _WITHOUT_TRACES.get(Path(program or "").resolve().name.partition(".")[0])
        if not program or options is None:
            return self, False
        return self._replace(command=(*self.command, *options)), True


def find_editor() -> Editor:
    """The editor that a variable or git names, else an installed one. Raises OcsError."""
    for name, command in _named():
        if command.strip():
            try:
                return Editor(tuple(shlex.split(command)), name)
            except ValueError:
                raise OcsError(
                    f"{name} is not a valid command: {command}", "close its quotes"
                ) from None
    program = next(filter(shutil.which, _PROGRAMS), None)
    if program is None:
        raise OcsError("there is no editor", _OR_A_FILE)
    return Editor((program,), "PATH")


def needs_no_terminal() -> bool:
    """Did the user name an editor that needs no terminal?"""
    return bool(os.environ.get(OWN_VARIABLE, "").strip())


def _named() -> Iterator[tuple[str, str]]:
    yield from ((name, os.environ.get(name, "")) for name in _VARIABLES)
    # Only the user's own settings: a repository may bring settings along.
    question = ("config", "--global", "--includes", "--get", "core.editor")
    with suppress(GitError, ValueError):  # no git, or an answer that is no text
        yield "core.editor of git", answer(begin(Path(), *question), "config").decode()


@contextmanager
def _interrupts_left_to_it() -> Iterator[None]:
    """Ctrl-C reaches every program of the terminal; meanwhile it is for the editor alone.

    The signal gets a handler and is not ignored, since the editor would inherit that.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = [
        (number, signal.signal(number, _leave)) for number in (signal.SIGINT, signal.SIGQUIT)
    ]
    try:
        yield
    finally:
        for number, handler in before:
            signal.signal(number, handler)


def _leave(number: int, frame: object) -> None:
    pass
