"""Programs that a repository names, each of which leaves a mark of its own."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from tests.conftest import EXAMPLE_REGISTRY
from tests.hostile.folders import canary
from tests.hostile.plain import plain, write
from tests.hostile.repositories import git, repository

ATTRIBUTES = """\
* diff=text
ocs.yaml filter=clean
people/*.yaml filter=a.b
vetting/*.yaml filter=process
orgs/*.yaml filter=smudge
communities/*.yaml diff=command
access/**/*.yaml !diff
problems/*.yaml merge=driver
"""
# Git's hooks that a question or a commit can run.
HOOKS = (
    "pre-commit prepare-commit-msg commit-msg post-commit reference-transaction "
    "post-index-change pre-auto-gc post-checkout post-merge"
).split()
SIGNED = """\
tree {tree}
parent {parent}
author Ana <ana@example.org> 1700000000 +0000
committer Ana <ana@example.org> 1700000000 +0000
gpgsig -----BEGIN PGP SIGNATURE-----
 x
 -----END PGP SIGNATURE-----

signed
"""
PLACES = {
    "config": ("--local",),
    "an included file": ("--file", "{}/settings"),
    "the worktree's own settings": ("--worktree",),
}


class Named(NamedTuple):
    """A program that settings name: `{}` is what runs it. `plain` is a question with which git
    does, where it has no guard.
    """

    settings: dict[str, str]
    plain: str = ""


NAMED: dict[str, Named] = {
    "monitor": Named({"core.fsmonitor": "{}"}, "status"),
    "hook": Named({"core.hooksPath": "{}-hooks"}, "update-ref refs/heads/x HEAD"),
    "filter": Named({"filter.clean.clean": "{}"}, "diff HEAD -- ocs.yaml"),
    "filter with a point": Named({"filter.a.b.clean": "{}"}, "diff HEAD -- people"),
    "filter process": Named({"filter.process.process": "{}"}, "diff HEAD -- vetting"),
    "smudge": Named(
        {"filter.smudge.smudge": "{}"}, "cat-file --filters HEAD:orgs/river-house.yaml"
    ),
    "external diff": Named({"diff.external": "{}"}, "diff HEAD -- access"),
    "diff driver": Named({"diff.command.command": "{}"}, "diff HEAD -- communities"),
    "textconv": Named({"diff.text.textconv": "{}"}, "show --textconv HEAD:ocs.yaml"),
    "merge driver": Named(
        {"merge.driver.driver": "{}", "merge.default": "driver"},
        "merge-tree --write-tree main other",
    ),
    "renormalized merge": Named(
        {"merge.renormalize": "true", "filter.smudge.clean": "{}"},
        "-c merge.renormalize=true merge-tree --write-tree main other",
    ),
    "signature": Named(
        {"log.showSignature": "true", "commit.gpgSign": "true", "gpg.program": "{}"}, "log"
    ),
    "editor": Named({"core.editor": "{}"}, "-c commit.gpgSign=false commit --allow-empty"),
    "pager": Named({"core.pager": "{}"}),
    "alias": Named({"alias.diff": "!{}", "alias.remote-none": "!{}"}, "ls-remote none::x"),
    "askpass": Named({"core.askPass": "{}"}),
    "credentials": Named(
        {"credential.helper": "!{}"}, "-c core.askPass=false credential fill"
    ),
    "ssh": Named({"core.sshCommand": "{}"}, "ls-remote ssh://x/y"),
    "proxy": Named({"core.gitProxy": "{}"}, "ls-remote git://x/y"),
}


def marks(root: Path) -> set[str]:
    """The programs that ran."""
    return {path.name for path in (canary(root) / "ran").iterdir()}


def prepare(root: Path) -> None:
    """A repository in which two branches change the same records, the last commit has a
    signature, and some files are changed.
    """
    plain(root)
    write(root, ".gitattributes", ATTRIBUTES)
    # Only of secrets and keys that can be read is the history asked for.
    secret = EXAMPLE_REGISTRY / "secrets/ankerplatz-rechtsberatung/cloud-admin.gpg"
    write(root, "secrets/river-house/cloud.gpg", secret.read_bytes())
    key = EXAMPLE_REGISTRY / "keys/amara.asc"
    write(root, "keys/lena.asc", key.read_bytes())
    repository(root)
    for branch in ("main", "other"):
        if branch == "other":
            git(root, "checkout", "-q", "-b", branch, "base")
        for path in ("problems/mail-late.yaml", "orgs/river-house.yaml"):
            write(root, path, f"{(root / path).read_text()}# {branch}\n")
        git(root, "commit", "-q", "-a", "-m", branch)
    git(root, "checkout", "-q", "main")
    text = SIGNED.format(tree=_asked(root, "HEAD^{tree}"), parent=_asked(root, "HEAD"))
    making = ["git", "hash-object", "-t", "commit", "-w", "--stdin"]
    signed = subprocess.check_output(making, cwd=root, input=text.encode()).decode().strip()
    git(root, "update-ref", "refs/heads/main", signed)
    for path in ("ocs.yaml", "people/joost.yaml", "vetting/lena.yaml", "communities/north.yaml",
                 "access/river-house/cloud.yaml"):  # fmt: skip
        write(root, path, (root / path).read_text() + "# changed\n")


def name_programs(root: Path, place: str = "config") -> None:
    """Settings that name a program for everything for which git runs one."""
    (canary(root) / "ran").mkdir()
    if place == "the worktree's own settings":
        git(root, "config", "extensions.worktreeConfig", "true")
    where = [word.format(canary(root)) for word in PLACES[place]]
    for title, named in NAMED.items():
        program = canary(root) / title.replace(" ", "-")
        program.write_text(f"#!/bin/sh\ntouch '{canary(root)}/ran/{title}'\n")
        program.chmod(0o755)
        for name, value in named.settings.items():
            git(root, "config", *where, name, value.format(program))
    (canary(root) / "hook-hooks").mkdir()
    for hook in HOOKS:
        shutil.copy(canary(root) / "hook", canary(root) / "hook-hooks" / hook)
        shutil.copy(canary(root) / "hook", root / ".git/hooks" / hook)
    if place == "an included file":
        git(root, "config", "include.path", f"{canary(root)}/settings")


def _asked(root: Path, revision: str) -> str:
    words = ["git", "rev-parse", revision]
    return subprocess.check_output(words, cwd=root, text=True).strip()


def run_plainly(root: Path, question: str) -> None:
    """Ask git as it is, without any guard."""
    subprocess.run(
        ["git", "-c", "merge.renormalize=false", *question.split()],
        cwd=root,
        check=False,
        capture_output=True,
        env={**os.environ, **IDENTITY},
        input=b"protocol=https\nhost=x.example\n\n",
        timeout=20,
    )


IDENTITY = {
    f"GIT_{who}_{what}": "ana@example.org"
    for who in ("AUTHOR", "COMMITTER")
    for what in ("NAME", "EMAIL")
}


def watched(folder: Path) -> Callable[[], list[list[str]]]:
    """Put a `git` into *folder* that notes the words with which it is started; they are given."""
    folder.mkdir()
    program = folder / "git"
    program.write_text(
        f'#!/bin/sh\nprintf "%s\\036" "$@" "" >> {folder}/noted\n'
        f'printf "\\035" >> {folder}/noted\nexec {shutil.which("git")} "$@"\n'
    )
    program.chmod(0o755)

    def words() -> list[list[str]]:
        entries = (folder / "noted").read_text().split("\x1d")
        return [entry.split("\x1e")[:-2] for entry in entries if entry]

    return words
