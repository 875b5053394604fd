"""Is a problem known already? Those that say nearly the same as a new or changed one."""

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

# How like another a problem must be to be shown: where only a title is known, where somebody
# is writing it and can look, and where it stands among findings. Chosen and held with `python
# -m benchmarks duplicates`.
OF_A_TITLE, WHILE_WRITING, AMONG_FINDINGS = 0.6, 0.65, 0.95
_MOST_SHOWN = 3
# A shorter title is like too many.
_FEWEST_WORDS = 3
# Of a longer text the beginning is compared.
_MOST_WORDS = 2000
# So many of the best that are found are looked at.
_LOOKED_AT = 5
# Of more problems that are new at once the rest is compared with those that are not.
_MOST_NEW = 200
# What being ahead of all others counts beside having the same words.
_LEAD = 0.5
_PROBLEM = KIND["problem"]
_COMPARED = ("title", "symptoms", "cause", "resolution")


class Near(NamedTuple):
    """A problem that is like another, and how much: from 0 to 1, and more where no other one
    is.
    """

    record: Found
    likeness: float


def known_already(data: bytes, file: str, index: Index) -> list[Found]:
    """The problems that are perhaps the one of which this is the text, and which it does not
    name itself.
    """
    tree = parse(data).tree
    if not tree:
        return []
    return _likeliest(tree, nearest(tree, file, index), WHILE_WRITING)


def known_by_title(title: str, index: Index) -> list[Found]:
    """The problems that are perhaps the one that is to have this title; none for one that says
    little.
    """
    tree: dict[str, Tree] = {"title": title}
    if len(_words(tree)) < _FEWEST_WORDS:
        return []
    return _likeliest(tree, nearest(tree, "", index), OF_A_TITLE)


def near_duplicates(
    index: Index, files: Files, paths: Collection[str], counted: Counted
) -> list[Finding]:
    """For each problem whose file is among *paths*, and which is not withdrawn, what says
    nearly the same.

    It is read from *files*, which may be others than those that are indexed.
    """
    trees = {
        path: tree
        for path in sorted(paths)
        if _id_of(path) and (tree := _tree_of(path, files))
    }
    pairs: dict[frozenset[str], Finding] = {}
    for path in counted(list(trees), "comparing problem"):
        for other in _likeliest(
            trees[path], nearest(trees[path], path, index), AMONG_FINDINGS
        ):
            if not _is_named(_id_of(path), other.tree or {}):
                pairs.setdefault(
                    frozenset([path, other.file]), _same(path, other.id, other.title)
                )
    for path, other_path in _alike_among(
        {path: tree for path, tree in trees.items() if _is_new(path, index)}, index
    ):
        id, tree = _id_of(other_path), trees[other_path]
        if not (_is_named(id, trees[path]) or _is_named(_id_of(path), tree)):
            pairs.setdefault(
                frozenset([path, other_path]), _same(path, id, str(tree.get("title", "")))
            )
    return list(pairs.values())


def _id_of(path: str) -> str:
    """The id of the problem whose file this is; empty where it is another file."""
    with suppress(Misplaced, KeyError):
        kind, id = identify(path)
        return id if kind is _PROBLEM else ""
    return ""


def _tree_of(path: str, files: Files) -> Mapping[str, Tree] | None:
    """The fields of a problem; None where it cannot be read, or is withdrawn."""
    with suppress(UnreadableError):
        tree = parse(files.read(path, MOST_BYTES)).tree
        return None if tree is None or tree.get("state") == "withdrawn" else tree
    return None


def nearest(tree: Mapping[str, Tree], file: str, index: Index) -> list[Near]:
    """The problems that are most like one with these fields, which is to stand or stands in
    *file*.

    What counts is how much of what its words tell another one says, too; and how far that is
    ahead of all others, which tells whether it is about the same or only about the same
    program.
    """
    problem = Found(_PROBLEM.name, "", file, str(tree.get("title", "")), tree)
    query = of_record(problem, index)
    if query.is_empty:
        return []
    found = search(index, query, [_PROBLEM], _LOOKED_AT, correct=False).results
    weights = _weights(tree, index)
    all_weights = sum(weights.values()) or 1.0
    near = []
    for result in found:
        theirs = set(tokens_of(_words(result.record.tree or {})).values())
        share = sum(own for token, own in weights.items() if token in theirs) / all_weights
        others = (other.parts["words"] for other in found if other is not result)
        lead = max(0.0, result.parts["words"] - max(others, default=0.0))
        near.append(Near(result.record, share + _LEAD * lead))
    return sorted(near, key=lambda other: -other.likeness)


def _weights(tree: Mapping[str, Tree], index: Index) -> dict[str, float]:
    """How much each word of a problem tells, by its token."""
    words = _words(tree)
    known, records = index.text.known_among(words), index.text.records()
    return {
        token: weight(known.get(word, 0) or 1, records)
        for word, token in tokens_of(words).items()
    }


def _words(tree: Mapping[str, Tree]) -> list[str]:
    """The words of a problem that tell something, each once."""
    texts = [text for field in _COMPARED for text in texts_of(tree.get(field))]
    words = dict.fromkeys(WORD.findall(fold(" ".join(texts))))
    return [word for word in words if word not in STOP_WORDS][:_MOST_WORDS]


def _likeliest(tree: Mapping[str, Tree], near: Sequence[Near], least: float) -> list[Found]:
    """The most alike of those that are alike enough, hold still, and are not named by the
    problem itself.
    """
    alike = [other.record for other in near if other.likeness >= least]
    return [
        record
        for record in alike[:_MOST_SHOWN]
        if not (str(record.field("state")) == "withdrawn" or _is_named(record.id, tree))
    ]


def _is_named(id: str, tree: Mapping[str, Tree]) -> bool:
    """Does a problem say of itself that it has to do with the one of this id?"""
    return any(id in texts_of(tree.get(field)) for field in ("related", "formerly"))


def _same(path: str, id: str, title: str) -> Finding:
    return NEAR_DUPLICATE.finding(
        f"{_PROBLEM.reference(id)} says nearly the same: {title}",
        Place(path, ("title",)),
        hint=f"withdraw one of them, or write `related: [{id}]` if both are needed",
    )


def _is_new(path: str, index: Index) -> bool:
    return not index.find(_id_of(path), [_PROBLEM.name])


def _alike_among(
    trees: Mapping[str, Mapping[str, Tree]], index: Index
) -> Iterator[tuple[str, str]]:
    """The pairs of these problems, none of which is indexed, of which one says what the other
    says.
    """
    weights = {path: _weights(tree, index) for path, tree in list(trees.items())[:_MOST_NEW]}
    sums = {path: sum(own.values()) or 1.0 for path, own in weights.items()}
    for one, other in combinations(weights, 2):
        both = weights[one].keys() & weights[other].keys()
        shared = sum(weights[one][token] for token in both)
        if shared >= AMONG_FINDINGS * min(sums[one], sums[other]):
            yield one, other
