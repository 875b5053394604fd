"""What the ciphertexts really say is held against what is recorded. Keys and messages are gpg's own."""

from __future__ import annotations

from collections.abc import Callable, Container
from datetime import date
from pathlib import Path

import pytest

from ocs.adapters.files import Files
from ocs.adapters.packets import as_text, read_certificate
from ocs.model.finding import Severity
from ocs.model.trust import Fact
from ocs.rules.records.schema import Schemas
from ocs.tasks.registry.ciphertexts import CODES
from ocs.tasks.registry.validate import validate
from ocs.tasks.secrets.secrets import audit
from ocs.workspace import keyrings
from tests.crew import Crew, git, put
from tests.gpg import needs_gpg, packets
from tests.remembering import Everything

pytestmark = needs_gpg
TODAY = date.today()
LOGIN = "secrets/river/login.gpg"
Judge = Callable[[], list[tuple[str, str, str]]]


@pytest.fixture
def files(crew: Crew, tmp_path: Path) -> Files:
    """A registry with two secrets, of which nothing is to be said."""
    found = crew.write(tmp_path / "registry")
    crew.secret(found, "river/login", b"hunter2\n", "lena")
    crew.secret(found, "house/wifi", b"1234\n", "sam")
    return found


@pytest.fixture
def judge(files: Files, schemas: Schemas) -> Judge:
    """What the audit finds: code, place and message of each."""

    def judged() -> list[tuple[str, str, str]]:
        found = audit(Files(files.root), schemas, TODAY).findings
        return [(each.code, each.place.file, each.message) for each in found]

    return judged


def test_nothing_is_said_of_what_is_as_recorded(
    judge: Judge, files: Files, schemas: Schemas
) -> None:
    assert judge() == []
    found = validate(files, schemas, TODAY, keyrings=keyrings(TODAY)).findings
    assert [each.message for each in found if each.severity is Severity.ERROR] == []
    assert not {each.code for each in found} & CODES


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("orgs/river.yaml", b"name: River\nstatus: odd\ngatekeepers: [amara, joost]\n"),
        ("orgs/river.yaml", b"name: [River\n"),
        ("access/river/login.yaml", b"purpose: x\nreaders: lena\n"),
        ("ocs.yaml", b"name: [X]\n"),
        ("ocs.yaml", b"name: [X\n"),
    ],
)
def test_from_a_record_that_cannot_be_read_nothing_follows(
    file: str, text: bytes, judge: Judge, files: Files, schemas: Schemas
) -> None:
    """The record is the one finding; no reader of it becomes a stranger."""
    git(files.root, "init", "-q")
    git(files.root, "add", "-A")
    git(files.root, "commit", "-qm", "all is well")
    put(files.root, file, text)
    assert [place for _, place, _ in judge()] == [file]
    found = validate(files, schemas, TODAY, keyrings=keyrings(TODAY)).findings
    assert [each.code for each in found if each.code in CODES] == []
    assert file in [each.place.file for each in found if each.severity is Severity.ERROR]


def test_who_was_added_by_hand_is_told(judge: Judge, crew: Crew, files: Files) -> None:
    put(files.root, LOGIN, crew.encrypt(b"x", "amara", "joost", "lena", "sam"))
    assert judge() == [
        ("extra-reader", LOGIN, "sam can read river/login without an access record")
    ]


def test_a_key_of_nobody_is_told(judge: Judge, crew: Crew, files: Files) -> None:
    put(files.root, LOGIN, crew.encrypt(b"x", "amara", "joost", "lena", "mallory"))
    ((code, _, message),) = judge()
    assert code == "extra-reader"
    assert message.startswith("the unknown key ")
    assert message.endswith(" can read river/login without an access record")


def test_a_suspended_reader_is_told(judge: Judge, files: Files) -> None:
    record = files.root / "vetting/lena.yaml"
    record.write_text(record.read_text() + "suspended: {since: 2026-01-01}\n")
    ((code, file, message),) = judge()
    assert (code, file) == ("suspended-reader", "access/river/login.yaml")
    assert message == "lena has been suspended since 2026-01-01, but can still read secrets"


def test_who_was_taken_out_is_told_once_for_all_secrets(
    judge: Judge, crew: Crew, files: Files
) -> None:
    put(files.root, LOGIN, crew.encrypt(b"x", "joost", "lena"))
    put(files.root, "secrets/house/wifi.gpg", crew.encrypt(b"y", "joost", "sam"))
    assert judge() == [
        ("missing-reader", "orgs/house.yaml", "amara cannot read house/wifi and river/login")
    ]


@pytest.mark.parametrize(
    ("count", "told"),
    [
        (4, "house/s0, house/s1, house/s2 and house/s3"),
        (5, "house/s0, house/s1, house/s2 and 2 more secrets"),
    ],
)
def test_of_many_secrets_the_first_are_named(
    count: int, told: str, judge: Judge, crew: Crew, files: Files
) -> None:
    for number in range(count):
        crew.secret(files, f"house/s{number}", b"x")
        put(files.root, f"secrets/house/s{number}.gpg", crew.encrypt(b"x", "joost"))
    assert f"amara cannot read {told}" in [message for _, _, message in judge()]


def test_what_mends_it_is_said(crew: Crew, files: Files, schemas: Schemas) -> None:
    def hints(confirmed: Container[Fact] = Everything()) -> set[str | None]:
        found = audit(Files(files.root), schemas, TODAY, confirmed=confirmed).findings
        return {each.hint for each in found}

    put(files.root, LOGIN, crew.encrypt(b"x", "amara", "joost", "sam"))
    assert hints() == {
        "run `ocs secret sync`, then rotate it with `ocs secret rotate`",
        "run `ocs secret sync`",
    }
    assert hints(frozenset()) == {
        "run `ocs secret sync` to remove them; who stays is not confirmed here: see "
        "`ocs changes`",
        "not confirmed here: see `ocs changes`",
    }
    put(
        files.root,
        "secrets/house/wifi.gpg",
        crew.encrypt(b"y", "amara", "joost", "sam", "mallory"),
    )
    put(files.root, LOGIN, crew.encrypt(b"x", "amara", "joost", "mallory"))
    (files.root / "keys/lena.asc").unlink()
    assert hints() == {
        "run `ocs secret sync`, then rotate them with `ocs secret rotate`",
        "run `ocs key import lena FILE`, then see `ocs changes`",
    }


def test_access_that_has_ended_is_told_as_such(judge: Judge, files: Files) -> None:
    put(
        files.root,
        "access/river/login.yaml",
        b"purpose: x\nreaders: [{person: lena, until: 2020-01-01}]\n",
    )
    assert judge() == [
        ("extra-reader", LOGIN, "lena can read river/login, but the access has ended")
    ]


def test_who_is_hidden_is_told(judge: Judge, crew: Crew, files: Files) -> None:
    hidden = crew.encrypt(
        b"x", "amara", "joost", "lena", options=("--hidden-recipient", crew.keys["mallory"])
    )
    put(files.root, LOGIN, hidden)
    assert [(code, file) for code, file, _ in judge()] == [("hidden-reader", LOGIN)]


def test_nobody_is_told_that_a_reader_is_missing_where_all_are_hidden(
    judge: Judge, crew: Crew, files: Files
) -> None:
    options = ("--throw-keyids",)
    put(files.root, LOGIN, crew.encrypt(b"x", "amara", "joost", "lena", options=options))
    assert judge() == [
        (
            "hidden-reader",
            LOGIN,
            "river/login hides a recipient, so ocs cannot know who can read it",
        )
    ]


def test_a_passphrase_beside_the_keys_is_told(judge: Judge, crew: Crew, files: Files) -> None:
    options = ("--symmetric", "--passphrase", "swordfish")
    put(files.root, LOGIN, crew.encrypt(b"x", "amara", "joost", "lena", options=options))
    assert [(code, file) for code, file, _ in judge()] == [("passphrase-reader", LOGIN)]


def test_a_ciphertext_over_another_is_told(judge: Judge, files: Files) -> None:
    put(files.root, "secrets/house/wifi.gpg", (files.root / LOGIN).read_bytes())
    told = {code: message for code, _, message in judge()}
    assert told["copied-ciphertext"].startswith(
        "house/wifi and river/login are the same ciphertext"
    )
    assert told["extra-reader"].startswith("lena can read house/wifi")


def test_a_copy_with_other_recipients_is_still_a_copy(judge: Judge, files: Files) -> None:
    whole = packets((files.root / LOGIN).read_bytes())
    fewer = b"".join(data for _, data in whole[1:])
    put(files.root, "secrets/house/wifi.gpg", fewer)
    assert "copied-ciphertext" in [code for code, _, _ in judge()]


@pytest.mark.parametrize("cut", [b"", b"\x99"])
def test_a_damaged_ciphertext_is_told(cut: bytes, judge: Judge, files: Files) -> None:
    data = (files.root / LOGIN).read_bytes()
    put(files.root, LOGIN, data[:-5] + cut)
    assert [(code, file) for code, file, _ in judge()] == [("unfit-ciphertext", LOGIN)]


def test_a_ciphertext_without_integrity_is_told(
    judge: Judge, crew: Crew, files: Files
) -> None:
    whole = packets((files.root / LOGIN).read_bytes())
    body = whole[-1][1]
    put(files.root, LOGIN, b"".join(data for _, data in whole[:-1]) + bytes([0xC9]) + body[1:])
    assert [(code, file) for code, file, _ in judge()] == [("unfit-ciphertext", LOGIN)]


@pytest.mark.parametrize(
    "change",
    [
        lambda text, other: text + other,
        lambda text, other: text.splitlines(keepends=True)[0],
        lambda text, other: text.replace(b"\n", b"\r\n"),
        lambda text, other: text.rstrip(b"\n"),
        lambda text, other: b"# " + text,
        lambda text, other: b"",
        lambda text, other: text.replace(text[:40], text[24:40]),
    ],
)
def test_a_gpg_id_that_names_others_is_told(
    change: Callable[[bytes, bytes], bytes], judge: Judge, crew: Crew, files: Files
) -> None:
    path = files.root / "secrets/river/.gpg-id"
    path.write_bytes(change(path.read_bytes(), crew.keys["mallory"].encode() + b"\n"))
    assert [(code, file) for code, file, _ in judge()] == [
        ("wrong-gpg-id", "secrets/river/.gpg-id")
    ]


def test_a_gpg_id_names_the_gatekeepers_whose_keys_are_known(
    judge: Judge, crew: Crew, files: Files
) -> None:
    ocs, own = files.root / "ocs.yaml", files.root / "secrets/river/.gpg-id"
    ocs.write_text(ocs.read_text().replace(f"\n    key: {crew.keys['joost']}", ""))
    own.write_text(f"{crew.keys['amara']}\n")
    rest = "and programs such as pass encrypt to them"
    assert {message for code, _, message in judge() if code == "wrong-gpg-id"} == {
        f"the keys in this file are not those of the gatekeepers of this registry, {rest}",
        f"the keys in this file are not those of the gatekeepers of house, {rest}",
    }


def test_where_nobodys_key_is_known_no_gpg_id_is_right(
    judge: Judge, crew: Crew, files: Files
) -> None:
    ocs, own = files.root / "ocs.yaml", files.root / "secrets/river/.gpg-id"
    for person in ("amara", "joost"):
        ocs.write_text(ocs.read_text().replace(f"\n    key: {crew.keys[person]}", ""))
    for path in ("secrets/.gpg-id", "secrets/house/.gpg-id"):
        (files.root / path).unlink()
    own.write_text(f"{crew.keys['mallory']}\n")
    assert [(code, file) for code, file, _ in judge()] == [
        ("wrong-gpg-id", "secrets/river/.gpg-id")
    ]


def test_a_gpg_id_that_is_missing_is_told(judge: Judge, files: Files) -> None:
    (files.root / "secrets/house/.gpg-id").unlink()
    (files.root / "secrets/.gpg-id").unlink()
    ((code, file, _),) = judge()
    assert (code, file) == ("missing-gpg-id", "secrets/.gpg-id")


def test_secrets_and_records_without_each_other_are_told(judge: Judge, files: Files) -> None:
    (files.root / "access/river/login.yaml").unlink()
    (files.root / "secrets/house/wifi.gpg").unlink()
    assert {code for code, _, _ in judge()} == {
        "secret-without-access",
        "access-without-secret",
        "extra-reader",
    }


def test_without_certificates_every_reader_is_a_stranger(judge: Judge, files: Files) -> None:
    for path in (files.root / "keys").iterdir():
        path.unlink()
    (files.root / "keys").rmdir()
    assert {code for code, _, _ in judge()} == {"extra-reader", "missing-reader"}


def test_a_key_that_is_only_put_beside_a_certificate_is_not_the_persons(
    crew: Crew, files: Files, schemas: Schemas
) -> None:
    """The audit takes keys as they stand there; `validate` has gpg look who speaks for them."""
    mallorys = [
        data
        for tag, data in packets(read_certificate(crew.certificates["mallory"]).data)
        if tag == 14
    ]
    put(
        files.root,
        "keys/lena.asc",
        as_text(read_certificate(crew.certificates["lena"]).data + mallorys[0]),
    )
    put(files.root, LOGIN, crew.encrypt(b"x", "amara", "joost", "lena", "mallory"))
    found = validate(files, schemas, TODAY, keyrings=keyrings(TODAY)).findings
    assert [each.code for each in found if each.severity is Severity.ERROR] == ["extra-reader"]


def test_a_certificate_that_is_not_the_vetted_one_makes_nobody_a_reader(
    judge: Judge, crew: Crew, files: Files
) -> None:
    put(files.root, "keys/lena.asc", as_text(crew.certificates["mallory"]))
    put(files.root, LOGIN, crew.encrypt(b"x", "amara", "joost", "mallory"))
    assert sorted(code for code, _, _ in judge()) == ["extra-reader", "missing-reader"]


def test_a_person_who_was_renamed_is_the_same(judge: Judge, files: Files) -> None:
    (files.root / "people/lena.yaml").rename(files.root / "people/lena-brandt.yaml")
    put(files.root, "people/lena-brandt.yaml", b"name: Lena\nformerly: [lena]\n")
    (files.root / "keys/lena.asc").rename(files.root / "keys/lena-brandt.asc")
    (files.root / "vetting/lena.yaml").rename(files.root / "vetting/lena-brandt.yaml")
    assert judge() == []
