"""Which passage of a text shows best why it was found."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ocs.model.found import Passage

# They stand around matched words in the engine's texts.
MARK_START, MARK_END = "\ue000", "\ue001"
_MARKS = re.compile(f"({MARK_START}[^{MARK_START}{MARK_END}]*{MARK_END})")
PASSAGE_LENGTH = 160

_MOST_STRETCHES = 40
# A line that begins with a list mark, or stands after an empty one, begins something new.
_PARAGRAPH_END = re.compile(r"\n\s*\n|\n(?=\s*(?:\d+[.)]|[-*])\s)")


def passage(marked: str) -> Passage:
    """A text with marks in it, as a passage."""
    pieces: list[tuple[str, bool]] = []
    for part in _MARKS.split(marked):
        is_match = part.startswith(MARK_START) and part.endswith(MARK_END)
        text = part.replace(MARK_START, "").replace(MARK_END, "")
        if text:
            pieces.append((text, is_match))
    return Passage(tuple(pieces))


def best_passage(marked: str) -> Passage:
    """The stretch with most different marked words; without pieces if no word is marked."""
    best, most = Passage(()), 0
    for line in _PARAGRAPH_END.split(marked):
        if line.count(MARK_START) > most:
            whole = passage(_in_one_line(line))
            text, matches = whole.text, whole.matches
            for start, end in _stretches(text, matches):
                inside = ((max(start, first), min(end, last)) for first, last in matches)
                words = {text[first:last].casefold() for first, last in inside if first < last}
                if len(words) > most:
                    best, most = _cut(whole, start, end), len(words)
    return best


def _in_one_line(text: str) -> str:
    """The text without line ends, and without the marks of a block of code."""
    return " ".join(text.replace("```", " ").split())


def _stretches(text: str, matches: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Start and end of a short text, or of a stretch around each match in a long one."""
    if len(text) <= PASSAGE_LENGTH:
        yield 0, len(text)
        return
    for first, last in matches[:_MOST_STRETCHES]:
        start = _word_start(text, max(0, first - PASSAGE_LENGTH // 4))
        end = _word_end(text, min(len(text), max(start + PASSAGE_LENGTH, last)))
        yield min(start, first), max(end, last)


def _word_start(text: str, position: int) -> int:
    return text.find(" ", position) + 1 if position and " " in text[position:] else position


def _word_end(text: str, position: int) -> int:
    if position == len(text) or " " not in text[:position]:
        return position
    return text.rindex(" ", 0, position)


def _cut(line: Passage, start: int, end: int) -> Passage:
    pieces, position = [("… ", False)] if start else [], 0
    for text, is_match in line.pieces:
        inside = text[max(0, start - position) : max(0, end - position)]
        if inside:
            pieces.append((inside, is_match))
        position += len(text)
    if end < position:
        pieces.append((" …", False))
    return Passage(tuple(pieces))


def remedy(marked: str, known: frozenset[str]) -> Passage:
    """The line of a resolution with most marked words besides the *known* ones, or its first.

    A line that only leads to the next, a heading or a warning helps nobody.
    """
    lines = list(filter(None, map(_in_one_line, _PARAGRAPH_END.split(marked))))
    telling = [line for line in lines if not line.endswith(":") and line[0] not in "#>|"]
    passages = map(passage, telling or lines)
    best = max(passages, key=lambda line: len(line.words - known), default=Passage(()))
    return _cut(best, 0, _word_end(best.text, min(len(best.text), PASSAGE_LENGTH)))
