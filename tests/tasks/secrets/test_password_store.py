"""With Debian's pass on the same folder: what it does, and what ocs says and mends afterwards.

What pass's own tests check (showing, inserting, generating, moving, removing, re-encrypting, searching) is asked of the
real program here, on secrets that ocs wrote.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest

from ocs.adapters.files import Files, read_schema
from ocs.rules.records.schema import Schemas
from ocs.tasks.secrets.secrets import audit
from tests import gpg
from tests.crew import Crew, git, put
from tests.remembering import remember
from tests.terminal import Terminal

pytestmark = [
    pytest.mark.peers,
    gpg.needs_gpg,
    pytest.mark.skipif(not shutil.which("pass"), reason="pass is not installed"),
    pytest.mark.skipif(
        not shutil.which("tree"), reason="tree, which pass lists with, is not installed"
    ),
]
TODAY = date.today()
LOGIN = "marker-kelp\nuser: root\nurl: https://x.example\n"
Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="module")
def desk(crew: Crew) -> Iterator[gpg.Home]:
    """Amara's home with everybody's certificate, as `ocs doctor --fix` says that pass needs it."""
    with gpg.home() as home:
        home.gpg(
            "--import",
            input=crew.homes["amara"].gpg("--export-secret-keys", crew.keys["amara"]),
        )
        home.gpg("--import", input=b"".join(crew.certificates.values()))
        yield home


@pytest.fixture
def files(
    crew: Crew, desk: gpg.Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Files:
    """A registry in git whose secrets ocs wrote: river/login, which Lena reads too, river/door, and house/wifi."""
    monkeypatch.setenv("GNUPGHOME", desk.path)
    for variable in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{variable}_NAME", "Amara")
        monkeypatch.setenv(f"GIT_{variable}_EMAIL", "amara@x.example")
    found = crew.write(tmp_path / "registry")
    git(found.root, "init", "-q")
    git(found.root, "add", "-A")
    git(found.root, "commit", "-qm", "begin")
    remember(found.root)
    for name, content, more in (
        ("river/login", LOGIN, ("--to", "lena")),
        ("river/door", "4711\nwhere: the blue door\n", ()),
        ("house/wifi", "seal-88\n", ("--to", "sam")),
    ):
        ocs(found, "secret", "add", name, "--purpose", "to get in", *more, input=content)
    assert findings(found) == []
    return found


@pytest.fixture
def store(files: Files) -> Run:
    """Runs pass on the registry's secrets."""

    def run(*arguments: str, input: str = "", **env: str) -> subprocess.CompletedProcess[str]:
        own = {
            "PASSWORD_STORE_DIR": str(files.root / "secrets"),
            "PASSWORD_STORE_GPG_OPTS": "--trust-model=always",
        }
        return subprocess.run(
            ["pass", *arguments],
            input=input,
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, **own, **env},
        )

    return run


def ocs(files: Files, *arguments: str, input: str = "") -> str:
    remember(files.root)
    done = subprocess.run(
        [sys.executable, "-m", "ocs", *arguments],
        input=input,
        capture_output=True,
        text=True,
        check=False,
        cwd=files.root,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def confirmed_sync(files: Files) -> None:
    """Somebody at a terminal confirms the readers, and that the contents are the secrets' own."""
    terminal = Terminal(files.root, "secret", "sync", "--yes")
    readers, contents = b"is that right? [y/N]", b"and may the readers get it? [y/N]"
    if terminal.reads_any(readers, contents) == readers:
        terminal.types(b"y\n")
        terminal.reads(contents)
    terminal.types(b"y\n")
    assert terminal.ends() == 0, terminal.shown


def findings(files: Files) -> list[tuple[str, str]]:
    """What `ocs secret audit` says: code and file of each."""
    schemas = Schemas(read_schema)
    return [
        (each.code, each.place.file)
        for each in audit(Files(files.root), schemas, TODAY).findings
    ]


def readers(crew: Crew, files: Files, name: str) -> list[str]:
    data = (files.root / f"secrets/{name}.gpg").read_bytes()
    return [person for person in crew.homes if crew.decrypt(person, data) is not None]


def plain(text: str) -> str:
    return re.sub("\x1b\\[[0-9;]*[mK]", "", text)


def test_it_lists_and_finds_what_ocs_lists(files: Files, store: Run) -> None:
    listed = plain(store("ls").stdout)
    assert re.findall("[a-z]+", listed.partition("\n")[2]) == [
        "house",
        "wifi",
        "river",
        "door",
        "login",
    ]
    assert re.findall("[a-z]+", plain(store("ls", "river").stdout)) == [
        "river",
        "door",
        "login",
    ]
    found = store("find", "log")
    assert "login" in plain(found.stdout)
    assert "wifi" not in plain(found.stdout)


def test_it_shows_what_ocs_wrote_and_ocs_shows_what_it_wrote(
    files: Files, store: Run, desk: gpg.Home
) -> None:
    assert store("show", "river/login").stdout == LOGIN
    assert store("river/door").stdout == ocs(files, "secret", "show", "river/door")
    missing = store("show", "river/none")
    assert (missing.returncode, missing.stderr) == (
        1,
        "Error: river/none is not in the password store.\n",
    )
    assert store("insert", "-m", "house/more", input="a\n\nb: é\n").returncode == 0
    assert ocs(files, "secret", "show", "house/more") == "a\n\nb: é\n"


def test_a_reader_who_is_no_gatekeeper_reads_and_nobody_else(
    crew: Crew, files: Files, store: Run
) -> None:
    assert store("show", "river/login", GNUPGHOME=crew.homes["lena"].path).stdout == LOGIN
    for person, name in (("lena", "river/door"), ("mallory", "river/login")):
        refused = store("show", name, GNUPGHOME=crew.homes[person].path)
        assert refused.returncode != 0
        assert refused.stdout == ""


def test_it_searches_what_is_in_secrets(store: Run) -> None:
    found = plain(store("grep", "-i", "BLUE").stdout)
    assert found == "river/door:\nwhere: the blue door\n"
    assert store("grep", "nowhere").stdout == ""


def test_who_is_missing_after_an_insert_is_named_and_sync_brings_them_back(
    crew: Crew, files: Files, store: Run
) -> None:
    assert store("insert", "-m", "-f", "river/login", input="new-pass\n").returncode == 0
    assert readers(crew, files, "river/login") == ["amara", "joost"]
    assert findings(files) == [("missing-reader", "access/river/login.yaml")]
    confirmed_sync(files)
    assert findings(files) == []
    assert readers(crew, files, "river/login") == ["amara", "joost", "lena"]
    assert (
        store("show", "river/login", GNUPGHOME=crew.homes["lena"].path).stdout == "new-pass\n"
    )


def test_a_secret_that_was_inserted_is_the_gatekeepers_until_there_is_a_record(
    crew: Crew, files: Files, store: Run
) -> None:
    assert store("insert", "-e", "house/shop", input="otter\n").returncode == 0
    assert readers(crew, files, "house/shop") == ["amara", "joost"]
    assert findings(files) == [("secret-without-access", "secrets/house/shop.gpg")]
    put(files.root, "access/house/shop.yaml", b"purpose: the shop\nreaders: [{person: sam}]\n")
    assert [code for code, _ in findings(files)] == ["missing-reader"]
    confirmed_sync(files)
    assert findings(files) == []
    assert readers(crew, files, "house/shop") == ["amara", "joost", "sam"]


def test_passwords_that_do_not_match_or_come_from_nobody_write_nothing(
    files: Files, store: Run
) -> None:
    before = (files.root / "secrets/river/login.gpg").read_bytes()
    assert store("insert", "-f", "river/login", input="one\nother\n").returncode == 1
    assert (files.root / "secrets/river/login.gpg").read_bytes() == before
    assert store("insert", "-f", "river/login", input="one\none\n").returncode == 0
    assert store("show", "river/login").stdout == "one\n"


def test_an_edit_is_the_gatekeepers_until_sync(
    crew: Crew, files: Files, store: Run, tmp_path: Path
) -> None:
    editor = tmp_path / "editor"
    editor.write_text('#!/bin/sh\nsed -i s/kelp/seal/ "$1"\n')
    editor.chmod(0o755)
    assert store("edit", "river/login", EDITOR=str(editor)).returncode == 0
    assert readers(crew, files, "river/login") == ["amara", "joost"]
    assert findings(files) == [("missing-reader", "access/river/login.yaml")]
    confirmed_sync(files)
    assert findings(files) == []
    assert ocs(files, "secret", "show", "river/login") == LOGIN.replace("kelp", "seal")
    assert store("edit", "river/login", EDITOR="true").stderr == "Password unchanged.\n"


def test_generated_passwords_are_as_long_as_asked_and_replace_the_first_line_alone(
    crew: Crew, files: Files, store: Run
) -> None:
    assert store("generate", "house/new", "19").returncode == 0
    assert len(ocs(files, "secret", "show", "house/new")) == 20
    assert store("generate", "-n", "-f", "house/new", "300").returncode == 0
    assert re.fullmatch("[A-Za-z0-9]{300}\n", ocs(files, "secret", "show", "house/new"))
    assert readers(crew, files, "house/new") == ["amara", "joost"]
    assert store("generate", "-i", "river/login", "7").returncode == 0
    first, _, others = ocs(files, "secret", "show", "river/login").partition("\n")
    assert (len(first), others) == (7, LOGIN.partition("\n")[2])
    assert sorted(findings(files)) == [
        ("missing-reader", "access/river/login.yaml"),
        ("secret-without-access", "secrets/house/new.gpg"),
    ]


@pytest.mark.parametrize(
    ("name", "to"), [("river/login", "house/key"), ("river/door", "river/gate")]
)
def test_what_was_moved_is_named(
    name: str, to: str, crew: Crew, files: Files, store: Run
) -> None:
    content = ocs(files, "secret", "show", name)
    assert store("mv", name, to).returncode == 0
    assert sorted(findings(files)) == [
        ("access-without-secret", f"access/{name}.yaml"),
        ("secret-without-access", f"secrets/{to}.gpg"),
    ]
    assert ocs(files, "secret", "show", to) == content
    assert readers(crew, files, to) == ["amara", "joost"]
    # With the record moved as well, all is as it was but for who reads it besides.
    (files.root / f"access/{to}.yaml").parent.mkdir(exist_ok=True)
    (files.root / f"access/{name}.yaml").rename(files.root / f"access/{to}.yaml")
    git(files.root, "add", "-A")
    git(files.root, "commit", "-qm", "move")
    if name == "river/login":
        assert [code for code, _ in findings(files)] == ["missing-reader"]
        confirmed_sync(files)
    assert findings(files) == []


def test_what_was_copied_is_named_and_not_given_to_others(
    crew: Crew, files: Files, store: Run
) -> None:
    assert store("cp", "river/door", "river/gate").returncode == 0
    assert sorted(findings(files)) == [
        ("copied-ciphertext", "secrets/river/door.gpg"),
        ("secret-without-access", "secrets/river/gate.gpg"),
    ]
    # What others read as well is encrypted anew by pass, with the gatekeeper's own key.
    assert store("cp", "river/login", "river/other").returncode == 0
    assert readers(crew, files, "river/other") == ["amara", "joost"]
    assert ("secret-without-access", "secrets/river/other.gpg") in findings(files)


def test_what_was_removed_is_named(files: Files, store: Run) -> None:
    assert store("rm", "-f", "river/door").returncode == 0
    assert findings(files) == [("access-without-secret", "access/river/door.yaml")]
    assert store("rm", "-f", "river/door").returncode == 1


def test_other_keys_are_told_and_sync_takes_them_out(
    crew: Crew, files: Files, store: Run
) -> None:
    assert (
        store("init", "-p", "river", crew.keys["amara"], crew.keys["mallory"]).returncode == 0
    )
    assert readers(crew, files, "river/login") == ["amara", "mallory"]
    codes = {code for code, _ in findings(files)}
    assert codes == {"extra-reader", "missing-reader", "wrong-gpg-id"}
    confirmed_sync(files)
    assert findings(files) == []
    assert readers(crew, files, "river/login") == ["amara", "joost", "lena"]
    assert readers(crew, files, "river/door") == ["amara", "joost"]


def test_a_name_that_ocs_does_not_know_is_told(files: Files, store: Run) -> None:
    for name in ("river/My Key", "river/deep/er", "top"):
        assert store("insert", "-e", name, input="x\n").returncode == 0
    told = subprocess.run(
        [sys.executable, "-m", "ocs", "validate"],
        capture_output=True,
        text=True,
        check=False,
        cwd=files.root,
    ).stdout
    for path in ("secrets/river/My Key.gpg", "secrets/river/deep/er.gpg", "secrets/top.gpg"):
        assert f"{path}: error: " in told


def test_it_makes_no_commits_of_its_own_here(files: Files, store: Run) -> None:
    """Its repository would be the folder itself; whoever writes with it commits."""
    head = git(files.root, "rev-parse", "HEAD")
    assert store("insert", "-e", "river/new", input="x\n").returncode == 0
    assert git(files.root, "rev-parse", "HEAD") == head
    assert "secrets/river/new.gpg" in git(files.root, "status", "--short")


def test_what_doctor_prints_is_all_that_it_needs(
    crew: Crew, files: Files, empty_home: gpg.Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    empty_home.gpg(
        "--import", input=crew.homes["amara"].gpg("--export-secret-keys", crew.keys["amara"])
    )
    monkeypatch.setenv("GNUPGHOME", empty_home.path)
    told = ocs(files, "doctor", "--fix").partition("password-store:\n")[2]
    commands = f"{told}\necho otter | pass insert -e river/new && pass show river/new"
    done = subprocess.run(
        ["bash", "-ec", commands], capture_output=True, text=True, check=False
    )
    assert done.stdout.endswith("otter\n"), done.stderr
    assert readers(crew, files, "river/new") == ["amara", "joost"]
