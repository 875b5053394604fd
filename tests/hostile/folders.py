"""Hostile folders: links, pipes, devices, names, sizes, and records that lead in circles."""

from __future__ import annotations

import contextlib
import os
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.hostile.contents import COMMANDS_OF_CI, STEERS
from tests.hostile.plain import write

# The name of a registry: the function that makes it of a sound one, and what `ocs validate` says of it.
FOLDERS: dict[str, tuple[Callable[[Path], None], str]] = {}
Builder = Callable[[Path], None]


def hostile(name: str, says: str = "") -> Callable[[Builder], Builder]:
    def enter(build: Builder) -> Builder:
        assert name not in FOLDERS
        FOLDERS[name] = (build, says)
        return build

    return enter


def canary(root: Path) -> Path:
    return root.parent / "canary"


@hostile("links out of the tree", "it is a symbolic link, and ocs follows no links")
def _(root: Path) -> None:
    (root / "people/out.yaml").symlink_to(canary(root) / "secret.yaml")
    (root / "problems/out.yaml").symlink_to("../../canary/secret.yaml")
    (root / "orgs/out.yaml").symlink_to("/etc/passwd")
    (root / "access/out").symlink_to(canary(root) / "inner")
    (root / "keys").symlink_to(canary(root))
    (root / "secrets/out").symlink_to(canary(root))
    (root / "notes.md").symlink_to(canary(root) / "secret")


@hostile("folders that are links", "it is a symbolic link, and ocs follows no links")
def _(root: Path) -> None:
    for name in ("vetting", "communities"):
        (root / name).rename(root / f".{name}")
        (root / name).symlink_to(canary(root) / "inner")


@hostile(
    "the registry's own record is a link", "it is a symbolic link, and ocs follows no links"
)
def _(root: Path) -> None:
    (root / "ocs.yaml").unlink()
    (root / "ocs.yaml").symlink_to(canary(root) / "inner/ocs.yaml")


@hostile("links in circles", "it is a symbolic link, and ocs follows no links")
def _(root: Path) -> None:
    (root / "people/loop.yaml").symlink_to("loop.yaml")
    (root / "people/a").symlink_to("b")
    (root / "people/b").symlink_to("a")
    (root / "problems/all").symlink_to("..")
    (root / "people/root").symlink_to("/")
    (root / "loop").symlink_to("loop")


@hostile("links to endless files", "it is a symbolic link, and ocs follows no links")
def _(root: Path) -> None:
    os.mkfifo(root / ".pipe")
    for number, target in enumerate(
        ("/dev/zero", "/dev/stdin", "/proc/self/mem", "/proc/self/fd/0", "../.pipe")
    ):
        (root / f"problems/endless-{number}.yaml").symlink_to(target)
        (root / f"endless-{number}.md").symlink_to(target)
    (root / "problems/self").symlink_to("/proc/self/root")


@hostile("hard links to what lies outside")
def _(root: Path) -> None:
    # No name tells them apart; git does not make any, and what is read is what lies in the folder.
    write(root, "problems/twice.yaml", "title: Twice\nsymptoms: [{seen: x}]\n")
    os.link(root / "problems/twice.yaml", root / "problems/again.yaml")
    os.link(root / "problems/twice.yaml", canary(root) / "twice.yaml")


@hostile("pipes and sockets", "it is not a plain file")
def _(root: Path) -> None:
    for folder in (
        "people",
        "problems",
        "communities",
        "keys",
        "secrets",
        "secrets/river-house",
    ):
        (root / folder).mkdir(exist_ok=True)
        os.mkfifo(root / folder / "pipe.yaml")
    os.mkfifo(root / "README.md")
    os.mkfifo(root / "requests")
    before = Path.cwd()
    os.chdir(root / "people")  # a socket's name has at most about 100 bytes
    try:
        with socket.socket(socket.AF_UNIX) as server:
            server.bind("socket.yaml")
    finally:
        os.chdir(before)


@hostile("the registry's own record is a pipe", "there is no registry here")
def _(root: Path) -> None:
    (root / "ocs.yaml").unlink()
    os.mkfifo(root / "ocs.yaml")


@hostile("the registry's own record is a folder", "there is no registry here")
def _(root: Path) -> None:
    (root / "ocs.yaml").unlink()
    (root / "ocs.yaml").mkdir()


@hostile("devices", "it is not a plain file")
def _(root: Path) -> None:
    try:
        os.mknod(root / "problems/zero.yaml", 0o020666, os.makedev(1, 5))
        os.mknod(root / "README", 0o020666, os.makedev(1, 5))
    except OSError as error:
        pytest.skip(f"only root makes devices: {error}")
    with contextlib.suppress(OSError):
        os.mknod(root / "people/disk.yaml", 0o060666, os.makedev(7, 0))


@hostile(
    "folders where files belong, and files where folders do",
    "it should be a folder, not a file",
)
def _(root: Path) -> None:
    (root / "people/x.yaml/y.yaml").mkdir(parents=True)
    (root / "problems/mail-late.yaml").unlink()
    (root / "problems/mail-late.yaml").mkdir()
    (root / "vetting/lena.yaml").unlink()
    (root / "vetting").rmdir()
    (root / "vetting").write_text("level: vetted\n")
    (root / "keys").write_text("")


@hostile("sparse files of 10 GiB", "larger than 1 MiB")
def _(root: Path) -> None:
    for path in (
        "problems/x1.yaml",
        "people/x1.yaml",
        "README.md",
        "secrets/river-house/x1.gpg",
        "keys/lena.asc",
    ):
        write(root, path, "")
        os.truncate(root / path, 10 << 30)


@hostile("5,000 files of junk", "a record's file name ends in .yaml")
def _(root: Path) -> None:
    for number in range(5000):
        (root / "problems" / f"junk {number}.yml").touch()


@hostile("folders 200 deep", "it should be a file, not a folder")
def _(root: Path) -> None:
    (root / "people" / "/".join(["deep"] * 200)).mkdir(parents=True)
    (root / "secrets" / "/".join(["deep"] * 200)).mkdir(parents=True)
    (root / "/".join(["top"] * 200)).mkdir(parents=True)


NAMES = (
    "-rf", "--registry=..", "con", "con.yaml", "nul", "..yaml", "...", ".. ", "~", "~root", "$HOME", "`id`", "$(id)",
    "*", "?", "[a]", "a:b", "a;b", "a|b", "a&b", "a'b", 'a"b', "a\\b", "a\tb", "a\nb", "a\rb", "a b", " a", "a ",
    "::error file=x::owned", "%0A::error::x", STEERS.replace("\0", "").replace("/", ""), "\u202egpj.lmay", "ä", "a\u0308",
    "ﬁ", "🏳️\u200d🌈", "\u200b", "\ufeff", "A", "a_b", "a--b", "-a", "a.b", "\udcff\udcfe", "\udce2\udc80",
    "ab" * 125, "é" * 125, "ocs", "OCS.YAML", "HEAD", "config", "..%2f..%2fx",
)  # fmt: skip


@hostile("names of all kinds", "an id has 2 to 60 lowercase letters, digits and single '-'")
def _(root: Path) -> None:
    made = 0
    for name in NAMES:
        # A file system may refuse some of them.
        with contextlib.suppress(OSError, UnicodeError):
            for folder in (
                "people",
                "problems",
                "access/river-house",
                "secrets/river-house",
                "keys",
                ".",
            ):
                (root / folder).mkdir(exist_ok=True)
                (root / folder / f"{name}.yaml").write_text("name: x\n")
                made += 1
            (root / "access" / name).mkdir()
            (root / name).mkdir(exist_ok=True)
    assert made > 200


@hostile("ids as long as they may be")
def _(root: Path) -> None:
    longest = "a-" * 29 + "ab"
    for folder in ("people", "problems", "orgs", "communities"):
        write(root, f"{folder}/{longest}.yaml", f"name: x\ntitle: x\nformerly: [{longest}]\n")
        write(root, f"{folder}/{longest}b.yaml", "name: x\n")
    write(root, f"access/{longest}/{longest}.yaml", "purpose: x\n")


@hostile("communities in circles", "is part of")
def _(root: Path) -> None:
    for number in range(300):
        following = (number + 1) % 300
        lead = f"leads: [{{group: c-{following}, role: owner, since: 2025-01-01}}]"
        write(
            root,
            f"communities/c-{number}.yaml",
            f"name: C\nkind: team\npart_of: [c-{following}, c-{number}]\n{lead}\nsuccession: {{recovery: c-{following}}}\n",
        )


@hostile("people who deputise for each other")
def _(root: Path) -> None:
    resources = "".join(
        f"  - {{name: r{n}.example, type: domain, custodian: {a}, deputy: {b}}}\n"
        for n, (a, b) in enumerate([("lena", "joost"), ("joost", "lena"), ("lena", "lena")])
    )
    write(
        root,
        "communities/south.yaml",
        f"name: S\nkind: team\nresources:\n{resources}formerly: [south, north]\n",
    )
    write(
        root,
        "people/lena.yaml",
        "name: Lena\nformerly: [joost, lena]\nconflicts: [{with: lena}, {with: joost}]\n",
    )
    write(root, "people/joost.yaml", "name: Joost\nformerly: [lena, joost]\n")


@hostile("a policy of nothing")
def _(root: Path) -> None:
    write(
        root,
        "ocs.yaml",
        "name: x\ngatekeepers: []\nthreshold: 0\nvetting: {levels: [], checkers: 0, lasts: 0 months}\n"
        "sensitivity: {}\ncommunity_kinds: []\nactions: []\nalso: []\n",
    )


@hostile("a policy that repeats itself")
def _(root: Path) -> None:
    write(
        root,
        "ocs.yaml",
        "name: x\ngatekeepers: [{person: lena}, {person: lena}]\nthreshold: 99\n"
        "vetting: {levels: [known, known, known], checkers: 99999999999999999999, lasts: 99999999999999999999 months}\n"
        "sensitivity: {low: known, high: nothing, medium: ''}\ncommunity_kinds: [team, team]\nactions: [domain, domain]\n"
        "also: [., .., /, people, ../canary, .git]\nrenew_by: 0001-01-01\n",
    )


@hostile("a policy for ever")
def _(root: Path) -> None:
    for lasts in ("9999 years", "99999 months"):
        write(
            root,
            "ocs.yaml",
            f"name: x\nvetting: {{levels: [newcomer, known], lasts: {lasts}}}\n",
        )
    write(root, "vetting/joost.yaml", "level: known\nsince: 9999-12-31\n")
    write(root, "vetting/mirela.yaml", "level: known\nsince: 0001-01-01\n")


@hostile("no records", "")
def _(root: Path) -> None:
    for path in sorted(root.rglob("*"), reverse=True):
        if path.name != "ocs.yaml":
            path.rmdir() if path.is_dir() else path.unlink()


@hostile("no registry", "there is no registry here")
def _(root: Path) -> None:
    (root / "ocs.yaml").unlink()


@hostile("texts of other files", "")
def _(root: Path) -> None:
    write(root, "README.md", STEERS + COMMANDS_OF_CI)
    write(root, "long.txt", "password: " + "x" * (10 << 20))
    write(
        root,
        "tokens.txt",
        "token ghp_" + "a1B2" * 100_000 + "\n" + "-----BEGIN RSA PRIVATE KEY-----\n" * 5000,
    )
    write(root, "bytes.bin", bytes(range(256)) * 4000)


@hostile("links in the way of what is written")
def _(root: Path) -> None:
    # Beside what `ocs export`, `ocs due --ics` and `ocs init` are asked to write.
    (root / "mots.yaml").symlink_to(canary(root) / "secret.yaml")
    (root / "dates.ics").symlink_to(canary(root) / "empty")
    (root / ".github").symlink_to(canary(root))
    (root / ".gitlab-ci.yml").symlink_to(canary(root) / "new")
    (root / ".cache").symlink_to(canary(root))
