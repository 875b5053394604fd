"""A record's values that filters compare are those that it has, in one form."""

from __future__ import annotations

import pytest

from ocs.model.kinds import KIND
from ocs.model.record import Tree
from ocs.rules.search.facets import facets_of


@pytest.mark.parametrize(
    ("kind", "tree", "facets"),
    [
        ("problem", {}, [("state", "draft")]),
        ("problem", {"state": "Verified", "status": "left"}, [("state", "verified")]),
        ("org", {}, []),
        ("org", {"state": "verified", "status": "left"}, [("state", "left")]),
        ("org", {"product": "Roundcube"}, [("product", "roundcube")]),
        (
            "org",
            {"systems": [{"product": "Dovecot"}, {"product": 3}, {"id": "web"}, "odd"]},
            [("product", "dovecot")],
        ),
        ("org", {"product": ["roundcube"], "systems": {"product": "dovecot"}}, []),
        ("org", {"tags": ["VPN  client", 3, "vpn client"]}, [("tag", "vpn client")]),
        ("org", {"tags": "vpn"}, []),
        ("person", {"languages": ["de", "nl"]}, [("lang", "de"), ("lang", "nl")]),
        ("person", {"languages": {"de": "native"}}, [("lang", "de")]),
        ("person", {"languages": "de"}, []),
        ("org", {"symptoms": [{"language": "fr"}, {"seen": "x"}]}, [("lang", "fr")]),
        ("org", {"solved_on": "2026-01-02"}, [("since", "2026-01-02")]),
        (
            "org",
            {"solved_on": "2026-01-02", "seen_working": [{"date": "2026-03-04"}, {"date": 5}]},
            [("since", "2026-03-04")],
        ),
        ("org", {"solved_on": "2026-05-06", "seen_working": []}, [("since", "2026-05-06")]),
    ],
)
def test_each_filter_has_its_values(
    kind: str, tree: dict[str, Tree], facets: list[tuple[str, str]]
) -> None:
    assert facets_of(KIND[kind], tree) == facets


def test_a_value_that_is_too_long_is_no_facet() -> None:
    tree: dict[str, Tree] = {"tags": ["a" * 200, "b" * 201]}
    assert facets_of(KIND["org"], tree) == [("tag", "a" * 200)]


def test_a_record_has_no_more_than_200_facets() -> None:
    tree: dict[str, Tree] = {"tags": [f"t{number}" for number in range(201)]}
    assert facets_of(KIND["org"], tree) == [("tag", f"t{number}") for number in range(200)]
