"""Several registries answer as one."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from ocs.adapters.store.fulltext import Fulltext
from ocs.adapters.store.index import Index
from ocs.adapters.store.joined import Joined, JoinedText
from ocs.cli import app
from ocs.model.found import Source
from ocs.model.kinds import KIND
from ocs.output.console import Screen
from ocs.tasks.search.search import search
from ocs.workspace import Workspace
from tests.conftest import EXAMPLE_REGISTRY

OURS = {
    "ocs.yaml": "name: Ours\n",
    "problems/mail-late.yaml": "title: Mail is late\nsymptoms: [{seen: The queue grows}]\nproduct: postfix\n",
    "problems/vpn-slow.yaml": "title: The VPN is slow\nsymptoms: [{says: Error 0x80070005}]\nproduct: openvpn\n",
    "orgs/river-house.yaml": "name: River House queue\n",
}
THEIRS = {
    "ocs.yaml": "name: Theirs\n",
    "problems/mail-late.yaml": "title: Mail comes back\nsymptoms: [{seen: A queue with bounces}]\nproduct: postfix\n",
    "problems/login-fails.yaml": "title: No login\nsymptoms: [{says: HRESULT -2147024891}]\nproduct: samba\n",
    "orgs/hill-house.yaml": "name: Hill House queue\n",
}
QUERIES = [
    "calendar reminders late",
    "certificate old after renewal",
    "mail 5.7.26 rejected",
    "wordpress -plugin",
    "in:title nextcloud maintenance",
    '"maintenance mode" upgrade',
    "tag:cron jobs",
]


@pytest.fixture
def two(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name, records in {"ours": OURS, "theirs": THEIRS}.items():
        for path, text in records.items():
            (tmp_path / name / path).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name / path).write_text(text)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def found(*words: str, folders: tuple[str, ...] = ("ours", "theirs")) -> Any:
    named = [part for folder in folders for part in ("-C", folder)]
    result = CliRunner().invoke(app, ["search", "--json", *named, *words])
    assert result.exit_code in (0, 1), result.output
    return json.loads(result.stdout)


def paths(*words: str) -> list[str]:
    return [result["path"] for result in found(*words)["results"]]


def test_one_ranking_says_which_registry_each_result_is_from(two: Path) -> None:
    answer = found("queue", "mail")
    told = [(each["path"], each["registry"]) for each in answer["results"]]
    assert told == [
        ("ours/problems/mail-late.yaml", "Ours"),
        ("theirs/problems/mail-late.yaml", "Theirs"),
    ]
    assert (answer["total"], answer["has_more"]) == (2, False)


def test_on_a_terminal_a_registrys_name_is_wrapped(
    two: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (two / "ours/ocs.yaml").write_text("name: Helping hands of the whole valley\n")
    monkeypatch.setattr(Screen, "width", 40)
    lines = (
        CliRunner()
        .invoke(app, ["search", "-C", "ours", "-C", "theirs", "vpn"])
        .stdout.splitlines()
    )
    assert lines[-2:] == ["     problems/vpn-slow · Helping hands", "     of the whole valley"]


def test_of_one_registry_no_name_is_told(two: Path) -> None:
    assert [each["registry"] for each in found("queue", folders=("ours",))["results"]] == [
        None
    ]


def test_filters_codes_corrections_and_facets_are_of_all(two: Path) -> None:
    assert sorted(paths("product:postfix")) == [
        "ours/problems/mail-late.yaml",
        "theirs/problems/mail-late.yaml",
    ]
    answer = found("0x80070005")
    assert {each["path"] for each in answer["results"]} == {
        "ours/problems/vpn-slow.yaml",
        "theirs/problems/login-fails.yaml",
    }
    assert answer["codes"] == {"0x80070005": 2}
    assert found("bunces")["corrected"] == {"bunces": "bounces"}  # which only theirs has
    assert found("bounces", "slow", "queue")["facets"] == {"postfix": 2}
    assert found("product:sambo")["unknown"] == {"product:sambo": "product:samba"}
    assert [each["path"] for each in found("mail", "--offset", "1")["results"]] == paths(
        "mail"
    )[1:]


def test_what_several_registries_keep_of_organisations_is_not_among_problems(
    two: Path,
) -> None:
    answer = found("queue", "house")
    assert {each["kind"] for each in answer["results"]} == {"problem"}
    nothing = found("house")
    assert (nothing["results"], nothing["elsewhere"]) == ([], {"org": 2})
    assert {each["path"] for each in found("--kind", "orgs", "house")["results"]} == {
        "ours/orgs/river-house.yaml",
        "theirs/orgs/hill-house.yaml",
    }


def test_a_registry_that_is_missing_is_named_and_the_others_answer(two: Path) -> None:
    (two / "empty").mkdir()
    answer = found("queue", folders=("nowhere", "ours", "empty"))
    assert [each["id"] for each in answer["results"]] == ["mail-late"]
    assert answer["not_searched"].keys() == {"nowhere", "empty"}
    assert "no ocs.yaml" in answer["not_searched"]["empty"]
    result = CliRunner().invoke(app, ["search", "-C", "nowhere", "-C", "ours", "-q", "queue"])
    assert result.stderr.startswith(
        "warning: nowhere was not searched: there is no folder nowhere\n"
    )


@pytest.mark.skipif(os.geteuid() == 0, reason="who is root can list every folder")
def test_a_registry_that_cannot_be_listed_is_named_and_the_others_answer(two: Path) -> None:
    (two / "theirs" / "problems").chmod(0)
    try:
        answer = found("queue")
    finally:
        (two / "theirs" / "problems").chmod(0o755)
    assert [each["path"] for each in answer["results"]] == ["ours/problems/mail-late.yaml"]
    assert answer["not_searched"] == {"theirs/": "cannot list problems"}


def test_a_registry_whose_own_record_is_broken_is_called_by_its_folder(two: Path) -> None:
    (two / "theirs" / "ocs.yaml").write_text("name: [")
    assert {each["registry"] for each in found("queue")["results"]} == {"Ours", "theirs"}


def test_registries_that_call_themselves_alike_are_told_apart(two: Path) -> None:
    (two / "theirs" / "ocs.yaml").write_text("name: Ours\n")
    assert {each["registry"] for each in found("queue")["results"]} == {
        "Ours (ours/)",
        "Ours (theirs/)",
    }


def test_where_none_can_be_asked_it_is_said_once(two: Path) -> None:
    result = CliRunner().invoke(app, ["search", "-C", "x", "-C", "y", "queue"])
    assert result.exit_code == 2
    assert result.stderr.startswith("error: there is no folder x\n")


def test_the_list_in_the_environment_joins_the_registry_here(
    two: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OCS_REGISTRIES", f"{two / 'theirs'}{os.pathsep}{two / 'ours'}")
    monkeypatch.chdir(two / "ours" / "problems")
    assert {each["path"] for each in found("queue", folders=())["results"]} == {
        "../problems/mail-late.yaml",
        "../../theirs/problems/mail-late.yaml",
    }
    monkeypatch.chdir("/")  # where there is none
    assert found("queue", folders=())["total"] == 2
    assert (
        found("queue", folders=(str(two / "theirs"),))["total"] == 1
    )  # what is named alone is asked alone


def test_a_record_of_theirs_is_opened_from_theirs(two: Path) -> None:
    rank = paths("bounces", "mail").index("theirs/problems/mail-late.yaml") + 1
    result = CliRunner().invoke(
        app, ["search", "-C", "ours", "-C", "theirs", "bounces", "mail", "--open", str(rank)]
    )
    assert result.stdout.startswith("Mail comes back\n")


def test_what_is_similar_to_a_record_is_not_that_record_but_may_be_called_as_it_is(
    two: Path,
) -> None:
    similar = paths("--similar", "mail-late")
    assert similar[0] == "theirs/problems/mail-late.yaml"
    assert "ours/problems/mail-late.yaml" not in similar


@pytest.mark.parametrize("command", ["show", "list", "validate", "due"])
def test_another_command_with_several_registries_is_refused(two: Path, command: str) -> None:
    words = {"show": ["mail-late"], "list": ["problems"]}.get(command, [])
    result = CliRunner().invoke(app, [command, *words, "-C", "ours", "--registry=theirs"])
    assert (result.exit_code, result.stdout) == (2, "")
    assert (
        f"`ocs {command}` works on one registry, and more than one is named" in result.stderr
    )


def parts_of_the_example(folder: Path) -> Iterator[Workspace]:
    """The example registry's problems in two registries, which one by its id."""
    for part in range(2):
        root = folder / str(part)
        (root / "problems").mkdir(parents=True)
        shutil.copy(EXAMPLE_REGISTRY / "ocs.yaml", root)
        for file in (EXAMPLE_REGISTRY / "problems").iterdir():
            if hashlib.sha256(file.name.encode()).digest()[0] % 2 == part:
                shutil.copy(file, root / "problems")
        yield Workspace.open(root)


@pytest.mark.parametrize("query", QUERIES)
def test_a_registry_cut_in_two_answers_as_the_whole(tmp_path: Path, query: str) -> None:
    shutil.copytree(EXAMPLE_REGISTRY / "problems", tmp_path / "whole" / "problems")
    shutil.copy(EXAMPLE_REGISTRY / "ocs.yaml", tmp_path / "whole")
    one, other = parts_of_the_example(tmp_path)

    def answer(index: Index) -> tuple[int, str, set[str]]:
        given = search(index, query, [KIND["problem"]], 50)
        return (
            given.total,
            given.results[0].record.id,
            {result.record.id for result in given.results},
        )

    whole = Workspace.open(tmp_path / "whole").ask(answer)
    joined = one.ask(
        lambda first: other.ask(
            lambda second: answer(
                Joined([first, second], [Source("One", "0/"), Source("Other", "1/")])
            )
        )
    )
    assert joined == whole


def test_an_index_that_breaks_meanwhile_is_made_anew(two: Path) -> None:
    assert found("queue")["total"] == 2
    for file in Path(os.environ["XDG_CACHE_HOME"]).rglob("index-*.sqlite"):
        with sqlite3.connect(file) as broken:
            broken.execute("DROP TABLE facets")
        broken.close()
    assert found("queue")["total"] == 2


def test_whatever_reads_an_index_reads_several() -> None:
    writing = {
        "on_disk",
        "in_memory",
        "discard",
        "close",
        "stamps",
        "basis",
        "remember",
        "update",
    }
    for one, several, others in [
        (Index, Joined, writing),
        (Fulltext, JoinedText, {"add", "forget", "having", "parts"}),
    ]:
        public = {name for name in vars(one) if not name.startswith("_")}
        assert public - others == {name for name in vars(several) if not name.startswith("_")}


def test_asking_several_never_writes_into_a_registry(two: Path) -> None:
    before = sorted(two.rglob("*"))
    found("queue")
    assert sorted(two.rglob("*")) == before


def test_files_that_change_are_seen_in_each(two: Path) -> None:
    assert found("blizzard")["total"] == 0
    (two / "theirs/problems/blizzard.yaml").write_text(
        "title: Blizzard\nsymptoms: [{seen: The screen flickers}]\n"
    )
    assert paths("blizzard") == ["theirs/problems/blizzard.yaml"]
