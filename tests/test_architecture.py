"""Imports point down: each layer knows only the ones that docs/explanation/architecture.md allows it."""

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
    "rules/records/schema.py": ({"rules", "model", "errors"}, {"jsonschema_rs"}),
    "adapters": (
        {"adapters", "model", "errors"},
        {"yaml", "git", "gnupg", "icalendar", "numpy", "tokenizers", "sqlite3", "subprocess"},
    ),
    "importers": ({"importers", "model", "errors"}, set()),
    "tasks": ({"tasks", "importers", "rules", "adapters", "model", "errors"}, set()),
    "output": ({"output", "rules", "model", "errors"}, {"rich"}),
    "commands": (
        {"commands", "tasks", "output", "workspace", "model", "errors"},
        set(),
    ),
    "workspace": ({"tasks", "rules", "adapters", "model", "errors"}, set()),
    "boundary": ({"output", "errors"}, set()),
    "cli": ({"commands", "boundary", "errors"}, {"typer"}),
    "plain": ({"commands", "boundary", "errors"}, set()),
    "__main__": ({"cli", "plain"}, set()),
    "__init__": (set(), set()),
}
CAPABILITIES = "records search exchange people communities secrets trust review registry setup due".split()
# The rooms of a capability, in each layer, and which rooms of the same layer each may import:
# none that may import it, however far around. What lies beside the rooms is a room of its own.
ROOMS: dict[str, dict[str, set[str]]] = {
    "rules": {
        "nearest": set(),
        "fold": set(),
        "cycles": set(),
        "check": set(),
        "search": {"fold", "nearest"},
        "records": {"check", "cycles", "nearest"},
        "leaks": {"check", "fold", "records"},
        "exchange": {"records"},
        "people": {"check", "nearest"},
        "communities": {"check", "cycles", "nearest", "people", "records"},
        "secrets": {"check", "nearest", "people"},
        "trust": {"secrets"},
        "review": {"check", "communities", "nearest", "people", "records", "secrets"},
        "due": {"communities", "people", "records", "secrets"},
        "checks": {"check", "communities", "leaks", "people", "records", "review", "secrets"},
    },
    "tasks": {
        "registry": set(),
        "records": {"registry"},
        "search": {"records", "registry"},
        "exchange": {"registry"},
        "people": {"records", "registry"},
        "communities": {"records", "registry"},
        "trust": {"registry"},
        "secrets": {"records", "registry", "trust"},
        "review": {"registry"},
        "setup": {"registry", "secrets"},
        "due": {"registry"},
    },
    "output": {
        "console": set(),
        "registry": {"console"},
        "records": {"console", "registry"},
        "search": {"console", "records"},
        "exchange": {"console"},
        "people": {"console"},
        "communities": {"console"},
        "secrets": {"console", "records", "registry"},
        "trust": {"console"},
        "review": {"console", "registry"},
        "setup": {"console"},
        "due": {"console"},
    },
    "commands": {
        "declared": set(),
        "table": {"declared"},
        "prompt": set(),
        "completion": set(),
        "options": {"completion", "declared"},
        "asking": {"prompt"},
        "changing": {"asking", "declared", "options", "prompt"},
        **{
            room: {"asking", "changing", "completion", "declared", "options", "prompt"}
            for room in CAPABILITIES
        },
    },
}
MOST_FILES = 16
# Parts of the standard library that are a way to the outside, and belong to the adapters.
OUTSIDE = {"sqlite3", "subprocess"}
# Adapters hide one outside thing each. The keyring reads back with the packet walk what gpg wrote.
# The editor may be one that git's settings name.
BESIDE = {"keyring": {"packets"}, "editor": {"git"}}
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


def room_of(module: str) -> str:
    """The room of a layer that a module belongs to: `people` for ocs.rules.people.keys."""
    return module.split(".")[2]


def is_wrong_room(layer: str, own: str, other: str) -> bool:
    """May a room of a layer not import another one?"""
    rooms = ROOMS.get(layer, {})
    return bool(rooms) and other != own and other not in rooms.get(own, set())


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
    room = path.parts[1].removesuffix(".py") if len(path.parts) > 1 else ""
    found = []
    for line, name in imports_of(ast.parse(text)):
        top = name.split(".")[0]
        if top == "ocs":
            if name == "ocs.__version__":
                continue
            if part_of(name) not in ours:
                found.append(f"ocs/{path}:{line}: {own} may not import {name}")
            elif part_of(name) == own and is_wrong_room(own, room, room_of(name)):
                found.append(f"ocs/{path}:{line}: {own}/{room} may not import {name}")
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


def test_rooms_are_one_house() -> None:
    """What a room may import is a room, below it; and the layers name their rooms alike."""
    for layer, rooms in ROOMS.items():
        earlier: set[str] = set()
        for room, below in rooms.items():
            assert below <= earlier, f"{layer}/{room} may import {below - earlier}, above it"
            earlier.add(room)
    names = {
        layer: {
            path.name
            for path in (ROOT / "ocs" / layer).iterdir()
            if (path / "__init__.py").exists()
        }
        for layer in ROOMS
    }
    everywhere = names["tasks"] - {"registry", "setup"}
    assert everywhere <= names["commands"]
    assert everywhere <= names["output"]
    assert everywhere <= names["rules"]
    assert set.union(*names.values()) == names["tasks"] | {"leaks"}


@pytest.mark.parametrize("layer", ROOMS)
def test_no_folder_is_a_heap(layer: str) -> None:
    for folder in [ROOT / "ocs" / layer, *(ROOT / "ocs" / layer).glob("*/")]:
        files = [path for path in folder.glob("*.py") if path.name != "__init__.py"]
        assert len(files) <= MOST_FILES, f"{folder.relative_to(ROOT)} holds {len(files)} files"


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("model/person.py", "from ocs.rules.records.schema import Schemas"),
        ("rules/records/dates.py", "import yaml"),
        ("rules/records/dates.py", "def f():\n    import subprocess"),
        ("adapters/store/index.py", "from ocs.adapters.git import top_folder"),
        ("adapters/keyring/home.py", "from ocs.adapters.git import top_folder"),
        ("adapters/packets/framing.py", "from ocs.adapters.keyring import Keyring"),
        ("rules/records/orgs.py", "from ocs.rules.review.policy import POLICY"),
        ("rules/people/vetting.py", "from ocs.rules.secrets import readers"),
        ("rules/nearest.py", "from ocs.rules.check import check"),
        ("tasks/records/show.py", "from ocs.tasks.search.search import search"),
        ("output/console.py", "import ocs.output.search.search"),
        ("commands/records/show.py", "from ocs.commands.search import search"),
        ("commands/records/show.py", "from ocs.adapters.files import Files"),
        ("commands/records/show.py", "import typer"),
        ("importers/mots.py", "from ocs.rules.records.naming import slug"),
        ("importers/mots.py", "import yaml"),
        ("output/search/search.py", "import ocs.tasks.search.search"),
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
        "commands/options.py",
        "commands/records/edit.py",
        "commands/registry/validate.py",
        "commands/secrets/textconv.py",
        "workspace.py",
    ]
