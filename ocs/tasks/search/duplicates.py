"""Which problems say nearly the same as a new or changed one."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import combinations
from typing import NamedTuple

from ocs.adapters.files import Files
from ocs.adapters.store.index import Index
from ocs.adapters.store.tokens import tokens_of
from ocs.adapters.yamlfile import MOST_BYTES, parse
from ocs.errors import UnreadableError
from ocs.model.finding import Finding, Place
from ocs.model.found import Found
from ocs.model.kinds import KIND
from ocs.model.record import Tree
from ocs.rules.fold import fold
from ocs.rules.records.naming import Misplaced, identify
from ocs.rules.records.problems import NEAR_DUPLICATE
from ocs.rules.search.query import STOP_WORDS
from ocs.rules.search.scoring import weight
from ocs.rules.search.searchable import texts_of
from ocs.rules.search.stems import WORD
from ocs.tasks.registry.load import Counted
from ocs.tasks.search.likeness import of_record
from ocs.tasks.search.search import search

# How like another a problem must be to be shown: if only a title is known, while somebody
# writes it and can look, and among findings. Chosen and held with `python -m benchmarks
# duplicates`.
OF_A_TITLE, WHILE_WRITING, AMONG_FINDINGS = 0.6, 0.65, 0.95
_MOST_SHOWN = 3
# A shorter title is like too many.
_FEWEST_WORDS = 3
# Only the beginning of a longer text is compared.
_MOST_WORDS = 2000
_MOST_COMPARED = 5
# More new problems than that are compared with older ones only.
_MOST_NEW = 200
# The weight of being ahead of all others, beside that of the same words.
_LEAD = 0.5
_PROBLEM = KIND["problem"]
_COMPARED = ("title", "symptoms", "cause", "resolution")


class Near(NamedTuple):
    """A problem that is like another: `likeness` is 0 to 1, more if no other one is near."""

    record: Found
    likeness: float


def known_already(data: bytes, file: str, index: Index) -> list[Found]:
    """The problems that this text may repeat, but for those that it names."""
    tree = parse(data).tree
    return _likeliest(tree, nearest(tree, file, index), WHILE_WRITING) if tree else []


def known_by_title(title: str, index: Index) -> list[Found]:
    """The problems that one with this title may repeat; none for a very short title."""
    tree: dict[str, Tree] = {"title": title}
    if len(_words(tree)) < _FEWEST_WORDS:
        return []
    return _likeliest(tree, nearest(tree, "", index), OF_A_TITLE)


def near_duplicates(
    index: Index, files: Files, paths: Collection[str], counted: Counted
) -> list[Finding]:
    """Problems that say nearly the same as one in *paths*, unless that is withdrawn.

    The *files* may differ from those that are indexed.
    """
    trees = {
        path: tree
        for path in sorted(paths)
        if _problem_id(path) and (tree := _tree_of(path, files))
    }
    pairs: dict[frozenset[str], Finding] = {}
    for path in counted(list(trees), "comparing problem"):
        tree = trees[path]
        for other in _likeliest(tree, nearest(tree, path, index), AMONG_FINDINGS):
            if not _is_named(_problem_id(path), other.tree or {}):
                pair = frozenset([path, other.file])
                pairs.setdefault(pair, _same(path, other.id, other.title))
    new = {
        path: tree
        for path, tree in trees.items()
        if not index.find(_problem_id(path), [_PROBLEM.name])
    }
    for path, other_path in _alike_among(new, index):
        id, tree = _problem_id(other_path), new[other_path]
        if not (_is_named(id, new[path]) or _is_named(_problem_id(path), tree)):
            pair = frozenset([path, other_path])
            pairs.setdefault(pair, _same(path, id, str(tree.get("title", ""))))
    return list(pairs.values())


def _problem_id(path: str) -> str:
    """The id of the problem in this file; empty for another file."""
    with suppress(Misplaced, KeyError):
        kind, id = identify(path)
        return id if kind is _PROBLEM else ""
    return ""


def _tree_of(path: str, files: Files) -> Mapping[str, Tree] | None:
    """The fields of a problem; None if it cannot be read, or is withdrawn."""
    with suppress(UnreadableError):
        tree = parse(files.read(path, MOST_BYTES)).tree
        return None if tree is None or tree.get("state") == "withdrawn" else tree
    return None


def nearest(tree: Mapping[str, Tree], file: str, index: Index) -> list[Near]:
    """The problems that are most like one with these fields, which is or will be in *file*.

    What counts is the share of its words, by weight, that another one has; and how far that
    one is ahead of all others. Without a lead it may only be about the same program.
    """
    problem = Found(_PROBLEM.name, "", file, str(tree.get("title", "")), tree)
    query = of_record(problem, index)
    if query.is_empty:
        return []
    results = search(index, query, [_PROBLEM], _MOST_COMPARED, correct=False).results
    weights = _weights(tree, index)
    all_weights = sum(weights.values()) or 1.0
    near = []
    for result in results:
        tokens = set(tokens_of(_words(result.record.tree or {})).values())
        share = sum(own for token, own in weights.items() if token in tokens) / all_weights
        others = (other.parts["words"] for other in results if other is not result)
        lead = max(0.0, result.parts["words"] - max(others, default=0.0))
        near.append(Near(result.record, share + _LEAD * lead))
    return sorted(near, key=lambda other: -other.likeness)


def _weights(tree: Mapping[str, Tree], index: Index) -> dict[str, float]:
    """The weight of each word of a problem, by its token."""
    words = _words(tree)
    known, records = index.text.known_among(words), index.text.records()
    return {
        token: weight(known.get(word, 0) or 1, records)
        for word, token in tokens_of(words).items()
    }


def _words(tree: Mapping[str, Tree]) -> list[str]:
    """The words of a problem but for stop words, each once."""
    texts = [text for field in _COMPARED for text in texts_of(tree.get(field))]
    words = dict.fromkeys(WORD.findall(fold(" ".join(texts))))
    return [word for word in words if word not in STOP_WORDS][:_MOST_WORDS]


def _likeliest(tree: Mapping[str, Tree], near: Sequence[Near], least: float) -> list[Found]:
    """The most alike, unless they are withdrawn or the problem names them."""
    alike = [other.record for other in near if other.likeness >= least]
    return [
        record
        for record in alike[:_MOST_SHOWN]
        if not (str(record.field("state")) == "withdrawn" or _is_named(record.id, tree))
    ]


def _is_named(id: str, tree: Mapping[str, Tree]) -> bool:
    """Does a problem name this id as related, or as its own before?"""
    return any(id in texts_of(tree.get(field)) for field in ("related", "formerly"))


def _same(path: str, id: str, title: str) -> Finding:
    return NEAR_DUPLICATE.finding(
        f"{_PROBLEM.reference(id)} is nearly the same: {title}",
        Place(path, ("title",)),
        hint=f"withdraw one of them, or write `related: [{id}]` if both are needed",
    )


def _alike_among(
    trees: Mapping[str, Mapping[str, Tree]], index: Index
) -> Iterator[tuple[str, str]]:
    """The pairs of these problems, none of which is indexed, that say nearly the same."""
    weights = {path: _weights(tree, index) for path, tree in list(trees.items())[:_MOST_NEW]}
    sums = {path: sum(own.values()) or 1.0 for path, own in weights.items()}
    for one, other in combinations(weights, 2):
        both = weights[one].keys() & weights[other].keys()
        shared = sum(weights[one][token] for token in both)
        if shared >= AMONG_FINDINGS * min(sums[one], sums[other]):
            yield one, other
