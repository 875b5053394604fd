"""How well the right record is found: judged queries, each with the records that answer it.

The queries run in this process through the task that `ocs search` is; of each set a sample is
asked of the real command as well, and must be answered alike. What is chosen by these figures
is chosen on one half of the shared queries (those whose text has an even SHA-256), or on the
`tried` half of ours, and must hold on the other.
"""

from __future__ import annotations

import hashlib
import json
import math
import shutil
import subprocess
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from benchmarks.data import ROOT, SHARED
from benchmarks.measure import OCS
from ocs.adapters.meaning import Meaning
from ocs.adapters.store.index import Index
from ocs.model.kinds import KIND
from ocs.tasks.search.search import known_meaning, search
from ocs.workspace import registries

QUERIES = ROOT / "benchmarks" / "queries"
EXAMPLE = ROOT / "example-registry"
_LOOKED_AT = 10
_SAMPLED = 12
# Where the articles about these are one registry, and all others another one.
_MAIL_PRODUCTS = ("product: outlook", "product: exchange")


class Judged(NamedTuple):
    """A query, and the ids of the records that answer it."""

    query: str
    kind: str
    relevant: tuple[str, ...]

    @property
    def half(self) -> str:
        return "odd" if hashlib.sha256(self.query.encode()).digest()[-1] % 2 else "even"


class Marks(NamedTuple):
    """How one query was answered."""

    ndcg: float
    reciprocal_rank: float
    first: float


def run(registry: Path) -> None:
    """Judge with the shared queries where *registry* is theirs, and with those over the
    example registry.
    """
    shared = SHARED / "office-problems" / "queries.jsonl"
    if registry != EXAMPLE:
        judged = read(shared)
        answers = answered(registry, judged)
        table(
            f"{len(judged)} shared queries over the articles that they are from",
            {**_by_kind(judged, answers), **by_half(judged, answers)},
        )
        compare_with_the_command(registry, judged)
        _judge_meaning(registry, judged)
        _judge_cut_in_two(registry, judged, answers)
    for name in ("example-tried", "example-kept"):
        judged = read(QUERIES / f"{name}.jsonl")
        answers = answered(EXAMPLE, judged)
        table(
            f"{len(judged)} queries over the example registry: {name}",
            _by_kind(judged, answers),
        )
        compare_with_the_command(EXAMPLE, judged)
        _judge_meaning(EXAMPLE, judged)


def read(path: Path) -> list[Judged]:
    """The judged queries of a file, one JSON object a line."""
    lines = map(json.loads, path.read_text().splitlines())
    return [Judged(each["query"], each["kind"], tuple(each["relevant"])) for each in lines]


def answered(
    registry: Path | Sequence[Path],
    judged: Sequence[Judged],
    semantic: Meaning | None = None,
) -> list[list[str]]:
    """The ids of the first results of each query, with what words mean where *semantic* knows
    that.
    """

    def ids(index: Index) -> list[list[str]]:
        answers = (
            search(index, each.query, [KIND["problem"]], _LOOKED_AT, meaning=semantic)
            for each in judged
        )
        return [[result.record.id for result in answer.results] for answer in answers]

    starts = [registry] if isinstance(registry, Path) else registry
    return registries(starts, lambda items, what: items).ask(ids)


def marks(ids: Sequence[str], relevant: Iterable[str]) -> Marks:
    """nDCG@10, reciprocal rank and whether the first is right."""
    right = set(relevant)
    ranks = [rank for rank, id in enumerate(ids[:_LOOKED_AT], 1) if id in right]
    if not ranks:
        return Marks(0.0, 0.0, 0.0)
    ideal = sum(1 / math.log2(rank + 1) for rank in range(1, min(len(right), _LOOKED_AT) + 1))
    gained = sum(1 / math.log2(rank + 1) for rank in ranks)
    return Marks(gained / ideal, 1 / ranks[0], float(ranks[0] == 1))


def table(title: str, groups: Mapping[str, Sequence[Marks]]) -> None:
    """Print the means of each group."""
    print(f"\n{title}\n\n{'':24}{'queries':>8}{'nDCG@10':>9}{'MRR':>7}{'P@1':>7}")
    for name, group in groups.items():
        means = (sum(column) / len(group) for column in zip(*group, strict=True))
        print(f"{name:24}{len(group):8}{next(means):9.4f}{next(means):7.3f}{next(means):7.3f}")


def compare_with_the_command(registry: Path, judged: Sequence[Judged]) -> None:
    """Ask the real command some of the queries. Raises AssertionError where it answers
    otherwise.
    """
    sample = judged[:: max(1, len(judged) // _SAMPLED)]
    for each, expected in zip(
        sample, answered(registry, sample, known_meaning()), strict=True
    ):
        done = subprocess.run(
            [OCS, "search", "--json", "--", each.query],
            cwd=registry,
            capture_output=True,
            check=False,
        )
        ids = [result["id"] for result in json.loads(done.stdout)["results"]]
        assert ids == expected, f"the command answers otherwise: {each.query}"
    print(f"({len(sample)} of them asked of the real command as well, and answered alike)")


def _judge_meaning(registry: Path, judged: Sequence[Judged]) -> None:
    """Judge with the extra `semantic`, where that is installed."""
    semantic = known_meaning()
    if semantic is not None:
        answers = answered(registry, judged, semantic)
        table(
            "the same with the extra `semantic`",
            {**_by_kind(judged, answers), **by_half(judged, answers)},
        )


def _judge_cut_in_two(
    registry: Path, judged: Sequence[Judged], answers: Sequence[Sequence[str]]
) -> None:
    """Judge two registries that together are this one: cut anywhere, and by what they are
    about.
    """
    cuts: dict[str, Callable[[Path], bool]] = {
        "by chance": lambda file: hashlib.sha256(file.name.encode()).digest()[0] % 2 == 0,
        "by product": lambda file: any(
            word in file.read_text().lower() for word in _MAIL_PRODUCTS
        ),
    }
    for name, is_in_the_first in cuts.items():
        with tempfile.TemporaryDirectory(prefix="ocs-cut-") as folder:
            works = [Path(folder) / "one", Path(folder) / "other"]
            for work in works:
                (work / "problems").mkdir(parents=True)
                shutil.copy(registry / "ocs.yaml", work)
            for file in (registry / "problems").iterdir():
                shutil.copy(file, works[not is_in_the_first(file)] / "problems")
            joined = answered(works, judged)
        table(f"the same in two registries, cut {name}", {**by_half(judged, joined)})
        alike = sum(ids[:1] == before[:1] for ids, before in zip(joined, answers, strict=True))
        print(f"(the first result is the same for {alike} of them)")


def _by_kind(
    judged: Sequence[Judged], answers: Sequence[Sequence[str]]
) -> dict[str, list[Marks]]:
    groups: dict[str, list[Marks]] = defaultdict(list)
    for each, ids in zip(judged, answers, strict=True):
        for name in (each.kind, "all"):
            groups[name].append(marks(ids, each.relevant))
    return dict(sorted(groups.items(), key=lambda group: group[0] == "all"))


def by_half(
    judged: Sequence[Judged], answers: Sequence[Sequence[str]]
) -> dict[str, list[Marks]]:
    """The marks of all, and of each half."""
    groups: dict[str, list[Marks]] = defaultdict(list)
    for each, ids in zip(judged, answers, strict=True):
        for name in ("all", f"all, {each.half} half"):
            groups[name].append(marks(ids, each.relevant))
    return dict(sorted(groups.items()))
