"""What the documentation says is what the program does."""

from __future__ import annotations

import importlib.util
import re
import subprocess
from pathlib import Path
from types import ModuleType

import pytest

from ocs.cli import COMMANDS
from ocs.rules.checks import CHECKS
from tests.conftest import ROOT

PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]


def generator() -> ModuleType:
    spec = importlib.util.spec_from_file_location("generate", ROOT / "docs" / "generate.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_reference_is_what_the_code_says() -> None:
    for name, text in generator().pages().items():
        assert (ROOT / "docs" / "reference" / name).read_text() == text, "run `python docs/generate.py`"


def test_every_command_and_code_is_in_the_reference() -> None:
    commands = (ROOT / "docs" / "reference" / "commands.md").read_text()
    assert all(f"\n## ocs {name}\n" in commands for name in COMMANDS)
    findings = (ROOT / "docs" / "reference" / "findings.md").read_text()
    assert all(f"\n## {code}\n" in findings for code in [check.code for check in CHECKS])


def test_every_command_has_a_story() -> None:
    stories = "\n".join(path.read_text() for path in (ROOT / "tests" / "scripts").iterdir())
    assert all(re.search(rf"^ +\$ (?:.*[| ])?ocs {name} ", stories, re.MULTILINE) for name in COMMANDS)


def test_every_code_is_tested() -> None:
    tests = "\n".join(path.read_text() for path in (ROOT / "tests").rglob("test_*.py"))
    assert [check.code for check in CHECKS if check.code not in tests] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)[^)]*\)", page.read_text()):
        if not target.startswith(("http://", "https://", "mailto:")):
            assert (page.parent / target).exists(), target


def test_the_readme_has_exactly_two_commands_for_a_fresh_machine() -> None:
    first = re.search(r"```console\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL)
    assert first
    commands = [line.partition("#")[0].strip() for line in first[1].splitlines() if line.startswith("$ ")]
    assert commands == ["$ make demo", "$ make test"]


def test_the_targets_that_the_readme_names_exist() -> None:
    for page in PAGES:
        for target in re.findall(r"`?\bmake ([a-z-]+)`", page.read_text()):
            done = subprocess.run(["make", "-n", target], cwd=ROOT, capture_output=True, check=False)
            assert done.returncode == 0, (page, target)
