"""A registry of any size, recombined from real paragraphs where the shared articles lie beside
the checkout.

The same sizes and the same texts give the same registry, byte for byte.
"""

from __future__ import annotations

import os
import random
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.data import ROOT, SHARED
from ocs.adapters.files import read_schema
from ocs.adapters.yamlfile import parse
from ocs.adapters.yamlfile.composing import text_of
from ocs.model.kinds import KIND

_PARTS = ("title", "symptoms", "cause", "resolution", "environment", "tags", "product")
_SYLLABLES = (
    "ba be bo da de du fa fi go ha he ji ka ke ko la lu ma mi mo na ne no pa pe ra ri ro sa se ta"
).split()

Tree = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Size:
    """How many records of a kind there are."""

    problems: int = 100_000
    orgs: int = 5_000
    communities: int = 2_000
    people: int = 10_000


def generate(folder: Path, size: Size, seed: int = 1) -> Path:
    """Write the registry into *folder*, which must not be there, and give it."""
    chance = random.Random(seed)
    for kind in ("problems", "people", "vetting", "orgs", "communities", "access"):
        (folder / kind).mkdir(parents=True)
    people = list(_ids("person", size.people, chance))
    orgs = list(_ids("house", size.orgs, chance))
    communities = list(_ids("circle", size.communities, chance))
    _write(folder, "ocs", "ocs", _policy(people[:3]))
    for number, id in enumerate(people):
        _write(folder, "person", id, _person(id, number, chance))
        if number < max(20, size.people // 10):
            _write(
                folder, "vetting", id, _vetting([each for each in people[:4] if each != id])
            )
    vetted = people[3 : max(20, size.people // 10)]
    for id in orgs:
        _write(folder, "org", id, _org(id, people[:3], chance))
        _write(folder, "access", f"{id}/server-ssh", _access(vetted, chance))
    for number, id in enumerate(communities):
        _write(folder, "community", id, _community(id, number, communities, people, chance))
    _write_problems(folder, size.problems, people, chance)
    return folder


def commit(folder: Path) -> None:
    """Make the registry a git repository with one commit."""
    git = [
        "git",
        "-c",
        "user.name=bench",
        "-c",
        "user.email=bench@example.org",
        "-c",
        "gc.auto=0",
    ]
    for command in (["init", "-q"], ["add", "-A"], ["commit", "-q", "-m", "a registry"]):
        subprocess.run(
            [*git, *command], cwd=folder, check=True, env={**os.environ, "LC_ALL": "C.UTF-8"}
        )


def _ids(word: str, count: int, chance: random.Random) -> Iterator[str]:
    known: set[str] = set()
    while len(known) < count:
        id = "".join(chance.choices(_SYLLABLES, k=4)) + f"-{word}"
        if id not in known:
            known.add(id)
            yield id


def _write(folder: Path, kind: str, id: str, tree: Tree) -> None:
    file = folder / KIND[kind].file(id)
    file.parent.mkdir(exist_ok=True)
    file.write_text(text_of(tree, read_schema(f"{kind}.schema.json")))


def _name(id: str) -> str:
    return id.replace("-", " ").title()


def _day(chance: random.Random) -> str:
    return f"202{chance.randrange(7, 9)}-{chance.randrange(1, 13):02}-11"


def _policy(gatekeepers: list[str]) -> Tree:
    return {
        "ocs": 1,
        "name": "A large registry",
        "gatekeepers": [{"person": person} for person in gatekeepers],
        "threshold": 2,
    }


def _person(id: str, number: int, chance: random.Random) -> Tree:
    return {
        "name": _name(id),
        "status": chance.choice(["active", "active", "alumni"]),
        "joined": f"202{chance.randrange(6)}-06-01",
        "accounts": {"github": f"{id}-hub", "github_id": 1_000_000 + number},
        "languages": {"en": "fluent"},
        "skills": {chance.choice(["linux", "nextcloud", "civicrm", "wordpress"]): "alone"},
    }


def _vetting(checkers: list[str]) -> Tree:
    checks = [
        {"kind": "identity-seen", "by": person, "date": "2026-01-08"} for person in checkers
    ]
    return {
        "level": "vetted",
        "since": "2026-01-10",
        "expires": "2028-01-10",
        "checks": checks,
    }


def _org(id: str, gatekeepers: list[str], chance: random.Random) -> Tree:
    domain = f"{id}.example"
    return {
        "name": _name(id),
        "website": f"https://{domain}",
        "status": "active",
        "sensitivity": chance.choice(["low", "medium", "high"]),
        "gatekeepers": gatekeepers,
        "review_by": "2027-04-02",
        "contacts": [
            {
                "id": "chair",
                "role": "Chair",
                "mail": f"chair@{domain}",
                "may_authorise": ["access"],
            }
        ],
        "systems": [
            {
                "id": "cloud",
                "name": "Shared files",
                "product": "nextcloud",
                "version": f"{chance.randrange(28, 33)}.0.{chance.randrange(20)}",
                "checked": "2026-08-20",
                "needs": ["server"],
                "importance": "vital",
            },
            {
                "id": "server",
                "name": "Server",
                "product": "debian",
                "version": "12",
                "secrets": ["server-ssh"],
            },
        ],
        "domains": [
            {"name": domain, "registered_to": "organisation", "expires": _day(chance)}
        ],
        "backups": [
            {
                "id": "nightly",
                "covers": ["cloud"],
                "every": "day",
                "last_restore_test": "2026-03-15",
            }
        ],
    }


def _access(vetted: list[str], chance: random.Random) -> Tree:
    readers = [
        {"person": person, "until": "2027-12-31"} for person in chance.sample(vetted, 2)
    ]
    return {
        "purpose": "root login of the server",
        "rotate_by": "2027-03-01",
        "readers": readers,
    }


def _community(
    id: str, number: int, ids: list[str], people: list[str], chance: random.Random
) -> Tree:
    owner, peer = chance.sample(people, 2)
    parent = {"part_of": [ids[number // 20]]} if number >= 20 else {}
    return {
        "name": _name(id),
        "kind": "regional",
        **parent,
        "status": "active",
        "reviewed": "2026-09-30",
        "leads": [
            {"person": owner, "role": "owner", "since": "2025-03-01"},
            {"person": peer, "role": "peer", "since": "2024-06-10", "speaks_for": ["hosting"]},
        ],
        "resources": [
            {"name": f"{id}.example", "type": "domain", "custodian": owner, "deputy": peer}
        ],
    }


def _write_problems(
    folder: Path, count: int, people: list[str], chance: random.Random
) -> None:
    pieces = _pieces()
    ids = [f"problem-{number:06d}" for number in range(count)]
    for id in ids:
        solver, other = chance.sample(people, 2)
        parts = [chance.choice(choices) for choices in pieces.values() if choices]
        parts.append(
            f"state: draft\nsolved_by: [{solver}]\nsolved_on: 2026-0{chance.randrange(1, 10)}-11\n"
        )
        parts.append(f"seen_working:\n- by: {other}\n  date: 2026-10-02\n")
        parts.append(
            f"review_by: 202{chance.randrange(7, 10)}-03-15\nrelated: [{chance.choice(ids)}]\n"
        )
        (folder / "problems" / f"{id}.yaml").write_text("".join(parts))


def _pieces() -> Mapping[str, list[str]]:
    """For each field, the different texts of it in all problems at hand, as they stand in a
    file.
    """
    schema = read_schema("problem.schema.json")
    found: dict[str, dict[str, None]] = {part: {} for part in _PARTS}
    for tree in _problems():
        for part in _PARTS:
            if part in tree:
                found[part][text_of({part: tree[part]}, schema)] = None
    return {part: list(texts) for part, texts in found.items()}


def _problems() -> Iterable[Tree]:
    shared = SHARED / "office-problems" / "problems"
    folder = shared if shared.is_dir() else ROOT / "example-registry" / "problems"
    for path in sorted(folder.glob("*.yaml")):
        yield parse(path.read_bytes()).tree or {}
