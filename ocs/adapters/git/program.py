"""The one place that starts git: all questions go through `ask`, `begin` or `spawn`.

A repository may come from anybody, and its settings name programs. None of them runs, for any
question: no hook, filter, external diff, alias, monitor, pager, editor, `gpg.program`, `ssh`
command or credential helper. Nothing is fetched, over no protocol. Grafts, replace refs and
the commit-graph do not change what history says, nor do attributes from outside the tree. A
filter has any name, so git is asked for their names before it reads files of the working tree.
The one exception is signing a commit, which follows the user's own settings: `signing`.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ocs.errors import OcsError

if TYPE_CHECKING:
    import subprocess

# Git that takes longer waits for what will not come, such as a pipe among its settings.
PATIENCE_SECONDS = 60.0
_SETTINGS = (
    "core.fsmonitor=false",
    f"core.hooksPath={os.devnull}",
    f"core.attributesFile={os.devnull}",
    "core.commitGraph=false",
    "core.untrackedCache=false",
    # Git prints that grafts are deprecated even where there are none.
    "advice.graftFileDeprecated=false",
    # The output of log does not depend on settings, and log runs no gpg.
    "log.showSignature=false",
    "log.showRoot=true",
    f"diff.orderFile={os.devnull}",
    # A commit starts no housekeeping, which has programs of its own.
    "maintenance.auto=false",
    # A folder of the registry that looks like a repository brings its own settings.
    "safe.bareRepository=explicit",
)
_ENVIRONMENT = {
    "LC_ALL": "C.UTF-8",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_LITERAL_PATHSPECS": "1",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_EDITOR": "true",
    "GIT_ATTR_NOSYSTEM": "1",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_GRAFT_FILE": os.devnull,
    # With no protocol allowed git cannot fetch, which would run ssh, or ask for a password. An
    # older git does not know the first of these. No helper can have the name `/`, nor can
    # an alias: git runs the alias `remote-none` for a protocol `none`.
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_ALLOW_PROTOCOL": "/",
}
# These of the user's own variables for git count. The others lead to another repository, or
# name programs; git sets some of them for hooks.
_KEPT = ("GIT_CONFIG_", "GIT_AUTHOR_", "GIT_COMMITTER_", "GIT_CEILING_", "GIT_EXEC_PATH")
# The options with which no program of a driver runs.
_NO_DRIVERS = ("--no-ext-diff", "--no-textconv", "--no-renames", "--ignore-submodules=all")
_OPTIONS = {"diff": _NO_DRIVERS, "log": _NO_DRIVERS}
# They read files of the working tree, which filters can change.
_READ_FILES = ("diff", "add", "commit")
_FILTERS = r"^filter\..*\."
_SIGNING = r"^(commit\.gpgsign|user\.signingkey|gpg\..*)$"
_SCOPES_OF_THE_USER = ("system", "global")


class GitError(OcsError):
    """Git does not run or answer, or ends with a `status` other than 0 and a `complaint`."""

    def __init__(
        self,
        message: str,
        hint: str | None = None,
        status: int | None = None,
        complaint: str = "",
    ) -> None:
        super().__init__(message, hint)
        self.status = status
        self.complaint = complaint


def ask(folder: Path, *arguments: str, settings: tuple[str, ...] = ()) -> str:
    """What git answers in *folder*. Raises GitError."""
    if arguments[0] in _READ_FILES:
        settings += _without_filters(folder)
    with _guarded_environment():
        try:
            from git import Git, GitCommandNotFound
        except ImportError as error:
            raise _not_run(error) from error
        words = _command(folder, arguments, settings)
        try:
            process: Any = Git().execute(words, as_process=True, env=_ENVIRONMENT)
        except (GitCommandNotFound, OSError) as error:
            raise _not_run(error) from error
    return os.fsdecode(answer(process, arguments[0]))


def begin(
    folder: Path, *arguments: str, surroundings: Mapping[str, str] | None = None
) -> subprocess.Popen[bytes]:
    """Git at work in *folder*, for `answer`; it starts sooner than `ask`, which loads GitPython.

    It is not for commands that read files of the working tree. *surroundings* go into its
    environment. Raises GitError.
    """
    import subprocess

    assert arguments[0] not in _READ_FILES
    try:
        return subprocess.Popen(
            _command(folder, arguments),
            env={**_environment(), **(surroundings or {})},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE if arguments[0] != "cat-file" else subprocess.DEVNULL,
        )
    except (OSError, ValueError) as error:
        raise _not_run(error) from error


def answer(
    process: subprocess.Popen[bytes],
    what: str,
    content: bytes | None = None,
    seconds: float | None = None,
) -> bytes:
    """What git answers to this input, at most after so many *seconds*. Raises GitError."""
    import subprocess

    seconds = PATIENCE_SECONDS if seconds is None else seconds
    try:
        out, err = process.communicate(content, timeout=seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
        raise GitError(
            f"git {what} did not answer within {seconds:g} seconds",
            "check that `git status` works in the registry",
        ) from None
    if process.returncode:
        complaint = os.fsdecode(err or b"").strip()
        last = complaint.rpartition("\n")[2] or f"it ended with {process.returncode}"
        message = f"git {what} failed: {last.removeprefix('fatal: ')}"
        raise GitError(message, None, process.returncode, complaint)
    return out


def spawn(folder: str, *arguments: str) -> tuple[int, int] | None:
    """As `begin`, and even sooner: git's process, and a pipe with its answer; None without git."""
    assert arguments[0] not in _READ_FILES
    reading, writing = os.pipe()
    null = os.open(os.devnull, os.O_RDWR)
    streams = ((null, 0), (writing, 1), (null, 2))
    try:
        process = os.posix_spawnp(
            "git",
            _command(folder, arguments),
            _environment(),
            file_actions=[(os.POSIX_SPAWN_DUP2, *stream) for stream in streams],
        )
    except OSError:
        os.close(reading)
        return None
    finally:
        os.close(writing)
        os.close(null)
    return process, reading


@contextlib.contextmanager
def objects_alone(
    common: Path, *, sha256: bool = False
) -> Iterator[tuple[Path, dict[str, str]]]:
    """A folder for `begin`, and variables with which git sees the objects of *common* alone."""
    from tempfile import TemporaryDirectory  # only a merge has to load it

    with TemporaryDirectory(prefix="ocs-") as name:
        folder = Path(name)
        (folder / "refs").mkdir()
        (folder / "HEAD").write_text("ref: refs/heads/none\n")
        extension = "[extensions]\nobjectFormat = sha256\n" if sha256 else ""
        version = f"[core]\nrepositoryFormatVersion = {int(sha256)}\nbare = true\n"
        (folder / "config").write_text(version + extension)
        yield (
            folder,
            {
                "GIT_DIR": name,
                "GIT_OBJECT_DIRECTORY": str((common / "objects").resolve()),
                "GIT_SHALLOW_FILE": str((common / "shallow").resolve()),
                "GIT_CONFIG_GLOBAL": os.devnull,
                "GIT_CONFIG_NOSYSTEM": "1",
                "GIT_CONFIG_COUNT": "0",
                "GIT_CONFIG_PARAMETERS": "",
            },
        )


def signing(folder: Path) -> tuple[str, ...]:
    """The user's own settings for signing a commit, not the repository's. Raises GitError."""
    entries = _config(folder, _SIGNING, "--show-scope")
    fields = iter(entries.split("\0")[:-1])
    own: dict[str, str] = {}
    others = set()
    for scope, entry in zip(fields, fields, strict=True):
        name, _, value = entry.partition("\n")
        if scope in _SCOPES_OF_THE_USER:
            own[name] = value if "\n" in entry else "true"
        else:
            others.add(name)
    program = own.get("gpg.openpgp.program", own.get("gpg.program", "gpg"))
    settings = {
        "commit.gpgsign": "false",
        "gpg.format": "openpgp",
        "gpg.x509.program": "gpgsm",
        "gpg.ssh.program": "ssh-keygen",
        "gpg.ssh.defaultkeycommand": "",
        **own,
        "gpg.program": program,
        "gpg.openpgp.program": program,
    }
    if "user.signingkey" in others - own.keys():
        # As git does where no key is named.
        identity = ask(folder, "var", "GIT_COMMITTER_IDENT")
        settings["user.signingkey"] = identity[: identity.rindex(">") + 1]
    return tuple(f"{name}={value}" for name, value in settings.items())


def _without_filters(folder: Path) -> tuple[str, ...]:
    """The settings with which no filter runs. Raises OcsError."""
    listed = _config(folder, _FILTERS, "--name-only").split("\0")
    names = sorted({name.rpartition(".")[0] for name in listed if name})
    odd = next((name for name in names if "=" in name), None)
    if odd:
        raise OcsError(f"the repository has a filter with '=' in its name: {odd}", "rename it")
    keys = ("clean=", "smudge=", "process=", "required=false")
    return tuple(f"{name}.{key}" for name in names for key in keys)


def _config(folder: Path, names: str, *options: str) -> str:
    """The settings with these names, from any scope; empty where there are none."""
    try:
        return ask(folder, "config", "--null", *options, "--get-regexp", names)
    except GitError as error:
        if error.status == 1:
            return ""
        raise


def _command(
    folder: str | Path, arguments: tuple[str, ...], settings: tuple[str, ...] = ()
) -> list[str]:
    words = [word for setting in (*_SETTINGS, *settings) for word in ("-c", setting)]
    first, *others = arguments
    program = ["git", "-C", os.fspath(folder), "--no-pager", *words]
    return [*program, first, *_OPTIONS.get(first, ()), *others]


def _environment() -> dict[str, str]:
    own = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("GIT_") or name.startswith(_KEPT)
    }
    return {**own, **_ENVIRONMENT}


@contextlib.contextmanager
def _guarded_environment() -> Iterator[None]:
    """GitPython starts git, even while it is loaded, in the environment of ocs."""
    before, guarded = dict(os.environ), _environment()
    os.environ.clear()
    os.environ.update(guarded)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def _not_run(error: Exception) -> GitError:
    why = f": {error.strerror}" if isinstance(error, OSError) else ""
    return GitError(f"cannot run git{why}", "install git, and check that it is in PATH")
