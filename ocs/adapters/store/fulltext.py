"""The text of the index: which records have which words, codes and facts.

What somebody typed never reaches MATCH but in quotes: `wp-config.php`, `550 5.7.1` and `can't`
are syntax errors there, and in quotes they are phrases.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from ocs.adapters.store.database import ask, marks_for

COLUMNS = ("title", "symptoms", "errors", "environment", "cause", "resolution", "tags")
_WEIGHTS = (4, 1, 6, 1, 1.5, 1, 2)
# So much is sorted in memory before it is written: a first index is made in two thirds of the
# time.
_SORTED_BYTES = 16 << 20
_TOKENIZE = 'tokenize = "porter unicode61 remove_diacritics 2"'

TABLES = f"""
CREATE VIRTUAL TABLE words USING fts5 ({", ".join(COLUMNS)}, {_TOKENIZE});
INSERT INTO words (words, rank) VALUES ('hashsize', {_SORTED_BYTES});
CREATE VIRTUAL TABLE vocabulary USING fts5vocab (words, row);
CREATE TABLE codes (code TEXT, number INTEGER, PRIMARY KEY (code, number)) WITHOUT ROWID;
CREATE INDEX codes_by_number ON codes (number);
CREATE TABLE facts (
    name TEXT, value TEXT, number INTEGER, PRIMARY KEY (name, value, number)
) WITHOUT ROWID;
CREATE INDEX facts_by_number ON facts (number);
"""


class Wanted(NamedTuple):
    """What a record must be to be found: of these kinds, with any or all of these words.

    `facts` are names and values, `codes` groups of which one is enough, and `owners` the ids
    of organisations and communities, each with whether the record must have it or must not.
    `since` is the start of a date, and `but` a file that is left out.
    """

    kinds: tuple[str, ...]
    any_of: tuple[str, ...] = ()
    all_of: tuple[str, ...] = ()
    none_of: tuple[str, ...] = ()
    only_title: bool = False
    facts: tuple[tuple[str, str, bool], ...] = ()
    codes: tuple[tuple[tuple[str, ...], bool], ...] = ()
    owners: tuple[tuple[str, bool], ...] = ()
    since: str = ""
    but: str = ""

    @property
    def terms(self) -> tuple[str, ...]:
        """Each word and phrase as FTS5's MATCH wants it, as often as it counts."""
        column = "title : " if self.only_title else ""
        return tuple(
            column + quoted(text) for text in (*self.all_of, *self.all_of, *self.any_of)
        )

    @property
    def match(self) -> str:
        """The words as FTS5's MATCH wants them; empty where there are none."""
        every = " AND ".join(map(quoted, self.all_of))
        some = " OR ".join(map(quoted, (*self.all_of, *self.any_of)))
        asked = " AND ".join(f"({part})" for part in (every, some) if part)
        if asked and self.only_title:
            asked = f"title : ({asked})"
        if asked and self.none_of:
            asked = f"({asked}) NOT ({' OR '.join(map(quoted, self.none_of))})"
        return asked


def quoted(text: str) -> str:
    """A text as a phrase of FTS5."""
    return '"' + text.replace('"', " ").replace("\0", " ") + '"'


class Fulltext:
    """What the index's connection knows of texts."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._sql = connection

    def add(
        self,
        number: int,
        words: Sequence[str],
        codes: Iterable[str],
        facts: Iterable[tuple[str, str]],
    ) -> None:
        self._sql.execute(_INSERT_WORDS, (number, *words))
        self._sql.executemany(
            "INSERT INTO codes VALUES (?, ?)", [(code, number) for code in codes]
        )
        self._sql.executemany(
            "INSERT OR IGNORE INTO facts VALUES (?, ?, ?)",
            [(name, value, number) for name, value in facts],
        )

    def forget(self, number: int) -> None:
        self._sql.execute("DELETE FROM words WHERE rowid = ?", (number,))
        self._sql.execute("DELETE FROM codes WHERE number = ?", (number,))
        self._sql.execute("DELETE FROM facts WHERE number = ?", (number,))

    def best(self, wanted: Wanted, limit: int) -> list[tuple[int, float]]:
        """The numbers of the records that fit best, and their scores; without words by their
        ids.
        """
        where, values = _conditions(wanted)
        if not wanted.match:
            statement = f"SELECT number FROM records WHERE {where} ORDER BY id LIMIT ?"
            rows = self._ask(statement, (*values, limit))
            return [(number, 1.0) for (number,) in rows]
        rows = self._ask(
            f"SELECT number, bm25(words, {', '.join(map(str, _WEIGHTS))}) AS score "
            f"FROM {_AMONG_WORDS} WHERE words MATCH ? AND {where} "
            "ORDER BY score, path LIMIT ?",
            (wanted.match, *values, limit),
        )
        return [(number, -score) for number, score in rows]

    def having(self, term: str) -> int:
        """How many records have a term of `Wanted`."""
        return int(self._ask("SELECT count(*) FROM words WHERE words MATCH ?", (term,))[0][0])

    def parts(self, term: str, numbers: Sequence[int]) -> dict[int, float]:
        """How much a term of `Wanted` adds to the scores of those of these records that have
        it.
        """
        rows = self._ask(
            f"SELECT rowid, bm25(words, {', '.join(map(str, _WEIGHTS))}) FROM words "
            "WHERE words MATCH ? "
            "AND +rowid IN (SELECT value FROM json_each(?))",
            (term, json.dumps(numbers)),
        )
        return {number: -score for number, score in rows}

    def count(self, wanted: Wanted) -> int:
        """How many records fit."""
        where, values = _conditions(wanted)
        among = "records"
        if wanted.match:
            among = _AMONG_WORDS
            where, values = f"words MATCH ? AND {where}", (wanted.match, *values)
        return int(self._ask(f"SELECT count(*) FROM {among} WHERE {where}", values)[0][0])

    def records(self) -> int:
        """How many records there are."""
        return int(self._ask("SELECT count(*) FROM records")[0][0])

    def records_with(self, word: str) -> int:
        """How many records have this word, or this phrase of words, in any form."""
        return self.having(quoted(word))

    def heads(self, numbers: Sequence[int]) -> dict[int, tuple[str, str]]:
        """Of each record its title, and that with its symptoms, messages and tags."""
        rows = self._ask(
            "SELECT rowid, title, symptoms, errors, tags FROM words WHERE rowid IN "
            f"({marks_for(numbers)})",
            numbers,
        )
        return {number: (texts[0], " . ".join(texts)) for number, *texts in rows}

    def marked(self, number: int, wanted: Wanted, marks: tuple[str, str]) -> dict[str, str]:
        """The text of each column of a record, with the words that were wanted between marks."""
        if wanted.match:
            row = self._ask(
                f"SELECT {_HIGHLIGHTS} FROM words WHERE words MATCH ? AND rowid = ?",
                (*(marks * len(COLUMNS)), wanted.match, number),
            )
            if row:
                return dict(zip(COLUMNS, row[0], strict=True))
        row = self._ask(f"SELECT {', '.join(COLUMNS)} FROM words WHERE rowid = ?", (number,))
        return dict(zip(COLUMNS, row[0], strict=True))

    def with_codes(self, codes: Iterable[str], kinds: Sequence[str]) -> dict[str, set[int]]:
        """For each of these codes that any record of these kinds mentions, the records."""
        asked = sorted(codes)
        rows = self._ask(
            "SELECT code, number FROM codes JOIN records USING (number) "
            f"WHERE code IN ({marks_for(asked)}) AND kind IN ({marks_for(kinds)})",
            (*asked, *kinds),
        )
        found: dict[str, set[int]] = {}
        for code, number in rows:
            found.setdefault(code, set()).add(number)
        return found

    def facets(
        self, numbers: Sequence[int], names: Sequence[str]
    ) -> list[tuple[str, str, int]]:
        """Names and values of facts that these records have, and how many have them, most
        first.
        """
        return self._ask(
            "SELECT name, value, count(*) AS many FROM facts INDEXED BY facts_by_number "
            f"WHERE number IN ({marks_for(numbers)}) "
            f"AND name IN ({marks_for(names)}) GROUP BY name, value ORDER BY many DESC, value",
            (*numbers, *names),
        )

    def values(self, name: str, kinds: Sequence[str]) -> list[str]:
        """Every value that a fact of this name has in records of these kinds."""
        rows = self._ask(
            "SELECT DISTINCT value FROM facts JOIN records USING (number) "
            f"WHERE name = ? AND kind IN ({marks_for(kinds)})",
            (name, *kinds),
        )
        return [value for (value,) in rows]

    def known_among(self, words: Sequence[str]) -> dict[str, int]:
        """Those of *words* that some record has in some form, and how many records."""
        stems = stems_of(words)
        asked = sorted(set(stems.values()))
        counts = dict(
            self._ask(
                f"SELECT term, doc FROM vocabulary WHERE term IN ({marks_for(asked)})", asked
            )
        )
        return {word: counts[stem] for word, stem in stems.items() if stem in counts}

    def _ask(self, statement: str, values: Sequence[Any] = ()) -> list[Any]:
        return ask(self._sql, statement, values)


def stems_of(words: Sequence[str]) -> dict[str, str]:
    """How the engine keeps each of these words: of one that it takes apart the first part, of
    signs none.
    """
    with sqlite3.connect(":memory:") as engine:
        engine.execute(f"CREATE VIRTUAL TABLE given USING fts5 (word, {_TOKENIZE})")
        engine.execute("CREATE VIRTUAL TABLE kept USING fts5vocab (given, instance)")
        engine.executemany("INSERT INTO given (rowid, word) VALUES (?, ?)", enumerate(words))
        kept = engine.execute("SELECT doc, term FROM kept WHERE offset = 0").fetchall()
    engine.close()
    return {words[number]: stem for number, stem in kept}


def _conditions(wanted: Wanted) -> tuple[str, tuple[Any, ...]]:
    """What a row of `records` must fulfil, as SQL and its values."""
    parts, values = [f"kind IN ({marks_for(wanted.kinds)})"], [*wanted.kinds]
    for name, value, must in wanted.facts:
        parts.append(
            f"number {_in(must)} (SELECT number FROM facts WHERE name = ? AND value = ?)"
        )
        values += [name, value]
    for codes, must in wanted.codes:
        parts.append(
            f"number {_in(must)} (SELECT number FROM codes WHERE code IN ({marks_for(codes)}))"
        )
        values += codes
    for owner, must in wanted.owners:
        parts.append(
            f"number {_in(must)} (SELECT number FROM mentions WHERE target IN (?, ?) "
            "AND space IN (?, ?, ?) "
            "UNION SELECT number FROM records WHERE id = ? AND kind IN (?, ?))"
        )
        values += [owner, owner, "owner", "party", "community", owner, "org", "community"]
    if wanted.since:
        parts.append(
            "number IN (SELECT number FROM facts WHERE name = 'since' AND value >= ?)"
        )
        values.append(wanted.since)
    if wanted.but:
        parts.append("path != ?")
        values.append(wanted.but)
    return " AND ".join(parts), tuple(values)


def _in(must: bool) -> str:
    return "IN" if must else "NOT IN"


# The words come first, and of the records no more is read than the index holds: three times
# faster.
_AMONG_WORDS = "words CROSS JOIN records INDEXED BY records_narrow ON number = words.rowid"
_INSERT_WORDS = (
    f"INSERT INTO words (rowid, {', '.join(COLUMNS)}) VALUES "
    f"({', '.join('?' * (len(COLUMNS) + 1))})"
)
_HIGHLIGHTS = ", ".join(f"highlight(words, {number}, ?, ?)" for number in range(len(COLUMNS)))
