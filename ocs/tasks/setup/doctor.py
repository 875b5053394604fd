"""Whether everything is there that ocs needs. EXAMINATIONS is the table; each looks at one
thing.

To look at one thing more, write a function that yields what it finds, and put it into the
table.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from ocs import __version__
from ocs.adapters import machine
from ocs.adapters.git.program import GitError, ask
from ocs.adapters.keyring.gpg import OLDEST as OLDEST_GPG
from ocs.adapters.keyring.gpg import secret_keys
from ocs.adapters.meaning import is_installed
from ocs.adapters.memory import FOLDER, is_memory
from ocs.errors import OcsError
from ocs.model.examined import Examined, State
from ocs.tasks.secrets.keyless import GENERATE
from ocs.tasks.setup.mending import diffs, git_answer

_MEMORY = str(FOLDER)
# Faults of gpg that concern what ocs asks of it: since when, until which version, and what is
# wrong.
_FAULTS = (
    ((2, 2, 21), (2, 2, 23), "can be crashed by a certificate (CVE-2020-25125)"),
    (
        (2, 0),
        (2, 2, 36),
        "can be made to tell of signatures that nobody made (CVE-2022-34903)",
    ),
    ((2, 3), (2, 3, 7), "can be made to tell of signatures that nobody made (CVE-2022-34903)"),
)
OK, ADVICE, MISSING = State.OK, State.ADVICE, State.MISSING


@dataclass(frozen=True, slots=True)
class Here:
    """Where it is looked: the registry, None where there is none, and where ocs keeps things
    of its own.
    """

    registry: Path | None
    own_folders: Sequence[Path] = ()


Examination = Callable[[Here], Iterator[Examined]]


def examine(here: Here) -> list[Examined]:
    """What every examination finds."""
    return [found for examination in EXAMINATIONS for found in examination(here)]


def is_healthy(examined: Sequence[Examined]) -> bool:
    """Is nothing missing?"""
    return not any(each.state is MISSING for each in examined)


def ocs(here: Here) -> Iterator[Examined]:
    yield Examined("ocs", OK, f"{__version__}, Python {machine.python_version()}")


def libraries(here: Here) -> Iterator[Examined]:
    if machine.has_libyaml():
        yield Examined("libyaml", OK, "records can be read")
    else:
        mend = "pip install --force-reinstall --only-binary :all: PyYAML"
        yield Examined(
            "libyaml", MISSING, "PyYAML came without it, and records are read with it", mend
        )
    if machine.has_fts5():
        yield Examined("SQLite", OK, "has FTS5, so `ocs search` works")
    else:
        mend = "run ocs with a Python of your system or of python.org"
        yield Examined(
            "SQLite", MISSING, "this Python's has no FTS5, which `ocs search` needs", mend
        )


def meaning(here: Here) -> Iterator[Examined]:
    if is_installed():
        yield Examined("semantic", OK, "`ocs search` knows words that mean the same")
    else:
        yield Examined(
            "semantic",
            OK,
            "is not installed, which it need not be (docs/howto/searching.md says how)",
        )


def git(here: Here) -> Iterator[Examined]:
    version = git_answer(None, "--version")
    if not version:
        yield Examined(
            "git", MISSING, "there is no git, in which registries are kept", install("git")
        )
        return
    yield Examined("git", OK, version.removeprefix("git version "))
    for field, example in (("name", "Your Name"), ("email", "you@example.org")):
        known = git_answer(here.registry, "config", f"user.{field}")
        if known:
            yield Examined(f"git user.{field}", OK, known)
        else:
            mend = f'git config --global user.{field} "{example}"'
            yield Examined(
                f"git user.{field}", ADVICE, "git does not know it, and cannot commit", mend
            )


def registry(here: Here) -> Iterator[Examined]:
    if here.registry is None:
        mend = "go to a registry, name one with --registry DIR, or begin one with `ocs init`"
        yield Examined("registry", ADVICE, "there is none here", mend)
    else:
        yield Examined("registry", OK, str(here.registry))


def repository(here: Here) -> Iterator[Examined]:
    if here.registry is None or not machine.has("git"):
        return
    asked = (
        "--is-bare-repository",
        "--is-inside-work-tree",
        "--is-shallow-repository",
        "--absolute-git-dir",
    )
    try:
        answer = ask(here.registry, "rev-parse", *asked).strip()
    except GitError as error:
        err = error.complaint.partition("\n")[0] or error.message
        if "dubious ownership" in err:
            mend = (
                f"if you trust it: git config --global --add safe.directory '{here.registry}'"
            )
            yield Examined(
                "repository",
                MISSING,
                "it belongs to somebody else, so git does not read it",
                mend,
            )
        else:
            yield Examined("repository", ADVICE, f"git finds none here ({err})", "git init")
        return
    bare, inside, shallow, folder = answer.split("\n", 3)
    if bare == "true" or inside != "true":
        mend = "git config core.bare false"
        yield Examined(
            "repository", ADVICE, "it is a bare one, in which git changes no files", mend
        )
    elif shallow == "true":
        found = "its history is cut short, so changes may not be judged"
        yield Examined("repository", ADVICE, found, "git fetch --unshallow")
    else:
        what = "a worktree of " if "/worktrees/" in folder else ""
        yield Examined("repository", OK, what + folder.partition("/worktrees/")[0])
    yield from _line_ends(here.registry)
    if (here.registry / "secrets").is_dir():
        yield from diffs(here.registry)


def _line_ends(registry: Path) -> Iterator[Examined]:
    """Git gives records their line ends as they are kept, and leaves ciphertexts alone."""
    asked = ("text", "eol", "--", "ocs.yaml", "secrets/owner/name.gpg")
    lines = git_answer(registry, "check-attr", *asked).splitlines()
    attributes = dict(line.rsplit(": ", 1) for line in lines if ": " in line)
    is_true = git_answer(registry, "config", "core.autocrlf") == "true"
    if is_true and attributes.get("ocs.yaml: eol") != "lf":
        found = "git gives records the line ends of Windows (core.autocrlf)"
        yield Examined(
            "line ends", ADVICE, found, "echo '* text=auto eol=lf' >> .gitattributes"
        )
    elif (is_true or attributes.get("secrets/owner/name.gpg: text") == "set") and (
        attributes.get("secrets/owner/name.gpg: text") != "unset"
    ):
        found = "git may change secrets as if they were texts"
        yield Examined("line ends", ADVICE, found, "echo '*.gpg binary' >> .gitattributes")
    else:
        yield Examined("line ends", OK, "git leaves them as they are")


def gpg(here: Here) -> Iterator[Examined]:
    version = machine.ask("gpg", "--version")
    if version is None:
        yield Examined(
            "gpg", MISSING, "there is no gpg, with which secrets are kept", install("gpg")
        )
        return
    yield _judged(version.out.partition("\n")[0].rpartition(" ")[2])
    yield from _pinentry()
    if machine.gnupg_folder() is None:
        # Asking would make the folder and start an agent, and looking changes nothing.
        yield Examined(
            "your key", ADVICE, "gpg has no keys yet; with one you can read secrets", GENERATE
        )
        return
    agent = machine.ask("gpg-connect-agent", "/bye")
    if agent is None or not agent.is_good:
        mend = "gpgconf --kill gpg-agent, then `gpg-connect-agent /bye` says why it does not start"
        yield Examined(
            "gpg-agent",
            MISSING,
            "it does not answer, and gpg asks it for every secret key",
            mend,
        )
        return
    yield Examined("gpg-agent", OK, "answers")
    listed = machine.ask("gpg", "--batch", "--no-tty", "--list-secret-keys", "--with-colons")
    if keys := secret_keys(listed.out if listed else ""):
        yield Examined("your key", OK, ", ".join(keys))
    else:
        yield Examined(
            "your key",
            ADVICE,
            "gpg has none of yours; with one you can read secrets",
            GENERATE,
        )


def _judged(version: str) -> Examined:
    """Gpg of a version: whether ocs can work with it, and whether it has faults that are
    known.
    """
    numbers = machine.numbers(version)
    if numbers < OLDEST_GPG:
        oldest = ".".join(map(str, OLDEST_GPG))
        return Examined(
            "gpg",
            MISSING,
            f"{version} is too old, and ocs needs {oldest} or newer",
            install("gpg"),
        )
    for since, mended, fault in _FAULTS:
        if since <= numbers < mended:
            found = (
                f"{version} {fault}, unless your system has mended it without another number"
            )
            return Examined("gpg", ADVICE, found, install("gpg"))
    return Examined("gpg", OK, version)


def _pinentry() -> Iterator[Examined]:
    """The program that asks for a key's passphrase."""
    parts = machine.ask("gpgconf")
    rows = (line.split(":") for line in (parts.out if parts else "").splitlines())
    program = next(
        (row[2].replace("%3a", ":") for row in rows if row[0] == "pinentry" and len(row) > 2),
        "pinentry",
    )
    if machine.has(program):
        yield Examined("pinentry", OK, program)
    else:
        found = f"there is no {program}, so gpg cannot ask for a passphrase"
        yield Examined("pinentry", ADVICE, found, install("pinentry"))


def terminal(here: Here) -> Iterator[Examined]:
    tty = machine.terminal()
    if tty and machine.variable("GPG_TTY") != tty:
        mend = "put `export GPG_TTY=$(tty)` into ~/.bashrc, or what your shell reads"
        yield Examined(
            "GPG_TTY", ADVICE, "gpg does not know your terminal, if it must ask there", mend
        )
    elif tty:
        yield Examined("GPG_TTY", OK, tty)
    encoding = machine.encoding()
    if encoding.replace("-", "") == "utf8":
        yield Examined("encoding", OK, "UTF-8")
    else:
        found = f"letters are written in {encoding}, and not every name can be"
        yield Examined("encoding", ADVICE, found, "export LC_ALL=C.UTF-8")


def editor(here: Here) -> Iterator[Examined]:
    from ocs.adapters.editor import find_editor

    try:
        found = find_editor()
    except OcsError as error:
        yield Examined("editor", ADVICE, error.message, install("nano"))
        return
    if found.is_there:
        yield Examined("editor", OK, f"{' '.join(found.command)} (from {found.named_by})")
    else:
        message = f"there is no program '{found.command[0]}' that {found.named_by} names"
        yield Examined(
            "editor", ADVICE, message, "export EDITOR=nano, or another that is there"
        )


def folders(here: Here) -> Iterator[Examined]:
    if is_memory():
        yield Examined(_MEMORY, OK, "is memory, and can be written")
    else:
        found = (
            "is no memory that can be written; there a secret would lie on no "
            "disk while it is edited"
        )
        yield Examined(
            _MEMORY, ADVICE, found, f"sudo mount -t tmpfs -o mode=1777 tmpfs {_MEMORY}"
        )
    if here.registry is None:
        return
    own = next((folder for folder in here.own_folders if machine.can_write(folder)), None)
    if own is not None:
        yield Examined("index", OK, f"lies in {own}")
    else:
        found = "it can be kept nowhere, and is made anew for each question"
        yield Examined(
            "index", ADVICE, found, "set XDG_CACHE_HOME to a folder in which you may write"
        )


EXAMINATIONS: tuple[Examination, ...] = (
    ocs,
    libraries,
    meaning,
    git,
    registry,
    repository,
    gpg,
    terminal,
    editor,
    folders,
)

# Programs that install others, and what they call a package that is not called as its program.
_INSTALLERS = {
    "apt": "sudo apt install",
    "dnf": "sudo dnf install",
    "zypper": "sudo zypper install",
    "pacman": "sudo pacman -S",
    "apk": "sudo apk add",
    "brew": "brew install",
}
_PACKAGES = {
    "gpg": {"dnf": "gnupg2", "zypper": "gpg2"},
    "pinentry": {"apt": "pinentry-curses"},
}
_PACKAGE = {"gpg": "gnupg"}


def install(program: str) -> str:
    """The command that installs a program on this machine."""
    for name, command in _INSTALLERS.items():
        if machine.has(name):
            package = _PACKAGES.get(program, {}).get(name, _PACKAGE.get(program, program))
            return f"{command} {package}"
    return f"install {_PACKAGE.get(program, program)} with your system's package manager"
