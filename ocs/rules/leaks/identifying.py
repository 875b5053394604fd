"""A problem tells what went wrong and not where: nothing in it identifies who is looked after.

Names are looked for in any spelling: small or capital letters, accents or not, apart, joined
or with hyphens, over the end of a line, and in the problem's id.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cache, cached_property
from urllib.parse import urlsplit

from ocs.model.finding import Finding, Place, Severity, Span
from ocs.model.org import MayBeNamed, Org
from ocs.model.person import Person
from ocs.model.registry import Registry
from ocs.rules.check import Check
from ocs.rules.fold import fold

IDENTIFYING = Check(
    "names-an-organisation",
    Severity.ERROR,
    "A problem names no person or organisation of this registry, and none of their domains, "
    "hosts or mail addresses.",
    "the website of Riverside Food Bank was down, in problems/",
    "Write it without the name: 'the website was down'. You may name an organisation whose "
    "record says `may_be_named: yes`.",
)
CHECKS = (IDENTIFYING,)

# Most words of a registry stand there many times.
plain = cache(fold)
_WORD = re.compile(r"[^\W_]+")
# What follows the name of an organisation by law, in a few countries.
_LEGAL_FORM = re.compile(
    r"[\s,]+(?:e\.?\s?V\.?|gGmbH|GmbH|Ltd\.?|CIC|CIO|Inc\.?|LLC|a\.?s\.?b\.?l\.?|VZW|Stichting|o\.?p\.?s\.?|z\.?s\.?)$",
    re.IGNORECASE,
)
# A field or an item of a list, and nothing but ids in it.
_ALL_IDS = re.compile(
    r"^(?P<field>[ ]*(?:-[ ]+)*(?:[a-z_]+:[ ]+)?)(?P<ids>\[[a-z0-9, "
    r"-]+\]|[a-z0-9-]+)(?=\s*(?:\s#.*)?$)",
    re.M,
)
# Where a field or an item of a list begins, the one before has ended.
_NEXT_FIELD = re.compile(r"\n[^\S\n]*(?:-\s|[a-z_]+:(?:\s|$))")
_SMALL = bytes(range(256)).lower()
_NO_WORD = bytes(byte for byte in range(128) if not chr(byte).isalnum())
# A shorter name says too little by itself.
_SHORTEST = 6
_MOST_WORDS = 8


class Identifiers:
    """Everything that identifies the organisations of a registry and the people in it."""

    def __init__(self, registry: Registry) -> None:
        self._known: dict[str, str] = {}
        for org in registry.records(Org):
            if org.may_be_named is not MayBeNamed.YES:
                for name in _names_of(org):
                    self._add(name, org.name)
        for person in registry.records(Person):
            for name in _names_of_person(person):
                self._add(name, person.name)
        self._beginnings = {name[:_SHORTEST] for name in self._known}
        self._may_begin = _MayBegin(self._beginnings)

    @cached_property
    def digest(self) -> str:
        """Another text for other names."""
        import hashlib

        names = repr(sorted(self._known.items())).encode()
        return hashlib.blake2b(names, digest_size=16).hexdigest()

    @property
    def known(self) -> Mapping[str, str]:
        """Every name that is looked for, in plain letters, and whose it is."""
        return self._known

    def _add(self, name: str, whose: str) -> None:
        key = plain_text(name.encode("utf-8", "replace"))
        if len(key) >= _SHORTEST:
            self._known.setdefault(key, whose)

    def findings(
        self, file: str, text: str, mentioned: Collection[str] = ()
    ) -> Iterator[Finding]:
        """That a problem's id names somebody, and every line in which a name begins.

        A field that holds nothing but ids that the record *mentions* names nobody.
        """
        if not self._known:
            return
        id = file.rpartition("/")[2].removesuffix(".yaml")
        whose = next((whose for _, _, whose in self._named(_plain_words(id))), None)
        if whose is not None:
            # `ocs problem rename` would keep the name under `formerly:`.
            hint = "rename the file, correct what mentions it, and do not write `formerly:`"
            message = f"the id of this problem names {whose}"
            yield IDENTIFYING.finding(message, Place(file), hint=hint)
        prose = _ALL_IDS.sub(lambda found: _blank(found, mentioned), text)
        # Most texts name nobody, which this first look shows fast.
        if next(self._named(_plain_words(prose)), None) is not None:
            yield from self._of_lines(file, text, prose)

    def _of_lines(self, file: str, text: str, prose: str) -> Iterator[Finding]:
        """The first name in each line of a text; *prose* is the text without mentioned ids."""
        lines, words = text.split("\n"), list(_WORD.finditer(prose))
        seen, counted, number = 0, 0, 1
        for first, last, whose in self._named([plain(word[0]) for word in words]):
            start, end = words[first].start(), words[last].end()
            number += prose.count("\n", counted, start)
            counted = start
            if number > seen and not _NEXT_FIELD.search(prose, start, end):
                seen = number
                line, column = lines[number - 1], start - prose.rfind("\n", 0, start)
                span = Span(number, column, min(end - start, len(line) + 1 - column), line)
                hint = "remove the name; a problem must name neither a place nor a person"
                yield IDENTIFYING.finding(
                    f"this names {whose}", Place(file, span=span), hint=hint
                )

    def _named(self, words: Sequence[str]) -> Iterator[tuple[int, int, str]]:
        """For each name in the words, the numbers of its first and last one, and whose it is."""
        may_begin = self._may_begin
        for first in [number for number, word in enumerate(words) if may_begin[word]]:
            if "".join(words[first : first + _SHORTEST])[:_SHORTEST] not in self._beginnings:
                continue
            joined = ""
            for last in range(first, min(first + _MOST_WORDS, len(words))):
                joined += words[last]
                if joined in self._known:
                    yield first, last, self._known[joined]


class _MayBegin(dict[str, bool]):
    """For each word whether a name may begin with it, looked up once."""

    def __init__(self, beginnings: Iterable[str]) -> None:
        lengths = range(1, _SHORTEST + 1)
        self._prefixes = {name[:length] for name in beginnings for length in lengths}

    def __missing__(self, word: str) -> bool:
        self[word] = found = word[:_SHORTEST] in self._prefixes
        return found


def _blank(line: re.Match[str], mentioned: Collection[str]) -> str:
    """The line with its ids as spaces, if it mentions nothing else."""
    ids = re.findall("[a-z0-9-]+", line["ids"])
    if not all(id in mentioned for id in ids):
        return line[0]
    return line["field"] + " " * len(line["ids"])


def plain_text(data: bytes) -> str:
    """All words of a text, joined and in plain letters: it names nothing that is not in this."""
    if data.isascii():
        return data.translate(_SMALL, _NO_WORD).decode()
    return "".join(plain(word) for word in _WORD.findall(data.decode("utf-8", "replace")))


def _plain_words(text: str) -> list[str]:
    if text.isascii():
        return _WORD.findall(text.lower())
    return list(map(plain, _WORD.findall(text)))


def _names_of_person(person: Person) -> Iterator[str]:
    """How a person can be called: by all names together, in both orders, and by addresses."""
    *first, last = person.name.split() or [""]
    if first:
        yield person.name
        yield " ".join([last, *first])
    if person.mail:
        yield person.mail
    yield from (account for account in map(str, person.accounts.values()) if "@" in account)


def _names_of(org: Org) -> Iterator[str]:
    """How an organisation can be called: by name, id, domains and addresses."""
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
    yield from (contact.mail for contact in org.contacts if contact.mail)


def _host(address: str) -> str:
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""
