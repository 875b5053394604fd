"""Nobody is obeyed who was not confirmed: what somebody pushes gives them nothing.

A3 and A21 of the attacks that were tried, in all their forms, and what is like them.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from ocs.adapters.packets import as_text
from tests import gpg
from tests.crew import git, put
from tests.gpg import needs_gpg
from tests.tasks.trust.conftest import CONTENT, Group

pytestmark = needs_gpg
Attack = Callable[[Group], str]
RECORD = "access/river/login.yaml"
GIVING = {
    "sync": ("secret", "sync", "--yes"),
    "grant": ("secret", "grant", "river/login", "sam", "--because", "x"),
    "rotate": ("secret", "rotate", "river/login", "--yes"),
}


def named(group: Group, person: str) -> None:
    put(
        group.root,
        RECORD,
        (group.root / RECORD).read_bytes() + f"  - person: {person}\n".encode(),
    )


def access_alone(group: Group) -> str:
    """A3: one line in access/, of a volunteer who is vetted and whose key is known."""
    named(group, "sam")
    return "sam"


def all_four_files(group: Group) -> str:
    """A3: an outsider with a person, a vetting with invented checks, a key and access."""
    group.outsider()
    named(group, "mallory")
    return "mallory"


def a_gatekeepers_key(group: Group) -> str:
    """A3: the key of Joost is swapped in ocs.yaml, and his certificate with it."""
    group.edit("ocs.yaml", group.crew.keys["joost"], group.crew.keys["mallory"])
    group.put_key("joost", "mallory")
    return "mallory"


def a_reader_in_the_office(group: Group) -> str:
    """Somebody becomes gatekeeper of the owner, and reads by office."""
    group.outsider()
    group.edit(
        "ocs.yaml",
        "gatekeepers:\n",
        f"gatekeepers:\n  - person: mallory\n    key: {group.crew.keys['mallory']}\n",
    )
    group.edit("orgs/river.yaml", "[amara, joost]", "[amara, joost, mallory]")
    return "mallory"


def the_key_of_a_reader_who_stays(group: Group) -> str:
    """The key of Lena, who is a reader, is another one."""
    group.edit("vetting/lena.yaml", group.crew.keys["lena"], group.crew.keys["mallory"])
    group.put_key("lena", "mallory")
    return "mallory"


def a_rename_to_a_known_id(group: Group) -> str:
    """Lena's record goes, and Mallory's has her id as one of old."""
    for folder in ("people", "vetting"):
        (group.root / folder / "lena.yaml").unlink()
    (group.root / "keys/lena.asc").unlink()
    group.outsider()
    put(group.root, "people/mallory.yaml", b"name: Eve\nformerly: [lena]\n")
    return "mallory"


def taking_over_an_id(group: Group) -> str:
    """Mallory's own file is called as Lena's."""
    group.outsider("lena")
    return "mallory"


def a_bogus_recipient(group: Group) -> str:
    """Mallory is a recipient of the file already, if only by a made-up packet."""
    group.outsider()
    named(group, "mallory")
    data = group.crew.encrypt(b"x\n", "amara", "joost", "lena", "mallory")
    put(group.root, "secrets/river/login.gpg", data)
    return "mallory"


ATTACKS = [
    access_alone,
    all_four_files,
    a_gatekeepers_key,
    a_reader_in_the_office,
    the_key_of_a_reader_who_stays,
    a_rename_to_a_known_id,
    taking_over_an_id,
]


@pytest.mark.parametrize("attack", ATTACKS)
@pytest.mark.parametrize("command", ["sync", "rotate"])
def test_a3_a_push_is_not_obeyed(attack: Attack, command: str, group: Group) -> None:
    whose = attack(group)
    group.push()
    status, shown = group.ocs(*GIVING[command], input="new-content\n")
    assert status == 1, shown
    assert "nobody has confirmed" in shown
    assert "run the command again at a terminal" in shown
    assert not group.reads(whose)
    # Nothing half done lies about.
    assert git(group.root, "status", "--short") == ""


@pytest.mark.parametrize("attack", ATTACKS)
def test_a3_no_finding_advises_to_obey_a_push(attack: Attack, group: Group) -> None:
    attack(group)
    group.push()
    for command in (("validate",), ("secret", "audit"), ("due",)):
        _, shown = group.ocs(*command)
        lines = [line for line in shown.splitlines() if "ocs secret" in line]
        assert not [line for line in lines if "to remove them" not in line], shown
    status, shown = group.ocs("changes")
    assert status == 1
    assert "Mallory" in shown
    assert "tidy up" in shown


def test_a_recipient_that_is_in_the_file_already_is_asked_about(group: Group) -> None:
    """Whoever writes files can put a packet with any key id into a ciphertext."""
    a_bogus_recipient(group)
    group.push()
    status, _ = group.ocs(*GIVING["grant"])
    assert status == 1
    status, _ = group.ocs("secret", "rotate", "river/login", "--yes", input="new\n")
    assert status == 1
    assert not group.reads("sam")


def test_a_raised_level_is_shown(group: Group) -> None:
    """Sam was vetted up to less than River asks for, and somebody raises that."""
    group.edit("vetting/sam.yaml", "level: vetted", "level: known")
    group.push("sam is known")
    assert group.attended("changes", "--confirm")[0] == 0
    group.edit("vetting/sam.yaml", "level: known", "level: vetted")
    group.push()
    status, shown = group.ocs(*GIVING["grant"])
    assert status == 1, shown
    assert not group.reads("sam")
    _, shown = group.ocs("changes")
    assert "level: known → vetted" in shown
    status, shown = group.attended(*GIVING["grant"])
    assert status == 0
    assert "vetted, before: known" in shown
    assert group.reads("sam")


def test_an_undone_suspension_is_an_alarm(group: Group) -> None:
    assert (
        group.ocs("vet", "sam", "--suspend", "--because", "lost his laptop", "--yes")[0] == 0
    )
    group.push("sam is suspended")
    text = (group.root / "vetting/sam.yaml").read_text()
    put(group.root, "vetting/sam.yaml", text.partition("suspended:")[0].encode())
    group.push()
    _, shown = group.ocs("changes")
    assert "ALARM" in shown
    assert "is back" in shown
    status, shown = group.ocs("secret", "rotate", "house/wifi", "--yes", input="otter-9\n")
    assert status == 1, shown
    assert "sam" in shown


def test_an_undone_removal_is_an_alarm_and_an_older_checkout_is_none(group: Group) -> None:
    assert group.ocs("secret", "revoke", "river/login", "lena", "--yes")[0] == 0
    git(group.root, "push", "-q", "origin", "main")
    git(group.root, "checkout", "-q", "HEAD~1")
    _, shown = group.ocs("changes")
    assert "lena becomes a reader of river/login" in shown
    assert "ALARM" not in shown
    git(group.root, "checkout", "-q", "main")
    git(group.root, "revert", "--no-edit", "HEAD")
    git(group.root, "push", "-q", "origin", "main")
    _, shown = group.ocs("changes")
    assert "ALARM" in shown
    status, _ = group.ocs("secret", "rotate", "river/login", "--yes", input="new\n")
    assert status == 1


def test_a_forged_history_is_no_first_use(group: Group, tmp_path: Path) -> None:
    """Another clone, another address and another first commit, dated 1980; a gatekeeper's key is the same."""
    a_gatekeepers_key(group)
    forged = tmp_path / "forged"
    git(tmp_path, "clone", "-q", "--no-hardlinks", str(group.root), "forged")
    for path in ("ocs.yaml", "keys/joost.asc"):
        put(forged, path, (group.root / path).read_bytes())
    git(forged, "checkout", "-q", "--orphan", "new")
    git(forged, "add", "-A")
    git(forged, "commit", "-qm", "begin", "--date", "1980-01-01T00:00:00Z")
    git(forged, "branch", "-q", "-M", "new", "main")
    git(forged, "remote", "remove", "origin")
    there = Group(forged, group.crew)
    status, shown = there.ocs(*GIVING["sync"])
    assert status == 1
    assert "never seen this registry" not in shown
    assert not there.reads("mallory")
    status, shown = there.attended("changes", "--confirm")
    assert "joost: ANOTHER KEY than on " in shown


def test_a_second_clone_and_a_worktree_remember_as_well(group: Group, tmp_path: Path) -> None:
    git(tmp_path, "clone", "-q", "origin.git", "second")
    git(group.root, "worktree", "add", "-q", "--detach", str(tmp_path / "tree"))
    for folder in ("second", "tree"):
        assert Group(tmp_path / folder, group.crew).ocs("changes")[0] == 0


def test_access_end_encrypts_to_nobody(group: Group) -> None:
    all_four_files(group)
    group.push()
    assert group.ocs("access", "end", "lena", "--yes")[0] == 0
    assert not group.reads("lena")
    assert not group.reads("mallory")


def test_where_nobody_is_asked_taking_away_is_done(group: Group) -> None:
    """Lena's access is over, and somebody else is pushed into the record: she goes, they do not come."""
    text = (group.root / RECORD).read_text()
    record = text.replace("because: needs it", "because: needs it\n    until: 2020-01-01")
    put(group.root, RECORD, record.encode())
    all_four_files(group)
    group.push()
    assert group.ocs(*GIVING["sync"])[0] == 1
    assert group.reads("amara")
    assert not group.reads("lena")
    assert not group.reads("mallory")


def test_the_keys_for_other_programs_are_not_swapped(group: Group) -> None:
    """`pass` encrypts to the keys in `.gpg-id`."""
    a_gatekeepers_key(group)
    group.push()
    assert group.ocs(*GIVING["sync"])[0] == 1
    for path in group.root.glob("secrets/**/.gpg-id"):
        assert group.crew.keys["mallory"] not in path.read_text()


def test_the_users_certificate_under_another_name_confirms_no_key(group: Group) -> None:
    """Mallory's record has Amara's certificate, and ocs.yaml names Mallory's key for it."""
    a_reader_in_the_office(group)
    group.put_key("mallory", "amara")
    group.push()
    assert group.ocs(*GIVING["sync"])[0] == 1
    for path in group.root.glob("secrets/**/.gpg-id"):
        assert group.crew.keys["mallory"] not in path.read_text()
    assert "mallory becomes gatekeeper of this registry" in group.ocs("changes")[1]


def test_a21_a_claimed_old_id_opens_nothing(group: Group) -> None:
    """Lena is renamed, and Mallory claims her old id as well."""
    for folder, ending in (("people", "yaml"), ("vetting", "yaml"), ("keys", "asc")):
        old = group.root / folder / f"lena.{ending}"
        old.rename(old.with_name(f"zelena.{ending}"))
    put(group.root, "people/zelena.yaml", b"name: Lena\nformerly: [lena]\n")
    group.outsider("eve")
    put(group.root, "people/eve.yaml", b"name: Eve\nformerly: [lena]\n")
    group.push()
    group.ocs(*GIVING["sync"])
    assert not group.reads("mallory")
    group.ocs("secret", "rotate", "river/login", "--yes", input="new\n")
    assert not group.reads("mallory")


def test_whoever_is_confirmed_is_not_asked_about_again(group: Group) -> None:
    all_four_files(group)
    group.push("mallory is one of us")
    status, shown = group.attended("changes", "--confirm")
    assert status == 0
    assert "which are the last characters of the key of mallory?" in shown
    status, shown = group.ocs(*GIVING["sync"])
    assert status == 0, shown
    assert (
        group.crew.decrypt("mallory", (group.root / "secrets/river/login.gpg").read_bytes())
        == CONTENT
    )
    assert group.ocs("changes")[0] == 0


def test_confirm_takes_only_what_the_default_branch_holds(group: Group) -> None:
    git(group.root, "checkout", "-q", "-b", "proposed")
    all_four_files(group)
    git(group.root, "add", "-A")
    git(group.root, "commit", "-qm", "proposed")
    status, shown = group.attended("changes", "--confirm")
    assert status == 1
    assert "here, and not on origin/main" in shown
    assert "which are" not in shown
    assert group.ocs(*GIVING["sync"])[0] == 1
    assert not group.reads("mallory")


@pytest.mark.parametrize("answer", [b"n\r", b"1\r"], ids=["none of them", "the first"])
def test_a_wrong_answer_ends_the_command(answer: bytes, group: Group) -> None:
    from tests.terminal import Terminal

    all_four_files(group)
    group.push()
    terminal = Terminal(group.root, *GIVING["sync"])
    terminal.reads(b"or n for none]: ")
    terminal.types(answer)
    assert terminal.ends() == 2
    assert (
        b"this is not the end of the key that the registry has for mallory" in terminal.shown
    )
    assert not group.reads("mallory")
    assert group.ocs(*GIVING["sync"])[0] == 1


def test_an_older_copy_of_a_certificate_is_refused(group: Group) -> None:
    """Lena's key ends sooner than it did; somebody puts the copy back that lasts longer."""
    with gpg.home() as home:
        made = ("--faked-system-time", "20260101T000000")
        key = home.make("Lena", until="3y", options=made)
        older = as_text(home.export(key))
        home.gpg("--passphrase", "", "--quick-set-expire", key, "1y")
        newer = as_text(home.export(key))
    put(group.root, "keys/lena.asc", newer)
    group.edit("vetting/lena.yaml", group.crew.keys["lena"], key)
    group.push("a new key of lena")
    assert group.attended("changes", "--confirm")[0] == 0
    assert group.ocs(*GIVING["rotate"], input="first\n")[0] == 0
    git(group.root, "push", "-q", "origin", "main")
    put(group.root, "keys/lena.asc", older)
    group.push()
    status, shown = group.ocs(*GIVING["rotate"], input="second\n")
    assert status == 1, shown
    assert "keys/lena.asc is older than the copy that you last encrypted to" in shown
    put(group.root, "keys/lena.asc", newer)
    assert group.ocs(*GIVING["rotate"], input="second\n")[0] == 0


def test_what_is_not_committed_has_no_commit(group: Group) -> None:
    """The newest commit of a file is not said to have brought what it did not."""
    named(group, "sam")
    _, shown = group.ocs("changes")
    assert "none: access/river/login.yaml is not committed as it is here" in shown
    assert "here, and not on origin/main" in shown


def test_no_editor_opens_for_what_would_not_be_encrypted(
    group: Group, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EDITOR", f"touch {tmp_path}/opened; true")
    monkeypatch.setenv("VISUAL", "")
    all_four_files(group)
    group.push()
    status, shown = group.ocs("secret", "edit", "river/login")
    assert status == 1
    assert "nobody has confirmed mallory here" in shown
    assert not (tmp_path / "opened").exists()


def test_a_new_secret_is_not_encrypted_to_a_swapped_gatekeeper(group: Group) -> None:
    a_gatekeepers_key(group)
    group.push()
    add = ("secret", "add", "river/new", "--purpose", "x")
    status, shown = group.ocs(*add, input="content\n")
    assert status == 1
    assert "nobody has confirmed joost here" in shown
    assert not (group.root / "secrets/river/new.gpg").exists()
    assert git(group.root, "status", "--short") == ""
    status, shown = group.ocs("changes")
    assert "another key of joost than on " in shown
