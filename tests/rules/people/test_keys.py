"""Each rule for certificates finds what it is there for, on the right days, and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from ocs.adapters.files import Files
from ocs.model.certificate import Certificate, CertificateFile, Key, Outline, Subkey, UserId
from ocs.model.registry import Registry
from ocs.rules.due import due
from ocs.rules.people.keychanges import changes
from ocs.rules.people.keys import (
    CHECKS,
    KEY_RULES,
    reasons,
    vetted_keys,
    vetted_people_without_certificate,
)
from ocs.rules.records.schema import Schemas
from ocs.tasks.registry.load import load
from ocs.tasks.registry.validate import validate
from tests.conftest import CERTIFICATES
from tests.gpg import needs_gpg, packet

TODAY = date(2026, 11, 20)
FIRST, SECOND = "A" * 40, "B" * 40


def days(count: int) -> date:
    return TODAY + timedelta(days=count)


def key(fingerprint: str = FIRST, algorithm: str = "EdDSA", bits: int | None = None) -> Key:
    return Key(fingerprint, algorithm, bits, date(2025, 1, 1))


PRIMARY = Subkey(key(), frozenset("sc"), days(300))
SUBKEY = Subkey(key(SECOND, "ECDH"), frozenset("e"), days(300))
SOUND = Certificate(PRIMARY, (SUBKEY,), (UserId("Lena"),), frozenset({8}))


def file(certificate: Certificate | None = SOUND, **fields: Any) -> CertificateFile:
    outline = Outline((certificate or SOUND).primary.key, (), 1, b"")
    given = {
        "outline": outline,
        "certificate": certificate,
        "was_asked": True,
        "vetted": frozenset({FIRST}),
    }
    return CertificateFile("keys/lena.asc", "lena", **{**given, **fields})


def told(given: CertificateFile) -> list[str]:
    return [reason.code for reason in reasons(given, TODAY)]


def primary(**fields: Any) -> Certificate:
    return replace(SOUND, primary=replace(PRIMARY, **fields))


def subkey(**fields: Any) -> Certificate:
    return replace(SOUND, subkeys=(replace(SUBKEY, **fields),))


def test_of_a_sound_certificate_nothing_is_said() -> None:
    assert told(file()) == []
    assert told(file(vetted=frozenset())) == []
    assert told(file(None, was_asked=False)) == []


@pytest.mark.parametrize(
    ("given", "codes"),
    [
        (file(outline=None, certificate=None, fault="rubbish"), ["unfit-certificate"]),
        (file(None), ["unsigned-certificate"]),
        (file(vetted=frozenset({SECOND})), ["wrong-key"]),
        (file(vetted=frozenset({FIRST, SECOND})), ["wrong-key"]),
        (file(shared_with=("mallory",)), ["adopted-key"]),
        (file(None, shared_with=("mallory",)), ["adopted-key"]),
        (file(primary(key=key(algorithm="RSA", bits=2047))), ["weak-key"]),
        (file(primary(key=key(algorithm="RSA", bits=2048))), []),
        (file(primary(key=key(algorithm="DSA", bits=3072))), ["weak-key"]),
        (file(primary(key=key(algorithm="Elgamal", bits=4096))), ["weak-key"]),
        (file(primary(is_revoked=True)), ["revoked-key"]),
        (file(primary(is_revoked=True, expires=days(-1))), ["revoked-key"]),
        (file(replace(SOUND, user_ids=(UserId("Lena", True),))), ["revoked-key"]),
        (file(replace(SOUND, user_ids=(UserId("Lena", True), UserId("L")))), []),
        (file(primary(expires=days(0))), ["expired-key"]),
        (file(primary(expires=days(1))), ["no-encryption-key"]),
        (file(primary(expires=days(29))), ["no-encryption-key"]),
        (file(primary(expires=days(30))), ["key-expires-soon"]),
        (file(primary(expires=days(59))), ["key-expires-soon"]),
        (file(primary(expires=days(60))), []),
        (file(subkey(expires=days(29))), ["no-encryption-key"]),
        (file(subkey(expires=days(0))), ["no-encryption-key"]),
        (file(subkey(is_revoked=True)), ["no-encryption-key"]),
        (file(subkey(capabilities=frozenset("s"))), ["no-encryption-key"]),
        (file(subkey(key=key(SECOND, "Elgamal", 4096))), ["no-encryption-key"]),
        (file(subkey(key=key(SECOND, "RSA", 1024))), ["no-encryption-key"]),
        (file(replace(SOUND, subkeys=(replace(SUBKEY, expires=days(10)), SUBKEY))), []),
        (
            file(replace(primary(expires=None), subkeys=(replace(SUBKEY, expires=None),))),
            ["endless-key"],
        ),
        (
            file(
                replace(primary(expires=None), subkeys=(replace(SUBKEY, expires=days(731)),))
            ),
            [],
        ),
        (
            file(
                replace(primary(expires=None), subkeys=(replace(SUBKEY, expires=days(732)),))
            ),
            ["endless-key"],
        ),
        (file(replace(SOUND, digests=frozenset({2, 8}))), ["broken-digest"]),
        (file(replace(SOUND, digests=frozenset({1}))), ["broken-digest"]),
        (file(replace(SOUND, digests=frozenset({3}))), ["broken-digest"]),
        (file(replace(SOUND, digests=frozenset({9, 10, 11}))), []),
    ],
)
def test_a_rule_finds_what_it_is_there_for(given: CertificateFile, codes: list[str]) -> None:
    assert told(given) == codes


@pytest.mark.parametrize(
    ("given", "message", "hint"),
    [
        (file(primary(is_revoked=True)), "the key was revoked", "ask lena"),
        (
            file(replace(SOUND, user_ids=(UserId("Lena", True),))),
            "all its user ids were revoked",
            "ask lena",
        ),
        (
            replace(file(primary(is_revoked=True)), person=None),
            "the key was revoked",
            "ask its owner",
        ),
        (
            file(replace(primary(expires=None), subkeys=(replace(SUBKEY, expires=None),))),
            "the key never expires",
            "ask lena to run",
        ),
        (
            file(
                replace(primary(expires=None), subkeys=(replace(SUBKEY, expires=days(732)),))
            ),
            f"the key expires only on {days(732)}",
            "ask lena to run",
        ),
        (
            file(subkey(capabilities=frozenset("s"))),
            "the certificate has no key for encrypting",
            "ask lena to add",
        ),
        (
            file(subkey(key=key(SECOND, "DSA", 1024))),
            "its key for encrypting is DSA with 1024 bits, which is too weak",
            "ask lena to add",
        ),
        (
            file(subkey(expires=days(0))),
            "its keys for encrypting have expired or were revoked",
            "ask lena to add",
        ),
        (file(outline=None, certificate=None, fault="rubbish"), "rubbish", "export it again"),
        (
            file(outline=None, certificate=None, fault="too big", hint="shrink it"),
            "too big",
            "shrink it",
        ),
    ],
)
def test_what_is_wrong_and_what_mends_it_is_said(
    given: CertificateFile, message: str, hint: str
) -> None:
    (reason,) = reasons(given, TODAY)
    assert (
        reason.fault.message.removesuffix("; set an expiry date within two years") == message
    )
    assert reason.fault.hint.startswith(hint)


@pytest.mark.parametrize(
    ("certificate", "code", "count"),
    [
        (
            replace(primary(expires=None), subkeys=(replace(SUBKEY, expires=None),)),
            "endless-key",
            1,
        ),
        (primary(is_revoked=True), "revoked-key", 2),
    ],
)
def test_what_is_only_noted_of_many_is_told_once(
    certificate: Certificate, code: str, count: int
) -> None:
    held = {
        name: replace(file(certificate), name=f"keys/{name}.asc", person=name)
        for name in ("lena", "sam")
    }
    (check,) = [each for each in CHECKS if each.code == code]
    found = list(check.findings(Registry((), certificates=held), TODAY))
    assert len({each.root or each.place for each in found}) == count
    assert ["each certificate" in (each.hint or "") for each in found] == [count == 1] * 2


def test_every_rule_is_tried_and_says_what_mends_it() -> None:
    tried = {
        code
        for given in (mark.args[1] for mark in _cases())
        for each in given
        for code in told(each[0])
    }
    assert tried == {rule.check.code for rule in KEY_RULES}
    for given in (mark.args[1] for mark in _cases()):
        for each, _ in given:
            assert all(reason.fault.hint for reason in reasons(each, TODAY))


def _cases() -> list[Any]:
    return test_a_rule_finds_what_it_is_there_for.pytestmark  # type: ignore[attr-defined, no-any-return]


def test_what_is_refused_is_what_the_newest_key_cannot_do() -> None:
    old, new = replace(SUBKEY, key=replace(key("C" * 40), created=date(2020, 1, 1))), SUBKEY
    both = replace(SOUND, subkeys=(old, new))
    assert both.encrypting(TODAY) == (new, old)
    weak = replace(new, key=key(SECOND, "Elgamal", 4096))
    assert replace(SOUND, subkeys=(old, weak)).encrypting(TODAY) == (old,)


@pytest.mark.parametrize(
    ("after", "said"),
    [
        (SOUND, []),
        (primary(is_revoked=True), ["it was revoked"]),
        (primary(is_revoked=True, expires=None), ["it was revoked"]),
        (primary(expires=None), [f"it ends never rather than {days(300)}"]),
        (subkey(is_revoked=True), [f"the subkey {SECOND} was revoked"]),
        (
            replace(SOUND, subkeys=(SUBKEY, replace(SUBKEY, key=key("C" * 40)))),
            [f"there is a new subkey for encrypting, {'C' * 40}, which ends {days(300)}"],
        ),
        (
            replace(SOUND, user_ids=(UserId("Lena"), UserId("L"))),
            ["there is a new user id: L"],
        ),
        (replace(SOUND, user_ids=(UserId("Lena", True),)), ["the user id was revoked: Lena"]),
        (replace(SOUND, digests=frozenset({10})), ["its self-signatures are new"]),
        (None, []),
    ],
)
def test_what_a_newer_copy_changes_is_said(after: Certificate | None, said: list[str]) -> None:
    assert list(changes(SOUND, after)) == said


@pytest.mark.parametrize(
    "as_before",
    [
        primary(is_revoked=True),
        subkey(is_revoked=True),
        replace(SOUND, user_ids=(UserId("Lena", True),)),
        primary(expires=None),
    ],
)
def test_what_was_so_before_is_no_change(as_before: Certificate) -> None:
    assert list(changes(as_before, as_before)) == []


def test_ends_and_purposes_are_said_in_words() -> None:
    assert list(changes(primary(expires=None), SOUND)) == [
        f"it ends {days(300)} rather than never"
    ]
    more = replace(SUBKEY, key=key("C" * 40), capabilities=frozenset(), expires=None)
    assert list(changes(SOUND, replace(SOUND, subkeys=(SUBKEY, more)))) == [
        f"there is a new subkey for nothing, {'C' * 40}, which never ends"
    ]


def test_what_was_never_signed_and_is_now_is_said() -> None:
    assert list(changes(None, SOUND)) == ["its own key speaks for it now"]


def test_the_end_of_a_key_comes_up() -> None:
    held = {
        "lena": file(primary(expires=days(90))),
        "joost": replace(
            file(primary(expires=days(-9))), name="keys/joost.asc", person="joost"
        ),
        "sam": replace(file(primary(is_revoked=True, expires=days(3))), person="sam"),
        "kim": replace(file(None, was_asked=False), person="kim"),
    }
    assert [
        (each.day, each.who, each.what)
        for each in due(Registry((), certificates=held), TODAY, days(99))
    ] == [
        (days(-9), ("joost",), "the key of joost ends"),
        (days(90), ("lena",), "the key of lena ends"),
    ]


# Judging what lies in a registry, as far as packets tell it, without gpg.


def registry(
    write: Callable[[str], Files],
    certificates: dict[str, bytes],
    vetting: str = "level: known\n",
) -> Files:
    files = write(
        "== ocs.yaml\nname: X\ngatekeepers: [{person: amara}]\n== people/amara.yaml\nname: Amara\n"
        f"== people/sam.yaml\nname: Sam\n== vetting/sam.yaml\n{vetting}"
    )
    (files.root / "keys").mkdir(exist_ok=True)
    for name, data in certificates.items():
        (files.root / "keys" / f"{name}.asc").write_bytes(data)
    return files


def found(files: Files, schemas: Schemas) -> list[tuple[str, str]]:
    codes = [check.code for check in CHECKS]
    return [
        (each.code, each.place.file)
        for each in validate(files, schemas, TODAY, only=codes).findings
    ]


SAM = (CERTIFICATES / "sam.asc").read_bytes()
YARA = (CERTIFICATES / "yara.asc").read_bytes()
SAMS = "B0CBBB9E51473AEDA6DDBD841D343B143C83F55D"


def test_without_gpg_a_registry_is_judged_by_its_packets(
    write: Callable[[str], Files], schemas: Schemas, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "/nonexistent")
    assert found(registry(write, {"sam": SAM}, f"level: known\nkey: {SAMS}\n"), schemas) == []


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (YARA, "wrong-key"),
        (b"rubbish", "unfit-certificate"),
        (b"", "unfit-certificate"),
        (SAM + YARA, "unfit-certificate"),
        (packet(6, b"\x06" + b"\0" * 40), "unfit-certificate"),
        (b"x" * 3_000_000, "unfit-certificate"),
        ((CERTIFICATES / "old-dsa.asc").read_bytes(), "weak-key"),
    ],
)
def test_a_certificate_that_was_swapped_is_found(
    data: bytes, code: str, write: Callable[[str], Files], schemas: Schemas
) -> None:
    vetting = f"level: known\nkey: {SAMS}\n" if code != "weak-key" else "level: known\n"
    assert found(registry(write, {"sam": data}, vetting), schemas) == [(code, "keys/sam.asc")]


def test_a_certificate_of_two_people_is_found(
    write: Callable[[str], Files], schemas: Schemas
) -> None:
    files = registry(write, {"sam": SAM, "amara": SAM})
    assert found(files, schemas) == [
        ("adopted-key", "keys/amara.asc"),
        ("adopted-key", "keys/sam.asc"),
    ]


def test_of_a_certificate_of_two_people_nobody_is_told_to_extend_it() -> None:
    shared = file(primary(expires=days(0)), same_as=("sam",), shared_with=("sam",))
    whose, expired = (reason.fault for reason in reasons(shared, TODAY))
    assert whose.message == "this is the certificate of sam"
    assert expired.hint.startswith("ask its owner to run")


def test_a_certificate_that_is_missing_is_found_where_there_are_any(
    write: Callable[[str], Files], schemas: Schemas
) -> None:
    vetting = f"level: known\nkey: {SAMS}\n"
    assert found(registry(write, {}, vetting), schemas) == [
        ("missing-certificate", "vetting/sam.yaml")
    ]
    assert found(registry(write, {}), schemas) == []
    assert Registry(()).certificates is None


def test_a_registry_that_keeps_no_certificates_misses_none(
    write: Callable[[str], Files], schemas: Schemas
) -> None:
    files = write(f"== vetting/sam.yaml\nlevel: known\nkey: {SAMS}\n")
    known = load(files, schemas).registry
    assert list(vetted_people_without_certificate.findings(known, TODAY)) == []
    (missing,) = vetted_people_without_certificate.findings(
        replace(known, certificates={}), TODAY
    )
    assert (missing.place.file, missing.root) == ("vetting/sam.yaml", "sam")


def test_a_person_is_known_by_the_vetted_key_and_by_a_gatekeepers(
    write: Callable[[str], Files], schemas: Schemas
) -> None:
    files = write(
        f"== ocs.yaml\nname: X\ngatekeepers: [{{person: sam, key: {SECOND}}}, {{person: kim}}]\n"
        f"== vetting/sam.yaml\nlevel: known\nkey: {FIRST}\n== vetting/kim.yaml\nlevel: known\n"
    )
    known = load(files, schemas).registry
    assert vetted_keys(known, "sam") == {FIRST, SECOND}
    assert vetted_keys(known, "kim") == frozenset()


@needs_gpg
def test_with_gpg_the_ends_and_revocations_are_judged(
    write: Callable[[str], Files], schemas: Schemas, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ocs.workspace import keyrings

    revoked, expired = (
        (CERTIFICATES / f"{each}.asc").read_bytes() for each in ("sam-revoked", "noor-expired")
    )
    files = registry(write, {"sam": revoked, "amara": expired})
    codes = [check.code for check in CHECKS]
    report = validate(files, schemas, TODAY, only=codes, keyrings=keyrings(TODAY))
    assert [(each.code, each.place.file) for each in report.findings] == [
        ("revoked-key", "keys/sam.asc"),
        ("expired-key", "keys/amara.asc"),
    ]
    monkeypatch.setenv("PATH", "/nonexistent")
    (note,) = validate(files, schemas, TODAY, only=codes, keyrings=keyrings(TODAY)).findings
    assert (note.code, note.place.file) == ("keys-unchecked", "keys")
