"""Finding and showing start fast: what they do not need is not loaded."""

from __future__ import annotations

import inspect
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
import typer
from hypothesis import given, settings
from hypothesis import strategies as st

from ocs.cli import app
from ocs.commands.communities import may
from ocs.commands.declared import plain_values
from ocs.commands.records import show
from ocs.commands.review import review
from ocs.commands.search import search
from ocs.plain import answer
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
        ["list", "people"],
        ["--version"],
        [],
    ):
        assert answer(arguments) is None, arguments


def test_what_ci_asks_is_a_plain_call() -> None:
    by, at = "4539057", "2026-11-20T09:30:00Z"
    asked = [
        "main..HEAD",
        "--opened-by",
        by,
        f"--reviewed-by={by}@{40 * 'a'}",
        "--opened-at",
        at,
    ]
    values = plain_values(review.review, asked)
    assert values is not None
    assert values["opened_by"] == (by, None)
    assert values["reviewed_by"] == [(by, 40 * "a")]
    assert values["opened_at"] == [(date(2026, 11, 20), None)]


PIECES = [
    *("", " ", "- ", "-n 5", "--a sentence"),
    *(f"--reviewed-by=4539057@{40 * 'a'}", f"77@{40 * 'b'}"),
    *"""
    mail late -vpn -2147024891 -1 - -- 3 a=b --json -q -0 -n -n5 -n0 -n=5 --offset --offset=2
    --offset= --offset=x --open ٣ -C -C. -C/tmp --registry=. --similar --similar=-x --log --log=-
    --explain -x --on --on=2026-11-20 2026-02-30 --kind orgs --format=markdown --format json
    --platform=codeberg --opened-by --opened_by=4539057 4539057 --reviewed-by --opened-at
    --opened-at=2026-11-20T09:30:00Z
    """.split(),
]


@settings(deadline=None, max_examples=1000)
@given(
    st.sampled_from([search.search, show.show, may.may, review.review]),
    st.lists(st.sampled_from(PIECES), max_size=6),
)
def test_a_plain_call_means_what_typer_makes_of_it(
    function: Callable[..., object], arguments: list[str]
) -> None:
    values = plain_values(function, arguments)
    if values is not None:
        command: Any = typer.main.get_command(app)
        context = command.get_command(None, function.__name__).make_context(
            "ocs", [*arguments]
        )
        # Typer makes lists and folders of what is here still tuples and texts, and has () for None.
        told = {name: str(_plain(value)) for name, value in context.params.items()}
        meant = {
            name: each.default for name, each in inspect.signature(function).parameters.items()
        } | values
        assert told == {name: str(_plain(value)) for name, value in meant.items()}


def _plain(value: object) -> object:
    return list(map(str, value)) or None if isinstance(value, list | tuple) else value
