"""Personal data stays out: no telephone numbers, and mail addresses only where a field asks for one."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ocs.model.finding import Finding, Place, Severity, Span
from ocs.rules.check import Check

PERSONAL_DATA = Check(
    "personal-data",
    Severity.WARNING,
    "No telephone number stands in a record, and a mail address only in a field for one.",
    "role: Chair, +44 20 7946 0991",
    "Put the number into a secret and name that under `call_back:`; put the address into `mail:`.",
)
CHECKS = (PERSONAL_DATA,)

# Kinds of record that are about people; problems tell of addresses as of anything else.
ABOUT_PEOPLE = ("ocs", "person", "vetting", "org", "community", "access")

_TELEPHONE = re.compile(
    r"(?<![\w.+#/:-])(?:\+|00)[1-9](?:[\s./()-]{0,2}\d){7,13}(?![\w-])"
    r"|(?i:\b(?:tel|telefon|phone|téléphone|teléfono|mobil\w*|handy|fax)\b)\.?:?\s*(?P<number>\(?0[\d\s/()-]{6,}\d)"
)
# Looked for where a word begins only; from each of its letters on, a long one would take for ever.
_MAIL = re.compile(r"(?<![\w.+%-])[\w.+%-]+@(?P<domain>[\w-]+(?:\.[\w-]+)+)")
_OF_EXAMPLES = re.compile(r"(?:^|\.)(?:example|invalid|test|example\.(?:org|com|net))$", re.IGNORECASE)
# Fields in which an address belongs.
_MAY_HOLD_ADDRESS = re.compile(r"^\s*(?:- +)?(?:mail|contact|matrix|mastodon|bugzilla|url|name|help)\s*:")


def personal_data(file: str, text: str) -> Iterator[Finding]:
    """Every line with a telephone number, or with a mail address where none belongs."""
    for number, line in enumerate(text.split("\n"), 1):
        telephone = _TELEPHONE.search(line)
        if telephone:
            place = Place(file, span=Span(number, telephone.start() + 1, len(telephone[0]), line))
            hint = "put it into a secret, and name that under `call_back:`"
            yield PERSONAL_DATA.finding("this looks like a telephone number", place, hint=hint)
        mail = _MAIL.search(line)
        if mail and not _MAY_HOLD_ADDRESS.match(line) and not _OF_EXAMPLES.search(mail["domain"]):
            place = Place(file, span=Span(number, mail.start() + 1, len(mail[0]), line))
            hint = "take it out, or put it into the field `mail:`"
            yield PERSONAL_DATA.finding("a mail address does not belong here", place, hint=hint)
