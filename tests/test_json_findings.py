"""What is found has the same fields in the JSON of every command: those of `ocs validate`."""

from __future__ import annotations

import ast
import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from ocs.cli import app
from tests.conftest import ROOT
from tests.crew import Crew, git, put
from tests.gpg import needs_gpg

pytestmark = needs_gpg
FIELDS = {"code", "severity", "message", "hint", "places"}
PLACE = {"file", "line", "column", "length", "field"}
PROBLEM = """\
title: The printer is offline
symptoms: [{seen: Nothing is printed}]
resolution: Plug it in.
"""
COMMUNITY = """\
name: Garden
kind: group
leads:
  - {person: lena, role: owner, since: 2026-01-01}
"""
# A text of two lines is no value of a field that has one.
LINES = "one\ntwo"


@pytest.fixture
def registry(crew: Crew, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    files = crew.write(tmp_path / "registry")
    put(files.root, "problems/printer-offline.yaml", PROBLEM.encode())
    put(files.root, "communities/garden.yaml", COMMUNITY.encode())
    crew.secret(files, "river/login", b"hunter2", "lena")
    for arguments in (("init", "-q"), ("add", "-A"), ("commit", "-qm", "begin")):
        git(files.root, *arguments)
    monkeypatch.setenv("GNUPGHOME", crew.homes["amara"].path)
    monkeypatch.chdir(files.root)
    return files.root


def document(*words: str) -> dict[str, Any]:
    result = CliRunner().invoke(app, [*words, "--json"])
    found: dict[str, Any] = json.loads(result.stdout)
    assert "error" not in found, found
    return found


def assert_is_as_of_validate(findings: list[dict[str, Any]], *, also: frozenset[str]) -> None:
    assert findings
    for finding in findings:
        assert set(finding) == FIELDS | also
        assert finding["places"]
        for place in finding["places"]:
            assert set(place) == PLACE


@pytest.mark.parametrize(
    "words",
    [
        ("problem", "withdraw", "printer-offline", "--because", LINES),
        ("community", "add-peer", "garden", "sam", "--title", LINES),
        ("community", "handover", "garden", "--to", "sam", "--title", LINES),
        ("community", "step-down", "garden", "--by", "lena", "--decision", LINES),
        ("vet", "lena", "--suspend", "--because", LINES),
    ],
)
def test_of_edits(words: tuple[str, ...], registry: Path) -> None:
    assert_is_as_of_validate(document(*words)["findings"], also=frozenset())


@pytest.mark.parametrize(
    "words",
    [
        ("secret", "add", "house/door", "--to", "lena", "--purpose", LINES),
        ("secret", "grant", "river/login", "sam", "--because", LINES),
    ],
)
def test_of_plans_for_secrets_which_also_name_the_file(
    words: tuple[str, ...], registry: Path
) -> None:
    findings = document(*words)["findings"]
    assert_is_as_of_validate(findings, also=frozenset({"file"}))
    assert [each["file"] for each in findings] == [
        each["places"][0]["file"] for each in findings
    ]


def test_of_what_is_there(registry: Path) -> None:
    put(registry, "people/sam.yaml", b"name: [Sam]\n")
    (registry / "access/river/login.yaml").unlink()
    assert_is_as_of_validate(document("validate")["findings"], also=frozenset())
    assert_is_as_of_validate(document("secret", "audit")["findings"], also=frozenset())


def test_of_a_review(registry: Path) -> None:
    git(registry, "branch", "base")
    put(registry, "communities/garden.yaml", b"name: [Garden]\n")
    git(registry, "commit", "-qam", "break it")
    refused = document("review", "base..HEAD")["refused"]
    assert_is_as_of_validate(refused, also=frozenset())


def test_no_output_makes_them_in_another_way() -> None:
    """Whatever a document calls `findings` comes from the one function."""
    made = [
        (file.name, ast.unparse(value))
        for file in sorted((ROOT / "ocs" / "output").rglob("*.py"))
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.Dict)
        for key, value in zip(node.keys, node.values, strict=True)
        if isinstance(key, ast.Constant) and key.value == "findings"
    ]
    assert len(made) >= 3
    for name, how in made:
        assert "listed_as_json(" in how, name
