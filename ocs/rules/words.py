"""What of a record can be searched, and which passage of it shows best why it was found."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from ocs.model.found import Passage
from ocs.model.kinds import Kind
from ocs.model.tree import Tree

# How matched words are marked in a passage.
MARK_START, MARK_END = "\ue000", "\ue001"
_MARKS = re.compile(f"({MARK_START}[^{MARK_START}{MARK_END}]*{MARK_END})")
PASSAGE_LENGTH = 160
# Of a long text not more stretches than this are compared.
_MOST_STRETCHES = 40
# A line that begins with a list mark, or stands after an empty one, begins something new.
_PARAGRAPH_END = re.compile(r"\n\s*\n|\n(?=\s*(?:\d+[.)]|[-*])\s)")


class Searchable(NamedTuple):
    """The text of a record, by what weight a word in it has."""

    title: str
    symptoms: str
    errors: str
    environment: str
    cause: str
    resolution: str
    tags: str


def searchable(kind: Kind, id: str, tree: Mapping[str, Tree]) -> Searchable:
    """What of this record can be searched. Reads any fields, also those that do not fit the schema."""
    fields = {name: list(texts_of(value)) for name, value in tree.items()}
    title = fields.pop(kind.title, [])
    if kind.name != "problem":
        rest = [text for texts in fields.values() for text in texts]
        # In skills and languages the names tell more than the values.
        names = [name for value in tree.values() if _is_table(value) for name in value]
        return Searchable(_join(title), _join([*rest, *names]), "", "", "", "", id.replace("-", " "))
    symptoms = fields.pop("symptoms", [])
    said = _said(tree.get("symptoms"))
    return Searchable(
        title=_join(title),
        symptoms=_join(text for text in symptoms if text not in said),
        errors=_join(said),
        environment=_join(_take(fields, "environment", "product", "versions")),
        cause=_join(_take(fields, "cause")),
        resolution=_join(_take(fields, "resolution", "verification", "workaround", "undo")),
        tags=_join([*_take(fields, "tags"), id.replace("-", " ")]),
    )


def best_passage(marked: str) -> Passage:
    """The stretch of a text in which most different words are marked; without pieces if none is."""
    best = Passage(())
    for line in _PARAGRAPH_END.split(marked):
        if line.count(MARK_START) > len(best.words):
            for stretch in _stretches(passage(_in_one_line(line))):
                if len(stretch.words) > len(best.words):
                    best = stretch
    return best


def remedy(marked: str, known: frozenset[str]) -> Passage:
    """The line of a resolution with most marked words beside those that are *known*, else its first.

    A line that only leads to the next, a heading or a warning helps nobody.
    """
    lines = list(filter(None, map(_in_one_line, _PARAGRAPH_END.split(marked))))
    telling = [line for line in lines if not line.endswith(":") and line[0] not in "#>|"]
    passages = map(passage, telling or lines)
    best = max(passages, key=lambda line: len(line.words - known), default=Passage(()))
    text = best.text
    return best if len(text) <= PASSAGE_LENGTH else _cut(best, 0, _word_end(text, PASSAGE_LENGTH))


def passage(marked: str) -> Passage:
    """A text with marks in it, as a passage."""
    pieces: list[tuple[str, bool]] = []
    for part in _MARKS.split(marked):
        is_match = part.startswith(MARK_START) and part.endswith(MARK_END)
        text = part.replace(MARK_START, "").replace(MARK_END, "")
        if text:
            pieces.append((text, is_match))
    return Passage(tuple(pieces))


def _in_one_line(text: str) -> str:
    """The text without line ends, and without the marks of a block of code."""
    return " ".join(text.replace("```", " ").split())


def _stretches(line: Passage) -> Iterator[Passage]:
    """The line, or where it is long a stretch around each match."""
    text = line.text
    if len(text) <= PASSAGE_LENGTH:
        yield line
        return
    for match_start, match_end in line.matches[:_MOST_STRETCHES]:
        start = _word_start(text, max(0, match_start - PASSAGE_LENGTH // 4))
        end = _word_end(text, min(len(text), max(start + PASSAGE_LENGTH, match_end)))
        yield _cut(line, min(start, match_start), max(end, match_end))


def _cut(line: Passage, start: int, end: int) -> Passage:
    pieces, position = [("… ", False)] if start else [], 0
    length = len(line.text)
    for text, is_match in line.pieces:
        inside = text[max(0, start - position) : max(0, end - position)]
        if inside:
            pieces.append((inside, is_match))
        position += len(text)
    if end < length:
        pieces.append((" …", False))
    return Passage(tuple(pieces))


def _word_start(text: str, position: int) -> int:
    return text.find(" ", position) + 1 if position and " " in text[position:] else position


def _word_end(text: str, position: int) -> int:
    return position if position == len(text) or " " not in text[:position] else text.rindex(" ", 0, position)


def _is_table(value: Tree) -> bool:
    return isinstance(value, Mapping) and all(isinstance(inner, str) for inner in value.values())


def texts_of(value: Tree) -> Iterator[str]:
    """Every text in a value, however deep."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from texts_of(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from texts_of(inner)


def _said(symptoms: Tree) -> list[str]:
    items = symptoms if isinstance(symptoms, list) else []
    return [item["says"] for item in items if isinstance(item, Mapping) and isinstance(item.get("says"), str)]


def _take(fields: dict[str, list[str]], *names: str) -> Iterator[str]:
    for name in names:
        yield from fields.get(name, [])


def _join(texts: Iterable[str]) -> str:
    return "\n\n".join(texts)
