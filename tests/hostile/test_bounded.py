"""A18: twice the input takes at most two and a half times the work, whatever one change is full of.

Operations are counted, not seconds: every instruction of Python's that runs. What one instruction
does inside a library, as a regular expression does, is measured in processor time, with room.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from ocs.adapters.files import Files, read_schema
from ocs.adapters.git.objects import Objects
from ocs.model.finding import Finding
from ocs.model.org import Org
from ocs.model.registry import Registry
from ocs.rules.leaks.identifying import Identifiers
from ocs.rules.leaks.leakforms import FORMS
from ocs.rules.leaks.leaks import leaks
from ocs.rules.leaks.personal import personal_data
from ocs.rules.records.schema import Schemas
from ocs.tasks.registry.commitfiles import proposed
from ocs.tasks.registry.validate import validate
from ocs.tasks.review.review import Given, review
from tests.crew import git

SCHEMAS = Schemas(read_schema)
TODAY = date(2026, 11, 20)
MOST_TIMES = 2.5
# Four times the text: linear work takes four times as long, quadratic work sixteen.
MOST_TIMES_OF_FOUR = 9.0
Make = Callable[[int], Mapping[str, str]]
RIVER = "communities/river.yaml"
OWNER = "  - person: amara\n    role: owner\n    since: 2025-01-01\n"
BASE = {
    "ocs.yaml": "name: H\ngatekeepers: [{person: amara}, {person: joost}, {person: kim}]\nthreshold: 2\n",
    "people/amara.yaml": "name: Amara\n",
    "people/joost.yaml": "name: Joost\n",
    "people/kim.yaml": "name: Kim\n",
    RIVER: f"name: River\nkind: regional\nleads:\n{OWNER}",
}


def formerly(n: int) -> Mapping[str, str]:
    ids = "".join(f"  - old-{number}\n" for number in range(n))
    return {"people/kim.yaml": f"name: Kim\nformerly:\n{ids}"}


def owners(n: int) -> Mapping[str, str]:
    return {
        RIVER: "name: River\nkind: regional\nleads:\n"
        + "".join(OWNER.replace("amara", f"person-{number}") for number in range(n))
    }


def resources(n: int) -> Mapping[str, str]:
    names = "".join(f"  - {{type: domain, name: d{number}.example}}\n" for number in range(n))
    return {RIVER: f"{BASE[RIVER]}resources:\n{names}"}


def parents(n: int) -> Mapping[str, str]:
    ids = ", ".join(f"group-{number}" for number in range(n))
    return {RIVER: f"{BASE[RIVER]}part_of: [{ids}]\n"}


def people(n: int) -> Mapping[str, str]:
    return {f"people/new-{number}.yaml": f"name: New {number}\n" for number in range(n)}


def nested(what: str) -> Make:
    """Communities that are each below the next one, and below the first."""
    return lambda n: {
        f"communities/c{number:04}.yaml": f"name: C{number}\n"
        + what.format(f"c{number + 1:04}", "c0000")
        for number in range(n)
    }


def systems(n: int) -> Mapping[str, str]:
    each = "".join(
        f"  - {{id: s{number:04}, needs: [s{min(number + 1, n - 1):04}, s0000]}}\n"
        for number in range(n)
    )
    return {"orgs/hill.yaml": f"name: Hill\nsystems:\n{each}"}


def names_of_fields(n: int) -> Mapping[str, str]:
    fields = "".join(f"  no language {number}: native\n" for number in range(n))
    return {"people/kim.yaml": f"name: Kim\nlanguages:\n{fields}"}


def unknown_fields(n: int) -> Mapping[str, str]:
    return {"people/kim.yaml": "name: Kim\n" + "".join(f"f{i}: x\n" for i in range(n))}


def attempts(n: int) -> Mapping[str, str]:
    each = "".join(
        f"  - {{to: amara, date: 2025-01-01, channel: mail {number}}}\n" for number in range(n)
    )
    return {RIVER: f"{BASE[RIVER]}attempts:\n{each}"}


def one_long_line(n: int) -> Mapping[str, str]:
    """A file of one line with very many findings."""
    seen = ", ".join("{by: kim, date: 2099-01-01}" for _ in range(n))
    return {
        "problems/late.yaml": f"{{title: T, symptoms: [{{says: x}}], seen_working: [{seen}]}}\n"
    }


def secrets_of_former_ids(n: int) -> Mapping[str, str]:
    former = ", ".join(f"old-{number}" for number in range(n))
    system = "systems: [{id: web, secrets: [login-0]}]\n"
    return {
        "orgs/hill.yaml": f"name: Hill\nformerly: [{former}]\n{system}",
        **{f"access/hill/login-{number}.yaml": "purpose: x\n" for number in range(n)},
    }


CHANGES = {
    "formerly": (formerly, 150),
    "owners": (owners, 100),
    "resources": (resources, 100),
    "parents": (parents, 150),
    "people": (people, 60),
    "parents in circles": (nested("kind: regional\npart_of: [{}, {}]\n"), 60),
    "groups that lead groups": (
        nested("leads: [{{group: {}, role: owner}}, {{person: kim, role: peer}}]\n"),
        60,
    ),
    "systems in circles": (systems, 100),
    "names of fields": (names_of_fields, 150),
    "unknown fields": (unknown_fields, 150),
    "attempts": (attempts, 100),
    "findings in one line": (one_long_line, 100),
    "secrets of former ids": (secrets_of_former_ids, 60),
}


def changed(text: str) -> str:
    """The same record with other contents in each of its many parts."""
    return (
        text.replace("2025-01-01", "2024-01-01")
        .replace("old-", "was-")
        .replace("type: domain, name: d", "type: domain, name: e")
        .replace("group-", "club-")
        .replace("New ", "Newer ")
        .replace("name: C", "name: D")
        .replace("id: s", "name: S, id: s")
        .replace("channel: mail", "channel: post")
        .replace("languages:", "skills:")
        .replace(": x\n", ": y\n")
        .replace("says: x", "says: y")
    )


def put(root: Path, files: Mapping[str, str]) -> None:
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)


def proposal(
    root: Path, before: Mapping[str, str], after: Mapping[str, str], gone: tuple[str, ...] = ()
) -> Path:
    """A registry in which the branch `pr` makes *after* of *before*."""
    root.mkdir()
    git(root, "init", "-q")
    put(root, {**BASE, **before})
    git(root, "add", "-A")
    git(root, "commit", "-qm", "before")
    git(root, "checkout", "-q", "-b", "pr")
    put(root, after)
    for path in gone:
        (root / path).unlink()
    git(root, "add", "-A")
    git(root, "commit", "-qm", "after")
    return root


def validated(root: Path) -> None:
    validate(Files(root), SCHEMAS, TODAY)


def validated_since(root: Path) -> None:
    with Objects(root) as objects:
        found = proposed(root, "pr", "main", objects)
        validate(found.files, SCHEMAS, TODAY, found.changed, deleted=found.deleted)


def reviewed(root: Path) -> None:
    with Objects(root) as objects:
        review("main", "pr", Given(), TODAY, objects=objects, schemas=SCHEMAS)


JUDGES = (validated, validated_since, reviewed)


def operations(judge: Callable[[Path], None], root: Path) -> int:
    """How many instructions of Python's run."""
    count = 0

    def trace(frame: FrameType, event: str, _: Any) -> Any:
        nonlocal count
        frame.f_trace_opcodes = True
        count += event == "opcode"
        return trace

    judge(root)  # what is done once for all is done
    before = sys.gettrace()
    sys.settrace(trace)
    try:
        judge(root)
    finally:
        sys.settrace(before)
    return count


def seconds(work: Callable[[str], object], text: str) -> float:
    """The least processor time of two goes."""
    took = []
    for _ in range(2):
        begun = time.process_time()
        work(text)
        took.append(time.process_time() - begun)
    return min(took)


@pytest.mark.parametrize("judge", JUDGES, ids=lambda judge: judge.__name__)
@pytest.mark.parametrize("what", CHANGES)
def test_a18_twice_as_much_in_one_change(
    what: str, judge: Callable[[Path], None], tmp_path: Path
) -> None:
    make, n = CHANGES[what]
    few, many = (
        operations(judge, proposal(tmp_path / str(size), {}, make(size)))
        for size in (n, 2 * n)
    )
    assert many <= MOST_TIMES * few


@pytest.mark.parametrize("what", CHANGES)
def test_a18_twice_as_many_changes_in_what_was_there(what: str, tmp_path: Path) -> None:
    make, n = CHANGES[what]
    few, many = (
        operations(
            reviewed,
            proposal(
                tmp_path / str(size),
                make(size),
                {path: changed(text) for path, text in make(size).items()},
            ),
        )
        for size in (n, 2 * n)
    )
    assert many <= MOST_TIMES * few


def test_a18_twice_as_many_people_who_take_other_ids(tmp_path: Path) -> None:
    def renamed(size: int) -> Path:
        gone = people(size)
        new = {
            path.replace("new-", "newer-"): f"{text}formerly: [{path[7:-5]}]\n"
            for path, text in gone.items()
        }
        return proposal(tmp_path / str(size), gone, new, tuple(gone))

    assert operations(reviewed, renamed(80)) <= MOST_TIMES * operations(reviewed, renamed(40))


def stretched(telltale: str, size: int) -> str:
    """A line made for a form: it begins over and over, and never ends."""
    part = f"{telltale}a1B-"
    return (part * (size // len(part) + 1))[:size]


@pytest.mark.parametrize(
    "telltale", sorted({word for form in FORMS for word in form.telltales})
)
def test_a18_a_text_made_for_a_form_of_secrets(telltale: str) -> None:
    def work(text: str) -> list[Finding]:
        return list(leaks("problems/x.yaml", text, TODAY))

    for separator in ("", " ", "\n"):
        few, many = (stretched(separator + telltale, size) for size in (3_000, 12_000))
        assert seconds(work, many) <= MOST_TIMES_OF_FOUR * seconds(work, few) + 0.02


TEXTS_ABOUT_SOMEBODY = {
    "a name over many empty lines": lambda size: f"x: Riverside{chr(10) * size}Food Bank",
    "a name over and over": lambda size: "Riverside Food Bank " * (size // 20),
    "beginnings of a name": lambda size: "Riverside Food " * (size // 15),
    "lines of ids": lambda size: "- river, food\n" * (size // 14),
    "one line of ids": lambda size: f"solved_by: [{'river, ' * (size // 7)}]",
    "spaces and hyphens": lambda size: "- " * (size // 2),
}


@pytest.mark.parametrize("what", TEXTS_ABOUT_SOMEBODY)
def test_a18_a_text_made_for_a_name(what: str) -> None:
    org = Org(id="riverside-food-bank", name="Riverside Food Bank")
    identifiers = Identifiers(_registry_of(org))

    def work(text: str) -> list[Finding]:
        return list(identifiers.findings("problems/x.yaml", text))

    few, many = (TEXTS_ABOUT_SOMEBODY[what](size) for size in (40_000, 160_000))
    assert seconds(work, many) <= MOST_TIMES_OF_FOUR * seconds(work, few) + 0.02


def _registry_of(org: Org) -> Registry:
    registry = Registry(())
    registry.__dict__["_by_type"] = {Org: [org]}
    return registry


PERSONAL_TEXTS = {
    "addresses in a field": "ana@mail-x.org ",
    "addresses of examples": "ana@x.example ",
    "addresses in a link": "https://ana@mail-x.org/",
    "addresses out of place": "x, ana@mail-x.org, ",
    "beginnings of an address": "ana.ana+ana@",
    "numbers": "020 7946 0991 ",
    "almost numbers": "0-1/2 ",
    "words for a telephone": "tel mobil 12345 ",
}


@pytest.mark.parametrize("what", PERSONAL_TEXTS)
def test_a18_a_text_made_for_personal_data(what: str) -> None:
    def work(text: str) -> list[Finding]:
        return list(personal_data("people/x.yaml", text))

    part = PERSONAL_TEXTS[what]
    few, many = ("mail: " + part * (size // len(part)) for size in (30_000, 120_000))
    assert seconds(work, many) <= MOST_TIMES_OF_FOUR * seconds(work, few) + 0.02
