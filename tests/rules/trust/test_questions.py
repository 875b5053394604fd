"""What is asked about whom, and the ends of keys to choose from."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from random import Random

from ocs.adapters.files import Files
from ocs.model.registry import Registry
from ocs.model.trust import Fact, FactKind, Remembered
from ocs.rules.records.schema import Schemas
from ocs.rules.secrets.facts import facts_needed, facts_of
from ocs.rules.trust.questions import CHOICES, choices, questions, tail
from ocs.tasks.registry.load import load

TODAY = date(2026, 11, 20)
LENA, OTHER = "A" * 36 + "1234", "B" * 36 + "5678"
REGISTRY = f"""\
== ocs.yaml
name: Helping Hands
gatekeepers:
  - person: amara
    key: {OTHER}
== people/amara.yaml
name: Amara
== people/lena.yaml
name: Lena
== orgs/river.yaml
name: River House
gatekeepers: [amara]
== vetting/lena.yaml
level: vetted
key: {LENA}
checks: [{{kind: met, by: amara, date: 2026-01-03}}]
== access/river/login.yaml
purpose: x
readers:
  - person: lena
  - person: sam
    until: 2020-01-01
"""
KEY = Fact(FactKind.KEY, "lena", LENA)
READS = Fact(FactKind.READER, "river/login", "lena")
LEVEL = Fact(FactKind.LEVEL, "lena", "vetted")


def registry(
    write: Callable[[str], Files], schemas: Schemas, text: str = REGISTRY
) -> Registry:
    return load(write(text), schemas).registry


def test_a_registry_states_levels_readers_and_gatekeepers(
    write: Callable[[str], Files], schemas: Schemas
) -> None:
    assert facts_of(registry(write, schemas), TODAY) == {
        Fact(FactKind.ROSTER, "amara", OTHER),
        Fact(FactKind.GATEKEEPER, "river", "amara"),
        LEVEL,
        READS,
    }


def test_a_suspended_person_has_no_level(
    write: Callable[[str], Files], schemas: Schemas
) -> None:
    text = REGISTRY.replace("level: vetted", "level: vetted\nsuspended: {since: 2026-01-01}")
    assert LEVEL not in facts_of(registry(write, schemas, text), TODAY)


def test_a_reader_needs_access_and_level_a_gatekeeper_the_office_and_the_key(
    write: Callable[[str], Files], schemas: Schemas
) -> None:
    found = registry(write, schemas)
    assert set(facts_needed("river/login", ["lena"], found, TODAY)) == {LEVEL, READS}
    assert set(facts_needed("river/login", ["amara"], found, TODAY)) == {
        Fact(FactKind.GATEKEEPER, "river", "amara"),
        Fact(FactKind.ROSTER, "amara", OTHER),
    }


def test_a_person_is_asked_about_once_for_everything(
    write: Callable[[str], Files], schemas: Schemas
) -> None:
    facts = [KEY, READS, LEVEL, READS._replace(about="river/other")]
    (asked,) = questions(facts, registry(write, schemas), Remembered())
    assert (asked.person, asked.key, asked.has_new_key) == ("lena", LENA, True)
    assert set(asked.facts) == set(facts)
    assert asked.vouched == ("met by amara on 2026-01-03",)


def test_a_known_key_is_not_compared_again_and_another_one_is(
    write: Callable[[str], Files], schemas: Schemas
) -> None:
    found = registry(write, schemas)
    known = Remembered({KEY: TODAY})
    (asked,) = questions([READS], found, known)
    assert not asked.has_new_key
    before = Remembered({KEY._replace(value=OTHER): date(2026, 3, 1)})
    (asked,) = questions([KEY], found, before)
    assert asked.has_new_key
    assert asked.key_before == (OTHER, date(2026, 3, 1))
    # What another registry with the same gatekeeper says is a warning, never a confirmation.
    (asked,) = questions([KEY], found, Remembered(), [known])
    assert asked.has_new_key


def test_a_key_that_is_known_under_another_id_is_told(
    write: Callable[[str], Files], schemas: Schemas
) -> None:
    known = Remembered({KEY._replace(about="helena"): TODAY})
    (asked,) = questions([KEY], registry(write, schemas), known)
    assert asked.known_as == "helena"
    assert asked.has_new_key


def test_the_first_choice_is_never_right_and_the_others_are_as_often() -> None:
    random, right = Random(7), [0] * CHOICES
    for _ in range(3000):
        shown = choices(LENA, OTHER, random)
        assert len(set(shown)) == CHOICES
        # Who remembers the key of before finds it among the others.
        assert {tail(LENA, OTHER), tail(OTHER, LENA)} <= set(shown)
        right[shown.index(tail(LENA, OTHER))] += 1
    assert right[0] == 0
    assert all(900 < count < 1100 for count in right[1:])


def test_a_key_that_ends_like_the_one_before_is_told_apart() -> None:
    """Whoever makes a hundred thousand keys has one with any last four characters."""
    alike = "C" * 32 + "9999" + OTHER[-4:]
    shown = choices(alike, OTHER, Random(7))
    assert {tail(alike, OTHER), tail(OTHER, alike)} <= set(shown)
    assert tail(alike, OTHER) == f"9999{OTHER[-4:]}"
    assert {len(end) for end in shown} == {8}


def test_every_key_that_a_file_names_is_compared(
    write: Callable[[str], Files], schemas: Schemas
) -> None:
    third = "C" * 36 + "9999"
    roster = Fact(FactKind.ROSTER, "lena", third)
    known = Remembered({KEY: TODAY})
    asked = questions([KEY, roster], registry(write, schemas), known)
    assert {(each.key, each.has_new_key) for each in asked} == {(LENA, False), (third, True)}
