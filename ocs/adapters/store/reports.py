"""Reports on files, kept so that only what changed is checked again.

A row holds for the bytes that the file had then: its digest says which, and the stamp (size
and times) saves reading the file to see that it still has them.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping
from pathlib import Path

from ocs.adapters.store.database import (
    Database,
    StoreUnusableError,
    ask,
    discard,
    open_database,
    place,
    unusable,
    writing,
)
from ocs.model.filereport import FileReport

_COLUMNS = ", ".join(FileReport._fields)
_MARKS = ", ".join("?" * len(FileReport._fields))
_TABLES = f"""
CREATE TABLE files ({_COLUMNS.replace("path", "path TEXT PRIMARY KEY")});
CREATE TABLE identifiers (digest TEXT PRIMARY KEY, names TEXT)
"""


class ReportStore:
    """Use `on_disk`. *edition* changes whenever the rules do; older reports are not used then."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._sql = database.sql
        self._seen = -1

    @classmethod
    def on_disk(
        cls, folder: Path, registry: Path, edition: int, notes: Path | None
    ) -> ReportStore:
        """The reports on *registry* in *folder*, if *notes* say that they are ocs's own.

        Raises StoreUnusableError.
        """
        path = place(folder, "judged", 1, registry)
        return cls(open_database(path, edition, _TABLES, notes))

    @classmethod
    def discard(cls, folder: Path, registry: Path) -> None:
        """Delete them; they are made anew when they are needed."""
        discard(place(folder, "judged", 1, registry))

    def close(self) -> None:
        self._sql.close()

    def known(self, day: str) -> dict[str, FileReport]:
        """The reports that hold on this day, written as 2026-11-20, by path."""
        self._seen = self._version()
        statement = f"SELECT {_COLUMNS} FROM files WHERE after < ? AND ? < before"
        rows = ask(self._sql, statement, (day, day))
        return {row[0]: FileReport._make(row) for row in rows}

    def names(self, digest: str) -> Mapping[str, str] | None:
        """The identifiers with this digest; None where they are not known any more."""
        rows = ask(self._sql, "SELECT names FROM identifiers WHERE digest = ?", (digest,))
        try:
            names = json.loads(rows[0][0]) if rows else None
        except (ValueError, TypeError) as error:
            raise StoreUnusableError(f"broken identifiers: {error}", is_broken=True) from error
        return names if isinstance(names, dict) else None

    def keep(
        self,
        rows: Iterable[FileReport],
        gone: Iterable[str],
        digest: str,
        names: Mapping[str, str],
        also_under: Iterable[str] = (),
    ) -> None:
        """Add reports on changed files, and delete those of files that are gone, all or nothing.

        The *names* are the identifiers that they were made with, *digest* theirs. What was
        `known` under the identifiers *also_under* proved to hold under these as well.
        """
        with writing(self._database):
            self._keep(rows, gone, digest, names, also_under)

    def _keep(
        self,
        rows: Iterable[FileReport],
        gone: Iterable[str],
        digest: str,
        names: Mapping[str, str],
        also_under: Iterable[str],
    ) -> None:
        try:
            self._sql.execute("BEGIN IMMEDIATE")
            try:
                # What another process has written since was not checked with our identifiers.
                for before in also_under if self._version() == self._seen else ():
                    self._sql.execute(
                        "UPDATE files SET under = ? WHERE under = ?", (digest, before)
                    )
                self._sql.executemany(
                    "DELETE FROM files WHERE path = ?", ((path,) for path in gone)
                )
                self._sql.executemany(f"INSERT OR REPLACE INTO files VALUES ({_MARKS})", rows)
                self._sql.execute(
                    "INSERT OR REPLACE INTO identifiers VALUES (?, ?)",
                    (digest, json.dumps(dict(names))),
                )
                self._sql.execute(
                    "DELETE FROM identifiers WHERE digest NOT IN (SELECT under FROM "
                    "files) AND digest != ?",
                    (digest,),
                )
                self._sql.execute("COMMIT")
            except BaseException:
                self._sql.execute("ROLLBACK")
                raise
        except sqlite3.Error as error:
            raise unusable("cannot store the reports", error) from error

    def _version(self) -> int:
        """A number that changes whenever another process writes."""
        number: int = ask(self._sql, "PRAGMA data_version")[0][0]
        return number
