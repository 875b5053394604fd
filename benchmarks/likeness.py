"""How well pasted logs and similar texts are found: judged sets that are made of the shared
articles.

A log is a real error message among lines of the kind that stand around it: those of
`logforms`, by which the reading of logs was made, with all messages, and those of
`apartforms`, which somebody else wrote and nobody looked at meanwhile. A similar text is one
half of an article, every other line of it, where only the other half is indexed. Both are made
from fixed seeds, and told for the two halves that `judge` tells apart.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks import apartforms, logforms
from benchmarks.data import SHARED
from benchmarks.judge import Judged, by_half, read, table
from ocs.adapters.store.index import Index, Row, as_text
from ocs.model.kinds import KIND
from ocs.model.record import Tree
from ocs.rules.search.codes import codes_meant
from ocs.rules.search.query import MOST_WORDS, Query, words_of
from ocs.rules.search.searchable import searchable, texts_of
from ocs.tasks.search.likeness import of_text
from ocs.tasks.search.logs import of_log
from ocs.tasks.search.search import search
from ocs.workspace import Workspace

_HOSTS = ("mx1", "web2", "dc01", "desktop-4711")
_SAMPLE = 300
Ways = dict[str, Callable[[str], Query]]


def run(registry: Path) -> None:
    """Judge on the shared articles; without them there is nothing to judge."""
    if not (SHARED / "office-problems").is_dir():
        return
    errors = [
        each
        for each in read(SHARED / "office-problems" / "queries.jsonl")
        if each.kind == "error"
    ]
    noises = {
        "pasted logs": (logforms.NOISE, logforms.FRONT),
        "pasted logs of forms that were kept apart": (apartforms.NOISE, apartforms.FRONT),
    }

    def judge_logs(index: Index) -> None:
        bare = [_ids(index, _all_words(each.query)) for each in errors]
        table(
            f"{len(errors)} messages alone, which is what a log can reach",
            by_half(errors, bare),
        )
        ways: Ways = {
            "raw": _all_words,
            "as --log reads them": lambda text: of_log(text, index),
        }
        for (what, forms), (way, meaning) in itertools.product(noises.items(), ways.items()):
            logs = [each._replace(query=noisy(each.query, *forms)) for each in errors]
            answers = [_ids(index, meaning(each.query)) for each in logs]
            # By the message, not by the log: a half is a half in all tables.
            table(f"{len(logs)} {what}, {way}", by_half(errors, answers))

    Workspace.open(registry).ask(judge_logs)
    index, halves = halved(registry)
    ways: Ways = {
        "all its words": _all_words,
        "as --similar reads it": lambda text: of_text(text, index),
    }
    for way, meaning in ways.items():
        answers = [_ids(index, meaning(each.query)) for each in halves]
        table(
            f"{len(halves)} halves of articles, where the other half is indexed, {way}",
            by_half(halves, answers),
        )


def noisy(message: str, noise: Sequence[str], front: Sequence[str]) -> str:
    """A log in which this message stands, behind one of *front*, among lines of *noise*."""
    dice = random.Random(message)  # the same each time
    lines = [_line(template, dice) for template in dice.choices(noise, k=12)]
    lines.insert(dice.randrange(12), _line(dice.choice(front), dice) + message)
    return "\n".join(lines)


def _line(template: str, dice: random.Random) -> str:
    second = dice.randrange(60)
    return template.format(
        time=f"Nov 12 07:31:{second:02}",
        iso=f"2026-11-12T07:31:{second:02}.{dice.randrange(1000):03}Z",
        host=dice.choice(_HOSTS),
        pid=dice.randrange(300, 40_000),
        number=dice.randrange(10_000, 900_000),
        byte=dice.randrange(256),
    )


def _all_words(text: str) -> Query:
    """What a log or another text asks where every word counts alike, and no sign has a meaning."""
    return Query(words_of(text)[:MOST_WORDS], codes=codes_meant(text), text=text)


def _ids(index: Index, query: Query) -> list[str]:
    if query.is_empty:
        return []
    return [result.record.id for result in search(index, query, [KIND["problem"]], 10).results]


def halved(registry: Path) -> tuple[Index, list[Judged]]:
    """An index of one half of each article, and the other halves of some of them."""
    articles = Workspace.open(registry).ask(lambda index: index.all("problem"))
    index, judged, rows = Index.in_memory(), [], []
    for article in articles:
        kept, shown = _split(dict(article.tree or {}))
        words = searchable(KIND["problem"], "", kept)
        rows.append(
            Row(
                article.file, 1, "problem", article.id, article.title, as_text(kept), words, []
            )
        )
        judged.append(Judged(shown, "half", (article.id,)))
    index.update(rows, [])
    telling = [each for each in judged if len(each.query.split()) >= 30]
    return index, random.Random(1).sample(telling, min(_SAMPLE, len(telling)))


def _split(tree: dict[str, Tree]) -> tuple[dict[str, Tree], str]:
    """An article with its title and every other line, and the other lines without the title."""
    kept, shown = {"title": tree.get("title")}, []
    for field in ("symptoms", "cause", "resolution"):
        lines = [
            line
            for text in texts_of(tree.get(field))
            for line in text.splitlines()
            if line.strip()
        ]
        kept[field] = (
            [{"seen": "\n".join(lines[::2])}] if field == "symptoms" else "\n".join(lines[::2])
        )
        shown += lines[1::2]
    return kept, "\n".join(shown)
