"""Hostile repositories: what `.git` may hold, lead to, or lack."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

from tests.hostile.folders import canary
from tests.hostile.plain import write

Builder = Callable[[Path], None]
NO_REPOSITORY = "is not in a git repository"
# The name of a repository: the function that makes it of a sound registry, and what `ocs validate --since
# base` says; nothing where it answers.
REPOSITORIES: dict[str, tuple[Builder, str]] = {}


def hostile(name: str, says: str = "") -> Callable[[Builder], Builder]:
    def enter(build: Builder) -> Builder:
        assert name not in REPOSITORIES
        REPOSITORIES[name] = (build, says)
        return build

    return enter


def git(root: Path, *arguments: str) -> None:
    settings = [
        "user.name=Ana",
        "user.email=ana@example.org",
        "protocol.file.allow=always",
        "commit.gpgSign=false",
    ]
    options = [word for setting in settings for word in ("-c", setting)]
    subprocess.run(["git", *options, *arguments], cwd=root, check=True, capture_output=True)


def repository(root: Path, *options: str) -> None:
    """The registry in a repository of two commits; `base` is the first."""
    git(root, "init", "-q", "-b", "main", *options, ".")
    git(root, "add", ".")
    git(root, "commit", "-q", "-m", "begin")
    git(root, "branch", "base")
    write(root, "people/new.yaml", "name: New\n")
    git(root, "add", ".")
    git(root, "commit", "-q", "-m", "go on")
    write(root, "people/newer.yaml", "name: Newer\n")


def trap(root: Path) -> str:
    """A program whose running would change what lies around."""
    script = write(root, "../canary/trap", f"#!/bin/sh\ntouch {canary(root)}/trapped\ncat\n")
    script.chmod(0o755)
    return str(script)


@hostile("a sound one")
def _(root: Path) -> None:
    repository(root)


@hostile("no commits", "git has no revision 'base' here")
def _(root: Path) -> None:
    git(root, "init", "-q", ".")


@hostile("SHA-256")
def _(root: Path) -> None:
    repository(root, "--object-format=sha256")


@hostile("a bare one", "is not in the working tree")
def _(root: Path) -> None:
    repository(root)
    git(root, "config", "core.bare", "true")


@hostile("files of the registry that look like a bare one", NO_REPOSITORY)
def _(root: Path) -> None:
    repository(root)
    git(root, "clone", "-q", "--bare", ".", "bare")
    for path in (root / "bare").iterdir():
        path.rename(root / path.name)
    write(
        root, "config", f"[core]\n\tbare = false\n\tworktree = .\n\tfsmonitor = {trap(root)}\n"
    )
    shutil.rmtree(root / ".git")


@hostile("a shallow clone", "has nothing in common with 'base'")
def _(root: Path) -> None:
    repository(root)
    root.rename(root.parent / "whole")
    git(
        root.parent,
        "clone",
        "-q",
        "--depth",
        "1",
        "--no-single-branch",
        f"file://{root.parent}/whole",
        "registry",
    )
    git(root, "branch", "base", "origin/base")


@hostile("a worktree")
def _(root: Path) -> None:
    repository(root)
    root.rename(root.parent / "main")
    git(root.parent / "main", "worktree", "add", "-q", "-b", "other", "../registry")


@hostile("a submodule")
def _(root: Path) -> None:
    repository(root)
    root.rename(root.parent / "whole")
    git(root.parent, "init", "-q", ".")
    git(root.parent, "submodule", "add", "-q", "./whole", "registry")
    git(root, "branch", "base", "origin/base")


@hostile("a submodule among the problems")
def _(root: Path) -> None:
    repository(root)
    git(root.parent, "clone", "-q", "registry", "other")
    git(root, "submodule", "add", "-q", "../other", "problems/other")
    git(root / "problems/other", "config", "core.fsmonitor", trap(root))
    write(root, "problems/other/people/new.yaml", "name: Changed\n")


@hostile("another repository among the people")
def _(root: Path) -> None:
    repository(root)
    git(root / "people", "init", "-q", "inner")
    git(root / "people/inner", "config", "core.fsmonitor", trap(root))
    write(root, "people/inner/lena.yaml", "name: x\n")


@hostile("settings that name programs")
def _(root: Path) -> None:
    repository(root)
    program = trap(root)
    for name in (
        "fsmonitor",
        "sshCommand",
        "pager",
        "editor",
        "askPass",
        "gitProxy",
        "alternateRefsCommand",
    ):
        git(root, "config", f"core.{name}", program)
    for name in (
        "diff.external",
        "diff.x.command",
        "diff.x.textconv",
        "filter.x.clean",
        "filter.x.process",
    ):
        git(root, "config", name, program)
    for name in (
        "alias.diff",
        "alias.rev-parse",
        "alias.config",
        "credential.helper",
        "gpg.program",
    ):
        git(root, "config", name, f"!{program}")
    git(root, "config", "core.hooksPath", str(canary(root)))
    shutil.copy(program, canary(root) / "post-index-change")
    write(root, ".gitattributes", "* filter=x diff=x merge=x\n")
    write(root, "people/lena.yaml", "name: Lena Brandt, changed\n")


@hostile("settings of another place")
def _(root: Path) -> None:
    repository(root)
    write(
        root,
        "../canary/settings",
        f"[core]\n\tfsmonitor = {trap(root)}\n\texcludesFile = /dev/zero\n",
    )
    git(root, "config", "include.path", str(canary(root) / "settings"))


@hostile("a working tree elsewhere", "is not in the working tree")
def _(root: Path) -> None:
    repository(root)
    git(root, "config", "core.worktree", str(canary(root)))


@hostile("objects of another place")
def _(root: Path) -> None:
    repository(root)
    git(canary(root), "init", "-q", "--bare", "other")
    for folder in sorted((root / ".git/objects").glob("??")):
        folder.rename(canary(root) / "other/objects" / folder.name)
    write(
        root,
        ".git/objects/info/alternates",
        f"{canary(root)}/other/objects\n/nowhere\n/dev/zero\n",
    )


for place, said in {
    "HEAD": NO_REPOSITORY,
    "index": "git cannot list the changes",
    "config": "git cannot read the repository",
    "packed-refs": "git has no revision 'base' here",
    "refs/heads/base": "git has no revision 'base' here",
    "shallow": "git has no revision 'base' here",
    "info/exclude": "",
    "info/attributes": "",
}.items():

    @hostile(f"a broken {place}", said)
    def _(root: Path, place: str = place) -> None:
        repository(root)
        write(root, f".git/{place}", b"\x1b[31m\0\xff::error::x\n" * 50)


@hostile("no objects", "git has no revision 'base' here")
def _(root: Path) -> None:
    repository(root)
    for folder in (root / ".git/objects").glob("??"):
        shutil.rmtree(folder)


@hostile("a .git that leads to another repository", "")
def _(root: Path) -> None:
    repository(root)
    (root / ".git").rename(canary(root) / "other.git")
    write(root, ".git", f"gitdir: {canary(root)}/other.git\n")


for content in (
    "gitdir: .git\n",
    "gitdir: .\n",
    "gitdir: ../canary\n",
    "gitdir: /dev/zero\n",
    "",
    "\0\xff" * 5000,
):

    @hostile(f"a .git of {content[:20]!r}", NO_REPOSITORY)
    def _(root: Path, content: str = content) -> None:
        write(root, ".git", content.encode("latin-1"))


@hostile("a .git that leads to a pipe", NO_REPOSITORY)
def _(root: Path) -> None:
    os.mkfifo(root / "pipe")
    write(root, ".git", "gitdir: pipe\n")


@hostile("a .git that is a pipe", NO_REPOSITORY)
def _(root: Path) -> None:
    os.mkfifo(root / ".git")


@hostile("a .git that is a link", NO_REPOSITORY)
def _(root: Path) -> None:
    repository(root)
    (root / ".git").rename(canary(root) / "other.git")
    (root / ".git").symlink_to(canary(root) / "other.git")


@hostile("a place of the index that is a link")
def _(root: Path) -> None:
    repository(root)
    (root / ".git/ocs").symlink_to(canary(root))


@hostile("a place of the index that is a pipe")
def _(root: Path) -> None:
    repository(root)
    os.mkfifo(root / ".git/ocs")


@hostile("an index with another name outside")
def _(root: Path) -> None:
    from ocs.adapters.store.database import place
    from ocs.adapters.store.index import VERSION

    repository(root)
    (root / ".git/ocs").mkdir()
    for suffix in ("", "-wal", "-shm", "-journal"):
        for name, version in (("index", VERSION), ("judged", 1)):
            path = place(root / ".git/ocs", name, version, root)
            os.link(canary(root) / "empty", path.with_name(path.name + suffix))
