"""The text of the index: which records have which words, codes and facets."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from typing import Any

from ocs.adapters.store.criteria import Criteria, quoted
from ocs.adapters.store.database import ask, marks_for
from ocs.adapters.store.tokens import TOKENIZE, tokens_of

COLUMNS = ("title", "symptoms", "errors", "environment", "cause", "resolution", "tags")
_SCORE = "bm25(words, 4, 1, 6, 1, 1.5, 1, 2)"  # with a weight for each column
# So much is sorted in memory before writing: making a first index takes a third less time.
_SORTED_BYTES = 16 << 20

TABLES = f"""
CREATE VIRTUAL TABLE words USING fts5 ({", ".join(COLUMNS)}, {TOKENIZE});
INSERT INTO words (words, rank) VALUES ('hashsize', {_SORTED_BYTES});
CREATE VIRTUAL TABLE vocabulary USING fts5vocab (words, row);
CREATE TABLE codes (code TEXT, number INTEGER, PRIMARY KEY (code, number)) WITHOUT ROWID;
CREATE INDEX codes_by_number ON codes (number);
CREATE TABLE facets (
    name TEXT, value TEXT, number INTEGER, PRIMARY KEY (name, value, number)
) WITHOUT ROWID;
CREATE INDEX facets_by_number ON facets (number);
"""


# The words come first, and only the index of the records is read: three times faster.
_AMONG_WORDS = "words CROSS JOIN records INDEXED BY records_narrow ON number = words.rowid"
_INSERT_WORDS = (
    f"INSERT INTO words (rowid, {', '.join(COLUMNS)}) VALUES "
    f"({', '.join('?' * (len(COLUMNS) + 1))})"
)
_HIGHLIGHTS = ", ".join(f"highlight(words, {number}, ?, ?)" for number in range(len(COLUMNS)))


class Fulltext:
    """The texts of the index behind a connection."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._sql = connection

    def add(
        self,
        number: int,
        words: Sequence[str],
        codes: Iterable[str],
        facets: Iterable[tuple[str, str]],
    ) -> None:
        self._sql.execute(_INSERT_WORDS, (number, *words))
        self._sql.executemany(
            "INSERT INTO codes VALUES (?, ?)", [(code, number) for code in codes]
        )
        self._sql.executemany(
            "INSERT OR IGNORE INTO facets VALUES (?, ?, ?)",
            [(name, value, number) for name, value in facets],
        )

    def forget(self, number: int) -> None:
        self._sql.execute("DELETE FROM words WHERE rowid = ?", (number,))
        self._sql.execute("DELETE FROM codes WHERE number = ?", (number,))
        self._sql.execute("DELETE FROM facets WHERE number = ?", (number,))

    def with_codes(self, codes: Iterable[str], kinds: Sequence[str]) -> dict[str, set[int]]:
        """The records of these kinds that mention each of these codes, if any does."""
        values = sorted(codes)
        rows = self._ask(
            "SELECT code, number FROM codes JOIN records USING (number) "
            f"WHERE code IN ({marks_for(values)}) AND kind IN ({marks_for(kinds)})",
            (*values, *kinds),
        )
        records: dict[str, set[int]] = {}
        for code, number in rows:
            records.setdefault(code, set()).add(number)
        return records

    def records_with(self, word: str) -> int:
        """How many records have this word, or this phrase of words, in any form."""
        return self.having(quoted(word))

    def having(self, term: str) -> int:
        """How many records have a term of `Criteria`."""
        return int(self._ask("SELECT count(*) FROM words WHERE words MATCH ?", (term,))[0][0])

    def known_among(self, words: Sequence[str]) -> dict[str, int]:
        """Those of *words* that some record has in some form, and how many records."""
        tokens = tokens_of(words)
        different = sorted(set(tokens.values()))
        rows = self._ask(
            f"SELECT term, doc FROM vocabulary WHERE term IN ({marks_for(different)})",
            different,
        )
        counts = dict(rows)
        return {word: counts[token] for word, token in tokens.items() if token in counts}

    def count(self, criteria: Criteria) -> int:
        """How many records fit."""
        where, values = criteria.conditions
        among = "records"
        if criteria.match:
            among = _AMONG_WORDS
            where, values = f"words MATCH ? AND {where}", (criteria.match, *values)
        return int(self._ask(f"SELECT count(*) FROM {among} WHERE {where}", values)[0][0])

    def records(self) -> int:
        """How many records there are."""
        return int(self._ask("SELECT count(*) FROM records")[0][0])

    def best(self, criteria: Criteria, limit: int) -> list[tuple[int, float]]:
        """The numbers and scores of the records that fit best; without words, by id."""
        where, values = criteria.conditions
        if not criteria.match:
            statement = f"SELECT number FROM records WHERE {where} ORDER BY id LIMIT ?"
            rows = self._ask(statement, (*values, limit))
            return [(number, 1.0) for (number,) in rows]
        rows = self._ask(
            f"SELECT number, {_SCORE} AS score "
            f"FROM {_AMONG_WORDS} WHERE words MATCH ? AND {where} "
            "ORDER BY score, path LIMIT ?",
            (criteria.match, *values, limit),
        )
        return [(number, -score) for number, score in rows]

    def parts(self, term: str, numbers: Sequence[int]) -> dict[int, float]:
        """How much a term of `Criteria` adds to the scores of these records, if they have it."""
        rows = self._ask(
            f"SELECT rowid, {_SCORE} FROM words "
            "WHERE words MATCH ? "
            "AND +rowid IN (SELECT value FROM json_each(?))",
            (term, json.dumps(numbers)),
        )
        return {number: -score for number, score in rows}

    def heads(self, numbers: Sequence[int]) -> dict[int, tuple[str, str]]:
        """The title of each record, and its title, symptoms, messages and tags."""
        rows = self._ask(
            "SELECT rowid, title, symptoms, errors, tags FROM words WHERE rowid IN "
            f"({marks_for(numbers)})",
            numbers,
        )
        return {number: (texts[0], " . ".join(texts)) for number, *texts in rows}

    def marked(
        self, number: int, criteria: Criteria, marks: tuple[str, str]
    ) -> dict[str, str]:
        """The text of each column of a record, with the words of the search between marks."""
        if criteria.match:
            row = self._ask(
                f"SELECT {_HIGHLIGHTS} FROM words WHERE words MATCH ? AND rowid = ?",
                (*(marks * len(COLUMNS)), criteria.match, number),
            )
            if row:
                return dict(zip(COLUMNS, row[0], strict=True))
        row = self._ask(f"SELECT {', '.join(COLUMNS)} FROM words WHERE rowid = ?", (number,))
        return dict(zip(COLUMNS, row[0], strict=True))

    def values(self, name: str, kinds: Sequence[str]) -> list[str]:
        """Every value that a facet of this name has in records of these kinds."""
        rows = self._ask(
            "SELECT DISTINCT value FROM facets JOIN records USING (number) "
            f"WHERE name = ? AND kind IN ({marks_for(kinds)})",
            (name, *kinds),
        )
        return [value for (value,) in rows]

    def facet_counts(
        self, numbers: Sequence[int], names: Sequence[str]
    ) -> list[tuple[str, str, int]]:
        """Facets of these records by name and value, and how many have each, most first."""
        return self._ask(
            "SELECT name, value, count(*) AS many FROM facets INDEXED BY facets_by_number "
            f"WHERE number IN ({marks_for(numbers)}) "
            f"AND name IN ({marks_for(names)}) GROUP BY name, value ORDER BY many DESC, value",
            (*numbers, *names),
        )

    def _ask(self, statement: str, values: Sequence[Any] = ()) -> list[Any]:
        return ask(self._sql, statement, values)
