"""People with real keys, made once per run, and registries in which they keep secrets."""

from __future__ import annotations

import contextlib
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from ocs.adapters.files import Files
from ocs.adapters.packets import as_text
from ocs.rules.secrets.bodies import body_name
from ocs.tasks.secrets.bodies import origin_of
from tests import gpg

# Amara and Joost are gatekeepers; Mallory is nobody.
PEOPLE = ("amara", "joost", "lena", "sam", "mallory")
RECORDS = """\
== ocs.yaml
name: Helping Hands
gatekeepers:
  - person: amara
    key: {amara}
  - person: joost
    key: {joost}
== orgs/river.yaml
name: River House
sensitivity: high
gatekeepers: [amara, joost]
suppliers: [{{id: studio}}]
== orgs/house.yaml
name: Open House
sensitivity: low
gatekeepers: [joost, amara]
"""
PERSON = """\
== people/{id}.yaml
name: {name}
"""
VETTING = """\
== vetting/{id}.yaml
level: vetted
key: {key}
checks:
  - kind: met
    by: amara
    date: 2026-01-03
  - kind: called
    by: joost
    date: 2026-01-04
"""


class Crew:
    """Everybody with a home of their own; `all` is a home that has all certificates and no secret key."""

    def __init__(self) -> None:
        self.homes = {person: gpg.Home() for person in PEOPLE}
        self.keys = {person: home.make(person.title()) for person, home in self.homes.items()}
        self.all = gpg.Home()
        self.certificates = {
            person: home.export(self.keys[person]) for person, home in self.homes.items()
        }
        self.all.gpg("--import", input=b"".join(self.certificates.values()))
        self.history = short_folder()
        git(self.history, "init", "-q")
        git(self.history, "commit", "-q", "--allow-empty", "-m", "root")

    def close(self) -> None:
        remove(self.history)
        for home in (*self.homes.values(), self.all):
            home.close()

    def write(self, root: Path, *vetted: str) -> Files:
        """A registry of these people, in which Lena and Sam are vetted, or those who are named.

        It lies in a git repository with one commit, of nothing.
        """
        shutil.copytree(self.history / ".git", root / ".git")
        text = RECORDS.format_map(self.keys)
        for person in PEOPLE:
            text += PERSON.format(id=person, name=person.title())
        for person in vetted or ("lena", "sam"):
            text += VETTING.format(id=person, key=self.keys[person])
        for person in ("amara", "joost", *(vetted or ("lena", "sam"))):
            put(root, f"keys/{person}.asc", as_text(self.certificates[person]))
        for part in ("\n" + text.strip() + "\n").split("\n== ")[1:]:
            path, _, content = part.partition("\n")
            put(root, path, content.encode() + b"\n")
        return Files(root)

    def encrypt(self, content: bytes, *people: str, options: tuple[str, ...] = ()) -> bytes:
        """What gpg makes for these people, by itself."""
        to = [word for person in people for word in ("--recipient", self.keys[person])]
        return self.all.encrypt(content, *options, *to, "--encrypt")

    def bound(
        self,
        files: Files,
        secret: str,
        content: bytes,
        *people: str,
        options: tuple[str, ...] = (),
    ) -> bytes:
        """As ocs encrypts a secret of this registry for these people."""
        name = body_name(origin_of(files).new, secret)
        return self.encrypt(content, *people, options=("--set-filename", name, *options))

    def decrypt(self, person: str, data: bytes) -> bytes | None:
        """What a message says to somebody; None where it is not for them."""
        done = subprocess.run(
            ["gpg", "--homedir", self.homes[person].path, "--batch", "--quiet", "--decrypt"],
            input=data,
            capture_output=True,
            check=False,
        )
        return done.stdout if done.returncode == 0 else None

    def secret(
        self,
        files: Files,
        name: str,
        content: bytes,
        *readers: str,
        also: tuple[str, ...] = (),
    ) -> None:
        """A secret as it should be: its gatekeepers and *readers* can read it; and *also* unrecorded people."""
        named = "".join(f"  - person: {person}\n    because: needs it\n" for person in readers)
        text = f"purpose: to get in     # and out\nrotated: 2026-01-01\n{'readers:' if named else ''}\n{named}"
        put(files.root, f"access/{name}.yaml", text.encode())
        put(
            files.root,
            f"secrets/{name}.gpg",
            self.bound(files, name, content, "amara", "joost", *readers, *also),
        )
        owner = name.partition("/")[0]
        first, second = ("amara", "joost") if owner == "river" else ("joost", "amara")
        put(
            files.root,
            f"secrets/{owner}/.gpg-id",
            f"{self.keys[first]}\n{self.keys[second]}\n".encode(),
        )
        put(
            files.root,
            "secrets/.gpg-id",
            f"{self.keys['amara']}\n{self.keys['joost']}\n".encode(),
        )

    def move_into(self, root: Path) -> None:
        """Give the people of the example registry these keys, and take away what is encrypted to keys that
        nobody has."""
        shutil.rmtree(root / "secrets", ignore_errors=True)
        for person in ("amara", "joost", "lena"):
            put(root, f"keys/{person}.asc", as_text(self.certificates[person]))
            for file, before in (
                ("ocs.yaml", f"person: {person}\n    "),
                (f"vetting/{person}.yaml", ""),
            ):
                text = (root / file).read_text()
                named = re.sub(
                    rf"({before}\bkey: )[0-9A-F]{{40}}", rf"\g<1>{self.keys[person]}", text
                )
                (root / file).write_text(named)
        # Whatever the day is, nothing of this is over.
        for path in (*root.glob("access/*/*.yaml"), *root.glob("vetting/*.yaml")):
            path.write_text(re.sub(r"(?m)^(    until|expires): .*\n", "", path.read_text()))

    def secret_of_the_example(
        self, root: Path, name: str, content: bytes, *readers: str
    ) -> None:
        """The ciphertext of a secret of which there is a record."""
        data = self.bound(Files(root), name, content, "amara", "joost", *readers)
        put(root, f"secrets/{name}.gpg", data)


def put(root: Path, path: str, data: bytes) -> None:
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).write_bytes(data)


@contextlib.contextmanager
def crew() -> Iterator[Crew]:
    made = Crew()
    try:
        yield made
    finally:
        made.close()


def git(root: Path, *arguments: str) -> str:
    """What git says in a folder, as somebody with a name."""
    who = (
        "-c",
        "user.name=Amara",
        "-c",
        "user.email=amara@x.example",
        "-c",
        "init.defaultBranch=main",
    )
    done = subprocess.run(
        ["git", *who, *arguments], cwd=root, capture_output=True, text=True, check=True
    )
    return done.stdout


def everything_written(*roots: Path | str) -> Mapping[str, bytes]:
    """Every file below these folders."""
    return {
        str(path): path.read_bytes()
        for root in roots
        for path in Path(root).rglob("*")
        if path.is_file()
    }


def short_folder() -> Path:
    return Path(tempfile.mkdtemp(prefix="ocs-t-", dir="/tmp"))


def remove(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
