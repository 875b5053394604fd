"""Dated versions of other projects' files, imported one after the other: the review says what happened."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from ocs.adapters.files import Files
from ocs.model.review import Review
from ocs.output.console import Screen
from ocs.output.review.review import as_markdown, as_text
from ocs.rules.records.schema import Schemas
from ocs.tasks.exchange import importing
from ocs.tasks.registry.carryout import carry_out
from tests.conftest import SHARED_DATA
from tests.proposing import Proposal, git, kinds, proposal, refused, said

MOTS, SIGS = SHARED_DATA / "mots-central.yaml", SHARED_DATA / "sigs.yaml"
needs_real_files = pytest.mark.skipif(
    not MOTS.is_file(),
    reason="the files of other projects are not beside this checkout (OCS_SHARED_DATA)",
)
KINDS = "community_kinds: [module, team, working-group]\n"
BASE = (
    "== ocs.yaml\nname: Real\nthreshold: 2\ngatekeepers: [{person: amara}, {person: joost}, {person: mirela}]\n"
    + KINDS
    + "".join(
        f"== people/{who}.yaml\nname: {who.title()} X\n"
        for who in ("amara", "joost", "mirela")
    )
)
# The most lines that somebody reads in a minute.
A_MINUTE = 120


@pytest.fixture
def pr(tmp_path: Path, schemas: Schemas) -> Proposal:
    return proposal(tmp_path / "registry", schemas, BASE)


def take(pr: Proposal, format: str, tree: Any) -> Review:
    """Import a version onto what was imported before, and review what it changes."""
    git(pr.root, "branch", "-f", "main", "pr")
    source = pr.root.parent / f"source-{format}.yaml"
    source.write_text(
        yaml.safe_dump(tree, sort_keys=False, allow_unicode=True), encoding="utf-8"
    )
    files = Files(pr.root)
    carry_out(importing.plan(format, source, files, pr.schemas), files.root)
    return pr.commit().review()


def shown(
    review: Review, capsys: pytest.CaptureFixture[str], show: Callable[..., None] = as_text
) -> list[str]:
    show(review, Screen(), "") if show is as_text else show(review, Screen())
    return capsys.readouterr().out.splitlines()


def module(
    name: str, owners: list[str], peers: list[str], **more: object
) -> dict[str, object]:
    return {
        "machine_name": name,
        "name": name.title(),
        "owners": owners,
        "peers": peers,
        **more,
    }


def version(*modules: dict[str, object]) -> dict[str, object]:
    people = [
        {"nick": nick, "name": f"{nick.title()} X", "bmo_id": n}
        for n, nick in enumerate(["ana", "ben", "cem", "dee", "eva"])
    ]
    return {"repo": "x", "people": people, "modules": list(modules)}


def test_each_version_of_a_small_file_reads_like_what_happened(pr: Proposal) -> None:
    first = take(pr, "mots", version(module("sea", ["ana"], []), module("bay", [], ["cem"])))
    assert "new community sea, led by ana" in said(first)
    second = take(
        pr,
        "mots",
        version(module("sea", ["ana"], ["ben", "dee"]), module("bay", ["eva"], ["cem"])),
    )
    assert said(second) == [
        "eva becomes owner; there was none",
        "ben becomes peer",
        "dee becomes peer",
    ]
    third = take(
        pr,
        "mots",
        version(
            module("sea", ["ana", "ben"], ["dee"], description="All of it."),
            module("bay", ["eva"], ["cem"]),
        ),
    )
    assert said(third) == [
        "ben (was peer) becomes owner, beside the others",
        "purpose: none → All of it.",
    ]
    assert not said(
        take(
            pr,
            "mots",
            version(module("bay", ["eva"], ["cem"]), module("sea", ["ben", "ana"], ["dee"])),
        )
    )


def test_many_records_are_told_by_what_happens(
    pr: Proposal, capsys: pytest.CaptureFixture[str]
) -> None:
    names = [f"part-{number}" for number in range(12)]
    take(pr, "mots", version(*(module(name, ["ana"], []) for name in names)))
    later = [
        module(name, ["ana"], ["ben", "cem"] if name == "part-3" else ["ben"])
        for name in names
    ]
    review = take(pr, "mots", version(*later, module("new", ["dee", "eva"], [])))
    assert shown(review, capsys) == [
        "13 people become peers, in 12 records",
        f"  {', '.join(sorted(set(names) - {'part-3'}))}: ben",
        "  part-3: ben, cem",
        "",
        "new community: 1",
        "  new: led by dee, eva",
        "",
        "all records",
        "  needs   owner                                           ✘ missing: all 2 people named above",
        "          an owner of a community above, or 1 gatekeeper  "
        "✘ missing, all 1: amara, joost or mirela for new",
        f"          an owner{39 * ' '} ✘ missing, all 12: ana for {', '.join(sorted(names)[:-1])} and part-9",
        "          incoming peer                                   ✘ missing: all 13 people named above",
        "  notice  7 days, over since 2026-01-08, for new",
        "",
        "refused for now: 28 agreements are missing",
        f"merging {review.head[:12]} (pr) into {review.base[:12]} (main)",
        "the agreements come from the platform and are not signed, so ocs cannot verify them",
    ]


def test_what_is_told_together_says_who_agreed_and_who_did_not(
    tmp_path: Path, schemas: Schemas, capsys: pytest.CaptureFixture[str]
) -> None:
    people = "".join(
        f"== people/{who}.yaml\nname: {who} X\naccounts: {{github_id: {ord(who[0])}}}\n"
        for who in ("aa", "bb", "cc")
    )
    owner = {f"communities/{n}0.yaml": ("aa" if n != "z" else "bb") for n in "qrstuvwxyz"}
    text = "".join(
        f"== {path}\nname: {path[12:-5]}\nleads: [{{person: {who}, role: owner}}]\n"
        for path, who in owner.items()
    )
    pr = proposal(tmp_path / "other", schemas, BASE + people + text)
    more = "role: owner}, {person: cc, role: peer}]"
    pr.change(*((path, "role: owner}]", more) for path in owner))
    lines = shown(pr.review("97", "99"), capsys)
    assert "  needs   an owner       ✘ missing, 1 of 10: bb for z0" in lines
    assert "          incoming peer  ✔ agreed, all 10" in lines


def test_nothing_of_a_large_change_is_left_out(
    pr: Proposal, capsys: pytest.CaptureFixture[str]
) -> None:
    take(pr, "mots", version(*(module(f"part-{n}", ["ana"], []) for n in range(9))))
    git(pr.root, "branch", "-f", "main", "pr")
    for n in range(9):
        file = f"communities/part-{n}.yaml"
        pr.change(
            (
                file,
                "role: owner\n",
                f"role: owner\n    title: T{n}\n    term_ends: 2027-0{n + 1}-01\n",
            )
        )
    pr.change(
        ("communities/part-4.yaml", "person: ana", "person: amara"), ("README.md", "", "x")
    )
    review = pr.review()
    lines = shown(review, capsys)
    assert set(kinds(review)) == {"text", "owner gone", "owner handover", "anything else"}
    told = "\n".join([*lines, *shown(review, capsys, as_markdown)])
    assert [each for each in said(review) if told.count(each) < 2] == []


def cut(tree: Any, share: float, chance: random.Random) -> Any:
    """An earlier version: without some modules and groups, and some of who leads them."""
    if isinstance(tree, list):
        kept = [
            each for each in tree if not isinstance(each, dict) or chance.random() > share / 4
        ]
        return [cut(each, share, chance) for each in kept]
    if not isinstance(tree, dict):
        return tree
    lists = ("owners", "peers", "chairs", "tech_leads")
    return {
        name: [each for each in value or () if chance.random() > share]
        if name in lists
        else value
        if name == "people"
        else cut(value, share, chance)
        for name, value in tree.items()
    }


@needs_real_files
@pytest.mark.parametrize("source", [MOTS, SIGS], ids=["mots", "sigs"])
def test_a_year_of_a_real_file_is_told_in_lines_that_are_read_in_a_minute(
    source: Path, pr: Proposal, capsys: pytest.CaptureFixture[str]
) -> None:
    format = source.stem.partition("-")[0]
    tree = yaml.load(source.read_bytes(), Loader=yaml.CSafeLoader)
    for share in (0.3, 0.1):
        take(pr, format, cut(tree, share, random.Random(1)))
    review = take(pr, format, tree)
    lines = shown(review, capsys)
    assert refused(review) == ""
    assert len(review.verdicts) > 20
    assert len(lines) < A_MINUTE
    assert set(kinds(review)) >= {"co-owner added", "new community"}
    told = "\n".join(lines)
    assert all(
        str(who) in told
        for each in review.verdicts
        for one in each.amendments
        for who in one.into
    )
    assert all(
        each.record.removeprefix("communities/").removeprefix("people/") in told
        for each in review.verdicts
    )
    again = take(pr, format, tree)
    assert not again.verdicts
