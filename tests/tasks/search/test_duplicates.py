"""That a problem is known already is told before it is written, and when it was."""

from __future__ import annotations

import json
import os
import pty
import select
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from ocs.adapters.store.index import Index
from ocs.cli import app
from ocs.tasks.search.duplicates import known_already, known_by_title
from tests.proposing import git

CERTIFICATE = """\
title: The web server shows an expired certificate after renewal
symptoms: [{says: NET::ERR_CERT_DATE_INVALID}]
cause: nginx reads the certificate only when it starts.
resolution: Reload nginx after each renewal with a deploy hook of certbot.
"""
# The same in other words, as somebody writes it who did not find the first.
AGAIN = """\
title: Expired certificate although certbot renewed it
symptoms: [{seen: The browser says that the certificate of the web server has expired}]
resolution: Reload nginx.
"""
PRINTER = "title: The printer is offline\nsymptoms: [{seen: Nothing is printed}]\nresolution: Plug it in.\n"


@pytest.fixture
def registry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "problems").mkdir()
    (tmp_path / "ocs.yaml").write_text("name: Helping Hands\n")
    (tmp_path / "problems" / "old-certificate.yaml").write_text(CERTIFICATE)
    (tmp_path / "problems" / "printer-offline.yaml").write_text(PRINTER)
    for number, word in enumerate("mailbox calendar backup keyboard monitor router".split()):
        text = f"title: The {word} fails\nsymptoms: [{{seen: The {word} does nothing at step {number}}}]\n"
        (tmp_path / "problems" / f"{word}.yaml").write_text(text)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(registry: Path, id: str, text: str) -> None:
    (registry / "problems" / f"{id}.yaml").write_text(text)


def duplicates(*words: str) -> list[tuple[str, str]]:
    """The files of near-duplicates and what they are like, as `ocs validate` finds them."""
    result = CliRunner().invoke(
        app, ["validate", "--json", "--only", "near-duplicate", *words]
    )
    found = json.loads(result.stdout)["findings"]
    return [(each["places"][0]["file"], each["message"].split()[0]) for each in found]


def test_a_problem_that_says_the_same_is_found_when_it_is_asked_for(registry: Path) -> None:
    write(registry, "again", AGAIN)
    assert duplicates("problems/again.yaml") == [
        ("problems/again.yaml", "problems/old-certificate")
    ]
    assert duplicates("problems/printer-offline.yaml") == []


def test_without_changed_or_named_files_nothing_is_compared(registry: Path) -> None:
    write(registry, "again", CERTIFICATE)
    assert duplicates() == []
    assert duplicates("problems") == []


def test_two_new_ones_that_say_the_same_are_one_finding(registry: Path) -> None:
    write(registry, "again", CERTIFICATE)
    assert len(duplicates("problems/again.yaml", "problems/old-certificate.yaml")) == 1


def test_what_a_branch_changed_is_compared(registry: Path) -> None:
    git(registry, "init", "--quiet", "--initial-branch=main")
    git(registry, "add", ".")
    git(registry, "commit", "--quiet", "--message=begin")
    write(registry, "again", AGAIN)
    assert duplicates("--since", "main") == [
        ("problems/again.yaml", "problems/old-certificate")
    ]


def test_two_new_ones_in_a_proposal_that_is_not_checked_out_are_compared(
    registry: Path,
) -> None:
    git(registry, "init", "--quiet", "--initial-branch=main")
    git(registry, "add", ".")
    git(registry, "commit", "--quiet", "--message=begin")
    git(registry, "checkout", "--quiet", "-b", "proposed")
    wiki = "title: {}\nsymptoms: [{{seen: Pages of the wiki are saved and look empty afterwards}}]\n"
    write(registry, "wiki-empty", wiki.format("The wiki loses its pages"))
    write(registry, "wiki-lost", wiki.format("The wiki loses pages"))
    write(
        registry,
        "wiki-slow",
        "title: The wiki is slow\nsymptoms: [{seen: Pages take a minute}]\n",
    )
    git(registry, "add", ".")
    git(registry, "commit", "--quiet", "--message=propose")
    git(registry, "checkout", "--quiet", "main")
    told = duplicates("--tree", "proposed", "--since", "main")
    assert told == [("problems/wiki-empty.yaml", "problems/wiki-lost")]


@pytest.mark.parametrize(
    ("mine", "theirs"),
    [
        ("related: [old-certificate]\n", ""),
        ("", "related: [again]\n"),
        ("state: withdrawn\n", ""),
        ("", "state: withdrawn\n"),
    ],
)
def test_problems_that_know_of_each_other_are_not_told(
    registry: Path, mine: str, theirs: str
) -> None:
    write(registry, "again", CERTIFICATE + mine)
    write(registry, "old-certificate", CERTIFICATE + theirs)
    assert duplicates("problems/again.yaml") == []


def test_a_new_problem_is_written_and_the_known_one_named(registry: Path) -> None:
    (registry / "draft").write_text(AGAIN)
    result = CliRunner().invoke(app, ["new", "problem", "again", "--file", "draft"])
    assert result.exit_code == 0
    assert (
        "is it one of these problems?\n  problems/old-certificate  The web server shows an expired certificate after renewal\n"
        in result.stderr
    )
    assert (registry / "problems/again.yaml").is_file()


def test_of_a_problem_that_nobody_knows_nothing_is_said(registry: Path) -> None:
    (registry / "draft").write_text(
        "title: Zip disk clicks\nsymptoms: [{seen: Clicking sounds}]\n"
    )
    result = CliRunner().invoke(app, ["new", "problem", "zip", "--file", "draft"])
    assert (result.exit_code, result.stderr) == (0, "")


def test_other_records_are_not_compared(registry: Path) -> None:
    (registry / "draft").write_text(
        "name: Expired certificate of the web server after renewal\n"
    )
    result = CliRunner().invoke(app, ["new", "person", "expired", "--file", "draft"])
    assert "is it one of these problems?" not in result.stderr


@pytest.mark.parametrize(("answer", "status"), [("\n", 0), ("n\n", 130)])
def test_on_a_terminal_one_may_still_not_write_it(
    registry: Path, answer: str, status: int
) -> None:
    ended, said = at_a_terminal(registry, answer)
    assert ended == status
    assert "write it anyway? [Y/n]" in said
    assert (registry / "problems/again.yaml").is_file() == (status == 0)
    if status:
        assert "your text is kept in" in said


def at_a_terminal(registry: Path, answer: str) -> tuple[int, str]:
    """The status of writing a known problem where somebody answers, and all that was on the screen."""
    (registry / "draft").write_text(AGAIN)
    outer, inner = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "ocs", "new", "problem", "again"],
        cwd=registry,
        stdin=inner,
        stdout=inner,
        stderr=inner,
        env={**os.environ, "OCS_EDITOR": f"cp {registry / 'draft'}"},
    )
    os.close(inner)
    os.write(outer, answer.encode())
    said = b""
    while process.poll() is None or select.select([outer], [], [], 0.1)[0]:
        try:
            said += os.read(outer, 4096)
        except OSError:  # nobody has it open any more
            break
    os.close(outer)
    return process.wait(), said.decode()


@given(st.text())
def test_any_text_can_be_compared(text: str) -> None:
    index = Index.in_memory()
    assert known_by_title(text, index) == []
    assert known_already(text.encode("utf-8", "replace"), "problems/x.yaml", index) == []
    index.close()
