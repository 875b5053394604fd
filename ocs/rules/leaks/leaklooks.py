"""What a password looks like, and what only stands where one could stand."""

from __future__ import annotations

import re

_PLACEHOLDER = re.compile(
    r"[<>{}$…•*]|\.\.\.|x{3,}|your|dein|ihr_|tu_|votre|change.?me|example|placeholder|redacted|hidden|dummy",
    re.IGNORECASE,
)
# What stands beside passwords more often than it is one.
_NO_SECRETS = frozenset(
    """
    password passwort kennwort passwd passphrase secret token none null true false yes no empty
    required

    optional wrong incorrect invalid expired unknown missing default same stored hidden
    secure_password
    """.split()
)
# `NEW_PASSWORD`, as instructions name what is to be put in.
_UPPER_WORDS = re.compile(r"[A-Z]+(?:[_-][A-Z]+)+")


def is_placeholder(value: str) -> bool:
    """Does this stand for a secret: `<your password>`, `$DB_PASSWORD`, `********`?"""
    plain = value.strip("\"'`.,;:!?()[]")
    is_word = plain.lower() in _NO_SECRETS or _UPPER_WORDS.fullmatch(plain) is not None
    return len(plain) < 3 or is_word or _PLACEHOLDER.search(plain) is not None


_NAMES_OF_THINGS = re.compile(
    r"""
    v?\d+(?:[.:-]\d+)*\S{0,4}                        # a number, version, date, time
    | (?:0x)?[0-9a-fA-F]{8,}                         # a hash, fingerprint or code
    | \S*(?:://|@)\S*                                # an address
    | [\w-]+(?:\.[\w-]+)*\.[a-zA-Z]{2,6}\S*          # a host's or file's name
    | [./~\\]\S* | \S*[\\/]\S*                       # a path, a secret's name
    | --?[a-zA-Z]\S*                                 # an option
    | [A-Za-z]+\(\S*                                 # a function
    | [A-Z][A-Z0-9_]+                                # a code such as ERR_CERT_2
    | [0-9a-f]{8}-[0-9a-f-]{20,}                     # a UUID
    | &?\w+;                                         # an entity
    """,
    re.VERBOSE,
)
_TECHNICAL = re.compile(
    r"(?:[A-Za-z]{2,14}[-_]?\d{1,2}|[a-z]+\d{1,3}(?:-[a-z0-9]+)*|\d+[A-Za-z]{1,3})(?:[.,]\d+)*"
)


def looks_like_a_password(value: str) -> bool:
    """Is this something that no sentence has there: letters with digits or signs in them?"""
    if len(value) < 4 or is_placeholder(value) or _NAMES_OF_THINGS.fullmatch(value):
        return False
    has_digit = any(map(str.isdigit, value))
    has_sign = re.search(r"\w[!#$%^&*+=?~]|[a-z][A-Z].*[!#_]", value) is not None
    return any(map(str.isalpha, value)) and (has_digit or has_sign)


def looks_made_up(value: str) -> bool:
    """Is this a password wherever it stands: letters with digits, and capitals or signs?"""
    if len(value) < 6 or not looks_like_a_password(value) or _TECHNICAL.fullmatch(value):
        return False
    has_digit = any(map(str.isdigit, value))
    mixed = any(map(str.isupper, value[1:])) or re.search(r"[!#$%^&*+=?~]", value) is not None
    within = re.search(r"[^\W\d]\d+[^\W\d]", value) is not None
    begins_with_capital = value[:1].isupper() and has_digit
    return has_digit and (mixed or within or begins_with_capital)
