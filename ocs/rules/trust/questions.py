"""What ocs asks before it encrypts to somebody whom the user has not confirmed.

It asks once for each person, for all secrets together. A key that is new or another one is
compared: the user chooses its last characters among others, and the first answer is never the
right one, so that nobody confirms a key by habit.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from random import Random

from ocs.model.access import file_of
from ocs.model.kinds import KIND
from ocs.model.registry import Registry
from ocs.model.trust import Fact, FactKind, Gone, Question, Remembered
from ocs.rules.secrets.readers import fingerprint_of, vetting_of

CHOICES = 4
_CHARACTERS = 4
_DIGITS = "0123456789ABCDEF"
_NAMES_KEY = (FactKind.KEY, FactKind.ROSTER)


def questions(
    facts: Collection[Fact],
    registry: Registry,
    remembered: Remembered,
    related: Iterable[Remembered] = (),
) -> list[Question]:
    """The questions about each person of these facts, in the order of their ids.

    Where files name different keys of a person, there is a question about each key.
    """
    memories = (remembered, *related)
    return [
        _question(person, key, own, registry, memories)
        for person in sorted({fact.person for fact in facts})
        for key, own in _by_key(person, facts, registry).items()
    ]


def _by_key(
    person: str, facts: Collection[Fact], registry: Registry
) -> Mapping[str, tuple[Fact, ...]]:
    """A person's facts by the key that they are about; for others that of the certificate."""
    own = sorted(fact for fact in facts if fact.person == person)
    keys = [fact.value for fact in own if fact.kind in _NAMES_KEY and fact.value]
    usual = fingerprint_of(person, registry) or next(iter(keys), "")
    about = [(fact.value if fact.value in keys else usual, fact) for fact in own]
    return {
        key: tuple(fact for other, fact in about if other == key)
        for key in dict.fromkeys(key for key, _ in about)
    }


def _question(
    person: str,
    key: str,
    own: tuple[Fact, ...],
    registry: Registry,
    memories: Sequence[Remembered],
) -> Question:
    names_key = [fact for fact in own if fact.kind in _NAMES_KEY and fact.value]
    before = next(
        (
            known
            for memory in memories
            for kind in _NAMES_KEY
            if (known := memory.value(kind, person, key)) and known[0]
        ),
        None,
    )
    vetting = vetting_of(person, registry)
    level = memories[0].value(FactKind.LEVEL, person, vetting.level if vetting else None)
    return Question(
        person,
        key,
        bool(names_key) and not _is_known(person, key, memories[0]),
        own,
        key_before=before,
        known_as=_known_as(person, key, memories[0]),
        level=vetting.level if vetting else None,
        level_before=level[0] if level else None,
        vouched=tuple(
            f"{check.kind} by {check.by} on {check.date}"
            for check in (vetting.checks if vetting else ())
        ),
        gone=_gone(own, memories[0].gone),
    )


def _is_known(person: str, key: str, memory: Remembered) -> bool:
    """Is this key of the person confirmed, be it as a reader's or as a gatekeeper's?"""
    return any(Fact(kind, person, key) in memory.facts for kind in _NAMES_KEY)


def _known_as(person: str, key: str, memory: Remembered) -> str | None:
    others = (
        fact.about
        for fact in memory.facts
        if fact.kind in _NAMES_KEY and fact.value == key and fact.about != person
    )
    return next(others, None) if key else None


def _gone(facts: Iterable[Fact], gone: Mapping[Fact, Gone]) -> Mapping[Fact, Gone]:
    return {fact: gone[fact] for fact in facts if fact in gone}


def tail(key: str, before: str | None) -> str:
    """The characters of a fingerprint that people compare, in which the key before differs.

    Whoever wants to can make a key with the same last four as another one.
    """
    lengths = range(_CHARACTERS, len(key), _CHARACTERS)
    return next((key[-n:] for n in lengths if not (before or "").endswith(key[-n:])), key)


def choices(key: str, before: str | None, random: Random) -> list[str]:
    """The end of a key among others, never first; the end of the key before is one of them."""
    right = tail(key, before)
    others = {before[-len(right) :]} if before else set()
    while len(others) < CHOICES - 1:
        others.add("".join(random.choices(_DIGITS, k=len(right))))
        others.discard(right)
    shown = sorted(others)
    random.shuffle(shown)
    shown.insert(random.randrange(1, CHOICES), right)
    return shown


def place_of(fact: Fact, registry: Registry) -> tuple[str, str]:
    """The file that states a fact, and the word by which a commit brought it; "" for any."""
    match fact.kind:
        case FactKind.KEY:
            return f"keys/{fact.about}.asc", ""
        case FactKind.LEVEL:
            return KIND["vetting"].file(fact.about), fact.value
        case FactKind.ROSTER:
            return KIND["ocs"].file("ocs"), fact.value or fact.about
        case FactKind.READER:
            return file_of(fact.about), fact.value
        case FactKind.GATEKEEPER:
            kind = "org" if fact.about in registry.ids("org") else "community"
            return KIND[kind].file(fact.about), fact.value
