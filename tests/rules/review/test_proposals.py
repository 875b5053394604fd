"""What a commit proposes, in single fields and items."""

from __future__ import annotations

from typing import Any

import pytest

from ocs.model.kinds import KIND
from ocs.rules.records.schema import Schemas
from ocs.rules.review.proposals import Atoms, Proposed, atoms_of_file, atoms_of_record


def atoms(schemas: Schemas, tree: dict[str, Any], kind: str = "community") -> Atoms:
    return atoms_of_record("communities/x.yaml", tree, schemas.of(KIND[kind]))


ANA, BO, CY = ({"person": name, "role": "peer"} for name in ("ana", "bo", "cy"))


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ({"leads": [ANA, BO]}, {"leads": [BO, ANA]}, True),
        ({"leads": [ANA, ANA]}, {"leads": [ANA]}, False),
        ({"leads": []}, {}, False),
        ({"succession": {}}, {}, False),
        ({"status": "active"}, {"status": "archived"}, False),
        ({"leads": [{**ANA, "title": "Chair"}]}, {"leads": [ANA]}, True),
    ],
)
def test_records_say_the_same_or_not(
    schemas: Schemas, one: dict[str, Any], other: dict[str, Any], is_same: bool
) -> None:
    assert (atoms(schemas, one) == atoms(schemas, other)) is is_same


def test_where_the_order_counts_another_one_is_a_change(schemas: Schemas) -> None:
    one, other = (
        atoms(schemas, {"vetting": {"levels": levels}}, "ocs")
        for levels in (["a", "b"], ["b", "a"])
    )
    assert one != other


def test_what_is_proposed_is_laid_over_what_came_meanwhile(schemas: Schemas) -> None:
    start, then = atoms(schemas, {"leads": [ANA]}), atoms(schemas, {"leads": [BO]})
    proposed = Proposed.between(start, then)
    meanwhile = atoms(schemas, {"leads": [ANA, CY]})
    assert proposed.laid_over(meanwhile) == atoms(schemas, {"leads": [CY, BO]})
    assert not proposed.is_taken_back(frozenset(), meanwhile)
    assert proposed.is_taken_back(then, meanwhile)
    assert proposed.is_taken_back(start - then, meanwhile)
    assert not proposed.is_taken_back(start - then, atoms(schemas, {"leads": [CY]}))


def test_a_file_is_its_place_its_form_and_its_content() -> None:
    file = atoms_of_file("x.yml", "file", "1f")
    others = [("y.yml", "file", "1f"), ("x.yml", "link", "1f"), ("x.yml", "file", "2f")]
    assert not [other for other in others if atoms_of_file(*other) == file]
