"""What `ocs doctor --fix` sets, and what other programs need to read and write secrets."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from pathlib import Path

from ocs.adapters import machine
from ocs.adapters.files import Files
from ocs.adapters.git import private_folder
from ocs.adapters.git.program import GitError, ask
from ocs.errors import OcsError
from ocs.model.examined import Examined, State
from ocs.rules.records.schema import Schemas
from ocs.tasks.registry.certificates import certificate_files
from ocs.tasks.secrets.secrets import registry_of

_DRIVER = "diff.ocs-secret"
_TEXTCONV = "secret textconv"
# In the clone and not in .gitattributes: where git does not know this driver, it prints a file
# without a NUL as text.
_ATTRIBUTE = "*.gpg diff=ocs-secret"
_ATTRIBUTES = "info/attributes"


def settings() -> dict[str, str]:
    """The settings by which git compares what secrets say, and keeps nothing of that."""
    return {
        f"{_DRIVER}.textconv": f"{machine.own_command()} {_TEXTCONV}",
        f"{_DRIVER}.cachetextconv": "false",
    }


def fix(registry: Path) -> list[str]:
    """Let git compare what secrets say, in this clone alone. Returns what was done, in words."""
    missing, is_named = _unset(registry), _names_driver(registry)
    if (missing or not is_named) and private_folder(registry) is None:
        raise OcsError(
            f"{registry} is not in a git repository of yours",
            "run `git init`, or clone it yourself",
        )
    for name, value in missing.items():
        ask(registry, "config", "--local", "--replace-all", name, value)
    done = [f"set {name} = {value} for this repository" for name, value in missing.items()]
    if not is_named:
        file = registry / ask(registry, "rev-parse", "--git-path", _ATTRIBUTES).strip()
        machine.append(file, f"{_ATTRIBUTE}\n")
        done.append(f"wrote '{_ATTRIBUTE}' into {file}")
    return done


def diffs(registry: Path) -> Iterator[Examined]:
    """Whether git compares what secrets say."""
    if _unset(registry) or not _names_driver(registry):
        found = "git shows only that a secret differs, not what differs in it"
        yield Examined("git diff", State.ADVICE, found, "ocs doctor --fix")
    else:
        found = "shows what changed in the secrets that you can read"
        yield Examined("git diff", State.OK, found)


def for_other_programs(files: Files, schemas: Schemas) -> list[str]:
    """The commands after which programs such as pass read and write a registry's secrets."""
    registry = registry_of(files, schemas)
    if registry.secrets is None:
        return []
    keys = {gatekeeper.key for gatekeeper in registry.policy.gatekeepers}
    certificates = [
        shlex.quote(str(files.root / file.name))
        for file in certificate_files(files)
        if file.outline and file.outline.fingerprint in keys
    ]
    return [
        *([f"gpg --import {' '.join(certificates)}"] if certificates else ()),
        f"export PASSWORD_STORE_DIR={shlex.quote(str(files.root / 'secrets'))}",
        "export PASSWORD_STORE_GPG_OPTS=--trust-model=always",
    ]


def _unset(registry: Path) -> dict[str, str]:
    """The settings that git does not have as they should be."""
    return {
        name: value for name, value in settings().items() if not _is_set(name, value, registry)
    }


def _is_set(name: str, value: str, registry: Path) -> bool:
    now = git_answer(registry, "config", "--get", name)
    if name.endswith(".textconv"):
        # Another way to call ocs is as good, as long as there is such a program.
        command, _, rest = now.rpartition(f" {_TEXTCONV}")
        return not rest and machine.has((machine.words(command) or [""])[0])
    return now == value


def _names_driver(registry: Path) -> bool:
    """Does git know which driver compares secrets?"""
    question = ("check-attr", "diff", "--", "secrets/owner/name.gpg")
    return git_answer(registry, *question).endswith(": ocs-secret")


def git_answer(folder: Path | None, *question: str) -> str:
    """What git answers; empty where it says no, or does not answer."""
    try:
        return ask(folder or Path(), *question).strip()
    except GitError:
        return ""
