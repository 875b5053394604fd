"""How SQLite's tokenizer takes words apart, and the form in which it keeps them."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

TOKENIZE = 'tokenize = "porter unicode61 remove_diacritics 2"'


def tokens_of(words: Sequence[str]) -> dict[str, str]:
    """The token for each word: the first part's where it takes the word apart, none for signs."""
    with sqlite3.connect(":memory:") as engine:
        engine.execute(f"CREATE VIRTUAL TABLE given USING fts5 (word, {TOKENIZE})")
        engine.execute("CREATE VIRTUAL TABLE kept USING fts5vocab (given, instance)")
        engine.executemany("INSERT INTO given (rowid, word) VALUES (?, ?)", enumerate(words))
        kept = engine.execute("SELECT doc, term FROM kept WHERE offset = 0").fetchall()
    engine.close()
    return {words[number]: token for number, token in kept}
