"""Each text of a record is found where a word in it has its weight."""

from __future__ import annotations

from ocs.model.kinds import KIND
from ocs.rules.search.searchable import searchable


def test_what_is_said_and_what_is_seen_are_kept_apart() -> None:
    tree = {
        "title": "Mail is late",
        "symptoms": [{"says": "451 try later", "where": "log"}, {"seen": "slow"}],
        "tags": ["mail"],
        "cause": "a full disk",
    }
    found = searchable(KIND["problem"], "mail-late", tree)
    assert found.errors == "451 try later"
    assert found.symptoms == "log\n\nslow"
    assert (found.title, found.tags, found.cause) == (
        "Mail is late",
        "mail\n\nmail late",
        "a full disk",
    )


def test_fields_of_any_shape_can_be_searched() -> None:
    tree = {
        "title": ["odd"],
        "symptoms": "text",
        "cause": {"x": ["y", {"z": "deep"}]},
        "tags": 3,
    }
    found = searchable(KIND["problem"], "x", tree)
    assert found.title == "odd"
    assert found.symptoms == "text"
    assert "deep" in found.cause


def test_of_other_records_names_and_values_are_searched_as_one_text() -> None:
    tree = {"name": "Lena", "skills": {"mail": "good"}, "about": "far away", "since": 3}
    found = searchable(KIND["person"], "lena-b", tree)
    assert found == ("Lena", "good\n\nfar away\n\nmail", "", "", "", "", "lena b")
    odd = searchable(KIND["person"], "lena", {"skills": {"mail": ["good"], "web": "x"}})
    assert odd.symptoms == "good\n\nx"


def test_what_helped_and_where_it_is_known_have_columns_of_their_own() -> None:
    tree = {
        "symptoms": ["odd", {"says": 3}, {"says": "stop"}],
        "environment": ["a server"],
        "product": "Dovecot",
        "resolution": "Wait.",
        "undo": "Stop.",
        "solved_by": ["lena"],
    }
    found = searchable(KIND["problem"], "x", tree)
    assert (found.symptoms, found.errors) == ("odd", "stop")
    assert found.environment == "a server\n\nDovecot"
    assert found.resolution == "Wait.\n\nStop."
