"""Which names are looked for, and where in a problem each of them is found."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ocs.adapters.files import Files
from ocs.model.registry import Registry
from ocs.rules.leaks.identifying import Identifiers, _host, plain_text
from ocs.rules.leaks.personal import personal_data
from ocs.rules.records.schema import Schemas
from ocs.tasks.registry.load import load

Named = Callable[[str], Identifiers]
RIVER = "== orgs/x1.yaml\nname: Riverside Food Bank\n"


@pytest.fixture
def named(write: Callable[[str], Files], schemas: Schemas) -> Named:
    return lambda text: Identifiers(load(write(text), schemas).registry)


@pytest.mark.parametrize(
    ("text", "known"),
    [
        (
            "== orgs/x1.yaml\nname: Riverside Food Bank e. V.\n",
            {"riversidefoodbankev", "riversidefoodbank"},
        ),
        ("== orgs/river-house.yaml\nname: R\n", {"riverhouse"}),
        ("== orgs/x1.yaml\nname: Kelpin\n", {"kelpin"}),
        ("== orgs/x1.yaml\nname: Kelpi\n", set()),
        ("== orgs/x1.yaml\nname: Riverside\nmay_be_named: yes\n", set()),
        ("== orgs/x1.yaml\nname: Riverside\nmay_be_named: ask\n", {"riverside"}),
        ("== orgs/x1.yaml\nname: R\nregistered_as: GB-CHC-109\n", {"gbchc109"}),
        (
            "== orgs/x1.yaml\nname: R\ndomains: [{name: www.kelpwood.org}]\n",
            {"wwwkelpwoodorg", "kelpwood"},
        ),
        (
            "== orgs/x1.yaml\nname: R\nwebsite: https://kelpwood.org/a\n",
            {"kelpwoodorg", "kelpwood"},
        ),
        (
            "== orgs/x1.yaml\nname: R\nsystems: [{id: s1}, "
            '{id: s2, address: "https://c4.kelp.org"}]\n',
            {"c4kelporg"},
        ),
        (
            "== orgs/x1.yaml\nname: R\ncontacts: [{id: c1}, {id: c2, mail: kim@kelp.org}]\n",
            {"kimkelporg"},
        ),
        ("== people/lena.yaml\nname: Lena Maria Kelp\n", {"lenamariakelp", "kelplenamaria"}),
        ("== people/lena.yaml\nname: Lenamaria\n", set()),
        ("== people/lena.yaml\nname: Lenamaria\nmail: lm@kelp.org\n", {"lmkelporg"}),
        (
            '== people/lena.yaml\nname: L\naccounts: {github: lenamaria, matrix: "@lm:kelp.org"}\n',
            {"lmkelporg"},
        ),
    ],
)
def test_names_addresses_and_ids_are_looked_for(
    text: str, known: set[str], named: Named
) -> None:
    assert set(named(text).known) == known


def test_a_host_that_cannot_be_read_is_none() -> None:
    assert _host("https://kelp.org:80/x") == "kelp.org"
    assert _host("https://[kelp") == ""
    assert _host("kelp") == ""


def test_the_digest_is_another_one_for_other_names(named: Named) -> None:
    first = named(RIVER).digest
    assert len(first) == 32
    assert named(RIVER).digest == first
    assert named(RIVER.replace("Food", "Book")).digest != first


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("the Riverside Food Bank", [(1, 5, 19)]),
        (
            "a\nb\n Riverside Food Bank: Riverside Food Bank\nRiverside Food Bank",
            [(3, 2, 19), (4, 1, 19)],
        ),
        ("the Riverside\nFood Bank", [(1, 5, 9)]),
        ("Riverside Food Ban", []),
        ("R i v e r s i d e Food Bank", []),
        ("Ri ver si de Fo od Ba nk", [(1, 1, 24)]),
        ("related: [x2] # Riverside Food Bank", [(1, 17, 19)]),
        ("related: [x2]\nrelated: [x3] # Riverside Food Bank", [(2, 17, 19)]),
        ("", []),
    ],
)
def test_the_first_name_in_each_line_is_found_at_its_place(
    text: str, places: list[tuple[int, int, int]], named: Named
) -> None:
    spans = [
        found.place.span for found in named(RIVER).findings("problems/x.yaml", text, {"x2"})
    ]
    assert [(span.line, span.column, span.length) for span in spans if span] == places
    assert [span.text for span in spans if span] == [
        text.split("\n")[line - 1] for line, _, _ in places
    ]


def test_an_id_that_names_somebody_says_whom(named: Named) -> None:
    (found,) = named(RIVER).findings("problems/riverside-food-bank-x.yaml", "title: x\n")
    assert found.message == "the id of this problem names Riverside Food Bank"
    assert not list(
        Identifiers(Registry(())).findings("problems/riverside-food-bank.yaml", "title: x\n")
    )


def test_ids_that_are_not_all_mentioned_are_read_as_words(named: Named) -> None:
    identifiers = named(RIVER)
    line = "also:\n  - riverside-food-bank\n"
    assert not list(identifiers.findings("problems/x.yaml", line, {"riverside-food-bank"}))
    assert len(list(identifiers.findings("problems/x.yaml", line, {"riverside"}))) == 1


def test_plain_text_is_the_words_in_small_letters() -> None:
    assert plain_text(b"River-Side_9 !") == "riverside9"
    assert plain_text("Éva's Böhm".encode()) == "evasbohm"
    assert plain_text(b"a\xffb") == "ab"


def test_telephone_and_mail_of_one_line_are_both_told_at_their_places() -> None:
    text = "name: X\nrole: call +44 20 7946 0991 or jo@home.net\n"
    spans = [found.place.span for found in personal_data("orgs/x.yaml", text)]
    assert [(span.line, span.column, span.length) for span in spans if span] == [
        (2, 12, 16),
        (2, 32, 11),
    ]
