"""What the documentation says is what the program does."""

from __future__ import annotations

import importlib
import importlib.util
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from xml.etree import ElementTree

import pytest
from typer.testing import CliRunner

from ocs.cli import app
from ocs.commands.declared import help_of
from ocs.commands.table import COMMANDS, GROUPS, command_named
from ocs.rules.checks import CHECKS
from tests.conftest import EXAMPLE_REGISTRY, ROOT

DOCS = ROOT / "docs"
PAGES = sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md")])
LINK = re.compile(r"\]\(([^)#\s]*)#?([^)\s]*)\)")


def module(name: str) -> ModuleType:
    """A program of the documentation."""
    spec = importlib.util.spec_from_file_location(name, ROOT / "docs" / f"{name}.py")
    assert spec
    assert spec.loader
    found = importlib.util.module_from_spec(spec)
    sys.modules[name] = found  # where dataclasses look for themselves
    spec.loader.exec_module(found)
    return found


def generator() -> ModuleType:
    return module("generate")


def test_what_is_written_from_the_code_is_up_to_date(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(ROOT / "docs")
    files = generator().files()
    for path, text in files.items():
        assert path.read_text() == text, "run `python docs/generate.py`"
    for folder in ("man", "completions"):
        there = set((ROOT / folder).iterdir())
        assert there == {path for path in files if path.parent == ROOT / folder}


def test_the_manual_pages_name_every_command_and_variable(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.syspath_prepend(ROOT / "docs")
    manual = importlib.import_module("manpages")
    pages = "".join(manual.pages().values()).replace("\\-", "-")
    assert all(f".SS {manual.usage(name)}\n" in pages for name in COMMANDS)
    code = "".join(path.read_text() for path in (ROOT / "ocs").rglob("*.py"))
    variables = {
        "EDITOR",
        "VISUAL",
        *re.findall(r'"(OCS_[A-Z]+|PASSWORD_STORE_CLIP\w+)"', code),
    }
    variables |= set(re.findall(r'"(XDG_\w+|GNUPGHOME|NO_COLOR)"', code))
    variables -= {"XDG_RUNTIME_DIR"}
    assert [name for name in sorted(variables) if name not in pages] == []
    for section in ("EXIT STATUS", "ENVIRONMENT", "FILES", "EXAMPLES", "SEE ALSO"):
        assert pages.count(f".SH {section}\n") == len(manual.pages())


# Each as it is called to say what is wrong with a page.
LINTERS = {
    "mandoc": ["mandoc", "-T", "lint", "-W", "warning"],
    "man": ["man", "--warnings", "-E", "UTF-8", "-l"],
}


@pytest.mark.parametrize("linter", LINTERS)
@pytest.mark.parametrize(
    "page", sorted((ROOT / "man").iterdir()), ids=lambda page: str(page.name)
)
def test_the_manual_pages_are_good_roff(page: Path, linter: str) -> None:
    if not shutil.which(linter):
        pytest.skip(f"{linter} is not installed")
    done = subprocess.run(
        [*LINTERS[linter], str(page)], capture_output=True, text=True, check=False
    )
    complaints = [
        line
        for line in (done.stderr + (done.stdout if linter == "mandoc" else "")).splitlines()
        if "missing date" not in line  # it would differ from build to build
    ]
    assert complaints == []
    assert linter == "mandoc" or "SEE ALSO" in done.stdout


@pytest.mark.parametrize("command", ["", *GROUPS, *COMMANDS])
def test_a_help_shows_nothing_raw(command: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    help = CliRunner().invoke(app, [*command.split(), "--help"]).stdout
    page = (ROOT / "docs" / "reference" / "commands.md").read_text()
    section = re.search(rf"^## ocs {command}\n(.*?)(?=^## |\Z)", page, re.M | re.S)
    assert (section is not None) == (command in COMMANDS)
    for text in (help, section[1] if section else ""):
        assert not re.search(
            r"\x08|\\b|<class|<_|<(?:path|str|text|int)>|default: <", text, re.I
        )
        assert not re.search(r"\bTEXT\b|\bVALUE\b(?<!FIELD=VALUE)", text)
        assert all(len(line) <= 80 for line in help.splitlines())
    if command in COMMANDS:
        examples = help_of(command_named(command)).examples
        assert examples
        for example in examples:
            assert f"\n   {example} " in f"{help} ", f"too long for 80 columns: {example}"
        assert section
        assert f"```console\n$ {examples[0]}\n" in section[1]


def test_every_command_and_code_is_in_the_reference() -> None:
    commands = (ROOT / "docs" / "reference" / "commands.md").read_text()
    assert all(f"\n## ocs {name}\n" in commands for name in COMMANDS)
    findings = (ROOT / "docs" / "reference" / "findings.md").read_text()
    assert all(f"\n## {code}\n" in findings for code in [check.code for check in CHECKS])


def test_every_command_has_a_story() -> None:
    stories = "\n".join(path.read_text() for path in (ROOT / "tests" / "scripts").iterdir())
    assert all(
        re.search(rf"^ +\$ (?:.*[| ])?ocs {name} ", stories, re.MULTILINE) for name in COMMANDS
    )


def test_every_code_is_tested() -> None:
    tests = "\n".join(path.read_text() for path in (ROOT / "tests").rglob("test_*.py"))
    assert [check.code for check in CHECKS if check.code not in tests] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    for target, anchor in LINK.findall(without_code(page)):
        if not target.startswith(("http://", "https://", "mailto:")):
            there = page.parent / target if target else page
            assert there.exists(), target
            assert not anchor or anchor in anchors(there), f"{target}#{anchor}"


def without_code(page: Path) -> str:
    return re.sub(r"^```.*?^```", "", page.read_text(), flags=re.DOTALL | re.MULTILINE)


def anchors(page: Path) -> set[str]:
    """The headings of a page, as platforms make addresses of them."""
    headings = re.findall(r"^#+ (.*)$", without_code(page), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_the_tests_that_a_page_names_exist(page: Path) -> None:
    named = re.findall(r"`([a-z/_]+/test_\w+\.py)", page.read_text())
    tests = ROOT / "tests"
    assert [name for name in named if not (tests / name.removeprefix("tests/")).exists()] == []


def test_messages_name_pages_that_exist() -> None:
    named = {
        page
        for path in [*(ROOT / "ocs").rglob("*.py"), *(ROOT / "schemas").iterdir()]
        for page in re.findall(r"\bdocs/[\w/-]+\.\w+", path.read_text())
    }
    assert named
    assert [page for page in named if not (ROOT / page).exists()] == []


def test_every_page_is_in_a_folder_and_in_the_index() -> None:
    pages = {str(path.relative_to(DOCS)) for path in DOCS.rglob("*.md")} - {"README.md"}
    assert {page.partition("/")[0] for page in pages} == {"howto", "reference", "explanation"}
    listed = [target for target, _ in LINK.findall((DOCS / "README.md").read_text())]
    assert sorted(page for page in listed if not page.startswith("../")) == sorted(pages)


def test_the_readme_has_exactly_two_commands_for_a_fresh_machine() -> None:
    first = re.search(r"```console\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL)
    assert first
    commands = [
        line.partition("#")[0].strip()
        for line in first[1].splitlines()
        if line.startswith("$ ")
    ]
    assert commands == ["$ make demo", "$ make test"]


def test_the_targets_that_the_readme_names_exist() -> None:
    for page in PAGES:
        for target in re.findall(r"`?\bmake ([a-z-]+)`", page.read_text()):
            done = subprocess.run(
                ["make", "-n", target], cwd=ROOT, capture_output=True, check=False
            )
            assert done.returncode == 0, (page, target)


def test_the_file_of_which_the_page_for_communities_tells_is_the_one_of_the_story(
    tmp_path: Path,
) -> None:
    """What it says before, and after the change that the pictures show."""
    registry = tmp_path / "registry"
    shutil.copytree(EXAMPLE_REGISTRY, registry)
    file = registry / "communities" / "open-map-tiles.yaml"
    before = file.read_text()
    pictures = module("pictures")
    for command in pictures.until_proposed(ROOT / "tests" / "scripts" / "leads-handover.txt"):
        subprocess.run(["bash", "-c", command], cwd=registry, check=True, capture_output=True)
    first, second, custody = re.findall(
        r"```yaml\n(.*?)```", (ROOT / "docs" / "howto" / "leading.md").read_text(), re.DOTALL
    )
    assert first in before
    assert second in file.read_text()
    assert custody in file.read_text()


def test_every_picture_is_one_that_is_drawn_and_shown() -> None:
    drawn = {f"{each.name}.png" for each in module("pictures").PICTURES}
    assert {path.name for path in (ROOT / "docs" / "pictures").iterdir()} == drawn
    assert (
        set(
            re.findall(
                r"pictures/([a-z]+\.png)", (ROOT / "docs" / "howto" / "leading.md").read_text()
            )
        )
        == drawn
    )


def test_the_moving_picture_shows_what_the_commands_print() -> None:
    """Without a program, a font or anything else from elsewhere, and not too large."""
    picture = module("picture")
    drawn = picture.PICTURE.read_text()
    assert len(drawn.encode()) <= 300_000
    assert re.findall(r"<script|@import|@font-face|\bon\w+=|url\((?!#)|href=", drawn) == []
    assert shown(drawn) == shown(picture.picture()), "run `make pictures`"


def shown(picture: str) -> list[str]:
    """The text in a picture, line by line; old versions of Rich leave empty lines out."""
    lines: dict[float, str] = {}
    for text in ElementTree.fromstring(picture).iter("{http://www.w3.org/2000/svg}text"):
        y = float(text.attrib["y"])
        lines[y] = lines.get(y, "") + (text.text or "")
    texts = (lines[y].replace("\N{NO-BREAK SPACE}", " ").rstrip() for y in sorted(lines))
    return [text for text in texts if text]


@pytest.mark.parametrize("page", ["gatekeeping", "who-may-ask"])
def test_the_commands_of_the_pages_for_gatekeepers_and_triagers_are_answered(
    page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(EXAMPLE_REGISTRY, tmp_path / "registry")
    monkeypatch.chdir(tmp_path / "registry")
    subprocess.run(["git", "init", "-q"], check=True)
    blocks = re.findall(
        r"```console\n(.*?)```",
        (ROOT / "docs" / "howto" / f"{page}.md").read_text(),
        re.DOTALL,
    )
    commands = re.findall(r"^\$ ocs (.*)$", "".join(blocks), re.MULTILINE)
    assert commands
    for command in commands:
        result = CliRunner().invoke(app, shlex.split(command))
        assert result.exit_code in (0, 1), (command, result.output)
