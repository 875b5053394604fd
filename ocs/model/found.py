"""What a question to the registry brings: records, what mentions them, passages that fit."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from ocs.model.kinds import KIND
from ocs.model.tree import Steps, Tree


class Source(NamedTuple):
    """One of several registries: its name, and what leads to it from the current folder."""

    name: str
    way: str


class Found(NamedTuple):
    """A record; `tree` holds its fields and is None where its file cannot be read.

    `source` is the registry that it is from where several are asked.
    """

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
        """Its file; where several registries are asked, as seen from the current folder."""
        return (self.source.way if self.source else "") + self.file

    def field(self, name: str) -> Tree:
        """The value of a field; None where there is none."""
        return None if self.tree is None else self.tree.get(name)


class Mention(NamedTuple):
    """That a record mentions another, and where in its fields."""

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
        """Where in `text` the words stand that were searched for, as first and past-the-last
        position.
        """
        found, position = [], 0
        for text, is_match in self.pieces:
            if is_match:
                found.append((position, position + len(text)))
            position += len(text)
        return found

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

    `corrected` has words that were typed and what was looked for instead, `codes` how many
    records mention a code of the query, `facets` what the best results are about and how many
    of them, `remarks` what was understood otherwise than it was perhaps meant, and `weights`
    how much each word tells. Where nothing fits, `unknown` gives each word or filter and what
    is near it, and `elsewhere` how many records of other kinds would. `unreadable` are the
    files that could only be searched as plain text.
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
