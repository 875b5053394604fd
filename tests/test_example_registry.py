"""The example registry is believable, complete and right, on the day that its demonstration gives."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from ocs.adapters.files import Files
from ocs.model.kinds import KINDS
from ocs.model.registry import Registry
from ocs.model.vetting import Vetting
from ocs.rules.people.keys import reasons
from ocs.rules.records.schema import Schemas
from ocs.tasks.registry.certificates import verified
from ocs.tasks.registry.load import load
from ocs.tasks.registry.validate import validate
from ocs.tasks.secrets.secrets import audit, registry_of
from ocs.workspace import keyrings
from tests.conftest import EXAMPLE_REGISTRY, ROOT
from tests.gpg import needs_gpg

TODAY = date(2026, 11, 20)
RECORDS = sorted(EXAMPLE_REGISTRY.rglob("*.yaml"))


@pytest.fixture
def copy(tmp_path: Path) -> Files:
    """A copy, which has no history: of that this checkout may have all or little."""
    shutil.copytree(EXAMPLE_REGISTRY, tmp_path / "registry")
    return Files(tmp_path / "registry")


@needs_gpg
def test_it_validates_and_what_is_told_is_what_it_shows(copy: Files, schemas: Schemas) -> None:
    report = validate(copy, schemas, TODAY, keyrings=keyrings(TODAY))
    told = [(found.severity.value, found.code, found.place.file) for found in report.findings]
    assert told == [
        ("warning", "vacancy", "communities/open-map-carpathia.yaml"),
        ("note", "several-owners", "communities/open-map-communities.yaml"),
        ("note", "endless-key", "keys/amara.asc"),
    ]
    assert report.passed()
    assert report.records == len(RECORDS)


@needs_gpg
def test_everybody_who_was_vetted_has_a_key_of_which_only_is_noted_that_it_never_ends(
    copy: Files, schemas: Schemas
) -> None:
    registry = registry_of(copy, schemas)
    read = verified(list((registry.certificates or {}).values()), keyrings(TODAY))
    assert {each.person for each in read} == {each.id for each in registry.records(Vetting)}
    for file in read:
        assert [each.code for each in reasons(file, TODAY)] == ["endless-key"]


def test_every_secret_is_encrypted_to_exactly_whom_its_record_names(
    copy: Files, schemas: Schemas
) -> None:
    found = audit(copy, schemas, TODAY)
    assert not found.findings
    assert found.secrets == len(list(EXAMPLE_REGISTRY.glob("access/*/*.yaml")))
    assert found.secrets == len(list(EXAMPLE_REGISTRY.glob("secrets/*/*.gpg")))


@needs_gpg
def test_keys_and_ciphertexts_are_made_anew_by_one_command(
    tmp_path: Path, schemas: Schemas
) -> None:
    for folder in ("docs", "example-registry"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    subprocess.run([sys.executable, "docs/example_keys.py"], cwd=tmp_path, check=True)
    made = Files(tmp_path / "example-registry")
    assert not audit(made, schemas, TODAY).findings
    before, after = (
        _fingerprints(registry_of(each, schemas)) for each in (Files(EXAMPLE_REGISTRY), made)
    )
    assert before.keys() == after.keys()
    assert set(before.values()).isdisjoint(after.values())


@needs_gpg
def test_the_demonstration_shares_a_login_ends_that_and_leaves_nothing(tmp_path: Path) -> None:
    folders = {"TMPDIR": str(tmp_path), "HOME": str(tmp_path)}
    done = _demonstrated(**folders)
    assert done.returncode == 0, done.stderr
    told = done.stdout.splitlines()
    for person, words in [
        ("sam", "secret show"),
        ("diego", "secret show"),
        ("mirela", "secret revoke"),
    ]:
        assert any(line.startswith(f"{person}$ ocs {words}") for line in told)
    assert "gravel-otter-basil-linden" in told
    assert done.stderr.count("none of your keys is among its") == 2
    assert "sam could read the content of dunmarrow-library/newsletter" in done.stdout
    assert not list(tmp_path.iterdir())


def test_the_demonstration_says_that_there_is_no_gpg() -> None:
    done = _demonstrated(PATH="")
    assert (done.returncode, done.stderr) == (0, "")
    assert "gpg and git cannot be found" in done.stdout


def _demonstrated(**environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, ROOT / "docs" / "demo.py"]
    return subprocess.run(
        command, env={**os.environ, **environment}, capture_output=True, text=True, check=False
    )


def _fingerprints(registry: Registry) -> dict[str, str]:
    """By person, each as its vetting record has it and its certificate."""
    vetted = {each.id: each.key for each in registry.records(Vetting)}
    for person, file in (registry.certificates or {}).items():
        assert file.outline is not None
        assert file.outline.fingerprint == vetted[person]
    return {person: key for person, key in vetted.items() if key}


def test_it_is_as_large_as_a_small_group(schemas: Schemas) -> None:
    registry = load(Files(EXAMPLE_REGISTRY), schemas).registry
    counts = {kind.name: len(registry.by_kind[kind.name]) for kind in KINDS}
    assert counts["org"] == 3
    assert counts["community"] == 4
    assert counts["vetting"] >= 7
    assert counts["problem"] == 25


@pytest.mark.parametrize(
    "path", RECORDS, ids=lambda path: str(path.relative_to(EXAMPLE_REGISTRY))
)
def test_every_file_begins_with_its_schema(path: Path) -> None:
    first = path.read_text().partition("\n")[0]
    match = re.fullmatch(r"# yaml-language-server: \$schema=(\S+)", first)
    assert match
    schema = (path.parent / match[1]).resolve()
    assert schema.parent == ROOT / "schemas"
    assert schema.is_file()


@pytest.mark.parametrize(
    "path", [path for path in RECORDS if path.parent.name != "problems"], ids=str
)
def test_only_example_domains_are_named(path: Path) -> None:
    addresses = re.findall(r"(?:https?://|mailto:|@)([\w.-]+\.\w+)", path.read_text())
    assert all(
        re.search(r"(^|\.)(example|example\.(org|com|net))$", name) for name in addresses
    ), addresses


def test_no_number_looks_like_a_telephone() -> None:
    for path in RECORDS:
        assert not re.search(r"(\+|\b00)[1-9][\d ()/-]{7,}", path.read_text()), path
