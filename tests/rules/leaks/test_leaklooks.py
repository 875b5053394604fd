"""What looks like a password, and what stands where one could."""

from __future__ import annotations

import pytest

from ocs.rules.leaks.leakforms import FORMS
from ocs.rules.leaks.leaklooks import is_placeholder, looks_like_a_password, looks_made_up
from ocs.rules.leaks.leaks import leaks_of_line


@pytest.mark.parametrize(
    ("value", "stands_for_one"),
    [
        ("pw", True),
        ("kel", False),
        ('"(pw)".', True),
        ("Password", True),
        ("NEW_PASSWORD", True),
        ("New_Password", False),
        ("<mine>", True),
        ("$DB", True),
        ("kelp-xxx", True),
        ("kelp-xx", False),
        ("kelp-forest-29", False),
    ],
)
def test_a_placeholder_is_short_or_a_word_for_a_password(
    value: str, stands_for_one: bool
) -> None:
    assert is_placeholder(value) is stands_for_one


@pytest.mark.parametrize(
    ("value", "is_one"),
    [
        ("ke1p", True),
        ("k1p", False),
        ("kelpford", False),
        ("kelp!ford", True),
        ("kelp9ford", True),
        ("#1#2#3#4", False),
        ("kelp9xxx", False),
        ("kelp9.example.org", False),
        ("kelp/9ford", False),
        ("ERR_CERT_2", False),
    ],
)
def test_a_password_has_letters_with_digits_or_signs(value: str, is_one: bool) -> None:
    assert looks_like_a_password(value) is is_one


@pytest.mark.parametrize(
    ("value", "is_one"),
    [
        ("kelpFo999", True),
        ("kelpfo!999", True),
        ("kelp9fo", True),
        ("Kelpfo999", True),
        ("kelpfo9999", False),
        ("Kelp!!Ford", False),
        ("Ke1pfo", True),
        ("Ke1pf", False),
        ("KelpFo9", False),
        ("server-12", False),
        ("kelp9/Fo9", False),
    ],
)
def test_a_made_up_password_has_digits_and_capitals_or_signs_too(
    value: str, is_one: bool
) -> None:
    assert looks_made_up(value) is is_one


def found(line: str) -> list[tuple[str, str]]:
    return [(leak.what, line[leak.start : leak.end]) for leak in leaks_of_line(line)]


def test_a_token_of_a_known_form_is_one_whatever_stands_in_it() -> None:
    key = "AKIAIOSFODNN7EXAMPLE"
    assert is_placeholder(key)
    assert found(f"it was {key} then") == [("an AWS access key", key)]


def test_a_value_of_a_form_must_be_none_that_stands_for_one() -> None:
    assert found("mysql -u root -pkelpford") == [("a password given to a command", "kelpford")]
    assert found("mysql -u root -pexample") == []
    # This form is not certain: what it gives must look like a password.
    assert found("tool --pass kelp9ford") == [("a password given to a command", "kelp9ford")]
    assert found("tool --pass kelpford") == []
    assert {form.certain for form in FORMS} == {True, False}


@pytest.mark.parametrize(
    ("line", "secrets"),
    [
        ("password: ke1p", ["ke1p"]),
        ("password is ke1p", ["ke1p"]),
        ('password is "ke1p"', ["ke1p"]),
        ('password is ("ke1p")', []),
        ('password: ("ke1p")', []),
        ('password = *"ke1p"', ["ke1p"]),
        ("password now ke1p", []),
        ("password now Ke1p-Fo9", ["Ke1p-Fo9"]),
        ("password: **Ke1p-Fo9**", ["Ke1p-Fo9"]),
        ("password: Ke1p-Fo9.", ["Ke1p-Fo9"]),
        ("password: kelp", []),
        ("a passage to Ke1p-Fo9", []),
        ("password of ours, and of yours: Ke1p-Fo9, Ke2p-Fo8", ["Ke1p-Fo9"]),
        (f"password {'a' * 58} Ke1p-Fo9", ["Ke1p-Fo9"]),
        (f"password {'a' * 59} Ke1p-Fo9", []),
        ("password a b c d e f g Ke1p-Fo9", ["Ke1p-Fo9"]),
        ("password a b c d e f g h Ke1p-Fo9", []),
        ("login with lena / Ke1p-Fo9", ["Ke1p-Fo9"]),
        ("login with lena / kelpford", []),
        ("walk with lena / Ke1p-Fo9", []),
    ],
)
def test_a_password_stands_near_behind_a_word_for_one(line: str, secrets: list[str]) -> None:
    assert found(line) == [("a password", secret) for secret in secrets]
