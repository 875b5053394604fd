"""No problem tells where it was met, and no record holds what is only a person's."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocs.adapters.files import Files
from ocs.rules.leaks.identifying import Identifiers
from ocs.rules.leaks.personal import personal_data
from ocs.rules.records.schema import Schemas
from ocs.tasks.registry.load import load
from ocs.tasks.registry.validate import validate

ORG = """\
== orgs/river-side-food-bank.yaml
name: Riverside Food Bank e. V.
website: https://riversidefoodbank.example
registered_as: GB-CHC-1099999
domains: [{name: rfb-london.example}]
systems: [{id: cloud, address: "https://cloud-42.hosting-example.example"}]
contacts: [{id: chair, mail: chair.rsfb@freemail.example}]
== orgs/open-book.yaml
name: Open Book Library
may_be_named: yes
== people/lena.yaml
name: Lena Nováková
mail: lenchen99@freemail.example
accounts: {matrix: "@nova77:matrix.example", github: nextcloud}
"""


@pytest.mark.parametrize(
    "text",
    [
        "the website of Riverside Food Bank",
        "RIVERSIDE FOOD-BANK",
        "riverside_food_bank",
        "River Side Foodbank",
        "riversidefoodbank's server",
        "# asked by Riverside Food Bank e. V.",
        "see https://riversidefoodbank.example/x",
        "mail to info@rfb-london.example",
        "ssh root@cloud-42.hosting-example.example",
        "river-side-food-bank",
        "the charity GB CHC 1099999",
        "Lena Novakova found it",
        "LENA NOVÁKOVÁ",
        "found by Nováková, Lena",
        "written to chair.rsfb@freemail.example",
        "ask lenchen99@freemail.example",
        "or @nova77:matrix.example",
        "the files of Riverside\n  Food Bank",
        "the files of River-\n  side Food Bank",
    ],
)
def test_whatever_identifies_somebody_is_told(
    text: str, write: Callable[[str], Files], schemas: Schemas
) -> None:
    files = write(
        ORG
        + f"== problems/mail-late.yaml\ntitle: Mail is late\nsymptoms:\n  - seen: x\ncause: |\n  {text}\n"
    )
    (found,) = validate(
        files, schemas, date(2026, 11, 20), only=["names-an-organisation"]
    ).findings
    assert found.place.span is not None
    assert found.place.span.line == 5


@pytest.mark.parametrize(
    "text",
    [
        "the food bank by the river",
        "Lena found it",
        "Open Book Library",
        "https://hosting.example",
        "solved_by: [lena]",
        "chair at freemail.example",
        "nextcloud",
        "cause: it stood at the riverside\nfood: bank\n",
        "environment:\n  - riverside\n  - food bank\n",
    ],
)
def test_what_identifies_nobody_is_not(
    text: str, write: Callable[[str], Files], schemas: Schemas
) -> None:
    identifiers = Identifiers(load(write(ORG), schemas).registry)
    assert not list(identifiers.findings("problems/x.yaml", text))


def test_an_id_beside_one_that_is_mentioned_may_name_somebody(
    write: Callable[[str], Files], schemas: Schemas
) -> None:
    identifiers = Identifiers(load(write(ORG), schemas).registry)
    ids = "related: [mail-late, river-side-food-bank]\n"
    assert not list(
        identifiers.findings("problems/x.yaml", ids, {"mail-late", "river-side-food-bank"})
    )
    (found,) = identifiers.findings("problems/x.yaml", ids, {"mail-late"})
    assert found.message == "this names Riverside Food Bank e. V."


@pytest.mark.parametrize("id", ["riverside-food-bank-mail-late", "mail-of-lena-novakova"])
def test_an_id_that_identifies_somebody_is_told(
    id: str, write: Callable[[str], Files], schemas: Schemas
) -> None:
    files = write(
        ORG + f"== problems/{id}.yaml\ntitle: Mail is late\nsymptoms: [{{seen: x}}]\n"
    )
    (found,) = validate(
        files, schemas, date(2026, 11, 20), only=["names-an-organisation"]
    ).findings
    assert (found.place.file, found.place.span) == (f"problems/{id}.yaml", None)


@pytest.mark.parametrize(
    "line",
    [
        "role: Chair, +44 20 7946 0991",
        "because: call 0049 (171) 555 01 23",
        "# Tel. 0171/5550123",
        "purpose: jo@home.net knows",
        "role: Chair (020 7946 0991)",
        "# 0151-23456789 at weekends",
        "# (030) 1234567",
        "# Tel: 612 345 678",
        "# +49 171 5550123",
        "mail: chair@riverside.org # or jo@home.net",
        "# ask, mail: jo@home.net",
        "contacts: [{id: chair, role: jo@home.net}]",
    ],
)
def test_personal_data_is_told(line: str) -> None:
    (found,) = personal_data("orgs/x.yaml", f"name: X\n{line}\n")
    assert found.code == "personal-data"
    assert found.place.span is not None
    assert found.place.span.line == 2


@pytest.mark.parametrize(
    "line",
    [
        "mail: chair@riverside.org",
        "  - url: mailto:x@lists.org",
        'matrix: "@lena:matrix.org"',
        "key: 8B69BE2DCA034CCD663C0B98AC152465D4092A02",
        "since: 2026-01-10",
        "registered_as: GB-CHC-1099999",
        "github_id: 4539057004",
        "version: 0032.0.14.2",
        "because: see someone@example.org",
        "where: 2001:db8::1 and 192.0.2.10",
        "contacts: [{id: chair, mail: chair@riverside.org}]",
        "purpose: see https://calendar.org/embed?src=4u82@group.calendar.org",
        'accounts: {irc: lena, mastodon: "@lena@social.org"}',
        "# called by phone 2026-01-08 and 2026-01-09",
        "# 01.02.2026, 02/03/2026 06:00",
        "# ticket 0123456789, ISBN 0-123-45678-9",
        "address: https://x.org/0123-456789",
    ],
)
def test_what_is_no_personal_data_is_not(line: str) -> None:
    assert not list(personal_data("orgs/x.yaml", line))


@pytest.mark.parametrize("sign", ["\x0b", "\x0c", "\x85", "\u2028", "\r"])
def test_lines_are_counted_as_editors_count_them(
    sign: str, write: Callable[[str], Files], schemas: Schemas
) -> None:
    (found,) = personal_data("orgs/x.yaml", f"a{sign}b\nrole: +44 20 7946 0991\n")
    assert found.place.span is not None
    assert found.place.span.line == 2
    identifiers = Identifiers(load(write(ORG), schemas).registry)
    (named,) = identifiers.findings("problems/x.yaml", f"a{sign}b\nRiverside Food Bank\n")
    assert named.place.span is not None
    assert named.place.span.line == 2


@given(st.text(max_size=200))
def test_no_text_gives_a_traceback(text: str) -> None:
    for found in personal_data("x.yaml", text):
        span = found.place.span
        assert span is not None
        assert span.text[span.column - span.start :]


def test_a_very_long_word_is_looked_through_at_once() -> None:
    # Of a length at which trying each of its letters as the first would take hours.
    assert list(personal_data("orgs/x.yaml", "name: " + "x" * 1_000_000)) == []
