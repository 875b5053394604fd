"""Asking SQLite, and what it means when it cannot answer."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import Any

from ocs.errors import OcsError


class IndexUnusableError(OcsError):
    """The index cannot be read or written; the caller goes on with one in memory.

    `is_broken` tells that making it anew would help: it is not only locked or in a place not to be written.
    """

    def __init__(self, message: str, *, is_broken: bool = False) -> None:
        super().__init__(message)
        self.is_broken = is_broken


def ask(connection: sqlite3.Connection, statement: str, values: Sequence[Any] = ()) -> list[Any]:
    """The rows that answer. Raises IndexUnusableError."""
    try:
        return connection.execute(statement, tuple(map(_storable, values))).fetchall()
    except sqlite3.Error as error:
        raise unusable("cannot read the index", error) from error


def marks_for(values: Sequence[Any]) -> str:
    """As many `?` as there are values."""
    return ", ".join("?" * len(values))


def unusable(message: str, error: sqlite3.Error) -> IndexUnusableError:
    # A lock or a full disk goes away by itself; of the rest the index is rid by making it anew.
    passes = isinstance(error, sqlite3.OperationalError) and "no such" not in str(error)
    return IndexUnusableError(f"{message}: {error}", is_broken=not passes)


def _storable(value: Any) -> Any:
    """The value; text that is no Unicode, as an argument may be, with marks for what is none."""
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else value
