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
