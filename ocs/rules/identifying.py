"""A problem tells what went wrong and not where: nothing in it identifies who is looked after.

Names are looked for in any spelling: small or capital letters, accents or not, apart, joined or with hyphens.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from urllib.parse import urlsplit

from ocs.model.finding import Finding, Place, Severity, Span
from ocs.model.org import MayBeNamed, Org
from ocs.model.person import Person
from ocs.model.registry import Registry
from ocs.rules.check import Check

IDENTIFYING = Check(
    "names-an-organisation",
    Severity.ERROR,
    "A problem names no organisation, domain, host or person of this registry.",
    "the website of Riverside Food Bank was down, in problems/",
    "Say it without the name: 'the website was down'. An organisation with `may_be_named: yes` may be named.",
)
CHECKS = (IDENTIFYING,)

_WORD = re.compile(r"[^\W_]+")
# What follows the name of an organisation by law, in a few countries.
_LEGAL_FORM = re.compile(
    r"[\s,]+(?:e\.?\s?V\.?|gGmbH|GmbH|Ltd\.?|CIC|CIO|Inc\.?|LLC|a\.?s\.?b\.?l\.?|VZW|Stichting|o\.?p\.?s\.?|z\.?s\.?)$",
    re.IGNORECASE,
)
# A shorter name says too little by itself.
_SHORTEST = 6
_MOST_WORDS = 8
# By so many letters most words are seen to begin no name.
_BEGINNING = 4


class Identifiers:
    """Everything that identifies the organisations of a registry and the people in it."""

    def __init__(self, registry: Registry) -> None:
        self._known: dict[str, str] = {}
        for org in registry.records(Org):
            if org.may_be_named is not MayBeNamed.YES:
                for name in _names_of(org):
                    self._add(name, org.name)
        for person in registry.records(Person):
            if " " in person.name.strip():
                self._add(person.name, person.name)
        self._longest = max(map(len, self._known), default=0)
        self._beginnings = {name[:length] for name in self._known for length in range(1, _BEGINNING + 1)}

    def _add(self, name: str, whose: str) -> None:
        key = "".join(plain(word) for word in _WORD.findall(name))
        if len(key) >= _SHORTEST:
            self._known.setdefault(key, whose)

    def findings(self, file: str, text: str) -> Iterator[Finding]:
        """Every line of a problem's file that names somebody."""
        if not self._known:
            return
        for number, line in enumerate(text.split("\n"), 1):
            found = self._in_line(line)
            if found is not None:
                start, end, whose = found
                message = f"this names {whose}"
                place = Place(file, span=Span(number, start + 1, end - start, line))
                hint = "say it without the name; a problem does not tell where it was met"
                yield IDENTIFYING.finding(message, place, hint=hint)

    def _in_line(self, line: str) -> tuple[int, int, str] | None:
        words = list(_WORD.finditer(line))
        for number, first in enumerate(words):
            if plain(first[0])[:_BEGINNING] not in self._beginnings:
                continue
            joined = ""
            for last in words[number : number + _MOST_WORDS]:
                joined += plain(last[0])
                if len(joined) > self._longest:
                    break
                if joined in self._known:
                    return first.start(), last.end(), self._known[joined]
        return None


@cache
def plain(word: str) -> str:
    """The word in small letters without accents."""
    folded = unicodedata.normalize("NFKD", word.casefold())
    return "".join(sign for sign in folded if not unicodedata.combining(sign))


def _names_of(org: Org) -> Iterator[str]:
    """How an organisation can be called: its name and id, its domains, and the hosts of its systems."""
    yield org.name
    yield _LEGAL_FORM.sub("", org.name)
    yield org.id
    if org.registered_as:
        yield org.registered_as
    own = [domain.name for domain in org.domains]
    if org.website:
        own.append(_host(org.website))
    for domain in own:
        yield domain
        yield domain.rpartition(".")[0].rpartition(".")[2]  # the name before .org says as much
    yield from (_host(system.address) for system in org.systems if system.address)


def _host(address: str) -> str:
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""
