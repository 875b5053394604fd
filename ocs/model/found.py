"""Answers to questions: records, what mentions them, and passages that fit."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from ocs.model.kinds import KIND
from ocs.model.tree import Steps, Tree


class Source(NamedTuple):
    """One of several registries: its name, and the path to it from the current folder."""

    name: str
    way: str


class Found(NamedTuple):
    """A record; `tree` is None for an unreadable file, `source` its registry among several."""

    kind: str
    id: str
    file: str
    title: str
    tree: Mapping[str, Tree] | None
    source: Source | None = None

    @property
    def reference(self) -> str:
        return KIND[self.kind].reference(self.id)

    @property
    def path(self) -> str:
        """Its file; from the current folder where several registries were asked."""
        return (self.source.way if self.source else "") + self.file

    def field(self, name: str) -> Tree:
        """The value of a field; None where there is none."""
        return None if self.tree is None else self.tree.get(name)


class Mention(NamedTuple):
    """A record that mentions another, and where in its fields."""

    source: Found
    steps: Steps


class Shown(NamedTuple):
    """A record with everything that mentions it, sorted by kind and id."""

    record: Found
    mentions: tuple[Mention, ...]


class Passage(NamedTuple):
    """A stretch of text in pieces, each with whether it is a word that was searched for."""

    pieces: tuple[tuple[str, bool], ...]

    @property
    def text(self) -> str:
        return "".join(text for text, _ in self.pieces)

    @property
    def matches(self) -> list[tuple[int, int]]:
        """Where in `text` the searched words stand, as first and past-the-last position."""
        positions, position = [], 0
        for text, is_match in self.pieces:
            if is_match:
                positions.append((position, position + len(text)))
            position += len(text)
        return positions

    @property
    def words(self) -> frozenset[str]:
        """The different words that were searched for."""
        return frozenset(text.casefold() for text, is_match in self.pieces if is_match)


class SearchResult(NamedTuple):
    """A record that fits a query; a higher score fits better.

    `passage` shows why, and `where` names the part of the record that it is from; `passages`
    has the best of every part. `remedy` is the line of the resolution that fits best. `parts`
    add up to the score.
    """

    record: Found
    score: float
    title: Passage
    passage: Passage
    where: str
    passages: Mapping[str, Passage]
    remedy: Passage
    parts: Mapping[str, float]


class SearchAnswer(NamedTuple):
    """The best results of `total` records of these `kinds`, from the one after `offset` on.

    `corrected` has misspelled words and what was searched instead, `codes` how many records
    mention a code of the query, `facets` the subjects of the best results and how many have
    them, `remarks` what ocs understood otherwise than it was perhaps meant, and `weights` how
    much each word counts. Where nothing fits, `unknown` gives each word or filter and what is
    near it, and `elsewhere` how many records of other kinds fit. `unreadable` are the files
    that could only be searched as plain text.
    """

    query: str
    kinds: tuple[str, ...]
    total: int
    results: tuple[SearchResult, ...]
    unknown: Mapping[str, str | None]
    elsewhere: Mapping[str, int]
    unreadable: tuple[str, ...]
    offset: int = 0
    corrected: Mapping[str, str] = MappingProxyType({})
    codes: Mapping[str, int] = MappingProxyType({})
    facets: tuple[tuple[str, int], ...] = ()
    remarks: tuple[str, ...] = ()
    weights: Mapping[str, float] = MappingProxyType({})

    @property
    def has_more(self) -> bool:
        return self.total > self.offset + len(self.results)


class Listed(NamedTuple):
    """Records of one kind, by id."""

    kind: str
    records: tuple[Found, ...]
    unreadable: tuple[str, ...]
