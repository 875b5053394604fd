"""How well it is told that a problem is known already, on judged sets made of the shared
articles.

What must be told: rewordings of 40 articles, written by hand in other words and much shorter,
and halves of articles where the other half is indexed. What must not: each article beside all
the others. The thresholds were chosen on the half of the rewordings that was tried, and must
hold on the half that was kept apart.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from benchmarks.data import SHARED
from benchmarks.judge import QUERIES
from benchmarks.likeness import halved
from ocs.adapters.store.index import Index
from ocs.model.record import Tree
from ocs.tasks.search.duplicates import (
    AMONG_FINDINGS,
    OF_A_TITLE,
    WHILE_WRITING,
    Near,
    nearest,
)
from ocs.workspace import Workspace

_SHOWN = 20
# The right id, and what was found to be near.
Judged = tuple[str, Sequence[Near]]


def run(registry: Path) -> None:
    """Judge on the shared articles; without them there is nothing to judge."""
    if (SHARED / "office-problems").is_dir():
        Workspace.open(registry).ask(_judge)
        _judge_halves(registry)


def _judge(index: Index) -> None:
    lines = (QUERIES / "reworded.jsonl").read_text().splitlines()
    for half in ("tried", "kept"):
        of_half = [each for each in map(json.loads, lines) if each["half"] == half]
        for what, trees in {
            "titles": map(_title, of_half),
            "rewordings": map(_reworded, of_half),
        }.items():
            ids = [each["article"] for each in of_half]
            _table(f"{len(ids)} {what} ({half})", _nearest(ids, trees, index))
    _articles_among_each_other(index)


def _judge_halves(registry: Path) -> None:
    index, halves = halved(registry)
    trees: list[dict[str, Tree]] = [{"symptoms": [{"seen": half.query}]} for half in halves]
    _table(
        f"{len(halves)} halves of articles",
        _nearest([half.relevant[0] for half in halves], trees, index),
    )


def _title(each: Mapping[str, str]) -> dict[str, Tree]:
    return {"title": each["title"]}


def _reworded(each: Mapping[str, str]) -> dict[str, Tree]:
    symptoms: list[Tree] = [{"seen": each["symptom"]}]
    return {**_title(each), "symptoms": symptoms, "resolution": each["resolution"]}


def _nearest(
    ids: Iterable[str], trees: Iterable[Mapping[str, Tree]], index: Index
) -> list[Judged]:
    return [(id, nearest(tree, "", index)) for id, tree in zip(ids, trees, strict=True)]


def _table(title: str, judged: Sequence[Judged]) -> None:
    """Print for each threshold how many are told of, and of what is told how much is right."""
    first = sum(bool(near) and near[0].record.id == id for id, near in judged)
    print(f"\n{title}: the most alike is right for {first}")
    for least in (OF_A_TITLE, WHILE_WRITING, AMONG_FINDINGS):
        told = [
            (id, [each.record.id for each in near if each.likeness >= least])
            for id, near in judged
        ]
        right = sum(id in ids for id, ids in told)
        told_of = sum(len(ids) for _, ids in told)
        precision = f"{right / told_of:.2f}" if told_of else "-"
        print(f"  from {least:.2f} on: recall {right / len(told):.2f}, precision {precision}")


def _articles_among_each_other(index: Index) -> None:
    """Print how many articles are told to be like another, and some pairs to look at."""
    articles = index.all("problem")
    near = [(each, nearest(each.tree or {}, each.file, index)) for each in articles]
    print(f"\n{len(articles)} articles, each beside all the others")
    for least in (WHILE_WRITING, AMONG_FINDINGS):
        alarming = sum(any(other.likeness >= least for other in found) for _, found in near)
        print(f"  from {least:.2f} on: {alarming} articles, {alarming / len(articles):.1%}")
    pairs = {
        tuple(sorted([each.title, other.record.title])): other.likeness
        for each, found in near
        for other in found
        if other.likeness >= AMONG_FINDINGS
    }
    print(f"  {len(pairs)} pairs among findings, of which {min(_SHOWN, len(pairs))} are:")
    for pair in random.Random(1).sample(sorted(pairs), min(_SHOWN, len(pairs))):
        print(f"    {pairs[pair]:.2f}  {' | '.join(pair)}")
