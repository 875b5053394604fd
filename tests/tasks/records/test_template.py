"""A template is a record of its kind once it is filled in, and leaves nothing of itself behind."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from ocs.adapters.yamlfile import parse
from ocs.model.kinds import KIND, KINDS, Kind
from ocs.rules.leaks.leaks import leaks
from ocs.rules.records.complaints import as_yaml
from ocs.rules.records.schema import Schemas
from ocs.tasks.records.template import (
    is_untouched,
    still_comments,
    template,
    with_blanks,
    without_comments,
)

LINE = "../schemas/x.schema.json"
each_kind = pytest.mark.parametrize("kind", KINDS, ids=[kind.name for kind in KINDS])


def text_for(kind: Kind, schemas: Schemas) -> str:
    return template(schemas.of(kind).schema, {}, LINE)


def examples(schema: Any) -> Iterator[tuple[str, Any]]:
    for name, node in schema.get("properties", {}).items():
        yield name, node["examples"][0]
        yield from examples(node.get("items", {}))


def filled(text: str, schema: Any) -> str:
    """The template with an example behind each field that stands open."""
    known = dict(examples(schema))
    return re.sub(
        r"(?m)^( *(?:- )?)(\w+): $", lambda open: f"{open[0]}{as_yaml(known[open[2]])}", text
    )


def without_marks(text: str) -> str:
    """The template as an editor leaves it that takes one comment sign from each line but the first."""
    first, _, rest = text.partition("\n")
    return first + "\n" + re.sub(r"(?m)^( *)#(?: |(?=#))", r"\1", rest)


@each_kind
def test_with_its_examples_it_fits_the_schema(kind: Kind, schemas: Schemas) -> None:
    shape = schemas.of(kind)
    parsed = parse(without_marks(filled(text_for(kind, schemas), shape.schema)).encode())
    assert parsed.faults == ()
    assert parsed.tree is not None
    shape.convert(parsed.tree)
    assert list(shape.check("x", parsed.tree)) == []
    assert set(parsed.tree) == set(shape.schema["properties"])


@each_kind
def test_filled_in_without_the_examples_it_holds_what_is_needed(
    kind: Kind, schemas: Schemas
) -> None:
    shape = schemas.of(kind)
    parsed = parse(filled(text_for(kind, schemas), shape.schema).encode())
    assert parsed.tree is not None
    assert list(shape.check("x", parsed.tree)) == []
    assert set(parsed.tree) == set(shape.schema["required"])


@each_kind
def test_no_line_is_long_and_none_looks_like_a_secret(kind: Kind, schemas: Schemas) -> None:
    text = text_for(kind, schemas)
    assert max(map(len, text.splitlines())) <= 100
    assert list(leaks("x", text, date(2026, 11, 20))) == []


@each_kind
def test_it_is_recognised_as_untouched(kind: Kind, schemas: Schemas) -> None:
    text = text_for(kind, schemas)
    half = "".join(text.splitlines(keepends=True)[::2])
    for same in (
        text,
        text.replace("\n", "\r\n"),
        text.replace(" \n", "\n").rstrip(),
        half,
        "\n",
        "",
    ):
        assert is_untouched(same.encode(), text)
    assert not is_untouched(filled(text, schemas.of(kind).schema).encode(), text)
    assert not is_untouched(text.encode() + b"# a thought\n", text)


@each_kind
def test_nothing_of_it_is_left_in_a_record(kind: Kind, schemas: Schemas) -> None:
    shape = schemas.of(kind)
    text = text_for(kind, schemas)
    data = without_comments(filled(text, shape.schema).encode(), text).decode()
    assert data.startswith(f"# yaml-language-server: $schema={LINE}\n")
    assert data.count("#") == 1
    assert set(parse(data.encode()).tree or {}) == set(shape.schema["required"])
    assert "\n\n\n" not in data


PROBLEM = """\
## What goes wrong, in one line, as a user would say it.
title: Mail is late
# seen by all of us
symptoms:
  - says: |
      ## Where it appears.
      # language: en
## Why it happens.
cause: |
  one


  two
# takes: 5 minutes
"""


def test_what_somebody_wrote_stays(schemas: Schemas) -> None:
    text = text_for(KIND["problem"], schemas)
    data = without_comments(PROBLEM.encode(), text)
    # The text of several lines has lines like those of the template, so nothing is taken away at all.
    assert data == PROBLEM.encode()
    plain = PROBLEM.replace(
        "      ## Where it appears.\n      # language: en\n", "      Deferred\n"
    )
    assert without_comments(plain.encode(), text).decode() == plain.replace(
        "## What goes wrong, in one line, as a user would say it.\n", ""
    ).replace("## Why it happens.\n", "")


def test_lines_keep_their_numbers_while_the_text_is_judged(schemas: Schemas) -> None:
    text = text_for(KIND["problem"], schemas)
    data = with_blanks(text.encode() + b"bad: x\n", text)
    assert data.count(b"\n") == text.count("\n") + 1
    assert b"# state" not in data


def test_an_example_that_was_changed_but_is_still_a_comment_is_told(schemas: Schemas) -> None:
    text = text_for(KIND["problem"], schemas)
    changed = text.replace("# takes: 20 minutes", "# takes: 5 minutes").replace(
        "# undo:", "undo:"
    )
    assert still_comments(changed.encode(), text) == ["# takes: 5 minutes"]
    assert still_comments(text.encode() + b"# see the wiki: it is there\n", text) == []


def test_what_is_known_stands_in_it(schemas: Schemas) -> None:
    text = template(schemas.of(KIND["problem"]).schema, {"title": 'Say "no": # not now'})
    assert text.startswith("## ")
    parsed = parse(text.replace("says: ", "says: x").encode())
    assert parsed.tree == {"title": 'Say "no": # not now', "symptoms": [{"says": "x"}]}
