"""The screen: data to stdout, all else to stderr, and no text that commands a terminal.

All that comes from a record, a file's name or a key goes through `clean`. Rich gives colours
and the width of letters, and never reads markup.
"""

from __future__ import annotations

import json
import os
import re
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, TextIO, TypeVar

from ocs.rules.records.spelling import ignorable_ranges

# A piece of text in a style of Rich's, or without.
Piece = str | tuple[str, str]


def _unwanted() -> dict[int, str]:
    """Characters that steer a terminal or hide text, and what stands for them."""
    control = [*range(0x20), *range(0x7F, 0xA0)]
    direction = [0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)]
    ranges = (range(first, last + 1) for first, last in ignorable_ranges())
    invisible = [*range(0xFFF9, 0xFFFC), *(code for codes in ranges for code in codes)]
    table = dict.fromkeys([*control, *direction, *invisible], "\N{REPLACEMENT CHARACTER}")
    return table | {ord("\n"): "\n", ord("\t"): " ", 0x2028: " ", 0x2029: " ", 0x85: " "}


_UNWANTED = _unwanted()
# Within words of Arabic, Indic and other such scripts, and in emoji, these join letters or not.
_JOINERS = re.compile(
    "(?<=[\u0600-\u0dff\u1000-\u109f\u1780-\u17ff\u2600-\u27bf\U0001f000-\U0001faff])"
    "([\u200c\u200d\ufe0f])"
)
# A column of a table is not cut to less than this.
_NARROWEST = 16
# A longer line is left to the terminal.
_LONGEST_TO_WRAP = 5000
# Work that takes longer than this shows its progress.
_SILENT_SECONDS = 0.5
_BAR_WIDTH = 24
T = TypeVar("T")


def clean(text: str) -> str:
    """*text* without what would steer a terminal; line ends stay."""
    text = text.replace("\r\n", "\n")
    if text.isascii():
        return text.translate(_UNWANTED)
    pieces = _JOINERS.split(text)
    pieces[::2] = [piece.translate(_UNWANTED) for piece in pieces[::2]]
    return "".join(pieces).encode("utf-8", "replace").decode()


class Screen:
    """Where a command writes. `color` None leaves it to the terminal and the environment.

    With `json` a failure goes to stdout as well, as the one JSON document.
    """

    def __init__(
        self, *, color: bool | None = None, quiet: bool = False, json: bool = False
    ) -> None:
        self._color = color
        self._quiet = quiet
        self._json = json

    def out(self, *pieces: Piece) -> None:
        """A line of data."""
        self._write(sys.stdout, pieces)

    def indented(self, margin: str, *pieces: Piece, first: Piece = "") -> None:
        """A line of data, wrapped on a terminal, with *margin* (first: *first*) before each."""
        if self.width is None:
            self.out(first or margin, *pieces)
            return
        from rich.console import Console
        from rich.text import Text

        for line in Text.assemble(*pieces).wrap(Console(), max(20, self.width - len(margin))):
            line.rstrip()
            self.out(first or margin, *_pieces(line))
            first = ""

    def names(self, names: Iterable[str], ended_by_nul: bool) -> None:
        """Names of files, a line each; ended by a NUL, for programs, they stay as they are."""
        for name in names:
            if ended_by_nul:
                print(name, end="\0", file=sys.stdout)
            else:
                print(clean(name), file=sys.stdout)

    def say(self, *pieces: Piece) -> None:
        """A line about the data: a summary, a hint. Not with --quiet."""
        if not self._quiet:
            self._write(sys.stderr, pieces)

    def ask(self, *pieces: Piece) -> None:
        """A line of what the user is asked about, on stderr. Also with --quiet."""
        self._write(sys.stderr, pieces)

    def json(self, value: Any) -> None:
        """One JSON document, in ASCII so that no terminal is steered by it."""
        print(json.dumps(value, indent=2, default=str), file=sys.stdout)

    def warn(self, message: str) -> None:
        """What went otherwise than the user wanted, while the rest went well; with --quiet, too."""
        self._labelled("warning: ", "bold yellow", message)

    def fail(self, message: str, hint: str | None = None) -> None:
        """What went wrong, and what to do next. Also with --quiet."""
        if self._json:
            self._json = False
            self.json({"error": message, "hint": hint})
        self._labelled("error: ", "bold red", message)
        if hint:
            self._labelled("hint: ", "bold", hint)

    def _labelled(self, label: str, style: str, text: str) -> None:
        # On one line, so that nothing in the text looks like a line of its own.
        self._write(sys.stderr, [(label, style), " ".join(clean(text).split("\n"))])

    def counted(self, items: Sequence[T], what: str) -> Iterator[T]:
        """The items, one after the other, with the progress on a terminal when it takes long."""
        if self._quiet or not _is_terminal(sys.stderr):
            yield from items
            return
        next_time = time.monotonic() + _SILENT_SECONDS
        is_shown = False
        try:
            for number, item in enumerate(items):
                if time.monotonic() >= next_time:
                    is_shown, next_time = True, time.monotonic() + _SILENT_SECONDS / 5
                    bar = _bar(number, len(items))
                    sys.stderr.write(f"\r{bar} {what} {number:,} of {len(items):,} ")
                    sys.stderr.flush()
                yield item
        finally:
            if is_shown:
                sys.stderr.write("\r\x1b[K")

    @property
    def width(self) -> int | None:
        """How many columns the terminal has; None where stdout is none, and ocs wraps nothing."""
        if not _is_terminal(sys.stdout):
            return None
        import shutil

        return shutil.get_terminal_size().columns

    @property
    def has_color(self) -> bool:
        """Is what goes to stdout coloured?"""
        return self._colored(sys.stdout)

    def table(self, heads: Iterable[str], rows: Iterable[Iterable[str]]) -> None:
        """Aligned columns. On a terminal all but the first are cut to fit: people copy ids.

        Where that is still too wide, the last columns are left out.
        """
        from rich.cells import cell_len

        grid = [[" ".join(clean(cell).split()) for cell in row] for row in (heads, *rows)]
        widths = [max(map(cell_len, column)) for column in zip(*grid, strict=True)]
        if self.width is not None:
            _narrow(widths, self.width)
        for number, row in enumerate(grid):
            line = "  ".join(map(_fitted, row, widths))
            self.out((line.rstrip(), "" if number else "bold"))

    def _colored(self, stream: TextIO) -> bool:
        if self._color is not None:
            return self._color
        if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
            return False
        return _is_terminal(stream)

    def _write(self, stream: TextIO, pieces: Iterable[Piece]) -> None:
        if not self._colored(stream):
            texts = (piece if isinstance(piece, str) else piece[0] for piece in pieces)
            print("".join(texts), file=stream)
            return
        from rich.console import Console
        from rich.text import Text

        console = Console(
            file=stream,
            markup=False,
            emoji=False,
            highlight=False,
            force_terminal=True,
            soft_wrap=True,
        )
        console.print(Text.assemble(*pieces), soft_wrap=True)


def _bar(done: int, all: int) -> str:
    full = _BAR_WIDTH * done // max(all, 1)
    return "[" + "#" * full + "." * (_BAR_WIDTH - full) + "]"


def _narrow(widths: list[int], most: int) -> None:
    """Narrow the widest columns but the first, or leave the last out, until a row fits."""
    while len(widths) > 1 and sum(widths) + 2 * (len(widths) - 1) > most:
        widest = max(range(1, len(widths)), key=widths.__getitem__)
        if widths[widest] > _NARROWEST:
            widths[widest] -= 1
        elif len(widths) > 2:
            widths.pop()
        else:
            return


def _fitted(cell: str, width: int) -> str:
    from rich.cells import cell_len, set_cell_size

    if cell_len(cell) > width:
        return set_cell_size(cell, width - 1) + "…"
    return set_cell_size(cell, width)


def wrapped(text: str, width: int | None) -> Iterator[str]:
    """The lines of a text, wrapped to *width* columns where there is one.

    A wrapped line goes on below its first word, which may stand behind a list mark.
    """
    import re
    import textwrap

    for line in clean(text).splitlines():
        if width is None or len(line) <= width or len(line) > _LONGEST_TO_WRAP:
            yield line.rstrip()
            continue
        mark = re.match(r"\s*(?:(?:\d+[.)]|[-*])\s+)?", line)
        indent = " " * (len(mark[0]) if mark else 0)
        yield from textwrap.wrap(
            line.rstrip(),
            max(width, len(indent) + 20),
            subsequent_indent=indent,
            break_long_words=False,
            break_on_hyphens=False,
        )


def _pieces(text: Any) -> Iterator[Piece]:
    """The pieces of a text of Rich's, each in one style."""
    for segment in text.divide(sorted({edge for span in text.spans for edge in span[:2]})):
        style = " ".join(str(span.style) for span in segment.spans if str(span.style))
        yield segment.plain, style


def _is_terminal(stream: TextIO) -> bool:
    try:
        return stream.isatty()
    except (AttributeError, ValueError):
        return False
