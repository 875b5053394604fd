"""The checks of ciphertexts and of `.gpg-id` files, of values alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from ocs.model.certificate import CertificateFile, Key, Outline
from ocs.model.ciphertext import HIDDEN, CiphertextFile, Message, Recipient
from ocs.model.kinds import KIND
from ocs.model.org import Org
from ocs.model.registry import Document, Registry
from ocs.rules.secrets import ciphertexts, gpgids
from ocs.rules.secrets.ciphertexts import holders, who_can_read
from tests.rules.sound import TODAY

LENAS, SAMS, NOBODYS = "1" * 16, "2" * 16, "3" * 16


def certificate(person: str, *keys: str) -> CertificateFile:
    first, *others = (Key(f"{key:0>40}", "EdDSA", None, date(2025, 1, 1)) for key in keys)
    return CertificateFile(
        f"keys/{person}.asc", person, outline=Outline(first, tuple(others), 1, b"")
    )


def message(content: str, *keys: str, passphrases: int = 0, tag: int = 18) -> Message:
    return Message(tuple(Recipient(key, 3) for key in keys), passphrases, tag, 1, content)


def found(code: str, registry: Registry) -> list[tuple[str, str]]:
    """The places and the message of what a check finds."""
    every = [*ciphertexts.CHECKS, *gpgids.CHECKS]
    (check,) = [check for check in every if check.code == code]
    return [
        (" ".join(place.file for place in finding.places), finding.message)
        for finding in check.findings(registry, TODAY)
    ]


def held(*files: CiphertextFile, certificates: bool = True) -> Registry:
    people = {"lena": certificate("lena", LENAS), "sam": certificate("sam", SAMS, LENAS)}
    return Registry(
        (),
        certificates=people if certificates else None,
        ciphertexts={file.secret: file for file in files},
    )


def test_a_key_is_held_by_everybody_whose_certificate_has_it() -> None:
    assert holders(held()) == {LENAS: {"lena", "sam"}, SAMS: {"sam"}}
    assert holders(Registry(())) == {}


def test_recipients_are_people_or_keys_of_nobody_and_who_is_hidden_is_neither() -> None:
    whose = {LENAS: frozenset({"lena"}), SAMS: frozenset({"sam", "joost"})}
    assert who_can_read(message("x", SAMS, NOBODYS, HIDDEN), whose) == (
        {"sam", "joost"},
        [NOBODYS],
    )
    assert who_can_read(message("x"), whose) == (set(), [])


@pytest.mark.parametrize(
    ("code", "content", "text"),
    [
        (
            "hidden-reader",
            message("x", HIDDEN),
            "a/b hides a recipient, so ocs cannot know who can read it",
        ),
        (
            "passphrase-reader",
            message("x", LENAS, passphrases=1),
            "anybody who knows its passphrase can read a/b",
        ),
    ],
)
def test_a_reader_without_a_name_is_told(code: str, content: Message, text: str) -> None:
    file = CiphertextFile("a/b", content)
    assert found(code, held(file)) == [("secrets/a/b.gpg", text)]
    assert found(code, held(CiphertextFile("a/b", message("x", LENAS)))) == []
    # Without keys/ nothing can be compared.
    assert found(code, held(file, certificates=False)) == []
    assert found(code, held(CiphertextFile("a/b", fault="cut short"))) == []


def test_only_secrets_with_the_same_content_are_copies() -> None:
    one, two = message("x", LENAS), message("y", LENAS)
    assert found("copied-ciphertext", held(CiphertextFile("a/b", one), CiphertextFile("c/d", two))) == []  # fmt: skip
    assert found(
        "copied-ciphertext",
        held(*(CiphertextFile(secret, one) for secret in ("a/b", "c/d", "e/f"))),
    ) == [
        (
            "secrets/a/b.gpg secrets/c/d.gpg secrets/e/f.gpg",
            "a/b, c/d and e/f are the same ciphertext, so one was copied over the other",
        )
    ]


def test_a_ciphertext_that_another_secret_had_is_told_unless_both_have_it_now() -> None:
    once = {"a/b": ("x/y",), "c/d": ("u/v", "x/y")}
    registry = Registry((), once_of=once)
    assert found("copied-ciphertext", registry) == [
        ("secrets/a/b.gpg", "a/b is the ciphertext that x/y had before"),
        ("secrets/c/d.gpg", "c/d is the ciphertext that u/v and x/y had before"),
    ]
    alone = {"a/b": CiphertextFile("a/b", message("x", LENAS))}
    one = Registry((), certificates={}, ciphertexts=alone, once_of=once)
    assert found("copied-ciphertext", one) == found("copied-ciphertext", registry)
    same = {secret: CiphertextFile(secret, message("x", LENAS)) for secret in ("a/b", "c/d")}
    both = Registry((), certificates={}, ciphertexts=same, once_of=once)
    assert [places for places, _ in found("copied-ciphertext", both)] == [
        "secrets/a/b.gpg secrets/c/d.gpg"
    ]


@pytest.mark.parametrize(
    ("file", "fault"),
    [
        (CiphertextFile("a/b", message("x", LENAS)), None),
        (CiphertextFile("a/b", message("x", LENAS, tag=9)), "without integrity protection"),
        (CiphertextFile("a/b", message("x", LENAS, tag=20)), None),
        (CiphertextFile("a/b", fault="cut short"), "cut short"),
        (CiphertextFile("a/b", fault="cut short", conflict=frozenset({2})), None),
    ],
)
def test_a_ciphertext_that_cannot_be_used_is_told_with_its_fault(
    file: CiphertextFile, fault: str | None
) -> None:
    findings = found("unfit-ciphertext", held(file, certificates=False))
    assert [places for places, _ in findings] == ["secrets/a/b.gpg"] * (fault is not None)
    assert all(f"a/b must not be used: {fault}" in text for _, text in findings)


def test_a_ciphertext_that_two_branches_changed_is_told() -> None:
    files = (CiphertextFile("a/b", conflict=frozenset({2, 3})), CiphertextFile("c/d"))
    assert found("conflicting-ciphertext", held(*files)) == [
        ("secrets/a/b.gpg", "two branches changed a/b, and git cannot merge it")
    ]


def test_former_readers_of_a_secret_are_told_by_name() -> None:
    registry = Registry((), former_readers={"c/d": ("lena", "sam"), "a/b": ("sam",)})
    assert found("to-be-rotated", registry) == [
        ("access/a/b.yaml", "sam could read the content of a/b, but is no longer a reader"),
        (
            "access/c/d.yaml",
            "lena and sam could read the content of c/d, but are no longer readers",
        ),
    ]


def test_gpg_ids_are_only_judged_where_there_are_certificates() -> None:
    stray = {"river": b"x\n", "house": None}
    assert found("wrong-gpg-id", Registry((), certificates={}, gpg_ids=stray)) == [
        (
            "secrets/river/.gpg-id",
            "the keys in this file are not those of the gatekeepers of river, and programs "
            "such as pass encrypt to them",
        )
    ]
    assert found("wrong-gpg-id", Registry((), gpg_ids=stray)) == []
    # No key of a gatekeeper is known, so nothing could stand in the one that is missing.
    assert found("missing-gpg-id", Registry((), certificates={}, gpg_ids=stray)) == []


def test_only_of_secrets_with_an_owner_extra_readers_are_told() -> None:
    file = CiphertextFile("river/login", message("x", SAMS))
    assert found("extra-reader", held(file)) == []
    river = Org(id="river", name="River")
    registry = replace(
        held(file), documents=(Document(KIND["org"], "river", "orgs/river.yaml", {}, river),)
    )
    assert found("extra-reader", registry) == [
        ("secrets/river/login.gpg", "sam can read river/login without an access record")
    ]
