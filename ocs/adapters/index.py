"""The index: an SQLite file with every record's fields, words and references, derived from the files.

It holds nothing that is not in the registry, can be deleted at any time, and a broken, locked or
unwritable one gives way to one in memory. What is in it is only as true as the caller's last `update`.
"""

from __future__ import annotations

import contextlib
import json
import os
import sqlite3
import stat
import zlib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from ocs.errors import OcsError
from ocs.model.found import Found, Mention
from ocs.model.kinds import KIND
from ocs.model.record import Steps, Tree

# Another number whenever the tables change, or what is taken from a file.
VERSION = 1
# How long another process may keep the index to itself before we go on without it.
PATIENCE_SECONDS = 10.0
# More mentions of one record than this are not told.
MOST_MENTIONS = 2000

_COLUMNS = ("title", "symptoms", "errors", "environment", "cause", "resolution", "tags")
_WEIGHTS = (4, 1, 6, 1, 1.5, 1, 2)

_TABLES = f"""
CREATE TABLE files (path TEXT PRIMARY KEY, stamp INTEGER) WITHOUT ROWID;
CREATE TABLE records (
    number INTEGER PRIMARY KEY, path TEXT UNIQUE, kind TEXT, id TEXT, title TEXT, tree TEXT
);
CREATE INDEX records_by_id ON records (id, kind);
CREATE TABLE mentions (number INTEGER, space TEXT, target TEXT, steps TEXT);
CREATE INDEX mentions_by_target ON mentions (target, space);
CREATE INDEX mentions_by_source ON mentions (number);
CREATE VIRTUAL TABLE words USING fts5 (
    {", ".join(_COLUMNS)}, tokenize = "porter unicode61 remove_diacritics 2"
);
PRAGMA user_version = {VERSION};
"""


class IndexUnusableError(OcsError):
    """The index cannot be read or written; the caller goes on with one in memory.

    `is_broken` tells that making it anew would help: it is not only locked or in a place not to be written.
    """

    def __init__(self, message: str, *, is_broken: bool = False) -> None:
        super().__init__(message)
        self.is_broken = is_broken


class Row(NamedTuple):
    """A record as the index keeps it. `tree` is None for a file that could not be read."""

    path: str
    stamp: int
    kind: str
    id: str
    title: str
    tree: Mapping[str, Tree] | None
    words: Sequence[str]
    mentions: Sequence[tuple[str, str, Steps]]  # space, target's full name, steps


class Hit(NamedTuple):
    """A record that fits a query; a higher score fits better. `marked` has each column's marked text."""

    record: Found
    score: float
    marked: dict[str, str]


class Index:
    """Use `on_disk` or `in_memory`."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._sql = connection

    @classmethod
    def on_disk(cls, folder: Path, registry: Path) -> Index:
        """The index of *registry* kept in *folder*, made anew if it is missing, broken or of another version.

        Raises IndexUnusableError where it can be neither read nor made.
        """
        path = _place(folder, registry)
        try:
            if folder.is_symlink():
                raise IndexUnusableError(f"{folder} is a symbolic link")
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            try:
                return cls._open(path)
            except sqlite3.OperationalError:  # locked, or not to be written: it may be whole
                raise
            except sqlite3.DatabaseError:  # no database, or a broken one
                cls.discard(folder, registry)
            return cls._open(path)
        except (OSError, sqlite3.Error) as error:
            raise IndexUnusableError(f"cannot use the index {path}: {error}") from error

    @classmethod
    def discard(cls, folder: Path, registry: Path) -> None:
        """Delete the index of *registry*; it is made anew when it is needed."""
        path = _place(folder, registry)
        for suffix in ("", "-wal", "-shm", "-journal"):
            with contextlib.suppress(OSError):
                path.with_name(path.name + suffix).unlink(missing_ok=True)

    @classmethod
    def in_memory(cls) -> Index:
        """An index that is gone when the process ends."""
        connection = sqlite3.connect(":memory:", isolation_level=None)
        connection.executescript(_TABLES)
        return cls(connection)

    @classmethod
    def _open(cls, path: Path) -> Index:
        # A journal of another kind than ours can make SQLite delete a file that it names.
        path.with_name(f"{path.name}-journal").unlink(missing_ok=True)
        for suffix in ("", "-wal", "-shm"):
            beside = path.with_name(path.name + suffix)
            if os.path.lexists(beside) and not _is_ours_alone(beside.lstat()):
                raise sqlite3.DatabaseError(f"{beside} is no plain file, or one that has other names, too")
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        os.close(descriptor)
        connection = sqlite3.connect(path, timeout=PATIENCE_SECONDS, isolation_level=None)
        try:
            connection.execute("PRAGMA trusted_schema = OFF")
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = NORMAL")
            if connection.execute("PRAGMA user_version").fetchone()[0] != VERSION:
                connection.execute("BEGIN IMMEDIATE")
                if connection.execute("PRAGMA user_version").fetchone()[0] != VERSION:
                    for statement in _TABLES.split(";\n"):
                        connection.execute(statement)
                connection.execute("COMMIT")
            # Views and triggers would run in our name.
            strange = connection.execute(
                "SELECT count(*) FROM sqlite_master WHERE type IN ('view', 'trigger')"
            )
            if strange.fetchone()[0]:
                raise sqlite3.DatabaseError("the index is not one of ours")
        except sqlite3.Error:
            connection.close()
            raise
        return cls(connection)

    def close(self) -> None:
        self._sql.close()

    def stamps(self) -> dict[str, int]:
        """Every file that the index knows, and its stamp then."""
        return dict(self._ask("SELECT path, stamp FROM files"))

    def update(self, rows: Iterable[Row], gone: Iterable[str]) -> None:
        """Take in new and changed records and forget those whose files are gone, all or nothing."""
        try:
            self._sql.execute("BEGIN IMMEDIATE")
            try:
                for path in gone:
                    self._forget(path)
                for row in rows:
                    self._forget(row.path)
                    self._add(row)
                self._sql.execute("COMMIT")
            except BaseException:
                self._sql.execute("ROLLBACK")
                raise
        except sqlite3.Error as error:
            raise _unusable("cannot write the index", error) from error

    def _forget(self, path: str) -> None:
        self._sql.execute("DELETE FROM files WHERE path = ?", (path,))
        for (number,) in self._sql.execute("SELECT number FROM records WHERE path = ?", (path,)).fetchall():
            self._sql.execute("DELETE FROM words WHERE rowid = ?", (number,))
            self._sql.execute("DELETE FROM mentions WHERE number = ?", (number,))
            self._sql.execute("DELETE FROM records WHERE number = ?", (number,))

    def _add(self, row: Row) -> None:
        tree = None if row.tree is None else json.dumps(row.tree, ensure_ascii=False, separators=(",", ":"))
        self._sql.execute("INSERT INTO files VALUES (?, ?)", (row.path, row.stamp))
        number = self._sql.execute(
            "INSERT INTO records (path, kind, id, title, tree) VALUES (?, ?, ?, ?, ?)",
            (row.path, row.kind, row.id, row.title, tree),
        ).lastrowid
        self._sql.execute(_INSERT_WORDS, (number, *row.words))
        self._sql.executemany(
            "INSERT INTO mentions VALUES (?, ?, ?, ?)",
            [(number, space, target, json.dumps(steps)) for space, target, steps in row.mentions],
        )

    def search(
        self, words: Sequence[str], kinds: Sequence[str], marks: tuple[str, str], limit: int
    ) -> tuple[int, list[Hit]]:
        """How many records of these kinds have any of the words, and the best of them, best first."""
        match = " OR ".join('"' + word.replace('"', " ").replace("\0", " ") + '"' for word in words)
        among = f"words MATCH ? AND kind IN ({', '.join('?' * len(kinds))})"
        (total,) = self._ask(
            f"SELECT count(*) FROM words JOIN records ON number = words.rowid WHERE {among}",
            (match, *kinds),
        )[0]
        # The best are chosen first: marking the words of every record that fits would cost far more.
        best = self._ask(
            f"SELECT words.rowid, bm25(words, {', '.join(map(str, _WEIGHTS))}) AS score FROM words "
            f"JOIN records ON number = words.rowid WHERE {among} ORDER BY score, path LIMIT ?",
            (match, *kinds, limit),
        )
        return total, [self._hit(number, score, match, marks) for number, score in best]

    def _hit(self, number: int, score: float, match: str, marks: tuple[str, str]) -> Hit:
        row = self._ask(
            f"SELECT {_FOUND}, {_HIGHLIGHTS} FROM words JOIN records ON number = words.rowid "
            "WHERE words MATCH ? AND words.rowid = ?",
            (*(marks * len(_COLUMNS)), match, number),
        )[0]
        return Hit(_found(row[:5]), -score, dict(zip(_COLUMNS, row[5:], strict=True)))

    def find(self, id: str, kinds: Sequence[str]) -> list[Found]:
        """The records of these kinds that have this id."""
        return self._select(f"id = ? AND kind IN ({', '.join('?' * len(kinds))})", (id, *kinds))

    def all(self, kind: str) -> list[Found]:
        """Every record of a kind, by id."""
        return self._select("kind = ?", (kind,))

    def ids(self, kinds: Sequence[str]) -> list[tuple[str, str]]:
        """The kind and id of every record of these kinds."""
        marks = ", ".join("?" * len(kinds))
        return self._ask(f"SELECT kind, id FROM records WHERE kind IN ({marks}) ORDER BY id", kinds)

    def unreadable(self, kinds: Sequence[str]) -> tuple[str, ...]:
        """The files of records of these kinds that could not be read."""
        among = ", ".join("?" * len(kinds))
        rows = self._ask(
            f"SELECT path FROM records WHERE tree IS NULL AND kind IN ({among}) ORDER BY path", kinds
        )
        return tuple(path for (path,) in rows)

    def mentions(self, spaces: Sequence[str], target: str) -> list[Mention]:
        """Every record that mentions *target*, and where."""
        rows = self._ask(
            "SELECT number, steps FROM mentions JOIN records USING (number) "
            f"WHERE target = ? AND space IN ({', '.join('?' * len(spaces))}) "
            f"ORDER BY kind, id, mentions.rowid LIMIT {MOST_MENTIONS}",
            (target, *spaces),
        )
        sources = {number: self._select("number = ?", (number,))[0] for number in {row[0] for row in rows}}
        return [Mention(sources[number], tuple(json.loads(steps))) for number, steps in rows]

    def now_called(self, former: str, kinds: Sequence[str]) -> list[Found]:
        """The records of these kinds that had this id before."""
        found = [mention.source for mention in self.mentions(["formerly"], former)]
        return [record for record in found if record.kind in kinds]

    def _select(self, where: str, values: Sequence[Any]) -> list[Found]:
        rows = self._ask(f"SELECT {_FOUND} FROM records WHERE {where} ORDER BY id, kind", values)
        return [_found(row) for row in rows]

    def _ask(self, statement: str, values: Sequence[Any] = ()) -> list[Any]:
        try:
            return self._sql.execute(statement, tuple(map(_storable, values))).fetchall()
        except sqlite3.Error as error:
            raise _unusable("cannot read the index", error) from error


def _is_ours_alone(status: os.stat_result) -> bool:
    """A plain file that no other name leads to, which would be written as well."""
    return stat.S_ISREG(status.st_mode) and status.st_nlink == 1


def _place(folder: Path, registry: Path) -> Path:
    where = os.fsencode(registry)
    return folder / f"index-{VERSION}-{zlib.crc32(where):08x}{zlib.adler32(where):08x}.sqlite"


def _unusable(message: str, error: sqlite3.Error) -> IndexUnusableError:
    # A lock or a full disk goes away by itself; of the rest the index is rid by making it anew.
    passes = isinstance(error, sqlite3.OperationalError) and "no such" not in str(error)
    return IndexUnusableError(f"{message}: {error}", is_broken=not passes)


def _storable(value: Any) -> Any:
    """The value; text that is no Unicode, as an argument may be, with marks for what is none."""
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else value


_FOUND = "kind, id, path, records.title, tree"
_INSERT_WORDS = (
    f"INSERT INTO words (rowid, {', '.join(_COLUMNS)}) VALUES ({', '.join('?' * (len(_COLUMNS) + 1))})"
)
_HIGHLIGHTS = ", ".join(f"highlight(words, {number}, ?, ?)" for number in range(len(_COLUMNS)))


def _found(row: Sequence[Any]) -> Found:
    kind, id, path, title, tree = row
    try:
        fields = None if tree is None else json.loads(tree)
    except ValueError as error:
        raise IndexUnusableError(f"the index is broken: {error}", is_broken=True) from error
    if not isinstance(fields, dict | None) or kind not in KIND:
        raise IndexUnusableError("the index is broken", is_broken=True)
    return Found(kind, id, path, title, fields)
