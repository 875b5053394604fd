"""Whose an account is, and how somebody is reached."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ocs.adapters.files import Files
from ocs.model.person import Person
from ocs.rules.people.accounts import people_with_account, reach
from ocs.rules.records.schema import Schemas
from ocs.tasks.registry.load import load

PEOPLE = """\
== people/kim.yaml
name: Kim
accounts: {github: Kim, matrix: "@Kim:river.example"}
== people/lea.yaml
name: Lea
accounts: {gitlab: kim, bugzilla: Lea}
== people/sam.yaml
name: Sam
accounts: {github: KIM, github_id: 42}
"""


@pytest.mark.parametrize(
    ("platform", "login", "people"),
    [
        ("github", "kim", ["kim", "sam"]),
        ("github", "kiM", ["kim", "sam"]),
        ("github", "kimmy", []),
        ("gitlab", "Kim", ["lea"]),
        ("github_id", "42", ["sam"]),
        ("mastodon", "kim", []),
        # The Kelvin sign, which becomes a k in small letters.
        ("github", "\u212aim", []),
        ("matrix", "@Kim:river.example", ["kim"]),
        ("matrix", "@kim:river.example", []),
        ("bugzilla", "Lea", ["lea"]),
        ("bugzilla", "lea", []),
    ],
)
def test_an_account_is_compared_as_its_platform_does(
    platform: str,
    login: str,
    people: list[str],
    write: Callable[[str], Files],
    schemas: Schemas,
) -> None:
    registry = load(write(PEOPLE), schemas).registry
    assert [person.id for person in people_with_account(registry, platform, login)] == people


@pytest.mark.parametrize(
    ("fields", "way"),
    [
        ({"mail": "l@river.example", "accounts": {"matrix": "@l:x.org"}}, "l@river.example"),
        ({"accounts": {"github": "l", "matrix": "@l:x.org"}}, "matrix @l:x.org"),
        ({"accounts": {"github_id": 42, "gitlab": "l", "github": "m"}}, "gitlab l"),
        ({"accounts": {"github_id": 42}}, None),
        ({}, None),
    ],
)
def test_somebody_is_reached_by_mail_then_matrix_then_the_first_platform(
    fields: dict[str, Any], way: str | None
) -> None:
    assert reach(Person(id="lena", name="Lena", **fields)) == way
