"""What a user has confirmed of a registry: facts, and what this user's ocs remembers of them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import NamedTuple


class FactKind(StrEnum):
    """What a fact is about. Of the first three a person has one each; a new one replaces it."""

    KEY = "key"  # the certificate of a person has this fingerprint
    LEVEL = "level"  # a person, who is not suspended, is vetted up to this level
    ROSTER = "roster"  # a person is gatekeeper of the registry, with this key
    GATEKEEPER = "gatekeeper"  # an owner has this person as gatekeeper
    READER = "reader"  # the access record of a secret names this person


_ONE_EACH = (FactKind.KEY, FactKind.LEVEL, FactKind.ROSTER)
# A user has a few clones, each of which has some of these commits.
_MOST_LOOKED = 64


class Fact(NamedTuple):
    """One thing that a registry states of a person, and that decides who can read secrets."""

    kind: FactKind
    about: str
    value: str

    @property
    def person(self) -> str:
        return self.about if self.kind in _ONE_EACH else self.value


class Gone(NamedTuple):
    """When a fact was taken away, and the commit that was checked out; empty where none was."""

    day: date
    commit: str


class Copy(NamedTuple):
    """How new a copy of a certificate was: when it signed each key, and which it revoked."""

    signed: tuple[tuple[str, int], ...]
    revoked: frozenset[str]


@dataclass(frozen=True, slots=True)
class Remembered:
    """What the user confirmed of one registry: each fact, with the day of that.

    `gone` are facts that were confirmed once and then taken away. `marks` are what the registry
    is recognised by: its folders, its remotes, and the first commits of its history. `seen` is
    the newest commit of the default branch that the user has looked at. `copies` are the newest
    copies of certificates that ocs encrypted to, by fingerprint. `looked` are the newest
    commits up to which ocs has looked for what was taken away, the newest first.
    """

    facts: Mapping[Fact, date] = field(default_factory=dict)
    gone: Mapping[Fact, Gone] = field(default_factory=dict)
    marks: frozenset[str] = frozenset()
    seen: str = ""
    copies: Mapping[str, Copy] = field(default_factory=dict)
    looked: tuple[str, ...] = ()

    def looked_up_to(self, commits: Iterable[str]) -> Remembered:
        """This, once ocs has looked for what was taken away up to these commits."""
        looked = dict.fromkeys((*commits, *self.looked))
        return replace(self, looked=tuple(looked)[:_MOST_LOOKED])

    def confirmed(self, facts: Iterable[Fact], today: date, commit: str = "") -> Remembered:
        """This, and these facts, which replace others of which a person has one each."""
        new = {fact: self.facts.get(fact, today) for fact in facts}
        replaced = {
            (fact.kind, fact.about): fact.value for fact in new if fact.kind in _ONE_EACH
        }
        old = [
            fact
            for fact in self.facts
            if replaced.get((fact.kind, fact.about), fact.value) != fact.value
        ]
        rest = self.without(old, Gone(today, commit))
        gone = {fact: when for fact, when in rest.gone.items() if fact not in new}
        return replace(rest, facts={**rest.facts, **new}, gone=gone)

    def without(self, facts: Collection[Fact], when: Gone) -> Remembered:
        """This without these facts, which are gone since then."""
        lost = dict.fromkeys((fact for fact in facts if fact in self.facts), when)
        kept = {fact: day for fact, day in self.facts.items() if fact not in lost}
        return replace(self, facts=kept, gone={**self.gone, **lost})

    def value(
        self, kind: FactKind, person: str, other_than: str | None = None
    ) -> tuple[str, date] | None:
        """What is remembered of a person, of what they have one each, and since when.

        Where that is gone, what it was, and when it went. The value *other_than* is left out.
        """
        days = {**{fact: when.day for fact, when in self.gone.items()}, **self.facts}
        found = [
            (fact in self.facts, day, fact.value)
            for fact, day in days.items()
            if (fact.kind, fact.about) == (kind, person) and fact.value != other_than
        ]
        if not found:
            return None
        _, day, value = max(found)
        return value, day

    @property
    def keys(self) -> frozenset[str]:
        """The keys of the registry's gatekeepers."""
        return frozenset(fact.value for fact in self.facts if fact.kind is FactKind.ROSTER)


class Source(NamedTuple):
    """The newest commit that brought something into a file; without an id it is not committed."""

    file: str
    commit: str = ""
    author: str = ""
    day: str = ""
    subject: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """What ocs asks of one person before it encrypts to them. `facts` are those to confirm.

    `has_new_key` says that the key is to be compared. `key_before` is the one that was
    confirmed before, and since when; `known_as` another id of the same key. `gone` says which
    of the facts were taken away once, and `secrets` what would be encrypted to the person.
    """

    person: str
    key: str
    has_new_key: bool
    facts: tuple[Fact, ...]
    key_before: tuple[str, date] | None = None
    known_as: str | None = None
    level: str | None = None
    level_before: str | None = None
    vouched: tuple[str, ...] = ()
    secrets: tuple[str, ...] = ()
    gone: Mapping[Fact, Gone] = field(default_factory=dict)
    sources: tuple[Source, ...] = ()


class Difference(NamedTuple):
    """A fact that the registry states and the user has not confirmed, or the reverse.

    `is_here` says that the files state it, `is_shared` the default branch; neither where it is
    gone. `before` is the other value that is remembered. `undone` is when it was taken away
    before, if it is back without the user having been shown it.
    """

    fact: Fact
    is_here: bool
    is_shared: bool
    before: tuple[str, date] | None = None
    undone: Gone | None = None
    source: Source | None = None

    @property
    def is_gone(self) -> bool:
        return not self.is_here and not self.is_shared
