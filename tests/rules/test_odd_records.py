"""No record that fits its schema, whatever stands in it, stops a check or hides what others find."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from functools import cache
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from ocs.adapters.files import Files, read_schema
from ocs.model.registry import Document, Registry
from ocs.rules.checks import CHECKS
from ocs.rules.records.schema import Schemas
from ocs.tasks.registry.certificates import with_certificates
from ocs.tasks.registry.ciphertexts import with_ciphertexts
from ocs.tasks.registry.load import document, load
from tests.conftest import EXAMPLE_REGISTRY

SCHEMAS = Schemas(read_schema)
DAYS = st.sampled_from([date.min, date(2026, 11, 20), date.max])
DATES = ["0001-01-01", "0001-01-31", "2024-02-29", "2026-11-20", "9999-12-31"]
TEXTS = ["", " ", "x", "@", "@@x", "://", "https://[", "https://x:y", "a@b", "%s", "{0}", "İ", "\u0301", "x" * 3000,
         "0/0", "9999 years", "0 days", "999 months", "A" * 40, "Europe/..", "ocs", "1e999"]  # fmt: skip


@cache
def example() -> Registry:
    files = Files(EXAMPLE_REGISTRY)
    registry, _ = with_certificates(load(files, SCHEMAS).registry, files, None)
    return with_ciphertexts(registry, files)


def _ways(tree: Any, way: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The ways to every value in a tree."""
    inside = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()  # fmt: skip
    for key, value in inside:
        yield (*way, key)
        yield from _ways(value, (*way, key))


@cache
def _texts() -> list[str]:
    """Every id of the example, and every text in it, which fit some field or other."""
    registry = example()
    ids = {id for kind in registry.present.values() for id in kind}
    for found in registry:
        ids |= {text for way in _ways(found.tree) if isinstance(text := _at(found.tree, way), str)}  # fmt: skip
    return sorted(ids)


def _at(tree: Any, way: tuple[Any, ...]) -> Any:
    for step in way:
        tree = tree[step]
    return tree


def _odd(value: Any) -> st.SearchStrategy[Any]:
    """Something else that may fit where *value* fits."""
    if isinstance(value, list):
        return st.sampled_from([[], value * 2, value[::-1], value[:1] * 40])
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", value):
        return st.sampled_from(DATES)
    if isinstance(value, str):
        return st.sampled_from(_texts()) | st.sampled_from(TEXTS) | st.text(max_size=8)
    if isinstance(value, bool):
        return st.booleans()
    if isinstance(value, int):
        return st.integers()
    return st.just(value)


def changed(found: Document, data: st.DataObject) -> Document:
    """The record with a few other values."""
    tree = copy.deepcopy(dict(found.tree))
    for _ in range(data.draw(st.integers(1, 3))):
        ways = list(_ways(tree))
        if not ways:
            break
        *before, last = data.draw(st.sampled_from(ways))
        inside = _at(tree, tuple(before))
        if data.draw(st.integers(0, 4)) == 0:
            del inside[last]
        else:
            inside[last] = data.draw(_odd(inside[last]))
    fits = not list(SCHEMAS.of(found.kind).check(found.file, tree))
    return document(found.file, found.kind, found.id, tree, SCHEMAS, fits=fits)


@settings(max_examples=150)
@given(st.data(), DAYS)
def test_no_record_stops_a_check(data: st.DataObject, today: date) -> None:
    registry = example()
    documents = {found.file: found for found in registry}
    for file in data.draw(
        st.lists(st.sampled_from(sorted(documents)), min_size=1, max_size=4)
    ):
        documents[file] = changed(documents[file], data)
    registry = replace(registry, documents=tuple(documents.values()))
    for check in CHECKS:
        if check.rule:
            for found in check.rule(registry, today):
                assert found.places, check.code
