"""What is missing is told with what mends it, and looking changes nothing."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from ocs.model.examined import Examined, State
from ocs.tasks.setup.doctor import Here, examine, install, is_healthy


@pytest.fixture
def registry(tmp_path: Path) -> Path:
    root = tmp_path / "registry"
    subprocess.run(["git", "init", "-q", root], check=True)
    (root / "ocs.yaml").write_text("name: Helping Hands\n")
    return root


def found(here: Here, what: str) -> Examined:
    (only,) = [each for each in examine(here) if each.what == what]
    return only


def git(folder: Path, *arguments: str) -> None:
    own = ["-c", "user.name=Ana", "-c", "user.email=ana@example.org"]
    subprocess.run(["git", *own, *arguments], cwd=folder, check=True, capture_output=True)


@pytest.fixture
def gnupg(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder of gpg's own, with a short name since an agent's socket lies in it."""
    if shutil.which("gpg") is None:
        pytest.skip("there is no gpg")
    folder = Path(tempfile.mkdtemp(prefix="g", dir="/tmp"))
    monkeypatch.setenv("GNUPGHOME", str(folder))
    yield folder
    subprocess.run(["gpgconf", "--kill", "all"], check=False)
    shutil.rmtree(folder)


def test_everything_that_is_not_in_order_says_what_mends_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for path in (os.environ["PATH"], ""):
        monkeypatch.setenv("PATH", path)
        examined = examine(Here(tmp_path, [tmp_path]))
        assert all(each.mend for each in examined if each.state is not State.OK)
        assert not any(each.mend for each in examined if each.state is State.OK)
        assert len({each.what for each in examined}) == len(examined)
    assert not is_healthy(examined)
    assert {each.what for each in examined if each.state is State.MISSING} == {"git", "gpg"}


def test_who_commits_is_asked_of_git(registry: Path) -> None:
    assert found(Here(registry), "git user.email").state is State.ADVICE
    git(registry, "config", "user.email", "ana@example.org")
    assert found(Here(registry), "git user.email") == Examined(
        "git user.email", State.OK, "ana@example.org"
    )


def test_the_state_of_the_repository_is_told(registry: Path, tmp_path: Path) -> None:
    def repository(folder: Path) -> Examined:
        return found(Here(folder), "repository")

    (tmp_path / "alone").mkdir()
    assert repository(tmp_path / "alone").mend == "git init"
    assert repository(registry) == Examined("repository", State.OK, str(registry / ".git"))
    git(registry, "commit", "-q", "--allow-empty", "-m", "first")
    git(registry, "commit", "-q", "--allow-empty", "-m", "second")
    git(registry, "worktree", "add", "-q", str(tmp_path / "tree"))
    assert repository(tmp_path / "tree").found == f"a worktree of {registry / '.git'}"
    git(tmp_path, "clone", "-q", "--depth", "1", f"file://{registry}", "shallow")
    assert repository(tmp_path / "shallow").mend == "git fetch --unshallow"
    git(registry, "config", "core.bare", "true")
    assert repository(registry).mend == "git config core.bare false"


def test_line_ends_that_git_would_change_are_told(registry: Path) -> None:
    def line_ends() -> Examined:
        return found(Here(registry), "line ends")

    assert line_ends().state is State.OK
    git(registry, "config", "core.autocrlf", "true")
    assert "Windows line endings" in line_ends().found
    (registry / ".gitattributes").write_text("* text eol=lf\n")
    assert "may change secrets" in line_ends().found
    (registry / ".gitattributes").write_text("* text=auto eol=lf\n*.gpg binary\n")
    assert line_ends().state is State.OK


def test_keys_are_those_of_gpg_and_looking_begins_nothing(
    gnupg: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert found(Here(None), "gpg-agent").state is State.OK
    assert found(Here(None), "your key").state is State.ADVICE
    make = [
        "gpg",
        "--batch",
        "-q",
        "--passphrase",
        "",
        "--quick-generate-key",
        "Ana <a@example.org>",
        "ed25519",
    ]
    subprocess.run(make, check=True, capture_output=True)
    key = found(Here(None), "your key")
    assert key.state is State.OK
    assert len(key.found) == 40
    monkeypatch.setenv("GNUPGHOME", str(gnupg / "none"))
    assert found(Here(None), "your key").state is State.ADVICE
    assert not (gnupg / "none").exists()


@pytest.mark.parametrize(
    ("version", "state", "says"),
    [
        ("2.2.16", State.MISSING, "2.2.16 is too old; ocs needs 2.2.17 or newer"),
        ("1.4.23", State.MISSING, "too old"),
        ("2.2.17", State.ADVICE, "CVE-2022-34903"),
        ("2.2.22", State.ADVICE, "CVE-2020-25125"),
        ("2.2.35-unknown", State.ADVICE, "CVE-2022-34903"),
        ("2.2.36", State.OK, "2.2.36"),
        ("2.3.6", State.ADVICE, "CVE-2022-34903"),
        ("2.3.7", State.OK, "2.3.7"),
        ("2.4.7-beta12", State.OK, "2.4.7-beta12"),
    ],
)
def test_faults_of_a_version_of_gpg_are_told(
    version: str, state: State, says: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "gpg"
    program.write_text(f"#!/bin/sh\necho 'gpg (GnuPG) {version}'\necho 'libgcrypt 1.10.1'\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    told = found(Here(None), "gpg")
    assert told.state is state
    assert says in told.found


def test_a_folder_on_a_disk_is_no_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "mounts").write_text("/dev/sda1 /dev/shm ext4 rw 0 0\n")
    assert found(Here(None), "/dev/shm").state is State.OK
    monkeypatch.setattr("ocs.adapters.memory._MOUNTS", tmp_path / "mounts")
    assert found(Here(None), "/dev/shm").state is State.ADVICE


def test_an_agent_that_cannot_be_reached_is_told(
    gnupg: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    deep = gnupg / ("x" * 100)
    deep.mkdir(mode=0o700)
    monkeypatch.setenv("GNUPGHOME", str(deep))
    assert found(Here(None), "gpg-agent").state is State.MISSING


def test_an_editor_that_is_not_there_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VISUAL", "no-such-editor --wait")
    assert (
        found(Here(None), "editor").found
        == "VISUAL names 'no-such-editor', which is not installed"
    )
    monkeypatch.setenv("VISUAL", "cat -n")
    assert found(Here(None), "editor") == Examined("editor", State.OK, "cat -n (from VISUAL)")


def test_the_index_lies_in_the_first_folder_that_can_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    own = [tmp_path / "file" / "x", tmp_path / "new" / "y"]
    assert found(Here(tmp_path, own), "index").found == f"is in {own[1]}"
    assert found(Here(tmp_path, own[:1]), "index").state is State.ADVICE


def test_programs_are_installed_as_on_this_machine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert install("gpg") == "install gnupg with your system's package manager"
    (tmp_path / "dnf").write_text("#!/bin/sh\n")
    (tmp_path / "dnf").chmod(0o755)
    assert install("gpg") == "sudo dnf install gnupg2"
    assert install("git") == "sudo dnf install git"


def test_a_setting_with_which_gpg_writes_plaintext_to_disk_is_told(
    tmp_path: Path, gnupg: Path
) -> None:
    def advised() -> list[Examined]:
        return [each for each in examine(Here(tmp_path)) if each.what == "gpg.conf"]

    (gnupg / "gpg.conf").write_text("# use-embedded-filename\nno-use-embedded-filename\n")
    (gnupg / "gpg.conf~").write_text("use-embedded-filename\n")
    assert advised() == []
    for name in ("gpg.conf", "gpg.conf-2.2"):
        (gnupg / name).write_text("charset utf-8\n  use-embedded-filename\n")
        (only,) = advised()
        assert only.state is State.ADVICE
        assert only.found == (
            f"{gnupg / name} has use-embedded-filename: `gpg -d` and pass write secrets to disk"
        )
        subprocess.run(["sh", "-c", only.mend], check=True)
        assert advised() == []
