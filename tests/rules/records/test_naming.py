"""What a path says of the record, certificate or secret that lies there."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ocs.errors import OcsError
from ocs.rules.records.naming import (
    Misplaced,
    identify,
    identify_key,
    identify_secret,
    name_of,
    slug,
    unknown_folder_hint,
)


@pytest.mark.parametrize(
    ("path", "kind", "id"),
    [
        ("ocs.yaml", "ocs", "ocs"),
        ("people/lena.yaml", "person", "lena"),
        ("orgs/river-house.yaml", "org", "river-house"),
        ("access/river/login.yaml", "access", "river/login"),
        ("people/" + "x" * 60 + ".yaml", "person", "x" * 60),
        ("people/xy.yaml", "person", "xy"),
    ],
)
def test_the_name_of_a_file_is_the_id_of_its_record(path: str, kind: str, id: str) -> None:
    found, named = identify(path)
    assert (found.name, named) == (kind, id)


def misplaced(identify: Callable[[str], object], path: str) -> tuple[str, str]:
    with pytest.raises(Misplaced) as raised:
        identify(path)
    assert str(raised.value) == raised.value.message
    return raised.value.message, raised.value.hint


NO_RECORD = "this is not a record, so ocs does not read it"
NO_ID = "an id has 2 to 60 lowercase letters, digits and single '-'"


@pytest.mark.parametrize(
    ("path", "message", "hint"),
    [
        (
            "people/lena.yml",
            "a record's file name ends in .yaml",
            "rename it to people/lena.yaml",
        ),
        (
            "people/lena.YAML",
            "a record's file name ends in .yaml",
            "rename it to people/lena.yaml",
        ),
        ("people/lena", NO_RECORD, "records of this kind are named people/<id>.yaml"),
        ("people/lena.txt", NO_RECORD, "records of this kind are named people/<id>.yaml"),
        (
            "access/a1/x.txt",
            NO_RECORD,
            "records of this kind are named access/<owner>/<name>.yaml",
        ),
        ("people/Lena.yaml", NO_ID, "rename it to people/lena.yaml"),
        ("people/x.yaml", NO_ID, "rename the file"),
        ("people/yaml", NO_RECORD, "records of this kind are named people/<id>.yaml"),
        ("access/River/login.yaml", NO_ID, "rename it to access/river/login.yaml"),
        ("access/river/x.yaml", NO_ID, "rename the file"),
        (
            "access/river/in/login.yaml",
            "a record cannot be here",
            "records of this kind are named access/<owner>/<name>.yaml",
        ),
    ],
)
def test_where_no_record_can_be_the_hint_names_a_place(
    path: str, message: str, hint: str
) -> None:
    assert misplaced(identify, path) == (message, hint)


def test_a_certificate_is_named_after_its_person() -> None:
    assert identify_key("keys/lena.asc") == "lena"
    for path in ("lena.asc", "keys/lena", "keys/Lena.asc", "keys/a1/lena.asc", "keys/.asc"):
        assert misplaced(identify_key, path) == (
            "this is not a certificate",
            "certificates are named keys/<person>.asc",
        )


def test_a_secret_is_named_after_its_owner_and_itself() -> None:
    assert identify_secret("secrets/river/login.gpg") == "river/login"
    for path in (
        "river/login.gpg",
        "secrets/river/login",
        "secrets/login.gpg",
        "secrets/river/in/login.gpg",
        "secrets/River/login.gpg",
        "secrets/river/Login.gpg",
    ):
        assert misplaced(identify_secret, path) == (
            "this is not a secret",
            "secrets are named secrets/<owner>/<name>.gpg",
        )


def test_a_secret_may_be_called_by_its_files() -> None:
    for text in ("river/login", "secrets/river/login.gpg", "access/river/login.yaml"):
        assert name_of(text) == "river/login"
    for text in (
        "login",
        "River/login",
        "secrets/river/login",
        "access/river/login.gpg",
        "river/login.gpg",
        "river/login.yaml",
    ):
        with pytest.raises(OcsError) as raised:
            name_of(text)
        assert raised.value.message == f"'{text}' is not the name of a secret"


def test_an_unknown_folder_is_another_one_or_is_to_be_listed() -> None:
    known = ("people", "orgs")
    assert unknown_folder_hint("peple", known) == "did you mean 'people'?"
    assert unknown_folder_hint("notes", known).endswith("add to ocs.yaml: also: [notes]")


@pytest.mark.parametrize(
    ("text", "id"),
    [
        ("Lena Brandt", "lena-brandt"),
        ("  Jürgen Straße ", "jurgen-strasse"),
        ("Łukasz Øre", "lukasz-ore"),
        ("!?", ""),
        ("x" * 70, "x" * 60),
        ("x" * 59 + " y", "x" * 59),
    ],
)
def test_the_nearest_id_has_plain_letters_and_at_most_sixty(text: str, id: str) -> None:
    assert slug(text) == id
