"""A9: whoever may write files, but not read a secret, has it encrypted to nobody by any command."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from ocs.adapters.files import Files
from ocs.adapters.git.roots import roots
from ocs.rules.secrets.bodies import NO_HISTORY, body_name
from ocs.tasks.secrets.bodies import origin_of
from ocs.workspace import keyrings
from tests import gpg
from tests.crew import Crew, git, put
from tests.remembering import remember
from tests.terminal import Terminal

pytestmark = gpg.needs_gpg
LOGIN, WIFI = "secrets/river/login.gpg", "secrets/house/wifi.gpg"
ROOT = b"root-password-7391\n"
Lay = Callable[[Crew, Files, Path], bytes]


@pytest.fixture
def files(crew: Crew, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Files:
    """A registry in which Sam may read house/wifi, and not river/login; Amara sits at the keyboard."""
    monkeypatch.setenv("GNUPGHOME", crew.homes["amara"].path)
    for variable in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{variable}_NAME", "Amara")
        monkeypatch.setenv(f"GIT_{variable}_EMAIL", "amara@x.example")
    found = crew.write(tmp_path / "registry")
    crew.secret(found, "river/login", ROOT)
    crew.secret(found, "house/wifi", b"1234\n", "sam")
    push(found)
    return found


def push(files: Files) -> None:
    """What somebody who may write files brings along."""
    git(files.root, "add", "-A")
    git(files.root, "commit", "-qm", "tidy up")


def ocs(files: Files, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """ocs without any terminal."""
    remember(files.root)
    return subprocess.run(
        [sys.executable, "-m", "ocs", *arguments],
        cwd=files.root,
        env={**os.environ, **environment},
        input="other-content\n" if "rotate" in arguments else "",
        capture_output=True,
        text=True,
        check=False,
        start_new_session=True,
    )


def read(files: Files, path: str) -> bytes:
    return (files.root / path).read_bytes()


def name_in(files: Files, path: str) -> str:
    """The name in the body of a ciphertext."""
    return keyrings(date.today())([]).decrypt(read(files, path)).name


def mail(crew: Crew, files: Files, aside: Path) -> bytes:
    return crew.encrypt(b"Dear Amara, the pin is 4711\n", "amara")


def mail_with_a_file(crew: Crew, files: Files, aside: Path) -> bytes:
    return crew.encrypt(ROOT, "amara", options=("--set-filename", "letter.txt"))


def copy(crew: Crew, files: Files, aside: Path) -> bytes:
    return read(files, LOGIN)


def of_another_registry(crew: Crew, files: Files, aside: Path) -> bytes:
    """It has the same name there, and the same name of the registry in ocs.yaml."""
    shutil.copytree(files.root, aside, ignore=shutil.ignore_patterns(".git"))
    git(aside, "init", "-q")
    git(aside, "commit", "-q", "--allow-empty", "-m", "another")
    return crew.bound(Files(aside), "house/wifi", ROOT, "amara", "joost")


def of_one_without_history(crew: Crew, files: Files, aside: Path) -> bytes:
    name = body_name("", "house/wifi")
    return crew.encrypt(ROOT, "amara", options=("--set-filename", name))


def of_a_branch_that_is_squashed_later(crew: Crew, files: Files, aside: Path) -> bytes:
    """Here the copy is older than its original, which was rotated since."""
    git(files.root, "checkout", "-q", "-b", "open")
    new = crew.encrypt(ROOT, "amara", "joost")  # by pass, which gives no name
    put(files.root, LOGIN, new)
    push(files)
    git(files.root, "checkout", "-q", "-")
    put(files.root, WIFI, new)
    push(files)
    git(files.root, "merge", "-q", "--squash", "open")
    push(files)
    crew.secret(files, "river/login", b"rotated\n")
    return new


LAID = (
    mail,
    mail_with_a_file,
    copy,
    of_another_registry,
    of_one_without_history,
    of_a_branch_that_is_squashed_later,
)
COMMANDS = (
    ("secret", "sync", "--yes"),
    ("secret", "grant", "house/wifi", "lena"),
    ("secret", "edit", "house/wifi"),
    ("access", "end", "lena", "--yes"),
    ("secret", "revoke", "house/wifi", "lena", "--yes"),
)


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
@pytest.mark.parametrize("lay", LAID)
def test_a9_what_was_laid_there_is_encrypted_to_nobody(
    lay: Lay, command: tuple[str, ...], crew: Crew, files: Files, tmp_path: Path
) -> None:
    put(files.root, WIFI, lay(crew, files, tmp_path / "other"))
    push(files)
    before = read(files, WIFI)
    # An editor that would change it.
    done = ocs(files, *command, EDITOR="sed -i s/o/0/")
    assert done.returncode in (0, 1, 2), done.stderr
    assert crew.decrypt("sam", read(files, WIFI)) is None
    assert crew.decrypt("lena", read(files, WIFI)) is None
    if "end" not in command and "revoke" not in command:
        assert done.returncode != 0
        assert "house/wifi" in done.stderr
        assert "hint: " in done.stderr
    assert read(files, WIFI) == before
    assert "Traceback" not in done.stderr


def test_a9_another_secrets_is_refused_at_a_terminal_too_and_what_to_do_is_said(
    crew: Crew, files: Files
) -> None:
    put(files.root, WIFI, read(files, LOGIN))
    push(files)
    for command in (*COMMANDS[:3], ("secret", "rotate", "house/wifi", "--yes")):
        done = ocs(files, *command, EDITOR="true")
        assert done.returncode == 2
        assert "cannot encrypt house/wifi again: its content was written for river/login" in (
            done.stderr
        )
        assert "add it under its new name" in done.stderr
    terminal = Terminal(files.root, "secret", "grant", "house/wifi", "lena")
    terminal.reads(b"was written for river/login")
    assert terminal.ends() == 2
    # The secret that it was copied from is not held up by that.
    assert ocs(files, "secret", "grant", "river/login", "lena").returncode == 0


def test_a9_another_secrets_is_shown_with_a_warning_and_used_by_nobody(files: Files) -> None:
    put(files.root, WIFI, read(files, LOGIN))
    shown = ocs(files, "secret", "show", "house/wifi")
    assert (shown.returncode, shown.stdout) == (0, ROOT.decode())
    assert (
        "warning: do not use this as house/wifi: its content was written for river/login"
        in shown.stderr
    )
    run = ocs(files, "secret", "exec", "house/wifi", "--", "env")
    assert run.returncode == 2
    assert run.stdout == ""
    assert "cannot use house/wifi: its content was written for river/login" in run.stderr
    own = ocs(files, "secret", "show", "river/login")
    assert (own.returncode, own.stderr) == (0, "")
    assert ocs(files, "secret", "exec", "river/login", "--", "true").returncode == 0


def test_what_has_no_name_is_asked_once(crew: Crew, files: Files) -> None:
    put(files.root, WIFI, crew.encrypt(b"by pass\n", "amara", "joost"))
    push(files)
    before = read(files, WIFI)
    for answer, status in ((b"n\n", 2), (b"y\n", 0)):
        terminal = Terminal(files.root, "secret", "sync", "--yes")
        terminal.reads(b"house/wifi may hold something else: nothing in its content")
        terminal.reads(
            b"is that the content of this secret, and may the readers get it? [y/N]"
        )
        assert read(files, WIFI) == before
        terminal.types(answer)
        assert terminal.ends() == status, terminal.shown
    assert crew.decrypt("sam", read(files, WIFI)) == b"by pass\n"
    assert name_in(files, WIFI) == body_name(origin_of(files).new, "house/wifi")
    assert ocs(files, "secret", "grant", "house/wifi", "lena").returncode == 0


def test_of_many_the_others_are_done_first_and_the_rest_is_asked_together(
    crew: Crew, files: Files
) -> None:
    for name in ("door", "gate", "shed"):
        crew.secret(files, f"house/{name}", b"x\n", "sam")
    for name in ("door", "gate"):
        put(files.root, f"secrets/house/{name}.gpg", crew.encrypt(b"x\n", "amara", "joost"))
    push(files)
    data = crew.bound(files, "house/shed", b"x\n", "amara", "joost")
    put(files.root, "secrets/house/shed.gpg", data)
    push(files)
    done = ocs(files, "secret", "sync", "--yes")
    assert done.returncode == 1
    assert "house/door stays as it was" in done.stderr
    can = [
        crew.decrypt("sam", read(files, f"secrets/house/{name}.gpg")) is not None
        for name in ("door", "gate", "shed")
    ]
    assert can == [False, False, True]
    terminal = Terminal(files.root, "secret", "sync", "--yes")
    terminal.reads(b"house/gate may hold something else")
    terminal.reads(b"is that the content of these secrets")
    terminal.types(b"y\n")
    assert terminal.ends() == 0
    assert ocs(files, "secret", "sync", "--yes").returncode == 0
    assert git(files.root, "status", "--short") == ""


def test_new_content_gets_a_name_and_taking_out_keeps_it(crew: Crew, files: Files) -> None:
    own = body_name(origin_of(files).new, "house/wifi")
    put(files.root, WIFI, crew.encrypt(b"by pass\n", "amara", "joost"))
    push(files)
    assert ocs(files, "secret", "rotate", "house/wifi", "--yes").returncode == 0
    assert name_in(files, WIFI) == own
    assert ocs(files, "secret", "revoke", "house/wifi", "sam", "--yes").returncode == 0
    assert crew.decrypt("sam", read(files, WIFI)) is None
    assert name_in(files, WIFI) == own


def test_an_owner_that_is_renamed_keeps_its_secrets(crew: Crew, files: Files) -> None:
    for path in ("orgs/house.yaml", "access/house", "secrets/house"):
        git(files.root, "mv", path, path.replace("house", "open"))
    text = (files.root / "orgs/open.yaml").read_text()
    (files.root / "orgs/open.yaml").write_text(text + "formerly: [house]\n")
    push(files)
    refused = ocs(files, "secret", "grant", "open/wifi", "lena")
    assert refused.returncode == 2
    assert (
        "it was written as house/wifi, which its owner was called before"
        in " ".join(refused.stderr.split())
        or "written as house/wifi" in refused.stderr
    )
    terminal = Terminal(files.root, "secret", "grant", "open/wifi", "lena")
    terminal.reads(b"[y/N]")
    terminal.types(b"y\n")
    assert terminal.ends() == 0, terminal.shown
    shown = ocs(files, "secret", "show", "open/wifi")
    assert (shown.stdout, shown.stderr) == ("1234\n", "")
    assert crew.decrypt("lena", read(files, "secrets/open/wifi.gpg")) == b"1234\n"


def test_a_registry_is_the_same_in_every_clone_and_no_other_is(
    crew: Crew, files: Files, tmp_path: Path
) -> None:
    own = origin_of(files)
    subprocess.run(["git", "clone", "-q", files.root, tmp_path / "renamed"], check=True)
    clone = Files(tmp_path / "renamed")
    assert origin_of(clone) == own
    # Another history that is merged in changes nothing for what was written before.
    git(clone.root, "checkout", "-q", "--orphan", "older")
    git(clone.root, "commit", "-q", "--allow-empty", "-m", "x", "--date=1980-01-01T00:00:00Z")
    git(clone.root, "checkout", "-q", "main")
    git(clone.root, "merge", "-q", "--allow-unrelated-histories", "-s", "ours", "older")
    both = origin_of(clone)
    assert both.new == own.new
    assert {own.new} < set(both.own)
    # Two registries in one repository are two.
    below = Files(files.root / "second")
    below.root.mkdir()
    assert set(origin_of(below).own).isdisjoint(own.own)


def test_without_a_whole_history_nobody_can_tell(files: Files, tmp_path: Path) -> None:
    command = ["git", "clone", "-q", "--depth", "1", f"file://{files.root}", tmp_path / "cut"]
    subprocess.run(command, check=True)
    cut = Files(tmp_path / "cut")
    assert roots(cut.root) is None
    assert origin_of(cut) == NO_HISTORY
    done = ocs(cut, "secret", "grant", "house/wifi", "lena")
    assert done.returncode == 2
    assert "git fetch --unshallow" in done.stderr
    assert ocs(cut, "secret", "show", "house/wifi").stdout == "1234\n"
    assert ocs(cut, "secret", "exec", "house/wifi", "--", "true").returncode == 0
    (tmp_path / "none").mkdir()
    assert origin_of(Files(tmp_path / "none")) == NO_HISTORY
