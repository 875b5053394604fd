"""Amara keeps a registry with others, remembers it, and pulls what they push."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from ocs.adapters.packets import as_text
from tests.attending import attend
from tests.crew import VETTING, Crew, git, put
from tests.remembering import remember

LOGIN = "secrets/river/login.gpg"
CONTENT = b"hunter2-admin-root\n"


@dataclass
class Group:
    """A registry in a clone of Amara's, whose `origin` others push to."""

    root: Path
    crew: Crew

    def ocs(self, *arguments: str, input: str = "") -> tuple[int, str]:
        """The status of ocs without a terminal, and what it says."""
        done = subprocess.run(
            [sys.executable, "-m", "ocs", *arguments],
            cwd=self.root,
            input=input,
            capture_output=True,
            text=True,
            check=False,
            start_new_session=True,
        )
        return done.returncode, done.stdout + done.stderr

    def attended(self, *arguments: str) -> tuple[int, str]:
        """The same at a terminal, where somebody compares and confirms."""
        return attend(self.root, *arguments)

    def edit(self, path: str, old: str, new: str) -> None:
        text = (self.root / path).read_text()
        assert old in text
        put(self.root, path, text.replace(old, new).encode())

    def push(self, subject: str = "tidy up") -> None:
        """Somebody pushes what lies here, and Amara has pulled it."""
        git(self.root, "add", "-A")
        git(self.root, "commit", "-qm", subject, "--author", "Mallory <m@x.example>")
        git(self.root, "push", "-q", "origin", "HEAD:main")

    def put_key(self, person: str, whose: str) -> None:
        put(self.root, f"keys/{person}.asc", as_text(self.crew.certificates[whose]))

    def outsider(self, person: str = "mallory") -> None:
        """All files that make somebody a vetted person with Mallory's key."""
        put(self.root, f"people/{person}.yaml", b"name: Eve\n")
        vetting = VETTING.format(id=person, key=self.crew.keys["mallory"])
        put(self.root, f"vetting/{person}.yaml", vetting.partition("\n")[2].encode())
        self.put_key(person, "mallory")

    def reads(self, person: str, secret: str = "river/login") -> bool:
        """Can somebody read what a secret holds now?"""
        data = (self.root / f"secrets/{secret}.gpg").read_bytes()
        return self.crew.decrypt(person, data) is not None


@pytest.fixture
def group(crew: Crew, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Group:
    """Lena reads a secret; Sam is vetted and reads another; Amara remembers all of it."""
    monkeypatch.setenv("GNUPGHOME", crew.homes["amara"].path)
    for variable in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{variable}_NAME", "Amara")
        monkeypatch.setenv(f"GIT_{variable}_EMAIL", "amara@x.example")
    root = tmp_path / "registry"
    files = crew.write(root)
    crew.secret(files, "river/login", CONTENT, "lena")
    crew.secret(files, "house/wifi", b"seal-88\n", "sam")
    git(tmp_path, "init", "-q", "--bare", "-b", "main", "origin.git")
    git(root, "init", "-q", "-b", "main")
    git(root, "add", "-A")
    git(root, "commit", "-qm", "begin")
    git(root, "remote", "add", "origin", str(tmp_path / "origin.git"))
    git(root, "push", "-q", "-u", "origin", "main")
    remember(root)
    return Group(root, crew)
