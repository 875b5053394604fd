"""Every command over every hostile registry: never a bug, a hang, a steered terminal, or a write outside."""

from __future__ import annotations

import re
import shutil
from functools import partial
from pathlib import Path

import pytest

from ocs.commands.table import COMMANDS
from tests.hostile.around import STEERING, Around, check
from tests.hostile.contents import CONTENTS
from tests.hostile.folders import FOLDERS, Builder
from tests.hostile.plain import everywhere, plain, write
from tests.hostile.repositories import REPOSITORIES, repository
from tests.test_cli import on_a_terminal

# How each command is called over each registry. What it is asked to write lies in ../out.
CALLS: dict[str, list[list[str]]] = {
    "search": [
        ["search", "mail", "late", "x"],
        ["search", "--json", "--kind", "people", "--kind", "orgs", "x", "lena"],
        ["search", "-C", ".", "-C", "nowhere", "mail", "x"],
    ],
    "show": [["show", "problems/evil"], ["show", "lena"], ["show", "--json", "ocs"]],
    "list": [["list", "problems", "--json"]],
    "due": [["due", "--within", "9999y", "--ics", "../out/dates.ics"]],
    "init": [["init", "--name", "Other", "--founder", "Nobody's id"]],
    "new": [
        ["new", "problem", "evil", "--file", "../sample.yaml"],
        ["new", "access", "evil/x", "--file", "/dev/null"],
    ],
    "edit": [["edit", "problems/evil", "--file", "../sample.yaml"], ["edit", "ocs"]],
    "problem confirm": [["problem", "confirm", "evil", "--by", "lena", "--dry-run"]],
    "problem withdraw": [
        ["problem", "withdraw", "evil", "--because", "x", "--see", "x", "--dry-run", "--json"]
    ],
    "problem rename": [["problem", "rename", "evil", "good", "--dry-run"]],
    "may": [["may", "lena", "domain", "north"], ["may", "github:evil", "x", "evil", "--json"]],
    "review": [["review", "HEAD~1..HEAD"], ["review", "main..HEAD", "--format", "github"]],
    "community history": [
        ["community", "history", "north"],
        ["community", "history", "evil", "--json"],
    ],
    "community handover": [["community", "handover", "evil", "--to", "lena", "--dry-run"]],
    "community step-down": [["community", "step-down", "north", "lena", "--dry-run"]],
    "community add-peer": [["community", "add-peer", "evil", "lena", "--dry-run"]],
    "community confirm": [["community", "confirm", "evil", "--dry-run"]],
    "community stale": [["community", "stale"], ["community", "stale", "--json"]],
    "secret list": [["secret", "list"], ["secret", "list", "--json"]],
    "secret audit": [["secret", "audit"], ["secret", "audit", "--json"]],
    "secret show": [["secret", "show", "river-house/cloud"]],
    "secret exec": [["secret", "exec", "river-house/cloud", "evil/evil", "--", "true"]],
    "secret add": [
        ["secret", "add", "evil/new", "--file", "../sample.yaml", "--to", "lena", "--dry-run"]
    ],
    "secret edit": [["secret", "edit", "evil/evil"]],
    "secret grant": [["secret", "grant", "evil/evil", "lena", "--dry-run"]],
    "secret revoke": [["secret", "revoke", "evil/evil", "lena", "--dry-run"]],
    "secret rotate": [
        ["secret", "rotate", "evil/evil", "--file", "../sample.yaml", "--dry-run"]
    ],
    "secret sync": [["secret", "sync", "--dry-run"]],
    "secret textconv": [
        ["secret", "textconv", "ocs.yaml"],
        ["secret", "textconv", "secrets/evil/evil.gpg"],
    ],
    "changes": [["changes"], ["changes", "--all", "--json"], ["changes", "--confirm"]],
    "vet": [["vet", "evil", "--level", "known", "--by", "lena", "--check", "x", "--dry-run"]],
    "access show": [["access", "show", "lena"], ["access", "show", "evil/evil", "--json"]],
    "access end": [["access", "end", "lena", "--dry-run"]],
    "key check": [["key", "check"], ["key", "check", "--json", "lena", "../sample.yaml"]],
    "key import": [["key", "import", "lena", "../sample.yaml", "--dry-run"]],
    "key refresh": [["key", "refresh", "lena", "../sample.yaml", "--dry-run"]],
    "doctor": [["doctor"], ["doctor", "--json"]],
    "validate": [
        ["validate"],
        ["validate", "--json", "--strict"],
        ["validate", "--format", "github"],
        ["validate", "--tree", "HEAD"],
    ],
    "explain": [["explain", "unknown-person"]],
    "export": [["export", "mots", "../out/mots.yaml"]],
    "import": [["import", "mots", "../sample.yaml", "--dry-run"]],
}
# What is asked to be written into the registry.
WRITING = [
    ["import", "mots", "../sample.yaml"],
    ["export", "mots", "mots.yaml"],
    ["export", "mots", "problems/pipe.yaml"],
    ["due", "--ics", "dates.ics"],
    ["due", "--ics", "people/pipe.yaml"],
]
COMPLETION = {"_OCS_COMPLETE": "complete_bash", "COMP_WORDS": "ocs show ", "COMP_CWORD": "2"}
REGISTRIES: dict[str, tuple[Builder, str]] = {
    **{
        name: (partial(everywhere, content=content), says)
        for name, (content, says) in CONTENTS.items()
    },
    **FOLDERS,
}


def test_every_command_is_called() -> None:
    assert CALLS.keys() == COMMANDS.keys()
    assert all(
        " ".join(call).startswith(command)
        for command, calls in CALLS.items()
        for call in calls
    )


@pytest.mark.parametrize("name", REGISTRIES)
def test_a_hostile_registry(name: str, around: Around) -> None:
    build, says = REGISTRIES[name]
    plain(around.registry)
    build(around.registry)
    before = around.seen()
    for calls in CALLS.values():
        for call in calls:
            ended = around.run(*call)
            check(ended)
            if call == ["validate"] and says:
                assert says in ended.out + ended.err, str(ended)
    completed = around.run(environment=COMPLETION)
    assert (completed.status, completed.err) == (0, ""), str(completed)
    assert not STEERING.search(completed.out)
    assert around.seen() == before


@pytest.mark.parametrize(
    "name", [name for name, (content, _) in CONTENTS.items() if len(content) < 50_000]
)
def test_a_hostile_record_of_the_registry_itself(name: str, around: Around) -> None:
    plain(around.registry)
    write(around.registry, "ocs.yaml", CONTENTS[name][0])
    before = around.seen()
    for call in (["validate"], ["show", "ocs"], ["due", "--json"]):
        check(around.run(*call))
    assert around.seen() == before


@pytest.mark.parametrize(
    "name", [name for name in FOLDERS if "link" in name or "pipe" in name]
)
def test_what_is_written_into_a_hostile_registry_lies_within_it(
    name: str, around: Around
) -> None:
    plain(around.registry)
    FOLDERS[name][0](around.registry)
    before = around.seen_outside()
    for call in WRITING:
        check(around.run(*call))
    assert around.seen_outside() == before
    (around.registry / "ocs.yaml").unlink(missing_ok=True) if not (
        around.registry / "ocs.yaml"
    ).is_dir() else None
    check(around.run("init", "--name", "Other", "--founder", "lena"))
    assert around.seen_outside() == before


@pytest.mark.parametrize(
    "name", ["what steers a terminal", "right-to-left marks", "names of all kinds"]
)
def test_a_terminal_is_not_steered(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a terminal there are colours, which are ours, and nothing else."""
    monkeypatch.delenv("NO_COLOR")
    monkeypatch.chdir(tmp_path)
    plain(tmp_path)
    REGISTRIES[name][0](tmp_path)
    calls = (
        ["validate"],
        ["search", "evil", "x"],
        ["show", "problems/evil"],
        ["list", "problems"],
        ["due"],
    )
    shown = "".join(on_a_terminal(*call).decode() for call in calls)
    assert "\x1b[" in shown
    assert not STEERING.search(re.sub("\x1b\\[[0-9;]*[mK]|\r", "", shown))


@pytest.mark.parametrize("name", REPOSITORIES)
def test_a_hostile_repository(name: str, around: Around) -> None:
    build, says = REPOSITORIES[name]
    plain(around.registry)
    build(around.registry)
    before = around.seen()
    ended = around.run("validate", "--since", "base")
    check(ended)
    assert says in ended.err, str(ended)
    assert (ended.status == 2) is bool(says), str(ended)
    for call in (
        ["validate", "--since", "HEAD", "--format", "github"],
        ["validate", "--since", "base", "--json", "people"],
        ["validate", "--tree", "HEAD", "--json"],
        ["validate", "--tree", "HEAD", "--since", "base"],
        ["search", "mail"],
        ["list", "people"],
        ["validate", "--format", "github"],
    ):
        check(around.run(*call))
    assert around.seen() == before


REVISIONS = (
    "--output=../canary/x", "-h", "--help", "--all", "--", "", " ", "HEAD@{99}", "HEAD~99", "HEAD^99", ":/go", ":/x",
    ":people/lena.yaml", "HEAD:", "HEAD^{tree}", "HEAD:people/lena.yaml", "base..HEAD", "base...HEAD", "^base", "@",
    "@{-1}", "@{upstream}", "HEAD\n", "HEAD\x1b[31m", "\udcff", "..", "../..", "refs/heads/*", "main base", "stash",
    "4b825dc642cb6eb9a060e54bf8d69288fbee4904", "0" * 40, "f" * 64, "x" * 100_000, "\u202eniam", "FETCH_HEAD", "$(id)",
)  # fmt: skip


def test_no_revision_is_taken_for_anything_else(around: Around) -> None:
    plain(around.registry)
    repository(around.registry)
    before = around.seen()
    good = {}
    for revision in REVISIONS:
        for call in (["--since", revision], [f"--since={revision}"]):
            ended = around.run("validate", *call)
            check(ended)
            good[revision] = ended.status != 2
    assert [revision for revision in REVISIONS if good[revision]] == ["@"]
    assert around.seen() == before


def test_an_environment_that_names_another_repository(around: Around) -> None:
    plain(around.registry)
    repository(around.registry)
    other = around.folder / "canary" / "repository"
    shutil.copytree(around.registry, other)
    before = around.seen()
    expected = around.run("validate", "--since", "base")
    for name in (
        "GIT_DIR",
        "GIT_WORK_TREE",
        "GIT_INDEX_FILE",
        "GIT_COMMON_DIR",
        "GIT_OBJECT_DIRECTORY",
    ):
        for value in (f"{other}/.git", ""):
            assert (
                around.run("validate", "--since", "base", environment={name: value})
                == expected
            )
    assert around.seen() == before
