"""What `ocs doctor --fix` sets on this machine, and what other programs need to read and write
secrets.
"""

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
# In the clone and not in .gitattributes: where nothing knows this driver, git prints as text
# what has no NUL.
_ATTRIBUTE = "*.gpg diff=ocs-secret"
_ATTRIBUTES = "info/attributes"


def settings() -> dict[str, str]:
    """What git is to be told so that it compares what secrets say. It keeps nothing of that."""
    return {
        f"{_DRIVER}.textconv": f"{machine.own_command()} {_TEXTCONV}",
        f"{_DRIVER}.cachetextconv": "false",
    }


def fix(registry: Path) -> list[str]:
    """Let git compare what secrets say, in this clone alone; what was done, in sentences.

    Raises OcsError where it cannot be.
    """
    missing, names = _unset(registry), _names_driver(registry)
    if (missing or not names) and private_folder(registry) is None:
        raise OcsError(
            f"{registry} is in no git repository of yours",
            "run `git init`, or clone it yourself",
        )
    for name, value in missing.items():
        ask(registry, "config", "--local", "--replace-all", name, value)
    done = [f"set {name} = {value} for this repository" for name, value in missing.items()]
    if not names:
        file = registry / ask(registry, "rev-parse", "--git-path", _ATTRIBUTES).strip()
        machine.append(file, f"{_ATTRIBUTE}\n")
        done.append(f"wrote '{_ATTRIBUTE}' into {file}")
    return done


def diffs(registry: Path) -> Iterator[Examined]:
    """Git compares what secrets say, for whoever can read them."""
    if _unset(registry) or not _names_driver(registry):
        found = (
            "git only says that a secret differs, since it does not know what compares them"
        )
        yield Examined("git diff", State.ADVICE, found, "ocs doctor --fix")
    else:
        yield Examined(
            "git diff", State.OK, "shows what changed in the secrets that you can read"
        )


def for_other_programs(files: Files, schemas: Schemas) -> list[str]:
    """The commands after which pass and its kin read and write a registry's secrets; none
    without any.
    """
    registry = registry_of(files, schemas)
    if registry.secrets is None:
        return []
    keys = {each.key for each in registry.policy.gatekeepers}
    certificates = [
        shlex.quote(str(files.root / each.name))
        for each in certificate_files(files)
        if each.outline and each.outline.fingerprint in keys
    ]
    return [
        *([f"gpg --import {' '.join(certificates)}"] if certificates else ()),
        f"export PASSWORD_STORE_DIR={shlex.quote(str(files.root / 'secrets'))}",
        "export PASSWORD_STORE_GPG_OPTS=--trust-model=always",
    ]


def _unset(registry: Path) -> dict[str, str]:
    """Those of the settings that git does not have as they should be."""
    return {
        name: value for name, value in settings().items() if not _is_set(name, value, registry)
    }


def _is_set(name: str, value: str, registry: Path) -> bool:
    now = git_answer(registry, "config", "--get", name)
    if name.endswith(".textconv"):
        # Another way to call ocs is as good, as long as there is such a program.
        command, _, asked = now.rpartition(f" {_TEXTCONV}")
        return not asked and machine.has((machine.words(command) or [""])[0])
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
