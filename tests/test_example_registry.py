"""The example registry is believable, complete and right, on the day that its demonstration gives."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from ocs.adapters.files import Files
from ocs.model.kinds import KINDS
from ocs.rules.schema import Schemas
from ocs.tasks.load import load
from ocs.tasks.validate import validate
from tests.conftest import EXAMPLE_REGISTRY, ROOT

TODAY = date(2026, 11, 20)
RECORDS = sorted(EXAMPLE_REGISTRY.rglob("*.yaml"))


def test_it_validates_and_what_is_told_is_what_it_shows(schemas: Schemas) -> None:
    report = validate(Files(EXAMPLE_REGISTRY), schemas, TODAY)
    told = [(found.severity.value, found.code, found.place.file) for found in report.findings]
    assert told == [
        ("warning", "vacancy", "communities/open-map-carpathia.yaml"),
        ("note", "several-owners", "communities/open-map-communities.yaml"),
    ]
    assert report.passed()
    assert report.records == len(RECORDS)


def test_it_is_as_large_as_a_small_group(schemas: Schemas) -> None:
    registry = load(Files(EXAMPLE_REGISTRY), schemas).registry
    counts = {kind.name: len(registry.by_kind[kind.name]) for kind in KINDS}
    assert counts["org"] == 3
    assert counts["community"] == 4
    assert counts["vetting"] >= 7
    assert counts["problem"] == 25


@pytest.mark.parametrize("path", RECORDS, ids=lambda path: str(path.relative_to(EXAMPLE_REGISTRY)))
def test_every_file_begins_with_its_schema(path: Path) -> None:
    first = path.read_text().partition("\n")[0]
    match = re.fullmatch(r"# yaml-language-server: \$schema=(\S+)", first)
    assert match
    schema = (path.parent / match[1]).resolve()
    assert schema.parent == ROOT / "schemas"
    assert schema.is_file()


@pytest.mark.parametrize("path", [path for path in RECORDS if path.parent.name != "problems"], ids=str)
def test_only_example_domains_are_named(path: Path) -> None:
    addresses = re.findall(r"(?:https?://|mailto:|@)([\w.-]+\.\w+)", path.read_text())
    assert all(re.search(r"(^|\.)(example|example\.(org|com|net))$", name) for name in addresses), addresses


def test_no_number_looks_like_a_telephone() -> None:
    for path in RECORDS:
        assert not re.search(r"(\+|\b00)[1-9][\d ()/-]{7,}", path.read_text()), path
