"""Opening an SQLite file of ocs's own, where a stranger may have put another one."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import stat
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from ocs.adapters.store.belief import Belief, InUseError
from ocs.errors import OcsError

# How long another process may keep a file to itself before we go on without it.
PATIENCE_SECONDS = 10.0
# Records are longer than a small page, and the rest of a page is wasted.
_PAGE_BYTES = 16384


class Database(NamedTuple):
    """An open database, and what is noted of its file; None for one in memory."""

    sql: sqlite3.Connection
    belief: Belief | None = None


class StoreUnusableError(OcsError):
    """A file is neither readable nor writable; with `is_broken` a new one would help."""

    def __init__(self, message: str, *, is_broken: bool = False) -> None:
        super().__init__(message)
        self.is_broken = is_broken


def place(folder: Path, name: str, version: int, registry: Path) -> Path:
    """The path in *folder* of the file of *registry* with this name."""
    where = os.fsencode(registry)
    return folder / f"{name}-{version}-{zlib.crc32(where):08x}{zlib.adler32(where):08x}.sqlite"


def open_database(path: Path, version: int, tables: str, notes: Path | None) -> Database:
    """The database at *path*, made anew if it is missing, broken or not the one that ocs wrote.

    The folder *notes* says which that is. Raises StoreUnusableError.
    """
    try:
        if path.parent.is_symlink():
            raise StoreUnusableError(f"{path.parent} is a symbolic link")
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        belief = Belief(path, notes, PATIENCE_SECONDS)
        for alone in (False, True):
            with belief.locked(alone=alone):
                if belief.holds():
                    try:
                        return Database(_opened(path, version, tables), belief)
                    except sqlite3.OperationalError:  # locked or unwritable: it may be whole
                        raise
                    except sqlite3.DatabaseError:  # no database, or a broken one
                        pass
                if alone:
                    discard(path)
                    made = _opened(path, version, tables)
                    _empty_log(made)
                    belief.note()
                    return Database(made, belief)
        raise AssertionError("the second turn makes it")
    except (OSError, sqlite3.Error, InUseError) as error:
        raise StoreUnusableError(f"cannot use {path}: {error}") from error


@contextlib.contextmanager
def writing(database: Database) -> Iterator[None]:
    """A change of the database, which this process alone makes. Raises StoreUnusableError."""
    connection, belief = database
    if belief is None:
        yield
        return
    try:
        with belief.locked(alone=True):
            if not belief.holds():
                raise StoreUnusableError("another program changed it", is_broken=True)
            try:
                yield
            finally:
                with contextlib.suppress(sqlite3.Error):
                    _empty_log(connection)
                    belief.note()
    except (OSError, InUseError) as error:
        raise StoreUnusableError(f"cannot write the stored data: {error}") from error


def _empty_log(connection: sqlite3.Connection) -> None:
    """Bring into the file what SQLite wrote beside it."""
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()


def discard(path: Path) -> None:
    """Delete the database; it is made anew when it is needed."""
    for suffix in ("", "-wal", "-shm", "-journal"):
        with contextlib.suppress(OSError):
            path.with_name(path.name + suffix).unlink(missing_ok=True)


def ask(
    connection: sqlite3.Connection, statement: str, values: Sequence[Any] = ()
) -> list[Any]:
    """The rows that a statement gives. Raises StoreUnusableError."""
    try:
        return connection.execute(statement, tuple(map(_storable, values))).fetchall()
    except sqlite3.Error as error:
        raise unusable("cannot read the stored data", error) from error
    except UnicodeDecodeError as error:  # SQLite's own message cannot be decoded
        message = f"cannot read the stored data: {error}"
        raise StoreUnusableError(message, is_broken=True) from error


def marks_for(values: Sequence[Any]) -> str:
    """As many `?` as there are values."""
    return ", ".join("?" * len(values))


def unusable(message: str, error: sqlite3.Error) -> StoreUnusableError:
    """The error for a failure of SQLite's."""
    # A lock or a full disk goes away by itself; for the rest, a new file helps.
    passes = isinstance(error, sqlite3.OperationalError) and "no such" not in str(error)
    return StoreUnusableError(f"{message}: {error}", is_broken=not passes)


def _opened(path: Path, version: int, tables: str) -> sqlite3.Connection:
    # A journal of another kind than ours can make SQLite delete a file that it names.
    path.with_name(f"{path.name}-journal").unlink(missing_ok=True)
    for suffix in ("", "-wal", "-shm"):
        beside = path.with_name(path.name + suffix)
        if os.path.lexists(beside) and not _is_ours_alone(beside.lstat()):
            raise sqlite3.DatabaseError(
                f"{beside} is not a regular file, or has other hard links"
            )
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    os.close(descriptor)
    connection = sqlite3.connect(path, timeout=PATIENCE_SECONDS, isolation_level=None)
    try:
        _prepare(connection, version, tables)
    except sqlite3.Error:
        connection.close()
        raise
    except UnicodeDecodeError as error:  # SQLite's own message cannot be decoded
        connection.close()
        raise sqlite3.DatabaseError("it is broken") from error
    return connection


def _is_ours_alone(status: os.stat_result) -> bool:
    """A plain file with no other name, which would be written as well."""
    return stat.S_ISREG(status.st_mode) and status.st_nlink == 1


def _prepare(connection: sqlite3.Connection, version: int, tables: str) -> None:
    connection.execute("PRAGMA trusted_schema = OFF")
    connection.execute(f"PRAGMA page_size = {_PAGE_BYTES}")  # of one that is made now
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")
    if _version(connection) != version:
        connection.execute("BEGIN IMMEDIATE")
        if _version(connection) != version:
            if connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
                raise sqlite3.DatabaseError("this database is of another version")
            make(connection, version, tables)
        connection.execute("COMMIT")
    # Views and triggers would run in our name.
    strange = connection.execute(
        "SELECT count(*) FROM sqlite_master WHERE type IN ('view', 'trigger')"
    )
    if strange.fetchone()[0]:
        raise sqlite3.DatabaseError("this database is not one of ours")


def _version(connection: sqlite3.Connection) -> int:
    number: int = connection.execute("PRAGMA user_version").fetchone()[0]
    return number


def make(connection: sqlite3.Connection, version: int, tables: str) -> None:
    """Make the tables in an empty database, and note their version."""
    for statement in (*tables.split(";\n"), f"PRAGMA user_version = {version}"):
        connection.execute(statement)


def _storable(value: Any) -> Any:
    """The value; text that is no Unicode, as an argument may be, gets replacement marks."""
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else value
