"""Personal data stays out: no telephone numbers, and mail addresses only in fields for one."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence

from ocs.model.finding import Finding, Place, Severity, Span
from ocs.rules.check import Check

PERSONAL_DATA = Check(
    "personal-data",
    Severity.WARNING,
    "No record holds a telephone number, or a mail address in a field for something else.",
    "role: Chair, +44 20 7946 0991",
    "Put the number into a secret, and name the secret under `call_back:`. Put an address "
    "into `mail:`.",
)
CHECKS = (PERSONAL_DATA,)

# Kinds of record that are about people; problems tell of addresses as of anything else.
ABOUT_PEOPLE = ("ocs", "person", "vetting", "org", "community", "access")

# With the country in front; as dialled within one, in groups; or behind a word for a telephone.
_TELEPHONE = re.compile(
    r"""
    (?<![\w.+#/:-]) (?:\+|00)\s?[1-9] (?:[\s./()-]{0,2}\d){7,13} (?![\w-])
    | (?<![\w.+#/:-]) (?=(?:\D{0,3}\d){9,12}(?!\D{0,3}\d)) (?!\d\d?[/-]\d\d?[/-]\d{4}\b)
      \(?0[1-9]\d{0,4}\)? (?:[\s/-]{1,3}\d{2,}){1,4} (?![\w:.-])
    | (?i:\b(?:tel|telefon|phone|téléphone|teléfono|mobil\w*|handy|fax|cell|whatsapp|rufnummer)\b)
      \.?:?\s* (?!\d{4}-\d\d-\d\d) (?P<number>\(?\d[\d\s/()-]{5,}\d)
    """,
    re.VERBOSE,
)
# It begins where a word does; trying each letter of a long one would take its length squared.
_MAIL = re.compile(r"(?<![\w.+%-])[\w.+%-]+@(?P<domain>[\w-]+(?:\.[\w-]+)+)")
_OF_EXAMPLES = re.compile(
    r"(?:^|\.)(?:example|invalid|test|example\.(?:org|com|net))$", re.IGNORECASE
)
# What begins a field for an address, on a line of its own or in braces.
_FIELD_FOR_ADDRESS = re.compile(
    r"(?:^\s*(?:- +)?|[{,]\s*)"
    r"[\"']?(?:mail|contact|matrix|mastodon|bugzilla|url|name|help)[\"']?\s*:"
)
_END_OF_FIELD = re.compile("[,}#]")
_LINK = re.compile("://")
_SPACE = re.compile(" ")


def personal_data(file: str, text: str) -> Iterator[Finding]:
    """Every line with a telephone number, or with a mail address where none belongs."""
    for number, line in enumerate(text.split("\n"), 1):
        telephone = _TELEPHONE.search(line)
        if telephone:
            hint = "put it into a secret, and name the secret under `call_back:`"
            message = "this looks like a telephone number"
            yield PERSONAL_DATA.finding(message, _place(file, number, telephone), hint=hint)
        mail = next(_out_of_place(line), None)
        if mail:
            hint = "remove it, or put it into the field `mail:`"
            message = "a mail address does not belong here"
            yield PERSONAL_DATA.finding(message, _place(file, number, mail), hint=hint)


def _place(file: str, number: int, match: re.Match[str]) -> Place:
    return Place(file, span=Span(number, match.start() + 1, len(match[0]), match.string))


def _out_of_place(line: str) -> Iterator[re.Match[str]]:
    """The mail addresses of a line that are neither in a field for one, nor in a link.

    What stands before them is gone through once for all.
    """
    mails = [mail for mail in _MAIL.finditer(line) if not _OF_EXAMPLES.search(mail["domain"])]
    if not mails:
        return
    fields = [field.end() for field in _FIELD_FOR_ADDRESS.finditer(line)]
    ends, links, spaces = (
        [match.start() for match in pattern.finditer(line)]
        for pattern in (_END_OF_FIELD, _LINK, _SPACE)
    )
    comment = line.find("#") if "#" in line else len(line)
    for mail in mails:
        at = mail.start()
        is_in_field = _last(fields, at + 1) > _last(ends, at) and comment >= at
        if not is_in_field and _last(links, at) <= _last(spaces, at):
            yield mail


def _last(places: Sequence[int], before: int) -> int:
    """The last of these places before one; -1 for none."""
    number = bisect_left(places, before)
    return places[number - 1] if number else -1
