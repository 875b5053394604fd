"""Proposed changes as tests make them: real commits of a small registry that stands as text."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from ocs.adapters.git.objects import Objects
from ocs.model.review import Review
from ocs.rules.records.schema import Schemas
from ocs.tasks.review.review import Given, review

TODAY = date(2026, 11, 20)
LONG_AGO = date(2026, 1, 1)
# Everybody's account is a number by which tests call it.
ACCOUNTS = {
    "amara": "1",
    "joost": "2",
    "mirela": "3",
    "ana": "11",
    "bo": "12",
    "cy": "13",
    "eve": "66",
}
REGISTRY = (
    "".join(
        f"== people/{who}.yaml\nname: {who.title()}\naccounts: {{github: {who}-1, github_id: {number}}}\n"
        for who, number in ACCOUNTS.items()
    )
    + """\
== ocs.yaml
name: Helping Hands
gatekeepers: [{person: amara}, {person: joost}, {person: mirela}]
threshold: 2
== communities/river.yaml
name: River   # the whole of it
part_of: [waters]
status: active
reviewed: 2026-09-30
leads:
  - person: ana
    role: owner
    title: Chair
    since: 2025-03-01
  - {person: bo, role: peer, since: 2024-06-10, speaks_for: [hosting]}
resources:
  - {name: river.example, type: domain, custodian: ana, deputy: bo}
succession: {notice: 14 days}
== communities/waters.yaml
name: Waters
status: active
leads: [{person: cy, role: owner}]
== communities/evil.yaml
name: Evil
status: active
leads: [{person: eve, role: owner}]
== communities/lake.yaml
name: Lake
status: active
vacant_since: 2026-01-01
leads: []
part_of: [waters]
== orgs/food.yaml
name: Food Bank
status: active
sensitivity: low
gatekeepers: [amara, joost]
domains: [{name: food.example}]
== vetting/bo.yaml
level: known
since: 2026-01-01
expires: 2028-01-01
checks: [{kind: call, by: amara, date: 2026-01-01}]
== access/food/login.yaml
purpose: the login
readers: [{person: bo}]
== problems/mail-waits.yaml
title: Mail waits
symptoms: [{seen: Mail waits.}]
"""
)


def git(root: Path, *arguments: str) -> str:
    identity = [
        "-c",
        "user.name=Ana",
        "-c",
        "user.email=ana@example.org",
        "-c",
        "commit.gpgsign=false",
    ]
    done = subprocess.run(
        ["git", *identity, *arguments], cwd=root, check=True, capture_output=True, text=True
    )
    return done.stdout.strip()


def ocs(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """A command of ocs in a registry, and how it ended."""
    return subprocess.run(
        [sys.executable, "-m", "ocs", *arguments],
        cwd=root,
        check=False,
        capture_output=True,
        text=True,
    )


def write(root: Path, text: str) -> None:
    """Writes what stands in *text*: `== path`, then what is in the file."""
    for part in ("\n" + text.strip() + "\n").split("\n== ")[1:]:
        path, _, content = part.partition("\n")
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(content.rstrip("\n") + "\n", encoding="utf-8")


@dataclass
class Proposal:
    """A branch `pr` from `main`. Changes are committed onto it; `told` is what a review says."""

    root: Path
    schemas: Schemas

    def change(self, *edits: tuple[str, str, str]) -> Proposal:
        """Commit replacements: file, old text and new text; text of '' is the whole file, or none."""
        for file, old, new in edits:
            path = self.root / file
            if not old:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(new, encoding="utf-8")
                continue
            text = path.read_text(encoding="utf-8")
            assert old in text, (file, old)
            path.write_text(text.replace(old, new), encoding="utf-8")
        return self.commit()

    def commit(self) -> Proposal:
        git(self.root, "add", "-A")
        git(self.root, "commit", "-q", "--allow-empty", "-m", "change")
        return self

    @property
    def head(self) -> str:
        return git(self.root, "rev-parse", "pr")

    def review(
        self,
        *by: str,
        opened_by: str | None = None,
        opened: date | None = LONG_AGO,
        at: str = "",
    ) -> Review:
        """The verdict where these people reviewed the newest commit, or *at* another one."""
        reviews = tuple((ACCOUNTS.get(who, who), at or self.head) for who in by)
        given = Given("github", reviews, ACCOUNTS.get(opened_by or "", opened_by), opened)
        with Objects(self.root) as objects:
            return review("main", "pr", given, TODAY, objects=objects, schemas=self.schemas)


Propose = Callable[..., Proposal]


def proposal(root: Path, schemas: Schemas, base: str = REGISTRY) -> Proposal:
    root.mkdir(parents=True, exist_ok=True)
    git(root, "init", "-q", "-b", "main", ".")
    write(root, base)
    git(root, "add", "-A")
    git(root, "commit", "-q", "-m", "base")
    git(root, "checkout", "-q", "-b", "pr")
    return Proposal(root, schemas)


def said(review: Review) -> list[str]:
    """Every change in words."""
    return [each.sentence for verdict in review.verdicts for each in verdict.amendments]


def kinds(review: Review) -> list[str]:
    """The kind of every change."""
    return [each.what.value for verdict in review.verdicts for each in verdict.amendments]


def missing(review: Review) -> list[str]:
    """Every need that is not met."""
    return [
        each.need.label
        for verdict in review.verdicts
        for each in verdict.required
        if each.missing
    ]


def codes(review: Review) -> set[str]:
    """The code of every refusal."""
    return {each.code for each in review.refusals}


def refused(review: Review) -> str:
    """Every refusal in words."""
    return "\n".join(each.message for each in review.refusals)
