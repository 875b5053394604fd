"""What a record must have to be found, in SQLite's terms.

What somebody typed reaches MATCH only in quotes: `wp-config.php`, `550 5.7.1` and `can't` are
syntax errors there, and in quotes they are phrases.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from ocs.adapters.store.database import marks_for


class Criteria(NamedTuple):
    """What a record must have to be found: one of these kinds, any or all of these words.

    `facets` are names and values, `codes` groups of which one is enough, and `owners` the ids
    of organisations and communities, each with whether the record must have it or must not.
    `since` is the start of a date, and `but` a file to leave out.
    """

    kinds: tuple[str, ...]
    any_of: tuple[str, ...] = ()
    all_of: tuple[str, ...] = ()
    none_of: tuple[str, ...] = ()
    only_title: bool = False
    facets: tuple[tuple[str, str, bool], ...] = ()
    codes: tuple[tuple[tuple[str, ...], bool], ...] = ()
    owners: tuple[tuple[str, bool], ...] = ()
    since: str = ""
    but: str = ""

    @property
    def terms(self) -> tuple[str, ...]:
        """Each word and phrase in FTS5's syntax, as often as it counts."""
        column = "title : " if self.only_title else ""
        return tuple(
            column + quoted(text) for text in (*self.all_of, *self.all_of, *self.any_of)
        )

    @property
    def match(self) -> str:
        """The words in FTS5's MATCH syntax; empty where there are none."""
        every = " AND ".join(map(quoted, self.all_of))
        some = " OR ".join(map(quoted, (*self.all_of, *self.any_of)))
        match = " AND ".join(f"({part})" for part in (every, some) if part)
        if match and self.only_title:
            match = f"title : ({match})"
        if match and self.none_of:
            match = f"({match}) NOT ({' OR '.join(map(quoted, self.none_of))})"
        return match

    @property
    def conditions(self) -> tuple[str, tuple[Any, ...]]:
        """The conditions for a row of `records`, as SQL and its values."""
        parts, values = [f"kind IN ({marks_for(self.kinds)})"], [*self.kinds]
        for name, value, must in self.facets:
            parts.append(
                f"number {_in(must)} (SELECT number FROM facets WHERE name = ? AND value = ?)"
            )
            values += [name, value]
        for codes, must in self.codes:
            parts.append(
                f"number {_in(must)} (SELECT number FROM codes WHERE code IN ({marks_for(codes)}))"
            )
            values += codes
        for owner, must in self.owners:
            parts.append(
                f"number {_in(must)} (SELECT number FROM mentions WHERE target IN (?, ?) "
                "AND space IN (?, ?, ?) "
                "UNION SELECT number FROM records WHERE id = ? AND kind IN (?, ?))"
            )
            values += [owner, owner, "owner", "party", "community", owner, "org", "community"]
        if self.since:
            parts.append(
                "number IN (SELECT number FROM facets WHERE name = 'since' AND value >= ?)"
            )
            values.append(self.since)
        if self.but:
            parts.append("path != ?")
            values.append(self.but)
        return " AND ".join(parts), tuple(values)


def quoted(text: str) -> str:
    """A text as a phrase of FTS5."""
    return '"' + text.replace('"', " ").replace("\0", " ") + '"'


def _in(must: bool) -> str:
    return "IN" if must else "NOT IN"
