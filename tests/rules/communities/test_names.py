"""Names and ids that people take for others (A16)."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ocs.adapters.files import Files
from ocs.model.finding import Severity
from ocs.output.console import clean
from ocs.rules.records.lookalikes import swapped
from ocs.rules.records.schema import Schemas
from ocs.rules.records.spelling import disguises, is_ignorable
from ocs.tasks.registry.validate import validate
from tests.rules.sound import TODAY

Found = Callable[[str], dict[str, Severity]]


@pytest.fixture
def found(write: Callable[[str], Files], schemas: Schemas) -> Found:
    def of(text: str) -> dict[str, Severity]:
        report = validate(write(text), schemas, TODAY)
        return {finding.code: finding.severity for finding in report.findings}

    return of


INVISIBLE = (0x2061, 0x2064, 0x180E, 0x206A, 0x17B4, 0x3164, 0xFFA0, 0xE0100, 0x200D, 0x034F)


@pytest.mark.parametrize("number", INVISIBLE)
def test_an_invisible_character_makes_no_new_domain_and_is_marked(
    number: int, found: Found
) -> None:
    letter = chr(number)
    assert is_ignorable(letter)
    for kind, code in {"domain": "domain-form", "list": "disguised-name"}.items():
        name = f"open{letter}-map.example"
        text = (
            f"== communities/xx.yaml\nname: X\nresources: [{{name: '{name}', type: {kind}}}]\n"
        )
        assert found(text)[code] is Severity.ERROR
    assert clean(f"open{letter}-map") == "open\N{REPLACEMENT CHARACTER}-map"


@pytest.mark.parametrize(
    "name",
    [
        "\N{CYRILLIC SMALL LETTER O}pen-map.example",
        "open\N{NON-BREAKING HYPHEN}map.example",
        "open\N{HYPHEN}map.example",
        "río.example",
        "Open-Map.example",
        "open-map.example.",
        "open_map.example",
        "open-map\N{IDEOGRAPHIC FULL STOP}example",
        "-open.example",
        "open..example",
    ],
)
def test_a_domain_is_in_ascii_and_small_letters(name: str, found: Found) -> None:
    text = f"== communities/xx.yaml\nname: X\nresources: [{{name: '{name}', type: domain}}]\n"
    assert found(text)["domain-form"] is Severity.ERROR
    assert "bad-value" in found(f"== orgs/xx.yaml\nname: X\ndomains: [{{name: '{name}'}}]\n")


def test_a_domain_that_stands_for_mixed_letters_is_told(found: Found) -> None:
    mixed = "xn--" + "\N{CYRILLIC SMALL LETTER O}pen".encode("punycode").decode()
    text = "== communities/xx.yaml\nname: X\nresources: [{{name: {}.example, type: domain}}]\n"
    assert found(text.format(mixed))["disguised-words"] is Severity.WARNING
    assert "disguised-words" not in found(text.format("xn--ro-nja"))
    assert "domain-form" not in found(text.format("xn--ro-nja"))


@pytest.mark.parametrize(
    ("name", "is_disguised"),
    [
        ("\N{GREEK CAPITAL LETTER ALPHA}na Ruiz", True),
        ("Ana\N{NON-BREAKING HYPHEN}Ruiz", True),
        ("Ana\N{HANGUL FILLER}", True),
        ("Ана (Ana) Ruiz", False),
        ("Zoë O'Neil-Müller", False),
        ("山田 Taro", False),
    ],
)
def test_a_name_in_disguise_is_told(name: str, is_disguised: bool, found: Found) -> None:
    assert ("disguised-words" in found(f"== people/x1.yaml\nname: {name}\n")) is is_disguised
    assert bool(list(disguises(name))) is is_disguised


@pytest.mark.parametrize(
    "text",
    [
        "== people/xy.yaml\nname: X\nmail: an\N{CYRILLIC SMALL LETTER A}@example.org\n",
        "== people/xy.yaml\nname: X\nmail: ana@ex\N{CYRILLIC SMALL LETTER A}mple.org\n",
        "== people/xy.yaml\nname: X\naccounts: {matrix: '@an\N{CYRILLIC SMALL LETTER A}:x.org'}\n",
        "== communities/xy.yaml\nname: X\ncontacts: [{url: 'https://ex\N{CYRILLIC SMALL LETTER A}mple.org'}]\n",
        "== communities/xy.yaml\nname: X\ncontacts: [{url: 'https://example.org/\N{NON-BREAKING HYPHEN}'}]\n",
        "== communities/xy.yaml\nname: X\ngovernance: 'https://github.com@evil.example/'\n",
    ],
)
def test_an_address_is_in_ascii(text: str, found: Found) -> None:
    assert found(text)["bad-value"] is Severity.ERROR


LED = "== communities/x1.yaml\nname: X\nleads: [{person: ana-ruiz, role: owner}]\n== people/ana-ruiz.yaml\nname: A\n"


@pytest.mark.parametrize("id", ["ana-riuz", "naa-ruiz", "ana-rui2", "an-aruiz", "joots"])
def test_an_id_one_swap_from_that_of_a_lead_or_gatekeeper_is_told(
    id: str, found: Found
) -> None:
    policy = (
        "== ocs.yaml\nname: X\ngatekeepers: [{person: joost}]\n== people/joost.yaml\nname: J\n"
    )
    text = f"{policy}{LED}== people/{id}.yaml\nname: B\n"
    assert found(text)["id-like-a-lead"] is Severity.WARNING


def test_other_ids_are_not(found: Found) -> None:
    assert "id-like-a-lead" not in found(f"{LED}== people/ana-ruis.yaml\nname: B\n")
    assert list(swapped("abb")) == ["bab"]


def test_what_joins_letters_of_a_script_stays() -> None:
    persian = "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645"
    assert clean(persian) == persian
    assert clean("ri\u200cver") == "ri\N{REPLACEMENT CHARACTER}ver"
