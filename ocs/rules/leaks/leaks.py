"""No secret stands in a file that everybody can read.

General scanners look for the tokens of vendors and skip what people write: a password in a
sentence, in a comment, as an option of a command. So each line of each file is looked at here,
for

- tokens and private keys that are known by their form;
- passwords in addresses, options and assignments;
- a word for "password" in one of a dozen languages, and near it something that looks like one.

What only looks alike must not alarm: commit hashes, fingerprints, versions, names of secrets,
placeholders, sentences about passwords, messages of programs. The finding never repeats the
secret.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from functools import cache
from typing import NamedTuple

from ocs.model.finding import Finding, Place, Span
from ocs.rules.leaks.leakforms import FORMS
from ocs.rules.leaks.leaklooks import looks_like_a_password, looks_made_up
from ocs.rules.records.filechecks import LEAKED_SECRET

# A line is searched in pieces of so many characters, which overlap by so many.
_PIECE = 1000
_OVERLAP = 300


class Leak(NamedTuple):
    """What looks like a secret in a line, from `start` to before `end`."""

    start: int
    end: int
    what: str


def leaks(file: str, text: str, today: date) -> Iterator[Finding]:
    """What looks like a secret in a file, with the secret itself made unreadable.

    A web token that has expired by *today* is no secret any more.
    """
    for number, line in _lines_worth_a_look(text):
        every = list(_leaks_of_any(line))
        alive = (
            leak for leak in every if not _has_expired(line[leak.start : leak.end], today)
        )
        leak = next(alive, None)
        if leak is not None:
            span = Span(number, leak.start + 1, leak.end - leak.start, _hidden(line, every))
            message, hint = f"this looks like {leak.what}", LEAKED_SECRET.short_hint
            yield LEAKED_SECRET.finding(message, Place(file, span=span), hint=hint)


def _hidden(line: str, every: Iterable[Leak]) -> str:
    """The line with all leaks made unreadable, as the finding names only one of them."""
    parts, at = [], 0
    for leak in sorted(every):
        start, end = max(at, leak.start), max(at, leak.end)
        parts += [line[at:start], "•" * (end - start)]
        at = end
    return "".join([*parts, line[at:]])


def _lines_worth_a_look(text: str) -> Iterator[tuple[int, str]]:
    """The lines, with their numbers, in which something stands that every leak has.

    Looking for fixed words in the whole text is what makes looking through many files fast.
    """
    lines: list[str] = []
    seen, counted, number = 0, 0, 0
    lowered = text.lower()
    for match in _TELLTALE.finditer(lowered):
        lines = lines or text.split("\n")
        number += lowered.count("\n", counted, match.start())
        counted = match.start()
        if number + 1 > seen:
            seen = number + 1
            yield seen, lines[number].rstrip("\r")


def _leaks_of_any(line: str) -> Iterator[Leak]:
    """What looks like a secret in one line, however long it is.

    A long one is looked at in pieces, since some forms look for their end from each of their
    beginnings on.
    """
    for start in range(0, max(1, len(line) - _OVERLAP), _PIECE - _OVERLAP):
        for leak in leaks_of_line(line[start : start + _PIECE]):
            yield Leak(start + leak.start, start + leak.end, leak.what)


def leaks_of_line(line: str) -> Iterator[Leak]:
    """What looks like a secret in one line."""
    words = {match[1] for match in _TELLTALES_WITHIN.finditer(line.lower())}
    for form in dict.fromkeys(form for word in words for form in _FORMS_OF.get(word, ())):
        for match in form.pattern.finditer(line):
            if form.fits(match):
                yield Leak(*match.span(form.group), form.what)
    if any(_begins_alike(word, _PASSWORD_STEMS) for word in words):
        yield from _passwords_after_words(line)
    if any(_begins_alike(word, _LOGIN_STEMS) for word in words):
        yield from _login_pairs(line)


@cache
def _begins_alike(word: str, stems: tuple[str, ...]) -> bool:
    return any(word.startswith(stem) or stem.startswith(word) for stem in stems)


def _has_expired(secret: str, today: date) -> bool:
    """Is this an expired web token? Its second part is JSON in base64, with `exp` in seconds."""
    if not secret.startswith("eyJ"):
        return False
    _, _, claims = secret.partition(".")
    claims, _, _ = claims.partition(".")
    try:
        fields = json.loads(base64.urlsafe_b64decode(claims + "=" * (-len(claims) % 4)))
        return datetime.fromtimestamp(int(fields["exp"]), UTC).date() < today
    except (ValueError, KeyError, TypeError, OverflowError, OSError, RecursionError):
        return False


# Words for a password, in English, German, Dutch, Spanish, French, Italian, Portuguese,
# Romanian, Polish, Czech, Hungarian, Russian, Ukrainian, Turkish, Swedish, Finnish and Danish,
# and what they all begin with.
_PASSWORD = re.compile(
    r"""
    \b(?:
      pass(?:word|wort|code|phrase|wd)s? | \w*passwor[dt] | \w*kennwort | pwd? | passw
    | pass(?=\s*[:=])
    | wachtwoord\w* | ww | contraseñ?n?as? | clave | mot\ de\ passe | mdp | senha | palavra-passe
    | parol\w* | has[lł][oaem]\w* | hesl[oaue]m? | jelsz[óo]\w* | парол\w*
    | [şs]ifre\w* | lösenord\w*
    | salasana\w* | adgangskode\w*
    )(?!\w)
    """,
    re.IGNORECASE | re.VERBOSE,
)
_PASSWORD_STEMS = tuple(
    """
    pass pw kennwort wachtwoord ww contrase clave mdp senha palavra parol haslo hasło hasla hasła

    hasle hesl jelsz парол sifre şifre lösenord salasana adgangskode
    """.split()
)
# What joins such a word to the password itself.
_JOINS = re.compile(
    r"""
    \s*(?:[:=]|->|→)\s*
    | [^.;]{0,30}?(?:\s|\b)
      (?:is|was|ist|lautet|war|heißt|es|era|est|c['’]est|è|é|e|este|to|je|jest|это|heet|-|–|—)\s+
    """,
    re.IGNORECASE | re.VERBOSE,
)
_TOKEN = re.compile(r"[^\s,;\"'`()]+")
# How far behind a word for a password the password can stand, in characters and words.
_REACH = 60
_MOST_WORDS = 8


def _passwords_after_words(line: str) -> Iterator[Leak]:
    """A word for a password, and behind it something that looks like one.

    What follows the word at once, or a colon or "is" behind it, needs to look less like one.
    """
    for word in _PASSWORD.finditer(line):
        joined = _JOINS.match(line, word.end())
        tokens = _TOKEN.finditer(line, word.end(), min(len(line), word.end() + _REACH + 40))
        for _, token in zip(range(_MOST_WORDS), tokens, strict=False):
            if token.start() > word.end() + _REACH:
                break
            value = token[0].lstrip("*_").rstrip("*_.:")
            start = token.start() + token[0].index(value) if value else token.start()
            before = line[word.end() : start]
            follows = (joined is not None and 0 <= start - joined.end() <= 1) or (
                re.search(r"[:=]\s*[\"'`*_]*$", before) is not None
            )
            if looks_made_up(value) or (follows and looks_like_a_password(value)):
                yield Leak(start, start + len(value), "a password")
                break


# Somebody who tells a login as `user / password`.
_PAIR = re.compile(
    r"\b(?:log[ -]?(?:in|on)|anmeld\w*|einlogg\w*|zugang\w*|credentials|connexion|inloggen)\b"
    r".{0,40}?[\w.@-]+\s*[/|:]\s*(?P<secret>[^\s\"'`]{5,})",
    re.IGNORECASE,
)
_LOGIN_STEMS = tuple(
    "log in,login,log-in,log on,logon,logg,anmeld,zugang,credentials,connexion".split(",")
)


def _login_pairs(line: str) -> Iterator[Leak]:
    pair = _PAIR.search(line)
    if pair and looks_made_up(pair["secret"]):
        yield Leak(*pair.span("secret"), "a password")


def _any_of(words: Iterable[str]) -> str:
    """A pattern for any of the words, in which what they begin with in common stands once."""
    rest: dict[str, set[str]] = {}
    for word in words:
        if not word:
            return ""
        rest.setdefault(word[0], set()).add(word[1:])
    choices = (re.escape(first) + _any_of(rest[first]) for first in sorted(rest))
    return f"(?:{'|'.join(choices)})"


_WORDS = [word for form in FORMS for word in form.telltales] + [
    *_PASSWORD_STEMS,
    *_LOGIN_STEMS,
]
_TELLTALE = re.compile(_any_of(_WORDS))
# The same, also where one begins within another; the shortest of those that begin alike.
_TELLTALES_WITHIN = re.compile(f"(?=({_any_of(_WORDS)}))")
_FORMS_OF = {
    word: [form for form in FORMS if any(longer.startswith(word) for longer in form.telltales)]
    for word in _WORDS
}
