"""Whose mail address an address is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ocs.adapters.files import Files
from ocs.model.person import Person
from ocs.rules.records.people import mails_of, with_mail
from ocs.rules.records.schema import Schemas
from ocs.tasks.registry.load import load

NOREPLY = "@users.noreply.github.com"
PEOPLE = """\
== people/kim.yaml
name: Kim
mail: Kim@River.example
accounts: {gitlab: kim}
== people/lea.yaml
name: Lea
mail: kim@river.example
== people/sam.yaml
name: Sam
accounts: {github: SamB, github_id: 42}
"""


@pytest.mark.parametrize(
    ("mail", "people"),
    [
        ("KIM@river.example", ["kim", "lea"]),
        (f"samb-b{NOREPLY}", []),
        (f"SamB{NOREPLY}", ["sam"]),
        (f"42+samb{NOREPLY}", ["sam"]),
        (f"43+samb{NOREPLY}", []),
        ("", []),
    ],
)
def test_a_mail_address_is_a_persons_or_that_of_their_github_account(
    mail: str, people: list[str], write: Callable[[str], Files], schemas: Schemas
) -> None:
    assert with_mail(load(write(PEOPLE), schemas).registry, mail) == people


@pytest.mark.parametrize(
    ("fields", "mails"),
    [
        ({}, []),
        ({"mail": "L@River.example"}, ["l@river.example"]),
        ({"accounts": {"gitlab": "l", "github_id": 42}}, []),
        (
            {"mail": "l@x.org", "accounts": {"github": "Lb", "github_id": 42}},
            ["l@x.org", f"lb{NOREPLY}", f"42+lb{NOREPLY}"],
        ),
    ],
)
def test_a_person_has_the_addresses_of_their_github_account_too(
    fields: dict[str, Any], mails: list[str]
) -> None:
    assert list(mails_of(Person(id="lena", name="Lena", **fields))) == mails
