"""Each check finds what it is there for, at its place, and nothing where all is well."""

from __future__ import annotations

import inspect
from collections.abc import Callable

import pytest

from ocs.adapters.files import Files
from ocs.model.kinds import KINDS
from ocs.model.registry import Registry
from ocs.rules.check import Check
from ocs.rules.checks import CHECKS
from ocs.rules.people import keys
from ocs.rules.records.schema import Schemas
from ocs.rules.secrets import ciphertexts, gpgids
from ocs.tasks.registry.load import load
from ocs.tasks.registry.validate import validate
from tests.rules.communities import test_checks as communities
from tests.rules.people import test_checks as people
from tests.rules.records import test_checks as records
from tests.rules.review import test_checks as review
from tests.rules.secrets import test_checks as secrets
from tests.rules.sound import SOUND, TODAY, Judge, changed

CASES = {
    code: cases
    for room in (communities, people, records, review, secrets)
    for code, cases in room.CASES.items()
}


def test_of_a_sound_registry_nothing_is_said(
    judge: Judge,
) -> None:
    assert judge(SOUND) == ()


def test_of_what_concerns_several_files_only_those_asked_for_are_told(
    write: Callable[[str], Files], schemas: Schemas
) -> None:
    code, change = "claimed-twice", CASES["claimed-twice"][2][0]
    files = write(changed(SOUND, change))
    (found,) = validate(files, schemas, TODAY, ["orgs"], only=[code]).findings
    assert [place.file for place in found.places] == ["orgs/river.yaml"]
    assert validate(files, schemas, TODAY, ["people"], only=[code]).findings == ()


@pytest.mark.parametrize(
    ("path", "content", "code"),
    [
        ("secrets/river/login.gpg", b"hunter2\n", "not-ciphertext"),
        ("secrets/river/login.gpg", b"", "not-ciphertext"),
        ("secrets/river/login.gpg", b"\x99\x01\x0d\x04", "not-ciphertext"),  # a certificate
        ("secrets/river/login.txt", b"\x85\x01\x0c\x03", "misplaced-file"),
        ("secrets/login.gpg", b"\x85\x01\x0c\x03", "misplaced-file"),
        ("secrets/river/deep/login.gpg", b"\x85\x01\x0c\x03", "misplaced-file"),
        ("keys/lena.yaml", b"x", "misplaced-file"),
        ("keys/Lena.asc", b"x", "misplaced-file"),
        ("people/lena.yaml", b"name: Lena\r\n", "line-ends"),
        (".ocs-unfinished", b"{}", "interrupted-change"),
    ],
)
def test_other_files_are_looked_at(
    path: str, content: bytes, code: str, write: Callable[[str], Files], schemas: Schemas
) -> None:
    files = write(SOUND)
    (files.root / path).parent.mkdir(parents=True, exist_ok=True)
    (files.root / path).write_bytes(content)
    found = [
        each for each in validate(files, schemas, TODAY).findings if each.place.file == path
    ]
    assert code in [each.code for each in found]


@pytest.mark.parametrize(
    "head", [b"\x85\x01\x0c\x03", b"\xc1\xc0\x4c\x03", b"-----BEGIN PGP MESSAGE-----\n\n"]
)
def test_a_ciphertext_is_where_it_belongs(
    head: bytes, write: Callable[[str], Files], schemas: Schemas
) -> None:
    files = write(SOUND)
    (files.root / "secrets/river").mkdir(parents=True)
    (files.root / "secrets/river/login.gpg").write_bytes(head)
    (files.root / "secrets/.gpg-id").write_text("x")
    # Each is cut short, which is told as well.
    assert validate(files, schemas, TODAY, skip=["unfit-ciphertext"]).findings == ()


def test_a_link_that_leads_out_is_told(
    write: Callable[[str], Files], schemas: Schemas
) -> None:
    files = write(SOUND)
    (files.root / "notes.md").symlink_to("/etc/hostname")
    (files.root / "inside.md").symlink_to("ocs.yaml")
    (files.root / "beside.md").symlink_to(f"../{files.root.name}-of-others/notes.md")
    beside, out = validate(files, schemas, TODAY).findings
    assert [(each.code, each.place.file) for each in (beside, out)] == [
        ("link-outside", "beside.md"),
        ("link-outside", "notes.md"),
    ]


@pytest.mark.parametrize("code", [check.code for check in CHECKS if check.one_by_one])
def test_a_rule_that_goes_one_by_one_finds_the_same_of_a_record_alone(
    code: str, write: Callable[[str], Files], schemas: Schemas
) -> None:
    (check,) = [check for check in CHECKS if check.code == code]
    cases = CASES.get(code, [("== people/kim.yaml\nname: Kim\njoined: 2062-01-01\n", "", "")])
    for change, _, _ in cases:
        registry = load(write(changed(SOUND, change)), schemas).registry
        together = set(check.findings(registry, TODAY))
        assert together
        assert together == {
            found
            for document in registry
            for found in check.findings(Registry((document,)), TODAY)
        }


def test_rules_look_at_kinds_of_very_many_records_one_by_one() -> None:
    """Others are not asked about them: of such a kind only ids and mentions are there for them."""
    kinds = [kind.record_type() for kind in KINDS if kind.one_by_one]
    for check in CHECKS:
        module = inspect.getmodule(check.rule)
        names = (
            {name for name, value in vars(module).items() if value in kinds}
            if check.rule
            else set()
        )
        if names and names & set(
            inspect.getsource(check.rule).replace("(", " ").replace(")", " ").split()
        ):
            assert check.one_by_one, check.code


def test_every_check_with_a_rule_is_tried() -> None:
    elsewhere = (
        "unknown-",
        "duplicate-id",
        "future-date",
        *(check.code for check in (*keys.CHECKS, *ciphertexts.CHECKS, *gpgids.CHECKS)),
    )
    rules = [check for check in CHECKS if isinstance(check, Check) and check.rule]
    assert [
        check.code
        for check in rules
        if check.code not in CASES and not check.code.startswith(elsewhere)
    ] == []
