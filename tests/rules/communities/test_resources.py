"""How the names of what communities hold are compared."""

from __future__ import annotations

import pytest

from ocs.rules.communities.resources import LONGEST_DOMAIN, same_name


@pytest.mark.parametrize(
    ("name", "as_domain", "as_other"),
    [
        (" HTTPS://River.example/ ", "river.example", "river.example"),
        ("http://river.example./", "river.example", "river.example."),
        ("ftp://river.example", "ftp://river.example", "ftp://river.example"),
        ("bücher.example", "xn--bcher-kva.example", "bücher.example"),
        ("xn--bcher-kva.example", "xn--bcher-kva.example", "xn--bcher-kva.example"),
        ("xn--strae-oqa.example", "strasse.example", "xn--strae-oqa.example"),
        ("straße.example", "strasse.example", "strasse.example"),
        ("a..example", "a..example", "a..example"),
        ("river.xn--99999999999", "river.xn--99999999999", "river.xn--99999999999"),
    ],
)
def test_a_domain_is_compared_in_ascii_and_anything_else_as_it_is(
    name: str, as_domain: str, as_other: str
) -> None:
    assert same_name(name, is_domain=True) == as_domain
    assert same_name(name, is_domain=False) == as_other


def test_a_name_that_is_too_long_for_a_domain_is_left_in_letters() -> None:
    for length, is_ascii in ((LONGEST_DOMAIN, True), (LONGEST_DOMAIN + 1, False)):
        name = ("ü" + ".abc" * 64)[: length - 1] + "x"
        assert len(name) == length
        assert same_name(name, is_domain=True).isascii() is is_ascii
