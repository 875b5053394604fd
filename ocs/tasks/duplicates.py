"""Is a problem known already? Those that say nearly the same as a new or changed one."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from typing import NamedTuple

from ocs.adapters.files import Files
from ocs.adapters.store.fulltext import stems_of
from ocs.adapters.store.index import Index
from ocs.adapters.yamlfile import MOST_BYTES, parse
from ocs.errors import UnreadableError
from ocs.model.finding import Finding, Place
from ocs.model.found import Found
from ocs.model.kinds import KIND
from ocs.model.record import Tree
from ocs.rules.naming import Misplaced, identify
from ocs.rules.problems import NEAR_DUPLICATE
from ocs.rules.query import STOP_WORDS
from ocs.rules.ranking import weight
from ocs.rules.typos import fold
from ocs.rules.words import texts_of
from ocs.tasks.likeness import of_record
from ocs.tasks.load import Counted
from ocs.tasks.search import search

# How like another a problem must be to be told of: where only a title is known, where somebody is writing it
# and can look, and where it stands among findings. Chosen and held with `python -m benchmarks duplicates`.
OF_A_TITLE, WHILE_WRITING, AMONG_FINDINGS = 0.6, 0.65, 0.95
_MOST_TOLD = 3
# A shorter title is like too many.
_FEWEST_WORDS = 3
# Of a longer text the beginning is compared.
_MOST_WORDS = 2000
# So many of the best that are found are looked at.
_LOOKED_AT = 5
# What being ahead of all others counts beside having the same words.
_LEAD = 0.5
_PROBLEM = KIND["problem"]
_SAID_IN = ("title", "symptoms", "cause", "resolution")
_WORD = re.compile(r"[^\W_]+")


class Near(NamedTuple):
    """A problem that is like another, and how much: from 0 to 1, and more where no other one is."""

    record: Found
    likeness: float


def known_already(data: bytes, file: str, index: Index) -> list[Found]:
    """The problems that are perhaps the one of which this is the text, and which it does not name itself."""
    tree = parse(data).tree
    return _told(tree, nearest(tree, file, index), WHILE_WRITING) if tree else []


def known_by_title(title: str, index: Index) -> list[Found]:
    """The problems that are perhaps the one that is to have this title; none for one that says little."""
    tree: dict[str, Tree] = {"title": title}
    if len(_words(tree)) < _FEWEST_WORDS:
        return []
    return _told(tree, nearest(tree, "", index), OF_A_TITLE)


def near_duplicates(index: Index, files: Files, paths: Collection[str], counted: Counted) -> list[Finding]:
    """For each problem whose file is among *paths*, and which is not withdrawn, what says nearly the same.

    It is read from *files*, which may be others than those that are indexed.
    """
    found: list[Finding] = []
    told: set[frozenset[str]] = set()
    for path in counted([path for path in sorted(paths) if _id_of(path)], "comparing problem"):
        tree = _tree_of(path, files)
        for other in _told(tree, nearest(tree, path, index), AMONG_FINDINGS) if tree else ():
            pair = frozenset([path, other.file])
            if pair not in told and not _is_named(_id_of(path), other.tree or {}):
                told.add(pair)
                found.append(
                    NEAR_DUPLICATE.finding(
                        f"{other.reference} says nearly the same: {other.title}",
                        Place(path, ("title",)),
                        hint=f"withdraw one of them, or write `related: [{other.id}]` if both are needed",
                    )
                )
    return found


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


def _told(tree: Mapping[str, Tree], near: Sequence[Near], least: float) -> list[Found]:
    """The most alike of those that are alike enough, hold still, and are not named by the problem itself."""
    alike = [each.record for each in near if each.likeness >= least]
    return [
        record
        for record in alike[:_MOST_TOLD]
        if not (str(record.field("state")) == "withdrawn" or _is_named(record.id, tree))
    ]


def _is_named(id: str, tree: Mapping[str, Tree]) -> bool:
    """Does a problem say of itself that it has to do with the one of this id?"""
    return any(id in texts_of(tree.get(field)) for field in ("related", "formerly"))


def nearest(tree: Mapping[str, Tree], file: str, index: Index) -> list[Near]:
    """The problems that are most like one with these fields, which is to stand or stands in *file*.

    What counts is how much of what its words tell another one says, too; and how far that is ahead of all
    others, which tells whether it is about the same or only about the same program.
    """
    asked = Found(_PROBLEM.name, "", file, str(tree.get("title", "")), tree)
    query = of_record(asked, index)
    if query.is_empty:
        return []
    found = search(index, query, [_PROBLEM], _LOOKED_AT, correct=False).results
    words = _words(tree)
    stems = stems_of(words)
    known = index.text.known_among(words)
    records = index.text.records()
    tells = {stem: weight(known.get(word, 0) or 1, records) for word, stem in stems.items()}
    every = sum(tells.values()) or 1.0
    near = []
    for each in found:
        theirs = set(stems_of(_words(each.record.tree or {})).values())
        share = sum(much for stem, much in tells.items() if stem in theirs) / every
        others = max((other.parts["words"] for other in found if other is not each), default=0.0)
        near.append(Near(each.record, share + _LEAD * max(0.0, each.parts["words"] - others)))
    return sorted(near, key=lambda each: -each.likeness)


def _words(tree: Mapping[str, Tree]) -> list[str]:
    """The words of a problem that tell something, each once."""
    texts = [text for field in _SAID_IN for text in texts_of(tree.get(field))]
    words = dict.fromkeys(_WORD.findall(fold(" ".join(texts))))
    return [word for word in words if word not in STOP_WORDS][:_MOST_WORDS]
