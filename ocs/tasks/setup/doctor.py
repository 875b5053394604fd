"""Whether everything is there that ocs needs.

To look at one thing more, write a function that yields what it finds, and add it to the table
EXAMINATIONS.
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
from ocs.tasks.secrets.missingkey import GENERATE
from ocs.tasks.setup.fixes import diffs, git_answer

_MEMORY = str(FOLDER)
# Faults of gpg that concern ocs: the first version with it, the first without it, and what it is.
_FAULTS = (
    ((2, 2, 21), (2, 2, 23), "can be crashed by a certificate (CVE-2020-25125)"),
    (
        (2, 0),
        (2, 2, 36),
        "can be made to report forged signatures (CVE-2022-34903)",
    ),
    ((2, 3), (2, 3, 7), "can be made to report forged signatures (CVE-2022-34903)"),
)
# With it gpg writes what it decrypts to a file, of the name that ocs puts into each secret. What
# ocs itself runs reads no gpg.conf.
_WRITES_PLAINTEXT = "use-embedded-filename"
# What git says about the repository, in this order.
_REPOSITORY = (
    "--is-bare-repository",
    "--is-inside-work-tree",
    "--is-shallow-repository",
    "--absolute-git-dir",
)


@dataclass(frozen=True, slots=True)
class Here:
    """The registry, if there is one, and the folders where ocs may keep its own files."""

    registry: Path | None
    own_folders: Sequence[Path] = ()


Examination = Callable[[Here], Iterator[Examined]]


def examine(here: Here) -> list[Examined]:
    return [found for examination in EXAMINATIONS for found in examination(here)]


def is_healthy(examined: Sequence[Examined]) -> bool:
    """Is nothing missing?"""
    return all(thing.state is not State.MISSING for thing in examined)


def ocs(here: Here) -> Iterator[Examined]:
    yield _ok("ocs", f"{__version__}, Python {machine.python_version()}")


def libraries(here: Here) -> Iterator[Examined]:
    if machine.has_libyaml():
        yield _ok("libyaml", "ocs can read records")
    else:
        fix = "pip install --force-reinstall --only-binary :all: PyYAML"
        yield _missing(
            "libyaml", "this PyYAML lacks it, and ocs needs it to read records", fix
        )
    if machine.has_fts5():
        yield _ok("SQLite", "has FTS5, so `ocs search` works")
    else:
        fix = "run ocs with a Python of your system or of python.org"
        yield _missing("SQLite", "this Python's has no FTS5, which `ocs search` needs", fix)


def meaning(here: Here) -> Iterator[Examined]:
    if is_installed():
        yield _ok("semantic", "`ocs search` knows words that mean the same")
    else:
        yield _ok("semantic", "not installed (optional; see docs/howto/searching.md)")


def git(here: Here) -> Iterator[Examined]:
    version = git_answer(None, "--version")
    if not version:
        fix = install("git")
        yield _missing("git", "not installed; every registry needs it", fix)
        return
    yield _ok("git", version.removeprefix("git version "))
    for field, example in (("name", "Your Name"), ("email", "you@example.org")):
        if value := git_answer(here.registry, "config", f"user.{field}"):
            yield _ok(f"git user.{field}", value)
        else:
            fix = f'git config --global user.{field} "{example}"'
            yield _advice(f"git user.{field}", "not set, so git cannot commit", fix)


def registry(here: Here) -> Iterator[Examined]:
    if here.registry is None:
        fix = "change to a registry, use --registry DIR, or create a registry with `ocs init`"
        yield _advice("registry", "none here", fix)
    else:
        yield _ok("registry", str(here.registry))


def repository(here: Here) -> Iterator[Examined]:
    if here.registry is None or not machine.has("git"):
        return
    try:
        answers = ask(here.registry, "rev-parse", *_REPOSITORY).strip()
    except GitError as error:
        complaint = error.complaint.partition("\n")[0] or error.message
        if "dubious ownership" in complaint:
            folder = here.registry
            fix = f"if you trust it: git config --global --add safe.directory '{folder}'"
            found = "it belongs to somebody else, so git does not read it"
            yield _missing("repository", found, fix)
        else:
            yield _advice("repository", f"none here ({complaint})", "git init")
        return
    is_bare, is_inside, is_shallow, git_folder = answers.split("\n", 3)
    if is_bare == "true" or is_inside != "true":
        found = "it is bare, so git checks out no files in it"
        yield _advice("repository", found, "git config core.bare false")
    elif is_shallow == "true":
        found = "it is a shallow clone, so ocs may be unable to review changes"
        yield _advice("repository", found, "git fetch --unshallow")
    else:
        main, worktrees, _ = git_folder.partition("/worktrees/")
        yield _ok("repository", f"a worktree of {main}" if worktrees else main)
    yield from _line_ends(here.registry)
    if (here.registry / "secrets").is_dir():
        yield from diffs(here.registry)


def _line_ends(registry: Path) -> Iterator[Examined]:
    """Git gives records their line ends as they are kept, and leaves ciphertexts alone."""
    question = ("text", "eol", "--", "ocs.yaml", "secrets/owner/name.gpg")
    lines = git_answer(registry, "check-attr", *question).splitlines()
    attributes = dict(line.rsplit(": ", 1) for line in lines if ": " in line)
    of_secrets = attributes.get("secrets/owner/name.gpg: text")
    converts = git_answer(registry, "config", "core.autocrlf") == "true"
    if converts and attributes.get("ocs.yaml: eol") != "lf":
        found = "git gives records Windows line endings (core.autocrlf)"
        yield _advice("line ends", found, "echo '* text=auto eol=lf' >> .gitattributes")
    elif of_secrets == "set" or (converts and of_secrets != "unset"):
        found = "git may change secrets as if they were text"
        yield _advice("line ends", found, "echo '*.gpg binary' >> .gitattributes")
    else:
        yield _ok("line ends", "git leaves them as they are")


def gpg(here: Here) -> Iterator[Examined]:
    answer = machine.ask("gpg", "--version")
    if answer is None:
        fix = install("gpg")
        yield _missing("gpg", "not installed; secrets need it", fix)
        return
    yield _gpg_version(answer.out.partition("\n")[0].rpartition(" ")[2])
    yield from _pinentry()
    if file := machine.gpg_settings_with(_WRITES_PLAINTEXT):
        found = f"{file} has {_WRITES_PLAINTEXT}: `gpg -d` and pass write secrets to disk"
        yield _advice("gpg.conf", found, f"sed -i '/{_WRITES_PLAINTEXT}/d' {file}")
    if machine.gnupg_folder() is None:
        # To ask gpg would make the folder and start an agent, and doctor changes nothing.
        found = "gpg has no keys yet; you need one to read secrets"
        yield _advice("your key", found, GENERATE)
        return
    agent = machine.ask("gpg-connect-agent", "/bye")
    if agent is None or not agent.is_good:
        fix = "gpgconf --kill gpg-agent, then `gpg-connect-agent /bye` says why it does not start"
        found = "it does not answer, and gpg needs it for every secret key"
        yield _missing("gpg-agent", found, fix)
        return
    yield _ok("gpg-agent", "answers")
    listed = machine.ask("gpg", "--batch", "--no-tty", "--list-secret-keys", "--with-colons")
    if keys := secret_keys(listed.out if listed else ""):
        yield _ok("your key", ", ".join(keys))
    else:
        found = "gpg has no key of yours; you need one to read secrets"
        yield _advice("your key", found, GENERATE)


def _gpg_version(version: str) -> Examined:
    """Whether ocs can work with this version of gpg, and whether it has known faults."""
    numbers = machine.numbers(version)
    if numbers < OLDEST_GPG:
        oldest = ".".join(map(str, OLDEST_GPG))
        found = f"{version} is too old; ocs needs {oldest} or newer"
        return _missing("gpg", found, install("gpg"))
    for since, fixed, fault in _FAULTS:
        if since <= numbers < fixed:
            found = f"{version} {fault}, unless your system has patched it"
            return _advice("gpg", found, install("gpg"))
    return _ok("gpg", version)


def _pinentry() -> Iterator[Examined]:
    """The program that asks for a key's passphrase."""
    parts = machine.ask("gpgconf")
    rows = (line.split(":") for line in (parts.out if parts else "").splitlines())
    program = next(
        (row[2].replace("%3a", ":") for row in rows if row[0] == "pinentry" and len(row) > 2),
        "pinentry",
    )
    if machine.has(program):
        yield _ok("pinentry", program)
    else:
        found = f"there is no {program}, so gpg cannot ask for a passphrase"
        yield _advice("pinentry", found, install("pinentry"))


def terminal(here: Here) -> Iterator[Examined]:
    tty = machine.terminal()
    if tty and machine.variable("GPG_TTY") != tty:
        fix = "put `export GPG_TTY=$(tty)` into ~/.bashrc, or what your shell reads"
        yield _advice(
            "GPG_TTY", "gpg does not know your terminal, and may need to ask there", fix
        )
    elif tty:
        yield _ok("GPG_TTY", tty)
    encoding = machine.encoding()
    if encoding.replace("-", "") == "utf8":
        yield _ok("encoding", "UTF-8")
    else:
        found = f"your terminal uses {encoding}, which cannot show every name"
        yield _advice("encoding", found, "export LC_ALL=C.UTF-8")


def editor(here: Here) -> Iterator[Examined]:
    from ocs.adapters.editor import find_editor

    try:
        editor = find_editor()
    except OcsError as error:
        yield _advice("editor", error.message, install("nano"))
        return
    if editor.is_there:
        yield _ok("editor", f"{' '.join(editor.command)} (from {editor.named_by})")
    else:
        found = f"{editor.named_by} names '{editor.command[0]}', which is not installed"
        yield _advice(
            "editor", found, "export EDITOR=nano, or another editor that is installed"
        )


def folders(here: Here) -> Iterator[Examined]:
    if is_memory():
        yield _ok(_MEMORY, "is in memory, and writable")
    else:
        found = "is no writable memory, which keeps secrets off the disk while you edit them"
        yield _advice(_MEMORY, found, f"sudo mount -t tmpfs -o mode=1777 tmpfs {_MEMORY}")
    if here.registry is None:
        return
    own = next((folder for folder in here.own_folders if machine.can_write(folder)), None)
    if own is not None:
        yield _ok("index", f"is in {own}")
    else:
        fix = "set XDG_CACHE_HOME to a folder that you can write to"
        yield _advice("index", "no folder can hold it, so ocs builds it for each search", fix)


def _ok(what: str, found: str) -> Examined:
    return Examined(what, State.OK, found)


def _advice(what: str, found: str, fix: str) -> Examined:
    return Examined(what, State.ADVICE, found, fix)


def _missing(what: str, found: str, fix: str) -> Examined:
    return Examined(what, State.MISSING, found, fix)


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

# Programs that install packages, and the packages that are not named as the program in them.
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
