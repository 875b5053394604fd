"""Secrets are written whole, to whom they should and to nobody else, with real keys and a real git."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest

from ocs.adapters.files import Files
from ocs.adapters.packets import as_text, read_message
from ocs.errors import NoSecretKeyError, NotItsOwnError, OcsError
from ocs.model.secret import Plaintext
from ocs.rules.records.schema import Schemas
from ocs.tasks.registry.validate import validate
from ocs.tasks.secrets import encrypting, granting, plaintext, revoking
from ocs.tasks.secrets.secrets import audit
from ocs.tasks.secrets.vault import Vault
from ocs.workspace import keyrings
from tests.crew import Crew, everything_written, git, put, remove, short_folder
from tests.gpg import needs_gpg, packet
from tests.remembering import remember

pytestmark = needs_gpg
TODAY = date.today()
MARKER = b"plaintext-marker-7391"
SECRET = Plaintext(MARKER + b"\nurl: https://x.example\n")
LOGIN = "secrets/river/login.gpg"
RECORD = "access/river/login.yaml"
Opened = Callable[[], Vault]


@pytest.fixture
def files(crew: Crew, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Files:
    """A registry in git with one secret, of Amara who sits at the keyboard."""
    monkeypatch.setenv("GNUPGHOME", crew.homes["amara"].path)
    for variable in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{variable}_NAME", "Amara")
        monkeypatch.setenv(f"GIT_{variable}_EMAIL", "amara@x.example")
    found = crew.write(tmp_path / "registry")
    crew.secret(found, "river/login", SECRET.reveal(), "lena")
    git(found.root, "init", "-q")
    git(found.root, "add", "-A")
    git(found.root, "commit", "-qm", "begin")
    remember(found.root)
    return found


@pytest.fixture
def vault(files: Files, schemas: Schemas) -> Opened:
    return lambda: Vault(
        Files(files.root), schemas, keyrings(TODAY), TODAY, remember(files.root)
    )


@pytest.fixture
def run(files: Files) -> Callable[..., subprocess.CompletedProcess[bytes]]:
    """Runs ocs as a process in the registry."""

    def as_process(
        *arguments: str, input: bytes = b"", **env: str
    ) -> subprocess.CompletedProcess[bytes]:
        remember(files.root)
        return subprocess.run(
            [sys.executable, "-m", "ocs", *arguments],
            input=input,
            cwd=files.root,
            capture_output=True,
            check=False,
            env={**os.environ, **env},
        )

    return as_process


def committed(files: Files) -> list[str]:
    """The files of the last commit; nothing is left over in the tree."""
    assert git(files.root, "status", "--short") == ""
    return sorted(git(files.root, "show", "--format=", "--name-only").split())


def nothing_is_wrong(files: Files, schemas: Schemas) -> bool:
    return audit(Files(files.root), schemas, TODAY).findings == ()


def test_a_secret_is_added_with_its_record_in_one_commit(
    crew: Crew, files: Files, schemas: Schemas, vault: Opened
) -> None:
    until = TODAY + timedelta(days=30)
    plan = granting.plan_add(
        "house/wifi",
        vault(),
        to=["sam"],
        purpose="to be online: all of us",
        because="mends it",
        until=until,
    )
    assert not (files.root / "access/house").exists()
    done = encrypting.carry_out(plan, vault(), SECRET)
    assert done.commit
    assert done.commit.id
    written = ["access/house/wifi.yaml", "secrets/house/.gpg-id", "secrets/house/wifi.gpg"]
    assert committed(files) == written
    assert sorted(done.files) == written
    data = (files.root / "secrets/house/wifi.gpg").read_bytes()
    assert [person for person in crew.homes if crew.decrypt(person, data)] == [
        "amara",
        "joost",
        "sam",
    ]
    assert crew.decrypt("sam", data) == SECRET.reveal()
    assert nothing_is_wrong(files, schemas)
    assert (files.root / "access/house/wifi.yaml").read_text() == (
        f'purpose: "to be online: all of us"\nrotated: {TODAY}\nreaders:\n'
        f"  - person: sam\n    because: mends it\n    until: {until}\n"
    )


def test_a_record_that_waits_for_its_secret_gets_it(
    crew: Crew, files: Files, schemas: Schemas, vault: Opened
) -> None:
    put(
        files.root,
        "access/house/door.yaml",
        b"purpose: code of the door   # the blue one\nreaders: [{person: sam}]\n",
    )
    encrypting.carry_out(
        granting.plan_add("house/door", vault(), to=["lena"]), vault(), SECRET
    )
    text = (files.root / "access/house/door.yaml").read_text()
    assert "# the blue one" in text
    assert (
        crew.decrypt("lena", (files.root / "secrets/house/door.gpg").read_bytes())
        == SECRET.reveal()
    )
    assert nothing_is_wrong(files, schemas)


def test_a_grant_changes_its_lines_and_nothing_else(
    crew: Crew, files: Files, vault: Opened
) -> None:
    before = (files.root / RECORD).read_text()
    encrypting.carry_out(
        granting.plan_grant("river/login", ["sam"], vault(), because="helps"), vault()
    )
    assert (
        files.root / RECORD
    ).read_text() == before + "  - person: sam\n    because: helps\n"
    assert committed(files) == [RECORD, LOGIN]
    assert crew.decrypt("sam", (files.root / LOGIN).read_bytes()) == SECRET.reveal()


def test_a_grant_for_longer_sets_the_day(files: Files, vault: Opened) -> None:
    until = TODAY + timedelta(days=9)
    encrypting.carry_out(
        granting.plan_grant("river/login", ["lena"], vault(), until=until), vault()
    )
    assert (
        (files.root / RECORD)
        .read_text()
        .endswith(f"  - person: lena\n    because: needs it\n    until: {until}\n")
    )


def test_other_changes_are_not_committed_along(files: Files, vault: Opened) -> None:
    put(
        files.root,
        "orgs/house.yaml",
        (files.root / "orgs/house.yaml").read_bytes() + b"website: https://h.example\n",
    )
    put(files.root, "notes.txt", b"x\n")
    git(files.root, "add", "notes.txt")
    encrypting.carry_out(granting.plan_grant("river/login", ["sam"], vault()), vault())
    assert sorted(git(files.root, "show", "--format=", "--name-only").split()) == [
        RECORD,
        LOGIN,
    ]
    assert git(files.root, "status", "--short").split("\n")[:2] == [
        "A  notes.txt",
        " M orgs/house.yaml",
    ] or (
        git(files.root, "status", "--short").split()
        == ["A", "notes.txt", "M", "orgs/house.yaml"]
    )


def test_no_commit_leaves_it_in_the_tree(files: Files, vault: Opened) -> None:
    done = encrypting.carry_out(
        granting.plan_grant("river/login", ["sam"], vault()), vault(), commits=False
    )
    assert done.commit is None
    assert git(files.root, "status", "--short").split() == ["M", RECORD, "M", LOGIN]


def test_without_an_identity_it_is_written_and_said(
    files: Files, vault: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    for variable in ("AUTHOR", "COMMITTER"):
        monkeypatch.delenv(f"GIT_{variable}_NAME")
        monkeypatch.delenv(f"GIT_{variable}_EMAIL")
    git(files.root, "config", "user.useConfigOnly", "true")
    done = encrypting.carry_out(granting.plan_grant("river/login", ["sam"], vault()), vault())
    assert done.commit
    assert done.commit.id is None
    assert "git does not know who you are" in done.commit.why_not
    assert git(files.root, "status", "--short").split() == ["M", RECORD, "M", LOGIN]


def test_outside_of_git_it_is_written_and_said(
    crew: Crew, schemas: Schemas, tmp_path: Path, vault: Opened
) -> None:
    other = crew.write(tmp_path / "no-git")
    remove(other.root / ".git")
    opened = Vault(other, schemas, keyrings(TODAY), TODAY, remember(other.root))
    done = encrypting.carry_out(
        granting.plan_add("house/wifi", opened, purpose="x"), opened, SECRET
    )
    assert done.commit
    assert (done.commit.id, done.commit.why_not) == (None, "this is not a git repository")
    assert (other.root / "secrets/house/wifi.gpg").exists()


def test_all_that_stands_against_anybody_is_told_at_once_and_nothing_is_written(
    crew: Crew, files: Files, vault: Opened
) -> None:
    put(
        files.root,
        "vetting/sam.yaml",
        f"level: known\nexpires: 2020-01-01\nsuspended: {{since: {TODAY}, because: lost}}\n".encode(),
    )
    put(files.root, "people/sam.yaml", b"name: Sam\nconflicts: [{with: studio}]\n")
    (files.root / "keys/joost.asc").unlink()
    before = everything_written(files.root)
    plan = granting.plan_grant("river/login", ["sam", "mallory", "nobody"], vault())
    assert [(each.person, each.message) for each in plan.obstacles] == [
        ("joost", "there is no certificate of joost"),
        ("sam", "sam has a vetting that expired on 2020-01-01"),
        ("sam", f"sam has been suspended since {TODAY}: lost"),
        ("sam", "sam has the level known instead of vetted"),
        ("sam", "sam has a conflict with studio"),
        ("sam", "the key of sam was not vetted"),
        ("mallory", "mallory was never vetted"),
        ("mallory", "there is no certificate of mallory"),
        ("nobody", "no person has the id 'nobody'"),
    ]
    assert all(each.hint for each in plan.obstacles)
    assert {
        each.hint for each in plan.obstacles if each.message == "mallory was never vetted"
    } == {"run `ocs vet mallory --level vetted --check KIND --by GATEKEEPER`"}
    with pytest.raises(OcsError, match="cannot carry out this plan"):
        encrypting.carry_out(plan, vault())
    assert everything_written(files.root) == before


def test_a_gatekeeper_needs_the_key_that_ocs_yaml_names(
    crew: Crew, files: Files, vault: Opened
) -> None:
    text = (files.root / "ocs.yaml").read_text()
    (files.root / "ocs.yaml").write_text(
        text.replace(crew.keys["joost"], crew.keys["mallory"])
    )
    plan = granting.plan_grant("river/login", ["sam"], vault())
    assert [each.person for each in plan.obstacles] == ["joost"]
    assert "the registry names" in plan.obstacles[0].message


def test_a_gatekeeper_whose_key_nobody_named_is_not_encrypted_to(
    crew: Crew, files: Files, vault: Opened
) -> None:
    text = (files.root / "ocs.yaml").read_text()
    (files.root / "ocs.yaml").write_text(text.replace(f"\n    key: {crew.keys['joost']}", ""))
    assert [
        (each.person, each.message)
        for each in granting.plan_grant("river/login", ["sam"], vault()).obstacles
    ] == [
        ("joost", "ocs.yaml lists no key of the gatekeeper joost"),
        ("joost", "the key of joost was not vetted"),
    ]


@pytest.mark.parametrize(
    ("begins", "messages"),
    [(None, []), (1, []), (0, [f"joost has been suspended since {TODAY}"])],
)
def test_a_gatekeeper_is_encrypted_to_until_they_are_suspended(
    begins: int | None, messages: list[str], files: Files, vault: Opened
) -> None:
    since = "" if begins is None else f"suspended: {{since: {TODAY + timedelta(begins)}}}\n"
    put(files.root, "vetting/joost.yaml", f"level: known\n{since}".encode())
    obstacles = granting.plan_grant("river/login", ["sam"], vault()).obstacles
    assert [each.message for each in obstacles] == messages


def test_a_gatekeeper_who_was_renamed_reads_on(
    crew: Crew, files: Files, schemas: Schemas, vault: Opened
) -> None:
    git(files.root, "mv", "keys/joost.asc", "keys/jo.asc")
    git(files.root, "rm", "-q", "people/joost.yaml")
    put(files.root, "people/jo.yaml", b"name: Joost\nformerly: [joost]\n")
    encrypting.carry_out(granting.plan_grant("river/login", ["sam"], vault()), vault())
    assert crew.decrypt("joost", (files.root / LOGIN).read_bytes()) == SECRET.reveal()
    found = validate(files, schemas, TODAY, keyrings=keyrings(TODAY)).findings
    assert [
        each.message
        for each in found
        if each.code in ("missing-certificate", "missing-reader")
    ] == []


def test_nothing_is_encrypted_to_a_file_that_is_no_certificate(
    files: Files, vault: Opened
) -> None:
    put(files.root, "keys/sam.asc", b"x")
    (only,) = granting.plan_grant("river/login", ["sam"], vault()).obstacles
    assert only.message.startswith("the certificate of sam: ")


def test_nothing_is_encrypted_where_no_certificates_are_kept(
    files: Files, vault: Opened
) -> None:
    shutil.rmtree(files.root / "keys")
    plan = granting.plan_grant("river/login", ["sam"], vault())
    assert {each.message for each in plan.obstacles} == {
        f"there is no certificate of {person}" for person in ("amara", "joost", "lena", "sam")
    }


def test_who_is_left_out_is_named_in_the_commit_and_told_until_it_is_mended(
    crew: Crew, files: Files, schemas: Schemas, vault: Opened
) -> None:
    (files.root / "keys/joost.asc").unlink()
    plan = granting.plan_grant("river/login", ["sam"], vault(), without=["joost"])
    encrypting.carry_out(plan, vault())
    assert "without joost" in git(files.root, "log", "-1", "--format=%s")
    assert [each.code for each in audit(Files(files.root), schemas, TODAY).findings] == [
        "missing-reader"
    ]
    put(files.root, "keys/joost.asc", as_text(crew.certificates["joost"]))
    encrypting.carry_out(revoking.plan_sync(vault()), vault())
    assert nothing_is_wrong(files, schemas)
    assert crew.decrypt("joost", (files.root / LOGIN).read_bytes()) == SECRET.reveal()


def test_who_cannot_read_cannot_grant(
    crew: Crew, files: Files, vault: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GNUPGHOME", crew.homes["sam"].path)
    before = everything_written(files.root)
    with pytest.raises(
        NoSecretKeyError, match="cannot decrypt river/login: none of your keys"
    ):
        encrypting.carry_out(granting.plan_grant("river/login", ["sam"], vault()), vault())
    assert everything_written(files.root) == before


def test_a_copy_over_a_secret_is_not_encrypted_to_its_readers(
    crew: Crew, files: Files, schemas: Schemas, vault: Opened
) -> None:
    """Sam may read house/wifi, and not river/login; he copies the one over the other and asks for a grant."""
    crew.secret(files, "house/wifi", b"1234\n", "sam")
    put(files.root, "secrets/house/wifi.gpg", (files.root / LOGIN).read_bytes())
    refused = "house/wifi again: its content was written for river/login"
    with pytest.raises(NotItsOwnError, match=refused):
        encrypting.carry_out(granting.plan_grant("house/wifi", ["lena"], vault()), vault())
    with pytest.raises(NotItsOwnError, match=refused):
        encrypting.carry_out(revoking.plan_sync(vault()), vault())
    (found,) = validate(files, schemas, TODAY, only=["copied-ciphertext"]).findings
    assert found.message.startswith("house/wifi and river/login are the same ciphertext")


def test_nobody_is_taken_out_of_the_copy_of_another_secret(
    crew: Crew, files: Files, vault: Opened
) -> None:
    """Of the one that was copied, people are taken out all the same."""
    crew.secret(files, "house/wifi", b"1234\n", "sam", "lena")
    git(files.root, "add", "-A")
    git(files.root, "commit", "-qm", "wifi")
    put(files.root, "secrets/house/wifi.gpg", (files.root / LOGIN).read_bytes())
    before = everything_written(files.root)
    with pytest.raises(OcsError, match="holds a copy of the ciphertext of river/login"):
        revoking.plan_revoke("house/wifi", ["lena"], vault())
    end = revoking.plan_end("lena", vault())
    assert [each.secret for each in end.skipped] == ["house/wifi"]
    assert [step.secret for step in end.steps] == ["river/login"]
    assert everything_written(files.root) == before
    encrypting.carry_out(revoking.plan_revoke("river/login", ["lena"], vault()), vault())
    assert crew.decrypt("lena", (files.root / LOGIN).read_bytes()) is None


def test_a_ciphertext_that_was_moved_is_not_encrypted_to_other_readers(
    crew: Crew, files: Files, schemas: Schemas, vault: Opened
) -> None:
    """Sam moves river/login over house/wifi, which he may read, and puts something of his in its place."""
    crew.secret(files, "house/wifi", b"1234\n", "sam")
    git(files.root, "add", "-A")
    git(files.root, "commit", "-qm", "wifi")
    put(files.root, "secrets/house/wifi.gpg", (files.root / LOGIN).read_bytes())
    put(files.root, LOGIN, crew.encrypt(b"rubbish\n", "amara", "joost", "lena"))
    git(files.root, "commit", "-qam", "tidy up")
    with pytest.raises(NotItsOwnError, match="its content was written for river/login"):
        encrypting.carry_out(granting.plan_grant("house/wifi", ["lena"], vault()), vault())
    with pytest.raises(NotItsOwnError, match="its content was written for river/login"):
        encrypting.carry_out(revoking.plan_sync(vault()), vault())
    found = [
        each.message
        for each in validate(files, schemas, TODAY, only=["copied-ciphertext"]).findings
    ]
    assert found == ["house/wifi is the ciphertext that river/login had before"]
    # Once it is as it was, nothing is held against the one that it was taken from.
    git(files.root, "revert", "--no-edit", "HEAD")
    assert validate(files, schemas, TODAY, only=["copied-ciphertext"]).findings == ()
    encrypting.carry_out(granting.plan_grant("river/login", ["sam"], vault()), vault())


def test_in_a_clone_that_is_cut_short_nothing_is_encrypted_anew(
    files: Files, schemas: Schemas, tmp_path: Path
) -> None:
    git(files.root, "commit", "-q", "--allow-empty", "-m", "more")
    subprocess.run(
        ["git", "clone", "-q", "--depth", "1", f"file://{files.root}", tmp_path / "cut"],
        check=True,
    )
    root = tmp_path / "cut"
    cut = Vault(Files(root), schemas, keyrings(TODAY), TODAY, remember(root))
    with pytest.raises(NotItsOwnError, match="without the registry's history"):
        encrypting.carry_out(granting.plan_grant("river/login", ["sam"], cut), cut)
    put(cut.files.root, RECORD, b"purpose: x\nreaders: [{person: lena}, {person: sam}]\n")
    again = Vault(Files(root), schemas, keyrings(TODAY), TODAY, remember(root))
    with pytest.raises(NotItsOwnError, match="without the registry's history"):
        encrypting.carry_out(revoking.plan_sync(again), again)


def test_revoking_takes_the_packet_out_without_any_key(
    crew: Crew, files: Files, schemas: Schemas, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GNUPGHOME", "/nonexistent")
    before = read_message((files.root / LOGIN).read_bytes())
    opened = Vault(Files(files.root), schemas, keyrings(TODAY), TODAY, is_verified=False)
    encrypting.carry_out(revoking.plan_revoke("river/login", ["lena"], opened), opened)
    after = read_message((files.root / LOGIN).read_bytes())
    assert after.content == before.content
    assert len(after.key_ids) == len(before.key_ids) - 1
    data = (files.root / LOGIN).read_bytes()
    assert [person for person in crew.homes if crew.decrypt(person, data)] == [
        "amara",
        "joost",
    ]
    assert (
        files.root / RECORD
    ).read_text() == "purpose: to get in     # and out\nrotated: 2026-01-01\n"
    assert committed(files) == [RECORD, LOGIN]
    assert nothing_is_wrong(files, schemas)


def test_revoking_takes_out_who_was_added_by_hand(
    crew: Crew, files: Files, schemas: Schemas, vault: Opened
) -> None:
    put(files.root, LOGIN, crew.encrypt(b"x", "amara", "joost", "lena", "mallory", "sam"))
    plan = revoking.plan_revoke("river/login", ["sam"], vault())
    assert plan.steps[0].loses[0] == "sam"
    assert "the unknown key" in plan.steps[0].loses[1]
    encrypting.carry_out(plan, vault())
    assert nothing_is_wrong(files, schemas)


def test_a_key_that_two_people_have_keeps_nobody_in_a_ciphertext(
    crew: Crew, files: Files, vault: Opened
) -> None:
    """Sam's file holds Lena's certificate: who takes Sam out cannot leave that key in."""
    lena = vault().registry.by_kind["vetting"]["lena"].tree
    vetting = (files.root / "vetting/sam.yaml").read_text()
    put(
        files.root,
        "vetting/sam.yaml",
        vetting.replace(crew.keys["sam"], str(lena["key"])).encode(),
    )
    put(files.root, "keys/sam.asc", as_text(crew.certificates["lena"]))
    put(
        files.root,
        RECORD,
        b"purpose: x\nrotated: 2026-01-01\nreaders: [{person: lena}, {person: sam}]\n",
    )
    plan = revoking.plan_revoke("river/login", ["sam"], vault())
    assert plan.steps[0].how is encrypting.How.LESS
    encrypting.carry_out(plan, vault(), commits=False)
    data = (files.root / LOGIN).read_bytes()
    assert crew.decrypt("lena", data) is None
    assert crew.decrypt("amara", data) == SECRET.reveal()


def test_a_record_that_was_written_before_is_committed_with_its_ciphertext(
    files: Files, vault: Opened
) -> None:
    """A command that was killed has written the record, and nothing of it is in a commit yet."""
    record = (files.root / RECORD).read_bytes()
    put(files.root, RECORD, record + b"  - person: sam\n    because: helps\n")
    done = encrypting.carry_out(revoking.plan_sync(vault()), vault())
    assert done.files == (LOGIN,)
    assert committed(files) == [RECORD, LOGIN]


def test_nobody_is_revoked_who_reads_by_office_or_not_at_all(vault: Opened) -> None:
    with pytest.raises(OcsError, match="amara is a gatekeeper of river"):
        revoking.plan_revoke("river/login", ["amara"], vault())
    with pytest.raises(OcsError, match="sam is not a reader of river/login"):
        revoking.plan_revoke("river/login", ["sam"], vault())


def test_ending_access_takes_somebody_out_of_everything_and_says_what_to_rotate(
    crew: Crew, files: Files, schemas: Schemas, vault: Opened
) -> None:
    crew.secret(files, "house/wifi", b"1234\n", "sam", also=("lena",))
    crew.secret(files, "house/door", b"5678\n", "sam")
    plan = revoking.plan_end("lena", vault())
    assert [each.secret for each in plan.steps] == ["house/wifi", "river/login"]
    assert sum("ocs secret rotate" in sentence for sentence in plan.said) == 2
    encrypting.carry_out(plan, vault())
    assert nothing_is_wrong(files, schemas)
    for name in ("river/login", "house/wifi"):
        assert crew.decrypt("lena", (files.root / f"secrets/{name}.gpg").read_bytes()) is None
    assert revoking.plan_end("lena", vault()).is_empty
    with pytest.raises(OcsError, match="no person has the id 'leena'"):
        revoking.plan_end("leena", vault())


def test_who_reads_by_office_goes_on_reading(vault: Opened) -> None:
    plan = revoking.plan_end("joost", vault())
    assert plan.is_empty
    assert "joost is a gatekeeper of river" in plan.said[0]


def test_a_foreign_key_beside_a_certificate_takes_nobody_out(
    crew: Crew, files: Files, vault: Opened
) -> None:
    """Whoever can write keys/ puts a gatekeeper's key into lena's file; revoking lena leaves the gatekeeper."""
    from tests.gpg import packets

    joosts = next(data for tag, data in packets(crew.certificates["joost"]) if tag == 14)
    put(files.root, "keys/lena.asc", as_text(crew.certificates["lena"] + joosts))
    data = encrypting.carry_out(
        revoking.plan_revoke("river/login", ["lena"], vault()), vault(), commits=False
    )
    assert data.files
    assert crew.decrypt("amara", (files.root / LOGIN).read_bytes())


def test_rotating_needs_other_content_and_moves_the_dates(
    crew: Crew, files: Files, vault: Opened
) -> None:
    put(
        files.root,
        RECORD,
        b"purpose: x\nrotated: 2026-01-01   # cold\nrotate_by: 2026-07-01\nreaders: [{person: lena}]\n",
    )
    plan = granting.plan_rotate("river/login", vault())
    with pytest.raises(
        OcsError, match="the new content of river/login is the same as the old content"
    ):
        encrypting.carry_out(plan, vault(), Plaintext(SECRET.reveal() + b"\n\n"), differs=True)
    encrypting.carry_out(plan, vault(), Plaintext(b"other\n"), differs=True)
    by = TODAY + timedelta(days=181)
    assert (files.root / RECORD).read_text() == (
        f"purpose: x\nrotated: {TODAY}   # cold\nrotate_by: {by}\nreaders: [{{person: lena}}]\n"
    )
    assert crew.decrypt("lena", (files.root / LOGIN).read_bytes()) == b"other\n"


def test_sync_ends_access_lets_in_who_is_recorded_and_mends_gpg_ids(
    crew: Crew, files: Files, schemas: Schemas, vault: Opened
) -> None:
    crew.secret(files, "house/wifi", b"1234\n", "lena")
    put(
        files.root,
        "access/house/wifi.yaml",
        b"purpose: x\nreaders: [{person: sam}, {person: lena, until: 2020-01-01}]\n",
    )
    put(files.root, LOGIN, crew.encrypt(b"x", "amara", "joost", "lena", "sam"))
    put(files.root, "secrets/river/.gpg-id", crew.keys["mallory"].encode() + b"\n")
    (files.root / "secrets/.gpg-id").unlink()
    plan = revoking.plan_sync(vault())
    assert [(each.secret, each.how.value) for each in plan.steps] == [
        ("house/wifi", "anew"),
        ("river/login", "less"),
    ]
    encrypting.carry_out(plan, vault())
    assert nothing_is_wrong(files, schemas)
    data = (files.root / "secrets/house/wifi.gpg").read_bytes()
    assert [person for person in crew.homes if crew.decrypt(person, data)] == [
        "amara",
        "joost",
        "sam",
    ]
    assert (
        files.root / "access/house/wifi.yaml"
    ).read_text() == "purpose: x\nreaders: [{person: sam}]\n"
    assert revoking.plan_sync(vault()).is_empty


def test_sync_leaves_what_was_copied_and_does_the_rest(
    crew: Crew,
    files: Files,
    vault: Opened,
    run: Callable[..., subprocess.CompletedProcess[bytes]],
) -> None:
    crew.secret(files, "house/wifi", b"1234\n", "sam")
    crew.secret(files, "river/copy", b"", "sam")
    put(files.root, "secrets/river/copy.gpg", (files.root / LOGIN).read_bytes())
    put(
        files.root,
        "access/house/wifi.yaml",
        b"purpose: x\nreaders: [{person: lena}, {person: sam}]\n",
    )
    copy = everything_written(files.root / "secrets/river", files.root / "access/river")
    done = run("secret", "sync", "--yes")
    assert done.returncode == 1
    assert (
        b"error: river/copy stays as it was: its content was written for river/login"
        in done.stderr
    )
    assert b"restore the right file from git's history" in done.stderr
    data = (files.root / "secrets/house/wifi.gpg").read_bytes()
    assert crew.decrypt("lena", data) == b"1234\n"
    assert (
        everything_written(files.root / "secrets/river", files.root / "access/river") == copy
    )
    again = run("secret", "sync", "--yes")
    assert again.returncode == 2
    assert b"cannot encrypt river/copy again" in again.stderr


def test_sync_leaves_what_is_not_for_the_user_and_does_the_rest(
    crew: Crew, files: Files, schemas: Schemas, vault: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    crew.secret(files, "house/wifi", b"1234\n", "sam")
    for name in ("house/wifi", "river/login"):
        put(
            files.root,
            f"access/{name}.yaml",
            b"purpose: x\nreaders: [{person: lena}, {person: sam}]\n",
        )
    monkeypatch.setenv("GNUPGHOME", crew.homes["sam"].path)
    done = encrypting.carry_out(revoking.plan_sync(vault()), vault())
    assert [each.secret for each in done.skipped] == ["river/login"]
    assert [each.place.file for each in audit(Files(files.root), schemas, TODAY).findings] == [
        RECORD
    ]


@pytest.mark.parametrize(
    "name",
    [
        "../evil/x", "river/../../x", "/etc/passwd", "river/.gpg-id", "river", "river/a/b", "river/A", "river/x.gpg",
        "secrets/../x.gpg", "river/x\n", "river/\x1b[2J", "", "-/x1", "river/x y", "..", "river//login", "river/lo\0gin",
    ],
)  # fmt: skip
def test_a_name_leads_nowhere_else(
    name: str, files: Files, schemas: Schemas, vault: Opened
) -> None:
    before = everything_written(files.root)
    for plan in (
        lambda: granting.plan_add(name, vault(), purpose="x"),
        lambda: granting.plan_grant(name, ["sam"], vault()),
        lambda: revoking.plan_revoke(name, ["lena"], vault()),
        lambda: plaintext.decrypted(name, files, schemas, keyrings(TODAY)),
    ):
        with pytest.raises(OcsError, match="is not the name of a secret"):
            plan()
    assert everything_written(files.root) == before


def test_links_are_not_followed(
    crew: Crew, files: Files, schemas: Schemas, vault: Opened, tmp_path: Path
) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (files.root / "secrets/house").symlink_to(outside)
    with pytest.raises(OcsError, match="cannot write into secrets/house"):
        encrypting.carry_out(
            granting.plan_add("house/wifi", vault(), purpose="x"), vault(), SECRET
        )
    assert list(outside.iterdir()) == []
    (files.root / LOGIN).rename(outside / "x.gpg")
    (files.root / LOGIN).symlink_to(outside / "x.gpg")
    with pytest.raises(OcsError, match="symbolic link"):
        plaintext.decrypted("river/login", files, schemas, keyrings(TODAY))


def test_a_file_that_changed_meanwhile_is_not_written_over(
    crew: Crew, files: Files, vault: Opened
) -> None:
    plan = granting.plan_grant("river/login", ["sam"], vault())
    other = crew.encrypt(b"other", "amara", "joost", "lena")
    put(files.root, LOGIN, other)
    with pytest.raises(OcsError, match="changed while ocs ran"):
        encrypting.carry_out(plan, vault())
    assert (files.root / LOGIN).read_bytes() == other
    assert "sam" not in (files.root / RECORD).read_text()


def test_show_writes_the_bytes_to_a_pipe_and_one_value(
    files: Files, run: Callable[..., subprocess.CompletedProcess[bytes]]
) -> None:
    assert run("secret", "show", "river/login").stdout == SECRET.reveal()
    assert (
        run("secret", "show", "river/login", "--key", "URL").stdout == b"https://x.example\n"
    )
    done = run("secret", "show", "river/login", "--key", "pin")
    assert (done.returncode, done.stdout) == (2, b"")
    assert MARKER not in done.stderr


def test_binary_content_comes_back_byte_for_byte(
    crew: Crew, files: Files, run: Callable[..., subprocess.CompletedProcess[bytes]]
) -> None:
    content = bytes(range(256)) * 100 + b"\r\n"
    assert (
        run("secret", "add", "house/keyfile", "--purpose", "x", input=content).returncode == 0
    )
    assert run("secret", "show", "house/keyfile").stdout == content


def on_a_terminal(files: Files, *arguments: str) -> tuple[bytes, int]:
    """What ocs writes to a terminal, and its status."""
    import pty

    pid, terminal = pty.fork()
    if pid == 0:
        os.chdir(files.root)
        os.execv(sys.executable, [sys.executable, "-m", "ocs", *arguments])
    said = b""
    while True:
        try:
            part = os.read(terminal, 65536)
        except OSError:
            break
        if not part:
            break
        said += part
    os.close(terminal)
    return said, os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def test_a_secret_steers_no_terminal_and_binary_is_not_shown_there(
    crew: Crew, files: Files
) -> None:
    put(
        files.root,
        LOGIN,
        crew.encrypt(
            b"pw\x1b]52;c;ZXZpbA==\x07 \xe2\x80\xaeevil\x9b2J\n".replace(b"\x9b", b"\xc2\x9b"),
            "amara",
        ),
    )
    said, status = on_a_terminal(files, "secret", "show", "river/login")
    assert status == 0
    assert said.startswith(b"pw")
    assert not any(bad in said for bad in (b"\x1b]52", b"\x07", b"\xe2\x80\xae", b"\xc2\x9b"))
    for binary in (b"a\0b", b"\xff\xfe"):
        put(files.root, LOGIN, crew.encrypt(binary, "amara"))
        said, status = on_a_terminal(files, "secret", "show", "river/login")
        assert status == 2
        assert b"does not show it on a terminal" in said
        assert binary not in said


def test_hostile_surroundings_change_nothing(
    crew: Crew,
    files: Files,
    schemas: Schemas,
    tmp_path: Path,
    run: Callable[..., subprocess.CompletedProcess[bytes]],
) -> None:
    """A gpg.conf that adds and hides recipients, a PATH with programs in the current folder, a German locale."""
    with crew_home_copy(crew, "amara") as home:
        subprocess.run(
            ["gpg", "--homedir", home, "--batch", "--import"],
            input=crew.certificates["mallory"],
            check=True,
            capture_output=True,
        )
        Path(home, "gpg.conf").write_text(
            f"encrypt-to {crew.keys['mallory']}\nthrow-keyids\nhidden-encrypt-to {crew.keys['mallory']}\n"
            "armor\ntrust-model pgp\ncomment evil\n"
        )
        for name in ("gpg", "git", "python3"):
            put(files.root, name, f"#!/bin/sh\ntouch {tmp_path}/pwned\n".encode())
            (files.root / name).chmod(0o755)
        hostile = {
            "GNUPGHOME": home,
            "LC_ALL": "de_DE.UTF-8",
            "LANGUAGE": "de",
            "PATH": f".:{os.environ['PATH']}",
            "GNUPG_PASSPHRASE": "x",
        }
        done = run("secret", "grant", "river/login", "sam", **hostile)
        assert done.returncode == 0, done.stderr
        assert not (tmp_path / "pwned").exists()
        data = (files.root / LOGIN).read_bytes()
        assert [person for person in crew.homes if crew.decrypt(person, data)] == [
            "amara",
            "joost",
            "lena",
            "sam",
        ]
        assert nothing_is_wrong(files, schemas)


def crew_home_copy(crew: Crew, person: str):  # type: ignore[no-untyped-def]
    """A home with somebody's secret key, which may be changed."""
    import contextlib

    @contextlib.contextmanager
    def copied():  # type: ignore[no-untyped-def]
        home = short_folder()
        try:
            secret = crew.homes[person].gpg("--export-secret-keys", crew.keys[person])
            subprocess.run(
                ["gpg", "--homedir", str(home), "--batch", "--import"],
                input=secret,
                check=True,
                capture_output=True,
            )
            yield str(home)
        finally:
            subprocess.run(["gpgconf", "--homedir", str(home), "--kill", "all"], check=False)
            remove(home)

    return copied()


@pytest.mark.parametrize("umask", [0o000, 0o077])
def test_the_umask_opens_nothing_while_a_secret_is_edited(
    umask: int,
    crew: Crew,
    files: Files,
    tmp_path: Path,
    run: Callable[..., subprocess.CompletedProcess[bytes]],
) -> None:
    editor = tmp_path / "editor"
    editor.write_text(
        '#!/bin/sh\nls -ld "$1" "$(dirname "$1")" > "$OCS_SEEN"\necho changed >> "$1"\n'
    )
    editor.chmod(0o755)
    seen = tmp_path / "seen"
    before = os.umask(umask)
    try:
        done = run("secret", "edit", "river/login", EDITOR=str(editor), OCS_SEEN=str(seen))
    finally:
        os.umask(before)
    assert done.returncode == 0, done.stderr
    folder, file = seen.read_text().splitlines()
    assert file.startswith("-rw-------")
    assert folder.startswith("drwx------")
    assert "/dev/shm/" in file
    assert (
        crew.decrypt("lena", (files.root / LOGIN).read_bytes())
        == SECRET.reveal() + b"changed\n"
    )
    assert not Path(file.split()[-1]).exists()


def test_an_edit_that_changes_nothing_writes_nothing(
    files: Files, run: Callable[..., subprocess.CompletedProcess[bytes]]
) -> None:
    head = git(files.root, "rev-parse", "HEAD")
    done = run("secret", "edit", "river/login", EDITOR="true")
    assert done.returncode == 0
    assert b"the secret is unchanged; nothing was written" in done.stderr
    assert git(files.root, "rev-parse", "HEAD") == head


def test_an_editor_that_fails_leaves_all_as_it_was_and_nothing_in_memory(
    files: Files, tmp_path: Path, run: Callable[..., subprocess.CompletedProcess[bytes]]
) -> None:
    before = everything_written(files.root)
    editor = f"sh -c 'echo $0 > {tmp_path}/seen; cat $0 >> {tmp_path}/seen; false'"
    assert run("secret", "edit", "river/login", EDITOR=editor).returncode == 2
    assert everything_written(files.root) == before
    file, _, text = (tmp_path / "seen").read_bytes().partition(b"\n")
    assert MARKER in text
    assert not Path(file.decode()).parent.exists()


def test_the_plaintext_is_on_no_disk_in_no_object_and_in_no_message(
    crew: Crew,
    files: Files,
    tmp_path: Path,
    run: Callable[..., subprocess.CompletedProcess[bytes]],
) -> None:
    scratch = short_folder()
    said = b""
    try:
        for arguments, content in (
            (
                ("secret", "add", "house/wifi", "--purpose", "x", "--to", "sam"),
                SECRET.reveal(),
            ),
            (("secret", "grant", "house/wifi", "lena"), b""),
            (("secret", "grant", "house/wifi", "mallory"), b""),
            (("secret", "rotate", "house/wifi", "--yes"), MARKER + b" again\n"),
            (("secret", "rotate", "house/wifi", "--yes"), MARKER + b" again\n"),
            (("secret", "revoke", "house/wifi", "lena", "--yes"), b""),
            (("secret", "edit", "house/wifi"), b""),
            (("secret", "sync", "--yes"), b""),
            (("secret", "list", "--json"), b""),
            (("secret", "audit", "--json"), b""),
            (("secret", "show", "house/wifi", "--key", "none"), b""),
            (("secret", "exec", "house/wifi", "--dry-run"), b""),
            (("secret", "exec", "house/wifi", "--", "true"), b""),
        ):
            done = run(
                *arguments,
                input=content,
                TMPDIR=str(scratch),
                EDITOR=f"sh -c 'echo {MARKER.decode()} >> $0'",
            )
            assert done.returncode in (0, 1, 2), done.stderr
            said += done.stdout + done.stderr
        assert MARKER not in said
        every = ["git", "cat-file", "--batch-all-objects", "--batch", "--unordered"]
        objects = subprocess.run(every, cwd=files.root, capture_output=True, check=True).stdout
        assert b"secrets: add house/wifi" in objects
        assert MARKER not in objects
        home = Path(os.environ["HOME"])
        for path, data in everything_written(
            files.root, scratch, home, *(each.path for each in crew.homes.values())
        ).items():
            assert MARKER not in data, path
        assert [path for path in scratch.rglob("*") if path.is_file()] == []
    finally:
        remove(scratch)


def test_nothing_is_left_when_the_disk_takes_no_more(
    files: Files, run: Callable[..., subprocess.CompletedProcess[bytes]]
) -> None:
    import resource

    before = everything_written(files.root)
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "ocs",
            "secret",
            "add",
            "house/wifi",
            "--purpose",
            "x",
            "--no-commit",
        ],
        input=b"x" * 200_000,
        cwd=files.root,
        capture_output=True,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000)),
    )
    assert done.returncode == 2, done.stderr
    assert everything_written(files.root) == before


def test_a_passphrase_beside_the_keys_is_not_decrypted(
    crew: Crew, files: Files, vault: Opened
) -> None:
    options = ("--symmetric", "--passphrase", "swordfish")
    put(files.root, LOGIN, crew.encrypt(b"x", "amara", "joost", "lena", options=options))
    with pytest.raises(OcsError, match="passphrase"):
        encrypting.carry_out(granting.plan_grant("river/login", ["sam"], vault()), vault())


def test_what_is_no_ciphertext_is_not_worked_on(files: Files, vault: Opened) -> None:
    for data in (b"hunter2\n", b"", packet(1, b"\x03")):
        put(files.root, LOGIN, data)
        with pytest.raises(OcsError, match="cannot use secrets/"):
            granting.plan_grant("river/login", ["sam"], vault())


def test_what_is_written_is_laid_out_as_a_password_store(
    crew: Crew, files: Files, vault: Opened
) -> None:
    (files.root / "secrets/.gpg-id").unlink()
    encrypting.carry_out(
        granting.plan_add("house/wifi", vault(), purpose="x"), vault(), SECRET
    )
    amara, joost = crew.keys["amara"], crew.keys["joost"]
    assert (files.root / "secrets/house/.gpg-id").read_text() == f"{joost}\n{amara}\n"
    assert (files.root / "secrets/.gpg-id").read_text() == f"{amara}\n{joost}\n"
    assert sorted(path.name for path in (files.root / "secrets/house").iterdir()) == [
        ".gpg-id",
        "wifi.gpg",
    ]
