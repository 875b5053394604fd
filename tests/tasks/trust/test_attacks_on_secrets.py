"""What somebody who can push anything tries, to have an honest gatekeeper encrypt to them."""

from __future__ import annotations

from pathlib import Path

import pytest

from ocs.adapters.files import Files
from ocs.adapters.packets import as_text
from ocs.rules.secrets.bodies import body_name
from ocs.tasks.secrets.bodies import origin_of
from tests import gpg
from tests.crew import git, put
from tests.gpg import needs_gpg
from tests.remembering import memories
from tests.tasks.trust.conftest import CONTENT, LOGIN, Group
from tests.tasks.trust.test_attacks import GIVING, RECORD, named

pytestmark = needs_gpg
VETTING = "vetting/lena.yaml"


def joost_takes_lena_out(group: Group) -> None:
    """Her line goes, and her packet in the ciphertext."""
    text = (group.root / RECORD).read_text().partition("readers:")[0]
    put(group.root, RECORD, text.encode())
    put(
        group.root,
        LOGIN,
        group.crew.bound(Files(group.root), "river/login", CONTENT, "amara", "joost"),
    )
    group.push("lena is out: her laptop was stolen")


def lena_is_back(group: Group) -> None:
    text = (group.root / RECORD).read_text()
    put(group.root, RECORD, f"{text}readers:\n  - person: lena\n".encode())
    group.push()


def refuses_lena(group: Group, command: str = "sync") -> None:
    before = (group.root / LOGIN).read_bytes()
    status, shown = group.ocs(*GIVING[command], input="new-content\n")
    assert status == 1, shown
    assert "nobody has confirmed lena here" in shown
    assert (group.root / LOGIN).read_bytes() == before


def test_whom_somebody_else_revoked_is_not_back_by_a_push(group: Group) -> None:
    """Amara pulled that and rotated the secret, as ocs told her; she never ran `ocs changes`."""
    joost_takes_lena_out(group)
    assert group.ocs(*GIVING["rotate"], input="brand-new\n")[0] == 0
    git(group.root, "push", "-q", "origin", "HEAD:main")
    lena_is_back(group)
    refuses_lena(group)
    refuses_lena(group, "rotate")
    status, shown = group.ocs("changes")
    assert status == 1
    assert "lena becomes a reader of river/login" in shown
    assert "ALARM" in shown


@pytest.mark.parametrize("is_merged", [False, True])
def test_whoever_goes_and_comes_back_in_one_pull_is_asked_about(
    group: Group, is_merged: bool
) -> None:
    """Amara sees neither state in between; the one where Lena was out is in git's history."""
    if is_merged:
        git(group.root, "checkout", "-q", "-b", "side")
    joost_takes_lena_out(group)
    lena_is_back(group)
    if is_merged:
        git(group.root, "checkout", "-q", "main")
        git(group.root, "merge", "-q", "--no-ff", "-m", "tidy", "side")
    refuses_lena(group)
    # Once she has answered she is not asked again.
    status, shown = group.attended(*GIVING["sync"])
    assert status == 0, shown
    assert "this was taken away on " in shown
    assert group.ocs(*GIVING["rotate"], input="other\n")[0] == 0
    assert group.reads("lena")
    assert group.ocs("changes")[0] == 0


def test_commits_are_read_once(group: Group) -> None:
    for number in range(3):
        assert group.ocs(*GIVING["rotate"], input=f"content {number}\n")[0] == 0
        put(group.root, "people/noor.yaml", f"name: Noor {number}\n".encode())
        group.push("noor")
        head = git(group.root, "rev-parse", "HEAD").strip()
        assert (
            group.ocs("secret", "rotate", "house/wifi", "--yes", input=f"{number}\n")[0] == 0
        )
        (memory,) = memories(group.root).all()[0].values()
        assert memory.looked[0] == head


def test_whom_one_takes_out_and_grants_again_oneself_is_no_alarm(group: Group) -> None:
    """Amara revokes Lena's access, and grants it again."""
    assert group.ocs("secret", "revoke", "river/login", "lena", "--yes")[0] == 0
    again = ("secret", "grant", "river/login", "lena", "--because", "x")
    assert group.ocs(*again)[0] == 0
    git(group.root, "push", "-q", "origin", "main")
    status, shown = group.ocs(*GIVING["rotate"], input="new\n")
    assert status == 0, shown
    assert group.ocs("changes")[0] == 0


def test_what_is_gone_is_still_told(group: Group) -> None:
    joost_takes_lena_out(group)
    status, shown = group.ocs("changes")
    assert status == 0
    assert "lena is no reader of river/login any more" in shown


def test_a_suspension_by_somebody_else_is_not_undone_by_a_push(group: Group) -> None:
    before = (group.root / VETTING).read_bytes()
    put(group.root, VETTING, before + b"suspended:\n  since: 2026-01-05\n")
    group.push("lena is suspended")
    put(group.root, VETTING, before)
    group.push()
    refuses_lena(group, "rotate")


def test_a_key_that_was_replaced_does_not_come_back(group: Group) -> None:
    """Lena's key was stolen, and she got another; the thief puts the old one back."""
    old, new = group.crew.keys["lena"], group.crew.keys["mallory"]
    group.edit(VETTING, old, new)
    group.put_key("lena", "mallory")
    group.push("lena has another key")
    group.edit(VETTING, new, old)
    group.put_key("lena", "lena")
    group.push()
    refuses_lena(group, "rotate")


def test_an_end_that_has_passed_is_not_moved_by_a_push(group: Group) -> None:
    text = (group.root / RECORD).read_text()
    ended = text.replace("because: needs it", "because: needs it\n    until: 2020-01-01")
    put(group.root, RECORD, ended.encode())
    group.push("until then")
    put(group.root, RECORD, ended.replace("2020", "2099").encode())
    group.push()
    refuses_lena(group, "rotate")


def test_another_key_in_ocs_yaml_is_compared_beside_a_certificate_that_stays(
    group: Group,
) -> None:
    """ocs.yaml names Mallory's key for Joost, whose certificate and gpg-known key are as before."""
    group.edit("ocs.yaml", group.crew.keys["joost"], group.crew.keys["mallory"])
    group.push()
    _, shown = group.attended("changes", "--confirm")
    assert "joost: ANOTHER KEY than on " in shown
    assert "joost: the same key as before" not in shown
    assert f"  {group.crew.keys['mallory'][-4:]}\n" in shown


def test_a_refreshed_certificate_does_not_get_older(group: Group, tmp_path: Path) -> None:
    """Amara's own ocs took the newer copy in, and has not encrypted to it yet."""
    with gpg.home() as home:
        key = home.make("Lena", options=("--faked-system-time", "20260101T000000"))
        older = as_text(home.export(key))
        home.gpg("--passphrase", "", "--quick-set-expire", key, "200d")
        newer = tmp_path / "newer.asc"
        newer.write_bytes(home.export(key))
    put(group.root, "keys/lena.asc", older)
    group.edit(VETTING, group.crew.keys["lena"], key)
    group.push("a new key of lena")
    assert group.attended("changes", "--confirm")[0] == 0
    assert group.ocs("key", "refresh", "lena", str(newer))[0] == 0
    group.push("a newer copy")
    put(group.root, "keys/lena.asc", older)
    group.push()
    status, shown = group.ocs(*GIVING["rotate"], input="new\n")
    assert status == 1
    assert "restore the newer copy" in shown


def test_a_certificate_does_not_get_older_than_the_one_that_was_compared(
    group: Group,
) -> None:
    """Amara compared the newer copy in `ocs changes`, and has not encrypted to it yet."""
    with gpg.home() as home:
        key = home.make("Lena", options=("--faked-system-time", "20260101T000000"))
        older = as_text(home.export(key))
        home.gpg("--passphrase", "", "--quick-set-expire", key, "200d")
        newer = as_text(home.export(key))
    put(group.root, "keys/lena.asc", newer)
    group.edit(VETTING, group.crew.keys["lena"], key)
    group.push("a new key of lena")
    assert group.attended("changes", "--confirm")[0] == 0
    put(group.root, "keys/lena.asc", older)
    group.push()
    status, shown = group.ocs(*GIVING["rotate"], input="new\n")
    assert status == 1
    assert "restore the newer copy" in shown


def test_a_clone_that_is_behind_raises_no_alarm(group: Group, tmp_path: Path) -> None:
    """Amara confirmed Sam in one clone, and looks at another one that she has not fetched."""
    git(tmp_path, "clone", "-q", "origin.git", "second")
    second = Group(tmp_path / "second", group.crew)
    named(group, "sam")
    group.push("sam helps")
    assert group.attended("changes", "--confirm")[0] == 0
    for command in (("changes",), ("changes", "--confirm")):
        status, shown = second.attended(*command)
        assert status == 0, shown
        assert "no reader" not in shown
        assert "run `git fetch`" in shown
    status, shown = group.ocs("changes")
    assert status == 0, shown
    git(second.root, "pull", "-q")
    assert second.ocs("changes") == (0, "nothing differs from what you have confirmed\n")


def test_the_history_of_another_registry_makes_its_bodies_nobodys(
    group: Group, tmp_path: Path
) -> None:
    """Amara is in both. Its ciphertext is public, and so are the first commit and the name."""
    git(tmp_path, "init", "-q", "other")
    other = tmp_path / "other"
    git(other, "commit", "-q", "--allow-empty", "-m", "another registry")
    name = body_name(origin_of(Files(other)).new, "house/wifi")
    stolen = group.crew.encrypt(b"B\n", "amara", "joost", options=("--set-filename", name))
    git(group.root, "fetch", "-q", str(other), "HEAD")
    git(group.root, "merge", "-q", "--allow-unrelated-histories", "-m", "tidy", "FETCH_HEAD")
    put(group.root, "secrets/house/wifi.gpg", stolen)
    group.push()
    for _ in range(2):  # it learns nothing from that history
        status, shown = group.ocs("secret", "grant", "house/wifi", "lena", "--because", "x")
        assert status == 2, shown
        assert "written in another registry" in " ".join(shown.split())
        assert not group.reads("sam", "house/wifi")
    # What this registry wrote is its own as before.
    assert group.ocs(*GIVING["rotate"], input="new\n")[0] == 0
    assert group.ocs("secret", "grant", "river/login", "sam", "--because", "x")[0] == 0


def test_what_was_taken_away_is_not_said_to_stay(group: Group) -> None:
    """Lena's key is another one, which nobody confirmed; the old one goes."""
    group.edit(VETTING, group.crew.keys["lena"], group.crew.keys["mallory"])
    group.put_key("lena", "mallory")
    group.push()
    status, shown = group.ocs(*GIVING["sync"])
    assert status == 1
    assert "river/login gets no new readers: nobody has confirmed lena here" in shown
    assert not group.reads("lena")
    assert not group.reads("mallory")
    status, shown = group.ocs(*GIVING["sync"])
    assert "nothing was written\n" in shown
    assert "river/login stays as it was: nobody has confirmed lena here" in shown


def test_no_record_fills_the_screen(group: Group) -> None:
    """What a question is about must not scroll away."""
    group.outsider()
    named(group, "mallory")
    checks = "".join("  - {kind: met, by: amara, date: 2026-01-03}\n" for _ in range(3000))
    text = f"level: vetted\nkey: {group.crew.keys['mallory']}\nchecks:\n{checks}"
    put(group.root, "vetting/mallory.yaml", text.encode())
    group.push("x" * 20000)
    status, shown = group.attended(*GIVING["sync"])
    assert status == 0
    question = shown[shown.index("mallory: a key that you have not confirmed") :]
    assert len(question) < 3000
    assert "and 2990 more" in question
