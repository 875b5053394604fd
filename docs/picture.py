"""Draws docs/search.svg, the moving picture in the README, from what ocs really prints.

Two commands run in the example registry, on a terminal. The picture types each one, shows what
it printed, and scrolls. It moves by CSS alone, so it works as an image on a page. Where nothing
moves (or somebody wants less motion) it shows the beginning.

Run `make pictures` when the look of the output changes.
"""

from __future__ import annotations

import io
import os
import pty
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from rich.console import Console
from rich.text import Text

ROOT = Path(__file__).parent.parent
PICTURE = ROOT / "docs" / "search.svg"
COMMANDS = (
    ("search", "calendar reminders late", "-n", "2"),
    ("show", "nextcloud-background-jobs-stop-after-php-upgrade"),
)
COLUMNS, ROWS = 100, 20
# In seconds: for one letter that is typed, before and after what is printed, for one line that
# is scrolled, and for reading a screen.
LETTER, PAUSE, LINE, READING = 0.06, 0.5, 0.12, 4.5
# The size of a letter in Rich's own picture.
WIDTH, HEIGHT = 12.2, 24.4
BACKGROUND, TEXT = "#292929", "#c5c8c6"
# Rich's own frame shows all lines at once, and asks for a web font.
FRAME = """\
<svg viewBox="0 0 @across@ @down@" xmlns="http://www.w3.org/2000/svg">
<title>ocs search finds a solved problem, and ocs show prints it</title>
<style>
.{unique_id}-matrix {{
    font-family: monospace; font-size: {char_height}px; line-height: {line_height}px;
}}
{styles}
@moves@
@media (prefers-reduced-motion: reduce) {{ * {{ animation: none !important; }} }}
</style>
<defs>{lines}</defs>
<rect fill="@background@" width="@across@" height="@down@" rx="8"/>
<circle cx="26" cy="22" r="7" fill="#ff5f57"/>
<circle cx="48" cy="22" r="7" fill="#febc2e"/>
<circle cx="70" cy="22" r="7" fill="#28c840"/>
<svg x="12" y="43" width="@inner@" height="@screen@" viewBox="0 2 @inner@ @screen@">
<g class="session">
<g class="{unique_id}-matrix">
{matrix}
</g>
@covers@
</g>
</svg>
</svg>
"""


def printed(command: tuple[str, ...]) -> str:
    """What a command prints on a terminal, with its colours."""
    controller, terminal = pty.openpty()
    environment = {**os.environ, "COLUMNS": str(COLUMNS), "TERM": "xterm-256color"}
    environment.pop("NO_COLOR", None)
    subprocess.run(
        [sys.executable, "-m", "ocs", *command],
        cwd=ROOT / "example-registry",
        env=environment,
        stdout=terminal,
        stderr=terminal,
        check=True,
    )
    os.close(terminal)
    output = b""
    while True:
        try:
            part = os.read(controller, 4096)
        except OSError:  # the end, on Linux
            break
        if not part:
            break
        output += part
    return output.decode().replace("\r\n", "\n")


class Film:
    """What moves: the covers that hide text until it is typed or printed, and the scrolling."""

    def __init__(self, last_line: int) -> None:
        self.now = PAUSE
        self.top = 0
        self.last_line = last_line
        self.covers: list[str] = []
        self.moves: list[tuple[str, list[tuple[float, str]]]] = []
        self.scrolls = [(0.0, "transform: translateY(0)")]

    def type(self, line: int, letters: int) -> None:
        """The command on a line appears letter by letter, and then all that is below it."""
        name, x, width = f"type{line}", 2 * WIDTH, (COLUMNS - 2) * WIDTH
        covers = [
            f'<g class="hidden {name}">',
            _cover(x, line, width, 1),
            f'<rect fill="{TEXT}" x="{x:.1f}" y="{line * HEIGHT + 2:.1f}" '
            f'width="{WIDTH}" height="{HEIGHT - 2:.1f}"/>',
            "</g>",
        ]
        end = self.now + letters * LETTER
        typed = f"opacity: 1; transform: translateX({letters * WIDTH:.1f}px)"
        self.moves.append(
            (
                name,
                [
                    (0.0, "opacity: 1; transform: none"),
                    (
                        self.now,
                        "opacity: 1; transform: none; "
                        f"animation-timing-function: steps({letters})",
                    ),
                    (end, typed),
                    (end + PAUSE, "opacity: 0"),
                ],
            )
        )
        self.covers = [  # an earlier cover lies above a later one
            *covers,
            f'<g class="hidden print{line}">',
            _cover(0, line + 1, COLUMNS * WIDTH, self.last_line - line),
            "</g>",
            *self.covers,
        ]
        self.now = end + PAUSE
        self.moves.append((f"print{line}", [(0.0, "opacity: 1"), (self.now, "opacity: 0")]))

    def read(self) -> None:
        self.now += READING

    def scroll(self, to: int, *, at_once: bool = False) -> None:
        """The screen goes down to a line, which is then its first one."""
        if not at_once:
            self.scrolls.append(
                (
                    self.now,
                    f"transform: translateY({-self.top * HEIGHT:.1f}px); "
                    f"animation-timing-function: steps({to - self.top})",
                )
            )
            self.now += (to - self.top) * LINE
        self.scrolls.append((self.now, f"transform: translateY({-to * HEIGHT:.1f}px)"))
        self.top = to

    def styles(self) -> Iterator[str]:
        yield ".hidden { opacity: 0; }"
        for name, moves in [*self.moves, ("session", self.scrolls)]:
            frames = " ".join(f"{100 * at / self.now:.2f}% {{ {how} }}" for at, how in moves)
            last = moves[-1][1]
            yield f"@keyframes {name} {{ {frames} 100% {{ {last} }} }}"
            yield f".{name} {{ animation: {name} {self.now:.1f}s step-end infinite; }}"


def _cover(x: float, line: int, width: float, lines: int) -> str:
    # A letter reaches below its line by a pixel and a half.
    return (
        f'<rect fill="{BACKGROUND}" x="{x:.1f}" y="{line * HEIGHT + 1.5:.1f}" '
        f'width="{width:.1f}" height="{lines * HEIGHT + 2:.1f}"/>'
    )


def picture() -> str:
    """The picture as SVG."""
    console = Console(record=True, width=COLUMNS, file=io.StringIO(), force_terminal=True)
    begins, lines = [], 0
    for command in COMMANDS:
        begins.append(lines)
        output = printed(command)
        console.print(
            Text.assemble(("$ ", "bold green"), (f"ocs {' '.join(command)}", "bold"))
        )
        console.print(Text.from_ansi(output))
        lines += 1 + len(Text.from_ansi(output).wrap(console, COLUMNS))
    film = Film(lines)
    for number, (command, line) in enumerate(zip(COMMANDS, begins, strict=True)):
        film.type(line, len(f"ocs {' '.join(command)}"))
        if number:
            film.scroll(line, at_once=True)
        film.read()
    # The record is longer than the screen.
    while film.top + ROWS < lines:
        film.scroll(min(film.top + ROWS - 3, lines - ROWS))
        film.read()
    parts = {
        "across": round(COLUMNS * WIDTH) + 24,
        "down": round(ROWS * HEIGHT) + 53,
        "inner": round(COLUMNS * WIDTH),
        "screen": round(ROWS * HEIGHT),
        "background": BACKGROUND,
        "moves": "\n".join(film.styles()),
        "covers": "\n".join(film.covers),
    }
    frame = console.export_svg(title="ocs", code_format=FRAME, unique_id="ocs")
    for name, part in parts.items():
        frame = frame.replace(f"@{name}@", str(part))
    return frame


if __name__ == "__main__":
    PICTURE.write_text(picture(), encoding="utf-8")
