"""Reading a query: words, `"exact words"`, `-word`, and filters such as `state:verified`.

Every text is a query. `C:\\x`, `http://…` and `Error:` are no filters, and so are words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from ocs.model.kinds import kind_named
from ocs.rules.search.codes import codes_meant

MOST_WORDS = 100
MOST_FILTERS = 100
_LONGEST_WORD = 200

# Words so common that they tell nothing, in the languages that records are written in.
STOP_WORDS = frozenset(
    """
    a about after all also am an and any are as at be been but by can can't cannot could
    couldn't did didn't do does doesn't don't for from get gets had has have he her his how i
    if i'm in into is isn't it its it's just me my no not of on or our out she so some than
    that the their them then there these they this to too up us was wasn't we were what when
    where which who why will with won't would you your
    aber als am an auf aus bei beim bin da das dass dem den der des die ein eine einem einen
    einer er es für hat ich im in ist kann kein keine man mehr mein meine mit nach nicht noch
    nur oder sich sie sind so und von vom war was wenn wie wir wird zu zum zur
    al como con de del el ella en es esta está este la las lo los mi muy no nos o para pero por
    que qué se si sin son su sus un una uno y ya
    """.split()
)
# The filters that the index keeps as facets, and all filters.
FACETS = ("tag", "product", "state", "lang")
FILTERS = (*FACETS, "org", "kind", "error", "in", "since")
# What people write, and the filter that they mean.
_MEANT = {**{name: f"{name}:" for name in FILTERS}, "title": "in:title"}
# Filters that take only some values, each with one of them.
_EXAMPLES = {"kind": "kind:orgs", "since": "since:2026-01", "in": "in:title"}
_PUNCTUATION = ".,:;!?()[]{}<>'\"`“”„«»…=*|~^"
_CHUNK = re.compile(r'(?<!\S)(-?)(?:([a-z]+):)?"([^"]*)"(?!\S)|\S+')
_FILTER = re.compile(r"(-?)([a-z]+):(\S+)")
_DAY = re.compile(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?", re.ASCII)
# `-vpn` means without vpn; `-v` and `-Name` are parts of a pasted command.
_WITHOUT = re.compile(r"-([^\W\dA-Z_]{3,})")


class Filter(NamedTuple):
    """A value that a record must have, or must not have."""

    name: str
    value: str
    is_wanted: bool = True

    def __str__(self) -> str:
        value = f'"{self.value}"' if " " in self.value else self.value
        return f"{'' if self.is_wanted else '-'}{self.name}:{value}"


class Query(NamedTuple):
    """What to look for: any of `words`, all `phrases` and `filters`, nothing of `without`.

    `wp-config.php` is one word. The record of the file `but` is left out. `misread` has pairs:
    what looks like a filter but was read as words, and the filter that is probably meant.
    `alone` has the `-word` of a query without anything else, which was read as words, too.
    """

    words: tuple[str, ...]
    phrases: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    filters: tuple[Filter, ...] = ()
    only_title: bool = False
    codes: frozenset[str] = frozenset()
    misread: tuple[tuple[str, str], ...] = ()
    alone: tuple[str, ...] = ()
    but: str = ""
    text: str = ""

    @property
    def kinds(self) -> tuple[str, ...]:
        """The names of the kinds in `kind:` filters."""
        named = (
            kind_named(filter.value)
            for filter in self.filters
            if filter.name == "kind" and filter.is_wanted
        )
        return tuple(kind.name for kind in named if kind)

    @property
    def is_empty(self) -> bool:
        return not (
            self.words or self.phrases or any(filter.name != "kind" for filter in self.filters)
        )


def parse_query(text: str) -> Query:
    """*text* as a query."""
    words: list[str] = []
    phrases: list[str] = []
    without: list[str] = []
    filters: dict[Filter, None] = {}
    bare: list[str] = []
    misread: list[tuple[str, str]] = []
    for chunk in _CHUNK.finditer(text):
        minus, name, quoted = chunk.groups()
        if quoted is not None and not name:
            (without if minus else phrases).append(quoted)
        elif filter := _filter(chunk):
            filters[filter] = None
        elif unwanted := _WITHOUT.fullmatch(chunk[0]):
            without.append(unwanted[1])
            bare.append(chunk[0])
        else:
            words += chunk[0].split()
            misread += _near_filter(chunk[0])
    is_alone = not (words or phrases or filters)
    if is_alone and bare:
        words, without = bare, [text for text in without if f"-{text}" not in bare]
    telling = _telling(map(_bare, words), or_all=not (phrases or filters))
    return Query(
        telling[:MOST_WORDS],
        _with_letters(phrases),
        _with_letters(without),
        tuple(filter for filter in filters if filter.name != "in"),
        any(filter.name == "in" for filter in filters),
        codes_meant(" ".join(words + phrases)),
        tuple(misread),
        alone=tuple(bare) if is_alone else (),
        text=text,
    )


def _filter(chunk: re.Match[str]) -> Filter | None:
    """The filter that a chunk is; None where its name or value is none of a filter."""
    minus, name, value = chunk.groups()
    if name is None:
        plain = _FILTER.fullmatch(chunk[0])
        if plain is None:
            return None
        minus, name, value = plain.groups()
    value = facet_value(value)
    return Filter(name, value, not minus) if _is_value(name, value, bool(minus)) else None


def facet_value(text: str) -> str:
    """A value in the form that the index and filters compare."""
    return " ".join(text.casefold().split())


def _is_value(name: str, value: str, is_unwanted: bool) -> bool:
    """Can this be the value of a filter of that name?"""
    if name == "in":
        return value == "title" and not is_unwanted
    if name == "kind":
        return kind_named(value) is not None and not is_unwanted
    if name == "since":
        return _DAY.fullmatch(value) is not None
    if name == "error":
        return bool(codes_meant(value))
    return name in FILTERS and any(map(str.isalnum, value))


def _near_filter(chunk: str) -> list[tuple[str, str]]:
    """A chunk that looks like a mistyped filter, and the filter that is probably meant."""
    match = _FILTER.fullmatch(chunk.lower())
    if match is None or match[3].startswith("//") or match[2] == "error":
        return []
    if match[2] in _MEANT:
        return [(chunk, (_MEANT | _EXAMPLES)[match[2]])]
    from ocs.rules.nearest import nearest

    near = nearest(match[2], _MEANT)
    return [(chunk, _MEANT[near])] if near else []


def words_of(text: str) -> tuple[str, ...]:
    """The words of a text that are no stop words, each once."""
    return _telling(map(_bare, text.split()))


def _telling(words: Iterable[str], or_all: bool = True) -> tuple[str, ...]:
    """The words that are no stop words, each once; all words if *or_all* and there are none."""
    every = _with_letters(words)
    telling = tuple(word for word in every if word not in STOP_WORDS)
    return telling or (every if or_all else ())


def _with_letters(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for text in texts if any(map(str.isalnum, text))))


def _bare(word: str) -> str:
    """The word without the signs around it."""
    return word.strip(_PUNCTUATION)[:_LONGEST_WORD].lower().replace("’", "'")


def spellings(word: str) -> list[str]:
    """The word, and its spellings with ss for ß and with ß for ss."""
    return list(dict.fromkeys([word, word.replace("ß", "ss"), word.replace("ss", "ß")]))


def parts_of(word: str) -> tuple[str, ...]:
    """The words that signs join in this one; none if it is only one."""
    parts = re.findall(r"[^\W_]{2,}", word)
    return _telling(parts, or_all=False) if len(parts) > 1 else ()
