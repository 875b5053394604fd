"""A branch that is made to harm whoever judges it: nothing of it is run, and the job ends with a sentence."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from ocs.rules.records.schema import Schemas
from tests.ci.platform import Ended, Platform, Runner, served
from tests.proposing import ACCOUNTS, Proposal, git, proposal

RIVER = "communities/river.yaml"
# What a path in a tree is: a file, a program, a link, another repository.
FILE, PROGRAM, LINK, MODULE, FOLDER = "100644", "100755", "120000", "160000", "040000"
Tree = Mapping[str, tuple[str, bytes]]


@pytest.fixture
def platform() -> Iterator[Platform]:
    with served(Platform(opener=int(ACCOUNTS["eve"]))) as platform:
        yield platform


@pytest.fixture
def pr(tmp_path: Path, schemas: Schemas) -> Proposal:
    return proposal(tmp_path / "registry", schemas)


def imported(root: Path, tree: Tree, base: str = "main") -> str:
    """A commit of these paths on top of the base, whatever git would say to adding them."""
    head = "commit refs/heads/pr\ncommitter E <e@example.org> 1 +0000\ndata 1\nx\n"
    stream = [f"{head}from refs/heads/{base}\n".encode()]
    for path, (mode, data) in tree.items():
        quoted = path.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
        if mode == FOLDER:
            stream.append(f'M {mode} {folder_of(root, data)} "{quoted}"\n'.encode())
        elif mode == MODULE:
            stream.append(f'M {mode} {"1" * 40} "{quoted}"\n'.encode())
        else:
            stream.append(
                f'M {mode} inline "{quoted}"\ndata {len(data)}\n'.encode() + data + b"\n"
            )
    git(root, "checkout", "-q", "--detach")
    subprocess.run(
        ["git", "fast-import", "--quiet", "--force"],
        cwd=root,
        input=b"".join(stream),
        check=True,
    )
    return git(root, "rev-parse", "pr")


def folder_of(root: Path, names: bytes) -> str:
    """A tree in which a problem lies under each of these names."""
    asked = {"cwd": root, "check": True, "capture_output": True}
    problem = b"title: x\nsymptoms: [{seen: x}]\n"
    blob = subprocess.run(
        ["git", "hash-object", "-w", "--stdin"], input=problem, **asked
    ).stdout.strip()  # type: ignore[call-overload]
    lines = b"".join(b"100644 blob %s\t%s\n" % (blob, name) for name in names.split())
    return str(subprocess.run(["git", "mktree"], input=lines, **asked).stdout.decode().strip())  # type: ignore[call-overload]


def judged(pr: Proposal, platform: Platform, tree: Tree, base: str = "main") -> Ended:
    platform.head = imported(pr.root, tree, base)
    platform.commits = [platform.head]
    folder = pr.root.parent / "job"
    folder.mkdir()
    git(folder, "clone", "-q", "--bare", str(pr.root), str(folder / "hands" / "registry"))
    ended = Runner(folder, platform).run()
    # The runner would take a line for a command that begins so; those of annotations are ours, and escaped.
    commands = [
        line for line in ended.log.splitlines() if line.startswith("::") or "##[" in line
    ]
    token = re.search("^::stop-commands::([0-9a-f]{32})$", ended.log, re.M)
    assert token
    stopped = ended.log.partition(token[0])[2].partition(f"\n::{token[1]}::")[0].splitlines()
    others = [line for line in commands if line not in stopped]
    assert all(
        re.match("::(error|warning|notice) file=[^:]*::[^\n]*$", line) for line in others[:-2]
    ), others
    assert "Traceback" not in ended.log
    return ended


def test_nothing_of_a_branch_is_run(pr: Proposal, platform: Platform, tmp_path: Path) -> None:
    mark = tmp_path / "it-ran"
    shell = f"#!/bin/sh\ntouch {mark}\n".encode()
    python = f"open({str(mark)!r}, 'w')\n".encode()
    program, script = (PROGRAM, shell), (FILE, python)
    base = f"main$(touch${{IFS}}{mark})`touch${{IFS}}{mark}`".replace("/", "/")
    git(pr.root, "branch", "-q", "-m", "main", base)
    platform.base = base
    platform.title = (
        f"$(touch {mark})\n::set-output name=answer::allowed\n`touch {mark}`'; touch {mark} #"
    )
    platform.branch = f"$(touch${{IFS}}{mark})"
    # What a machine may have set up for all repositories, as git-lfs does.
    own = f'[filter "evil"]\n\tsmudge = touch {mark}\n\tclean = touch {mark}\n[core]\n\thooksPath = hooks\n'
    (Path.home() / ".gitconfig").write_text(own)
    tree = {
        RIVER: (FILE, (pr.root / RIVER).read_bytes().replace(b"Chair", f"$(touch {mark})`x`".encode())),
        ".gitattributes": (FILE, b"* filter=evil diff=evil merge=evil text eol=crlf working-tree-encoding=UTF-7\n"),
        ".gitconfig": (FILE, own.encode()),
        ".lfsconfig": (FILE, f"[lfs]\n\turl = ext::touch {mark}\n".encode()),
        ".gitmodules": (FILE, f'[submodule "m"]\n\tpath = m\n\turl = file://{pr.root}\n'.encode()),
        "m": (MODULE, b""),
        ".github/workflows/evil.yml": (FILE, f"on: pull_request_target\njobs: {{x: {{steps: [{{run: touch {mark}}}]}}}}\n".encode()),
        "action.yml": (FILE, f"runs: {{using: composite, steps: [{{run: touch {mark}, shell: bash}}]}}\n".encode()),
        ".pre-commit-config.yaml": (FILE, b"repos: []\n"),
        ".ci/pull_request.py": script,
        **dict.fromkeys(("ocs/__init__.py", "ocs/__main__.py", "sitecustomize.py", "yaml.py", "setup.py", "json.py"), script),
        **{f"hooks/{name}": program for name in ("post-checkout", "pre-commit", "reference-transaction")},
        **dict.fromkeys(("git", "python3", "ocs.sh", "bin/ocs", "venv/bin/ocs", "registry/ocs", "Makefile"), program),
        "link": (LINK, b"/etc/passwd"),
        "problems/link.yaml": (LINK, b"../../../../../../../etc/passwd"),
        f"people/$(touch {mark.name}).yaml": (FILE, b"name: Eve\n"),
        "people/x\n::error file=x::y\n##[add-mask]x.yaml": (FILE, b"name: Eve\n"),
        "keys/##[stop-commands]x.asc": (FILE, b"-----BEGIN PGP"),
    }  # fmt: skip
    ended = judged(pr, platform, tree, base)
    assert not mark.exists()
    assert (ended.passed, ended.answer) == (False, "refused")
    assert (
        "a file that is no record: .github/workflows/evil.yml" in ended.summary
        or "evil.yml" in ended.summary
    )
    assert "it is a symbolic link, and ocs follows no links" in ended.summary
    assert "root:" not in ended.summary + ended.log
    registry = pr.root.parent / "job/temp/ocs/registry"
    assert sorted(path.name for path in registry.iterdir()) == [".git", "ocs.yaml"]
    assert (registry / "ocs.yaml").read_bytes() == (pr.root / "ocs.yaml").read_bytes()


def test_a_link_in_place_of_the_registrys_record(pr: Proposal, platform: Platform) -> None:
    ended = judged(pr, platform, {"ocs.yaml": (LINK, b"/etc/passwd")})
    assert not ended.passed
    assert "root:" not in ended.summary + ended.log
    assert "ocs.yaml" in ended.summary


def bomb() -> bytes:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12)]
    return "\n".join(lines).encode()


def many(folders: int) -> Tree:
    """100,000 files in so many folders."""
    each = 100_000 // folders
    names = [
        b" ".join(b"p-%d.yaml" % (n * each + i) for i in range(each)) for n in range(folders)
    ]
    paths = ["problems"] if folders == 1 else [f"problems/d-{n}" for n in range(folders)]
    return {path: (FOLDER, name) for path, name in zip(paths, names, strict=True)}


BOMBS: dict[str, tuple[Callable[[], Tree], str]] = {
    "aliases": (lambda: {RIVER: (FILE, bomb())}, "anchor"),
    "a line of 10 MiB": (lambda: {RIVER: (FILE, b"name: " + b"x" * 10 * 2**20)}, "1 MiB"),
    "deep brackets": (lambda: {RIVER: (FILE, b"name: " + b"[" * 500_000)}, "deep"),
    "very many files": (lambda: many(1), "changes too many files"),
    "very many folders": (
        lambda: many(20),
        "changes too many files",
    ),
    "very deep": (
        lambda: {"people/" + "d/" * 500 + "x.yaml": (FILE, b"name: X\n")},
        "is nested too deep",
    ),
    "a submodule whose address is an option": (
        lambda: {
            ".gitmodules": (FILE, b'[submodule "m"]\n\tpath = m\n\turl = -u./x\n'),
            "m": (MODULE, b""),
        },
        "git cannot fetch the branch, or refuses what it holds",
    ),
    "a path that leads out": (
        lambda: {".git/hooks/post-checkout": (PROGRAM, b"#!/bin/sh\n")},
        "git cannot fetch the branch, or refuses what it holds",
    ),
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_branch_that_is_a_bomb_ends_with_a_sentence(
    name: str, pr: Proposal, platform: Platform
) -> None:
    tree, sentence = BOMBS[name]
    ended = judged(pr, platform, tree())
    assert (ended.passed, ended.answer) == (False, "refused")
    assert sentence in ended.summary, ended
    assert platform.comments[0]["body"].count("\n") < 400
    assert platform.verdict()["state"] == "failure"
