"""The index: an SQLite file with every record's fields, words and references.

It holds nothing that is not in the registry, and can be deleted at any time; a broken, locked
or unwritable one gives way to one in memory. It is only as true as the caller's last `update`.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from ocs.adapters.store.database import (
    Database,
    StoreUnusableError,
    ask,
    discard,
    make,
    marks_for,
    open_database,
    place,
    unusable,
    writing,
)
from ocs.adapters.store.fulltext import TABLES, Fulltext
from ocs.model.found import Found, Mention
from ocs.model.kinds import KIND
from ocs.model.tree import Steps, Tree

# Raise it whenever the tables change, or what is taken from a file.
VERSION = 5
_COMMIT = re.compile("[0-9a-f]{40}(?:[0-9a-f]{24})?")
# Further mentions of one record are left out.
MOST_MENTIONS = 2000

_TABLES = f"""
CREATE TABLE files (path TEXT PRIMARY KEY, stamp INTEGER) WITHOUT ROWID;
CREATE TABLE known (number INTEGER PRIMARY KEY, basis TEXT);
CREATE TABLE records (
    number INTEGER PRIMARY KEY, path TEXT UNIQUE, kind TEXT, id TEXT, title TEXT, tree TEXT
);
CREATE INDEX records_by_id ON records (id, kind);
CREATE INDEX records_narrow ON records (number, kind, path);
CREATE INDEX records_unreadable ON records (kind, path) WHERE tree IS NULL;
CREATE TABLE mentions (number INTEGER, space TEXT, target TEXT, steps TEXT);
CREATE INDEX mentions_by_target ON mentions (target, space);
CREATE INDEX mentions_by_source ON mentions (number);
{TABLES.strip()}
"""


class Basis(NamedTuple):
    """A commit, the files that may differ from it, and stamps of what git does not watch.

    As long as the same files may differ from the commit and what is `watched` has the same
    stamps, the index is true. The stamp of what is missing is None.
    """

    commit: str
    differing: frozenset[str]
    watched: Mapping[str, int | None]


class Row(NamedTuple):
    """A record, its fields as JSON. `mentions` are space, the target's full name, steps as JSON."""

    path: str
    stamp: int
    kind: str
    id: str
    title: str
    tree: str | None  # None for an unreadable file
    words: Sequence[str]
    mentions: Sequence[tuple[str, str, str]]
    codes: Iterable[str] = ()
    facets: Iterable[tuple[str, str]] = ()


def as_text(value: Tree | Steps) -> str:
    """Fields, or the steps to one of them, as JSON for a `Row`."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


class Index:
    """Use `on_disk` or `in_memory`."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._sql = database.sql
        self.text = Fulltext(self._sql)
        self._seen = self._version()

    @classmethod
    def on_disk(cls, folder: Path, registry: Path, notes: Path | None) -> Index:
        """The index of *registry*, made anew if it is missing, broken or not as in *notes*.

        Raises StoreUnusableError.
        """
        path = place(folder, "index", VERSION, registry)
        return cls(open_database(path, VERSION, _TABLES, notes))

    @classmethod
    def discard(cls, folder: Path, registry: Path) -> None:
        """Delete the index of *registry*; it is made anew when it is needed."""
        discard(place(folder, "index", VERSION, registry))

    @classmethod
    def in_memory(cls) -> Index:
        """An index that is gone when the process ends."""
        connection = sqlite3.connect(":memory:", isolation_level=None)
        make(connection, VERSION, _TABLES)
        return cls(Database(connection))

    def close(self) -> None:
        self._sql.close()

    def stamps(self) -> dict[str, int]:
        """Every file that the index knows, and its stamp then."""
        self._seen = self._version()
        return dict(self._ask("SELECT path, stamp FROM files"))

    def basis(self) -> Basis | None:
        """What shows that nothing has changed; None where that is not known."""
        rows = self._ask("SELECT basis FROM known")
        try:
            commit, differing, watched = json.loads(rows[0][0]) if rows else (None, (), {})
            if commit is not None and not _COMMIT.fullmatch(commit):
                raise ValueError(f"{commit!r} is no commit")  # it would be handed to git
            return Basis(commit, frozenset(differing), dict(watched)) if commit else None
        except (ValueError, TypeError) as error:
            raise _broken(error) from error

    def remember(self, basis: Basis) -> None:
        """Keep what will show that nothing has changed since the caller read `stamps`."""
        text = json.dumps([basis.commit, sorted(basis.differing), dict(basis.watched)])
        try:
            with writing(self._database):
                self._sql.execute("BEGIN IMMEDIATE")
                # What another process has written meanwhile may be of another moment.
                if self._version() == self._seen:
                    self._sql.execute("INSERT OR REPLACE INTO known VALUES (1, ?)", (text,))
                self._sql.execute("COMMIT")
        except sqlite3.Error as error:
            raise unusable("cannot write the index", error) from error

    def _version(self) -> int:
        """A number that changes whenever another process writes."""
        number: int = self._ask("PRAGMA data_version")[0][0]
        return number

    def update(self, rows: Iterable[Row], gone: Iterable[str]) -> bool:
        """Add and delete records. False, and nothing done, if others wrote since `stamps`."""
        with writing(self._database):
            return self._update(rows, gone)

    def _update(self, rows: Iterable[Row], gone: Iterable[str]) -> bool:
        try:
            self._sql.execute("BEGIN IMMEDIATE")
            try:
                if self._version() != self._seen:
                    self._sql.execute("ROLLBACK")
                    return False
                self._sql.execute("DELETE FROM known")
                for path in gone:
                    self._forget(path)
                for row in rows:
                    self._forget(row.path)
                    self._add(row)
                self._sql.execute("COMMIT")
                return True
            except BaseException:
                self._sql.execute("ROLLBACK")
                raise
        except sqlite3.Error as error:
            raise unusable("cannot write the index", error) from error

    def _forget(self, path: str) -> None:
        if not self._sql.execute("DELETE FROM files WHERE path = ?", (path,)).rowcount:
            return
        numbers = self._sql.execute("SELECT number FROM records WHERE path = ?", (path,))
        for (number,) in numbers.fetchall():
            self.text.forget(number)
            self._sql.execute("DELETE FROM mentions WHERE number = ?", (number,))
            self._sql.execute("DELETE FROM records WHERE number = ?", (number,))

    def _add(self, row: Row) -> None:
        self._sql.execute("INSERT INTO files VALUES (?, ?)", (row.path, row.stamp))
        number = self._sql.execute(
            "INSERT INTO records (path, kind, id, title, tree) VALUES (?, ?, ?, ?, ?)",
            (row.path, row.kind, row.id, row.title, row.tree),
        ).lastrowid
        self.text.add(number or 0, row.words, row.codes, row.facets)
        self._sql.executemany(
            "INSERT INTO mentions VALUES (?, ?, ?, ?)",
            [(number, *mention) for mention in row.mentions],
        )

    def numbered(self, number: int) -> Found:
        """The record with this number in `text`."""
        return self._select("number = ?", (number,))[0]

    def _select(self, where: str, values: Sequence[Any]) -> list[Found]:
        rows = self._ask(
            "SELECT kind, id, path, records.title, tree FROM records "
            f"WHERE {where} ORDER BY id, kind",
            values,
        )
        return [self._record(*row) for row in rows]

    @staticmethod
    def _record(kind: str, id: str, path: str, title: str, tree: str | None) -> Found:
        try:
            fields = None if tree is None else json.loads(tree)
        except ValueError as error:
            raise _broken(error) from error
        if not isinstance(fields, dict | None) or kind not in KIND:
            raise StoreUnusableError("the index is broken", is_broken=True)
        return Found(kind, id, path, title, fields)

    def find(self, id: str, kinds: Sequence[str]) -> list[Found]:
        """The records of these kinds that have this id."""
        return self._select(f"id = ? AND kind IN ({marks_for(kinds)})", (id, *kinds))

    def all(self, kind: str) -> list[Found]:
        """Every record of a kind, by id."""
        return self._select("kind = ?", (kind,))

    def ids(self, kinds: Sequence[str]) -> list[tuple[str, str]]:
        """The kind and id of every record of these kinds."""
        return self._ask(
            f"SELECT kind, id FROM records WHERE kind IN ({marks_for(kinds)}) ORDER BY id",
            kinds,
        )

    def unreadable(self, kinds: Sequence[str]) -> tuple[str, ...]:
        """The files of records of these kinds that could not be read."""
        rows = self._ask(
            "SELECT path FROM records WHERE tree IS NULL "
            f"AND kind IN ({marks_for(kinds)}) ORDER BY path",
            kinds,
        )
        return tuple(path for (path,) in rows)

    def mentions(self, spaces: Sequence[str], target: str) -> list[Mention]:
        """Every record that mentions *target*, and where."""
        rows = self._ask(
            "SELECT number, steps FROM mentions JOIN records USING (number) "
            f"WHERE target = ? AND space IN ({marks_for(spaces)}) "
            f"ORDER BY kind, id, mentions.rowid LIMIT {MOST_MENTIONS}",
            (target, *spaces),
        )
        sources = {number: self.numbered(number) for number in {row[0] for row in rows}}
        return [Mention(sources[number], tuple(json.loads(steps))) for number, steps in rows]

    def once_called(self, former: str, kinds: Sequence[str]) -> list[Found]:
        """The records of these kinds that had this id before."""
        sources = (mention.source for mention in self.mentions(["formerly"], former))
        return [record for record in sources if record.kind in kinds]

    def _ask(self, statement: str, values: Sequence[Any] = ()) -> list[Any]:
        return ask(self._sql, statement, values)


def _broken(error: Exception) -> StoreUnusableError:
    return StoreUnusableError(f"the index is broken: {error}", is_broken=True)
