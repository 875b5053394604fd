"""The user's editor: which it is, and letting it work on a file."""

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

# Which names an editor that needs no terminal: it is run without one, too.
OWN_VARIABLE = "OCS_EDITOR"
_VARIABLES = (OWN_VARIABLE, "VISUAL", "EDITOR")
_PROGRAMS = ("editor", "nano", "vi")
# Said once more after the user's own settings were read.
_VIM_AFTER = "set nobackup nowritebackup noswapfile noundofile"
# What makes an editor keep neither swap nor backup nor undo nor history files.
_VIM = (
    "-n",
    "-i",
    "NONE",
    "--cmd",
    "set nobackup nowritebackup noswapfile noundofile",
    "-c",
    _VIM_AFTER,
)
_EMACS = ("--eval", "(setq make-backup-files nil auto-save-default nil create-lockfiles nil)")
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
        """Let it work on *file*, and wait until it ends.

        Raises OcsError where it cannot be started or ends with a failure, KeyboardInterrupt
        where it was interrupted.
        """
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
                f"was killed by signal {-status}"
                if status < 0
                else f"ended with status {status}"
            )
            raise OcsError(f"the editor '{self.command[0]}' {how}", "nothing was written")

    def without_traces(self) -> tuple[Editor, bool]:
        """The editor that leaves no copies of what it works on, and whether it is known how
        that is done.
        """
        found = shutil.which(self.command[0])
        name = Path(found).resolve().name.partition(".")[0] if found else ""
        for known, options in _WITHOUT_TRACES.items():
            if name == known:
                return self._replace(command=(*self.command, *options)), True
        return self, False


def find_editor() -> Editor:
    """The editor that the user wants: what OCS_EDITOR, VISUAL, EDITOR or git names, else one
    that is there.

    Raises OcsError where there is none.
    """
    for name, command in _named():
        if command.strip():
            try:
                return Editor(tuple(shlex.split(command)), name)
            except ValueError:
                raise OcsError(
                    f"{name} is no command: {command}", "close its quotes"
                ) from None
    found = next((program for program in _PROGRAMS if shutil.which(program)), None)
    if found is None:
        raise OcsError("there is no editor", _OR_A_FILE)
    return Editor((found,), "PATH")


def needs_no_terminal() -> bool:
    """Is the editor one that was named for being run without a terminal, too?"""
    return bool(os.environ.get(OWN_VARIABLE, "").strip())


def _named() -> Iterator[tuple[str, str]]:
    yield from ((name, os.environ.get(name, "")) for name in _VARIABLES)
    # Only what is the user's own: a repository's configuration may have come along with it.
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
