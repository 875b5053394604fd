"""No text made of what the forms of secrets are made of stops a check that looks at lines."""

from __future__ import annotations

import base64
import json
from datetime import date
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ocs.adapters.files import read_schema
from ocs.model.kinds import KIND
from ocs.model.registry import Registry
from ocs.rules.leaks.identifying import Identifiers
from ocs.rules.leaks.leakforms import FORMS, Form
from ocs.rules.leaks.leaks import leaks, leaks_of_line
from ocs.rules.leaks.personal import _MAIL, _TELEPHONE, personal_data
from ocs.rules.records.schema import Schemas
from ocs.tasks.registry.load import read
from tests.rules.leaks.test_leaks import TODAY, lines

NAMED = {
    "org": "name: Riverside Food Bank e. V.\nwebsite: https://rfb-london.example\n",
    "person": "name: Lena Nováková\nmail: lenchen99@freemail.example\n",
}
READ = [
    read(f"{kind}s/river.yaml", KIND[kind], "river", text.encode(), Schemas(read_schema))[0]
    for kind, text in NAMED.items()
]
IDENTIFIERS = Identifiers(Registry(tuple(filter(None, READ))))
DAYS = st.sampled_from([date.min, date(1970, 1, 1), TODAY, date.max])


def encoded(claims: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")


ODD_NUMBERS = (
    st.integers() | st.floats() | st.sampled_from(["", "1e9", "x", None, [], {}, 10**400])
)
CLAIMS = st.one_of(
    ODD_NUMBERS.map(lambda end: encoded({"exp": end})),
    ODD_NUMBERS.map(encoded),
    st.binary(max_size=12).map(lambda data: base64.urlsafe_b64encode(data).decode()),
    st.sampled_from(["", "=", "é", "W1tb" * 200, "eyJ", "eyJl" * 60, "eyJleHAiOjF9"]),
)
WEB_TOKENS = st.lists(CLAIMS, max_size=3).map(
    lambda parts: ".".join(["eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9", *parts])
)


@cache
def _fitting(form: Form) -> st.SearchStrategy[str]:
    return st.from_regex(form.pattern)


@cache
def _pieces_of(form: Form) -> st.SearchStrategy[str]:
    """What fits the form, and stretches of it."""
    whole = _fitting(form)
    cut = st.tuples(whole, st.integers(0, 40), st.integers(0, 40)).map(
        lambda drawn: drawn[0][drawn[1] : len(drawn[0]) - drawn[2]]
    )
    return whole | cut | st.sampled_from(form.telltales)


GLUE = st.sampled_from([" ", "", "\n", "\r\n", ".", ":", "=", '"', "'", ", ", " is ", "/", "@", "\u0301", "İ", "\x85"])  # fmt: skip
PIECES = st.one_of(
    st.sampled_from(FORMS).flatmap(_pieces_of),
    WEB_TOKENS,
    st.sampled_from(sorted(IDENTIFIERS.known)),
    st.from_regex(_TELEPHONE),
    st.from_regex(_MAIL),
    st.sampled_from([*lines("tuning-leaks"), *lines("tuning-innocent")]),
    GLUE,
)


def test_a_token_without_a_second_part_is_judged_as_any_other() -> None:
    line = "token eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9 expired"
    (found,) = leaks("x.yaml", line, TODAY)
    assert found.message == "this looks like a token"
    assert [leak.what for leak in leaks_of_line(line)] == ["a token"]


@pytest.mark.parametrize("form", FORMS, ids=lambda form: f"{form.what} {form.telltales[0]}")
@settings(max_examples=15)
@given(st.data())
def test_whatever_fits_a_form_can_be_judged(form: Form, data: st.DataObject) -> None:
    line = data.draw(st.sampled_from(form.telltales)) + " " + data.draw(_fitting(form))
    matches = list(form.pattern.finditer(line))
    assert matches
    assert all(match[form.group] for match in matches)
    secrets = [match.span(form.group) for match in matches if form.fits(match)]
    found = [(leak.start, leak.end) for leak in leaks_of_line(line) if leak.what == form.what]
    assert set(secrets) <= set(found)


@settings(max_examples=400)
@given(st.lists(st.tuples(PIECES, GLUE), max_size=8), DAYS)
def test_no_text_of_such_pieces_stops_a_check(
    pairs: list[tuple[str, str]], today: date
) -> None:
    text = "".join(piece + glue for piece, glue in pairs)
    for found in leaks("x.yaml", text, today):
        span = found.place.span
        assert span is not None
        at = span.column - span.start
        shown = span.text[at : at + span.length]
        assert shown == "•" * len(shown)
        assert shown
    lines = text.split("\n")
    for found in (
        *personal_data("people/x.yaml", text),
        *IDENTIFIERS.findings("problems/river.yaml", text),
    ):
        span = found.place.span
        assert span is not None
        line = lines[span.line - 1]
        assert line[span.start - 1 :].startswith(span.text)
        assert 1 <= span.column <= span.column + span.length - 1 <= len(line)
