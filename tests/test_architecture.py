"""Imports point down: each layer knows only the ones that docs/architecture.md allows it."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import ROOT

# What each part of ocs may import of ocs, and which outside libraries.
MAY_IMPORT: dict[str, tuple[set[str], set[str]]] = {
    "errors": (set(), set()),
    "model": ({"model", "errors"}, set()),
    "rules": ({"rules", "model", "errors"}, set()),
    "rules/schema.py": ({"rules", "model", "errors"}, {"jsonschema_rs"}),
    "adapters": (
        {"adapters", "model", "errors"},
        {"yaml", "git", "gnupg", "icalendar", "numpy", "tokenizers", "sqlite3", "subprocess"},
    ),
    "importers": ({"importers", "model", "errors"}, set()),
    "tasks": ({"tasks", "importers", "rules", "adapters", "model", "errors"}, set()),
    "output": ({"output", "rules", "model", "errors"}, {"rich"}),
    "commands": (
        {"commands", "tasks", "output", "workspace", "model", "errors"},
        {"typer", "rich"},
    ),
    "workspace": ({"tasks", "rules", "adapters", "model", "errors"}, set()),
    "boundary": ({"output", "errors"}, set()),
    "cli": ({"commands", "boundary", "errors"}, {"typer"}),
    "plain": ({"commands", "boundary"}, set()),
    "__main__": ({"cli", "plain"}, set()),
    "__init__": (set(), set()),
}
# Parts of the standard library that are a way to the outside, and belong to the adapters.
OUTSIDE = {"sqlite3", "subprocess"}
# Adapters hide one outside thing each. The keyring reads back with the packet walk what gpg wrote.
BESIDE = {"keyring": {"packets"}}
FILES = sorted((ROOT / "ocs").rglob("*.py"))


def imports_of(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Line and full name of everything that a module imports, also inside its functions."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, name.name) for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"line {node.lineno}: imports are written in full"
            yield from ((node.lineno, f"{node.module}.{name.name}") for name in node.names)


def part_of(module: str) -> str:
    """The part of ocs that a module belongs to: `model` for ocs.model.kinds."""
    return module.split(".")[1] if module.count(".") else "__init__"


def adapter_of(module: str) -> str:
    """The adapter that a module belongs to; one may be a package of several modules, or two of one thing."""
    name = module.split(".")[2]
    return "files" if name == "overlay" else name


def violations(path: Path, text: str) -> list[str]:
    """Every import in *text* that the module at *path* (seen from the folder ocs) may not make."""
    own = path.parts[0].removesuffix(".py")
    adapter = (
        adapter_of(f"ocs.adapters.{path.parts[1].removesuffix('.py')}")
        if own == "adapters"
        else ""
    )
    beside = {adapter, *BESIDE.get(adapter, ())}
    ours, libraries = MAY_IMPORT.get(path.as_posix(), MAY_IMPORT[own])
    found = []
    for line, name in imports_of(ast.parse(text)):
        top = name.split(".")[0]
        if top == "ocs":
            if name == "ocs.__version__":
                continue
            if part_of(name) not in ours:
                found.append(f"ocs/{path}:{line}: {own} may not import {name}")
            elif (
                own == "adapters"
                and part_of(name) == "adapters"
                and adapter_of(name) not in beside
            ):
                found.append(f"ocs/{path}:{line}: an adapter may not import another: {name}")
        elif top not in libraries and (top not in sys.stdlib_module_names or top in OUTSIDE):
            found.append(f"ocs/{path}:{line}: {own} may not import {name}")
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_point_down(path: Path) -> None:
    assert not violations(path.relative_to(ROOT / "ocs"), path.read_text())


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("model/person.py", "from ocs.rules.schema import Schemas"),
        ("rules/dates.py", "import yaml"),
        ("rules/dates.py", "def f():\n    import subprocess"),
        ("adapters/store/index.py", "from ocs.adapters.git import top_folder"),
        ("adapters/keyring/home.py", "from ocs.adapters.git import top_folder"),
        ("adapters/packets/framing.py", "from ocs.adapters.keyring import Keyring"),
        ("commands/show.py", "from ocs.adapters.files import Files"),
        ("importers/mots.py", "from ocs.rules.naming import slug"),
        ("importers/mots.py", "import yaml"),
        ("output/search.py", "import ocs.tasks.search"),
    ],
)
def test_a_wrong_import_is_named_with_its_line(path: str, text: str) -> None:
    (found,) = violations(Path(path), text)
    assert found.startswith(f"ocs/{path}:")


def test_the_clock_is_read_by_commands_and_the_workspace_only() -> None:
    readers = [
        path.relative_to(ROOT / "ocs").as_posix()
        for path in FILES
        if any(word in path.read_text() for word in (".today()", ".now(", "time.time"))
    ]
    assert readers == [
        "commands/asked.py",
        "commands/edit.py",
        "commands/may.py",
        "commands/problem.py",
        "commands/review.py",
        "commands/secretgit.py",
        "commands/secretrun.py",
        "commands/validate.py",
        "workspace.py",
    ]
