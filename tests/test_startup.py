"""Finding and showing start fast: what they do not need is not loaded."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ocs.cli import command_of
from ocs.commands.declared import REQUIRED, parameters
from ocs.commands.review import review
from ocs.commands.table import COMMANDS, command_named
from ocs.plain import answer, plain_values
from tests.conftest import EXAMPLE_REGISTRY

HEAVY = {"git", "gnupg", "jsonschema_rs", "rich", "typer", "yaml"}
# Of the standard library what is slow to load, and was once needed.
SLOW = {"ast", "dataclasses", "inspect", "shutil", "subprocess"}
CODE = """
import sys
before = set(sys.modules)
from ocs.plain import answer
status = answer({arguments})
print("loaded", *sorted({{name.partition(".")[0] for name in set(sys.modules) - before}}), file=sys.stderr)
sys.exit(99 if status is None else status)
"""


def loaded(*arguments: str) -> set[str]:
    """The packages that are loaded after a command, once the index is up to date."""
    for _ in range(2):
        done = subprocess.run(
            [sys.executable, "-c", CODE.format(arguments=list(arguments))],
            cwd=EXAMPLE_REGISTRY,
            capture_output=True,
            text=True,
            check=True,
        )
    return set(done.stderr.rpartition("loaded ")[2].split())


@pytest.mark.parametrize(
    "arguments",
    [
        ("search", "calendar"),
        ("search", "-n3", "--json", "calendr", "-vpn", "state:verified"),
        ("search", "--similar", "domain-expired-parked-page", "--explain"),
        ("show", "lena"),
    ],
)
def test_finding_and_showing_load_nothing_heavy(arguments: tuple[str, ...]) -> None:
    modules = loaded(*arguments)
    assert "ocs" in modules
    assert not modules & (HEAVY | SLOW)


@pytest.mark.parametrize(
    "arguments",
    [
        ("may", "ana-ruiz", "domain", "open-map-hispano", "--on", "2026-11-20"),
        ("review", "HEAD..HEAD", "--on=2026-11-20", "--format", "markdown"),
    ],
)
def test_asking_who_may_what_loads_no_typer(arguments: tuple[str, ...]) -> None:
    modules = loaded(*arguments)
    assert "yaml" in modules
    assert not modules & {"typer", "rich", "git", "gnupg"}


def test_what_is_no_plain_call_is_left_to_typer() -> None:
    for arguments in (
        ["search", "--help"],
        ["search", "-n", "0", "mail"],
        ["search", "mail", "--jso"],
        ["search", "mail", "--json=yes"],
        ["search", "--kind", "orgz", "mail"],
        ["search", "mail", "-n"],
        ["show"],
        ["show", "a", "b"],
        ["may", "ana-ruiz", "domain"],
        ["may", "ana-ruiz", "domain", "open-map-hispano", "--on", "2026-02-30"],
        ["review", "--format", "pdf"],
        ["review", "--opened-by", "ana"],
        ["review", "--opened_by", "4539057"],
        ["review", "--opened-at", "0001-01-01T00:00:00+01:00"],
        ["list", "peple"],
        ["list", "people", "orgs"],
        ["problem withdraw", "x", "--because", "y"],
        ["problem", "withdraw", "x"],
        ["problem", "confrim", "x"],
        ["problem"],
        ["secret", "grant", "riverside-food-bank/server1-ssh"],
        ["validate", "--only", "no-such-code"],
        ["--version"],
        [],
    ):
        assert answer(arguments) is None, arguments


def test_what_ci_asks_is_a_plain_call() -> None:
    by, at = "4539057", "2026-11-20T09:30:00Z"
    arguments = [
        "main..HEAD",
        "--opened-by",
        by,
        f"--reviewed-by={by}@{40 * 'a'}",
        "--opened-at",
        at,
    ]
    values = plain_values(review.review, arguments)
    assert values is not None
    assert values["opened_by"] == (by, None)
    assert values["reviewed_by"] == [(by, 40 * "a")]
    assert values["opened_at"] == [(date(2026, 11, 20), None)]


VALUES = [
    *("", " ", "- ", "-n 5", "--a sentence", "--opened_by=4539057", "--no-such-option"),
    *("4539057", f"4539057@{40 * 'a'}", f"77@{40 * 'b'}", "2026-11-20T09:30:00Z"),
    *"""
    mail late -vpn -2147024891 -1 - -- 3 0 a=b ٣ . -C. -n5 -n0 -0 -x 2026-11-20 2026-02-30 orgs
    people mots sigs json markdown github codeberg unknown-person tags=backup lena a/b ./a.asc
    """.split(),
]


def examples() -> Iterator[tuple[str, list[str]]]:
    """Every command with the words behind it, of the examples in its help."""
    for name in COMMANDS:
        _, _, lines = (command_named(name).__doc__ or "").partition("Example:")
        for call in re.findall(rf"^ *ocs {name}(|[ ][^|<>\n]*)$", lines, re.MULTILINE):
            yield name, shlex.split(call)


@pytest.mark.parametrize(
    ("name", "arguments"),
    [pytest.param(*example, id=" ".join([example[0], *example[1]])) for example in examples()],
)
def test_the_examples_of_the_help_are_plain_calls(name: str, arguments: list[str]) -> None:
    values = plain_values(command_named(name), arguments)
    assert values is not None
    assert_typer_reads(name, arguments, values)


@settings(deadline=None, max_examples=1000)
@given(st.data())
def test_a_plain_call_means_what_typer_makes_of_it(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(COMMANDS)))
    names = [
        name
        for parameter in parameters(command_named(name))
        for name in parameter.option_names
    ]
    values = st.sampled_from(VALUES)
    pieces = values
    if names:
        option = st.sampled_from(names)
        pieces |= option | st.builds("{}={}".format, option, values)
        pieces |= st.builds("{}{}".format, option, values)
    arguments = data.draw(st.lists(pieces, max_size=7))
    read = plain_values(command_named(name), arguments)
    if read is not None:
        assert_typer_reads(name, arguments, read)


def assert_typer_reads(name: str, arguments: list[str], values: dict[str, Any]) -> None:
    """That typer reads the same values from a call, and defaults where none is given."""
    context = command_of(name).make_context(f"ocs {name}", [*arguments])
    declared = parameters(command_named(name))
    assert all(
        parameter.default is not REQUIRED or parameter.name in values for parameter in declared
    )
    expected = {parameter.name: parameter.default for parameter in declared} | values
    assert {
        name: _like(expected.get(name), value) for name, value in context.params.items()
    } == expected


def _like(expected: object, value: Any) -> object:
    """A value of typer's, which has still texts for paths, tuples for lists, and () for None."""
    if isinstance(expected, Path):
        return Path(value)
    if isinstance(expected, list):
        return [_like(*pair) for pair in zip(expected, value, strict=True)]
    return None if value in ((), []) else value


def test_where_there_is_no_unix_what_helps_is_said() -> None:
    """A stand-in for Windows, which has none of the calls that ocs writes files with."""
    code = "import os; os.name = 'nt'; from ocs.__main__ import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", code, "search", "calendar"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        "error: ocs needs Linux, macOS or another Unix\n"
        "hint: on Windows, install WSL (`wsl --install`) and run ocs in it\n"
    )
