"""Thousands of small hostilities, made by hypothesis: whatever stands in a registry, no command ends in a bug.

With OCS_TIMES=10 in the environment there are ten times as many.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from ocs.adapters.git.changes import changes_since
from ocs.adapters.yamlfile import parse
from ocs.cli import app
from ocs.errors import OcsError
from ocs.model.kinds import RECORD_FOLDERS
from tests.conftest import EXAMPLE_REGISTRY
from tests.hostile.around import check
from tests.hostile.contents import COMMANDS_OF_CI, STEERS
from tests.hostile.plain import plain
from tests.hostile.processes import Ended
from tests.hostile.repositories import repository

TIMES = int(os.environ.get("OCS_TIMES", "1"))
READING = [
    ["validate", "--json"],
    ["validate", "--format", "github"],
    ["validate"],
    ["search", "mail", "late", "people"],
    ["search", "--kind", "people", "--kind", "orgs", "--kind", "communities", "lena", "x"],
    ["list", "people"],
    ["list", "communities", "--json"],
    ["due", "--within", "9999y"],
    ["show", "ocs"],
    ["export", "mots", "../mots.yaml", "--dry-run"],
]

SOME_CALLS = st.lists(st.sampled_from(READING), min_size=3, max_size=3)


def many(number: int) -> Callable[[Any], Any]:
    """So many examples, in folders that the examples of a test share."""
    return settings(
        max_examples=number * TIMES,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )


def ends_well(*arguments: str) -> None:
    done = CliRunner().invoke(app, list(arguments))
    check(Ended(arguments, done.exit_code, done.stdout, done.stderr))


@pytest.fixture
def small(in_memory: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A small registry, with one record of each kind from the example, as the current folder."""
    root = in_memory / "registry"
    root.mkdir()
    plain(root)
    for folder in ("", *RECORD_FOLDERS):
        first = max(
            (EXAMPLE_REGISTRY / folder).glob("*/*.yaml" if folder == "access" else "*.yaml"),
            key=_size,
        )
        place = root / first.relative_to(EXAMPLE_REGISTRY)
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(first, place)
    monkeypatch.chdir(root)
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    return root


def _size(path: Path) -> int:
    return path.stat().st_size


def records(root: Path) -> list[Path]:
    return sorted(root.rglob("*.yaml"))


ODD_TEXTS = st.sampled_from(
    (
        "", " ", "x", "lena", "joost", "river-house", "north", "ocs", "known", "owner", "none", "2026-11-20", "0001-01-01",
        "9998-12-31", "2026-02-30", "0", "-1", "2", "10000000000000000000000", "1e9", "true", "https://[", "https://x:y",
        "mailto:", "a@b", "1 day", "9999 years", "2/3", "0/0", "Europe/../x", "xn--", "ab" * 5000, "\u0300", "é" * 300,
        "%s", "{0}", "*", '"', STEERS, COMMANDS_OF_CI,
    )
)  # fmt: skip
ODD_VALUES = st.recursive(
    ODD_TEXTS | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(ODD_TEXTS, inner, max_size=4),
    max_leaves=8,
)


@contextlib.contextmanager
def restored(before: dict[Path, bytes]) -> Iterator[None]:
    """The next example begins with these files again."""
    try:
        yield
    finally:
        for path, content in before.items():
            path.write_bytes(content)


def _ways(tree: Any, way: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The ways to every value in a tree."""
    for key, value in (
        tree.items()
        if isinstance(tree, dict)
        else enumerate(tree)
        if isinstance(tree, list)
        else ()
    ):
        yield (*way, key)
        yield from _ways(value, (*way, key))


def _change(tree: Any, way: tuple[Any, ...], change: Callable[[Any, Any], None]) -> None:
    for step in way[:-1]:
        tree = tree[step]
    change(tree, way[-1])


@many(120)
@given(st.data())
def test_records_with_odd_values(small: Path, data: st.DataObject) -> None:
    """Each example changes a few values of a few records, which stay YAML that can be read."""
    before = {path: path.read_bytes() for path in records(small)}
    changed = data.draw(
        st.lists(st.sampled_from(sorted(before)), min_size=1, max_size=3, unique=True)
    )
    with restored({path: before[path] for path in changed}):
        for path in changed:
            tree = parse(before[path]).tree
            for _ in range(data.draw(st.integers(1, 3))):
                way = data.draw(st.sampled_from(list(_ways(tree)) or [("name",)]))
                change = _CHANGES[data.draw(st.sampled_from(sorted(_CHANGES)))](
                    data.draw(ODD_VALUES)
                )
                with contextlib.suppress(KeyError, IndexError, TypeError):
                    _change(tree, way, change)
            path.write_text(json.dumps(tree))
        for call in data.draw(SOME_CALLS):
            ends_well(*call)


_CHANGES: dict[str, Callable[[Any], Callable[[Any, Any], None]]] = {
    "replace": lambda value: lambda inside, key: inside.__setitem__(key, value),
    "delete": lambda value: lambda inside, key: inside.__delitem__(key),
    "repeat": lambda value: (
        lambda inside, key: inside.__setitem__(key, [inside[key], inside[key]])
    ),
    "wrap": lambda value: lambda inside, key: inside.__setitem__(key, {str(key): inside[key]}),
}


@many(120)
@given(st.data())
def test_records_with_odd_bytes(small: Path, data: st.DataObject) -> None:
    path = data.draw(st.sampled_from(records(small)))
    before = path.read_bytes()
    content = before
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(content)))
        end = data.draw(st.integers(start, min(len(content), start + 30)))
        pieces = [
            b"\0",
            b"\xff",
            b"\n",
            b"\r",
            b": ",
            b"- ",
            b"[",
            b"{",
            b"'",
            b'"',
            b"&a ",
            b"*a",
            b"!!x ",
            b"\t",
            b"# ",
        ]
        content = (
            content[:start]
            + data.draw(st.sampled_from(pieces) | st.binary(max_size=8))
            + content[end:]
        )
    with restored({path: before}):
        path.write_bytes(content)
        for call in (*data.draw(SOME_CALLS), ["show", str(path.relative_to(small))]):
            ends_well(*call)


FILE_NAMES = st.binary(min_size=1, max_size=60).filter(
    lambda name: not set(name) & {0, 0x2F} and name not in (b".", b"..")
)


@many(100)
@given(
    st.data(),
    FILE_NAMES,
    st.sampled_from(["", *RECORD_FOLDERS, "secrets", "keys"]),
    st.sampled_from(["", ".yaml", ".gpg"]),
)
def test_odd_names_of_files(
    small: Path, data: st.DataObject, name: bytes, folder: str, ending: str
) -> None:
    place = small / folder / os.fsdecode(name + ending.encode())
    place.parent.mkdir(exist_ok=True)
    if place.exists():
        return
    try:
        place.write_text("name: x\ntitle: x\nsymptoms: [{says: mail}]\n")
    except OSError:  # a file system may refuse some names
        return
    try:
        for call in (*data.draw(SOME_CALLS), ["show", "--", os.fsdecode(name)]):
            ends_well(*call)
    finally:
        place.unlink()


@many(400)
@given(
    st.text(max_size=60) | st.text('"*^:(){}-+\\\0\n NEARANDORNOT', max_size=30),
    st.sampled_from(["problems", "people"]),
)
def test_odd_words_to_search_for(small: Path, words: str, kind: str) -> None:
    ends_well("search", "--kind", kind, "--", words)


# What no argument of a process can hold is left out.
ARGUMENT_TEXTS = st.binary(max_size=12).map(lambda data: os.fsdecode(data.replace(b"\0", b"")))
STEPS = st.sampled_from(
    ["..", ".", "", "people", "lena.yaml", "~", "~root", "/", "x" * 300, ".git", "-"]
)
ODD_PATHS = st.lists(STEPS | ARGUMENT_TEXTS, max_size=5).map("/".join)


@many(500)
@given(ODD_PATHS)
def test_odd_paths(small: Path, path: str) -> None:
    for command in (
        ["validate", "--json", "--"],
        ["show", "--json", "--"],
        ["list", "people", "--json", "-C"],
    ):
        ends_well(*command, path)


@pytest.fixture(scope="module")
def in_git(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("in-git") / "registry"
    root.mkdir()
    plain(root)
    repository(root)
    return root


@many(150)
@given(
    st.text(max_size=20) | st.text("HEADmainbase@{}^~:.-/0123456789abcdef \\*?[", max_size=12)
)
def test_odd_revisions(in_git: Path, revision: str) -> None:
    with contextlib.suppress(OcsError):
        assert "people/newer.yaml" in changes_since(in_git, revision).changed


@many(150)
@given(
    st.sampled_from(
        ["config", "HEAD", "index", "refs/heads/base", "packed-refs", "info/exclude"]
    ),
    st.data(),
)
def test_odd_bytes_in_the_repository(in_git: Path, place: str, data: st.DataObject) -> None:
    path = in_git / ".git" / place
    before = path.read_bytes() if path.exists() else b""
    start = data.draw(st.integers(0, len(before)))
    end = data.draw(st.integers(start, len(before)))
    path.write_bytes(before[:start] + data.draw(st.binary(max_size=20)) + before[end:])
    try:
        with contextlib.suppress(OcsError):
            changes_since(in_git, "base")
    finally:
        path.write_bytes(before) if before else path.unlink()


@many(100)
@given(st.data())
def test_odd_bytes_in_the_index(small: Path, data: st.DataObject) -> None:
    """The index may have become anything, and every answer is still one of the registry's."""
    (small / ".git" / "objects").mkdir(parents=True, exist_ok=True)
    (small / ".git" / "HEAD").write_text("ref: refs/heads/main\n")
    ends_well("search", "mail")
    (path,) = (small / ".git" / "ocs").glob("*.sqlite")
    content = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(1, 6))):
        start = data.draw(st.integers(0, 10**6) | st.integers(0, 120)) % len(content)
        content[start : start + 4] = data.draw(st.binary(min_size=1, max_size=4))
    for suffix in ("-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
    path.write_bytes(content)
    for call in (["search", "mail"], ["show", "--json", "lena"], ["list", "people"]):
        ends_well(*call)
    path.unlink(missing_ok=True)
