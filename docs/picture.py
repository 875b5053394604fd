"""Draws docs/search.svg, the picture in the README, from what `ocs search` really prints on a
terminal.

Run `python docs/picture.py` when the look of the output changes.
"""

from __future__ import annotations

import io
import os
import pty
import subprocess
import sys
from pathlib import Path

from rich.console import Console
from rich.text import Text

ROOT = Path(__file__).parent.parent
COMMAND = ["search", "calendar reminders late", "-n", "2"]
COLUMNS = 100
# Rich's own frame without its web font: the picture asks nobody for anything.
FRAME = """\
<svg class="rich-terminal" viewBox="0 0 {width} {height}" xmlns="http://www.w3.org/2000/svg">
<style>
.{unique_id}-matrix {{
    font-family: monospace; font-size: {char_height}px; line-height: {line_height}px;
}}
.{unique_id}-title {{ font-size: 18px; font-weight: bold; font-family: sans-serif; }}
{styles}
</style>
<defs>
<clipPath id="{unique_id}-clip-terminal">
<rect x="0" y="0" width="{terminal_width}" height="{terminal_height}" />
</clipPath>
{lines}
</defs>
{chrome}
<g transform="translate({terminal_x}, {terminal_y})" clip-path="url(#{unique_id}-clip-terminal)">
{backgrounds}
<g class="{unique_id}-matrix">
{matrix}
</g>
</g>
</svg>
"""


def printed() -> str:
    """What the command prints on a terminal, with its colours."""
    controller, terminal = pty.openpty()
    environment = {**os.environ, "COLUMNS": str(COLUMNS), "TERM": "xterm-256color"}
    environment.pop("NO_COLOR", None)
    subprocess.run(
        [sys.executable, "-m", "ocs", *COMMAND],
        cwd=ROOT / "example-registry",
        env=environment,
        stdout=terminal,
        stderr=terminal,
        check=True,
    )
    os.close(terminal)
    shown = b""
    while True:
        try:
            part = os.read(controller, 4096)
        except OSError:  # the end, on Linux
            break
        if not part:
            break
        shown += part
    return shown.decode().replace("\r\n", "\n")


if __name__ == "__main__":
    console = Console(record=True, width=COLUMNS, file=io.StringIO(), force_terminal=True)
    console.print(Text.assemble(("$ ", "bold green"), (f"ocs {' '.join(COMMAND)}", "bold")))
    console.print(Text.from_ansi(printed()))
    (ROOT / "docs" / "search.svg").write_text(
        console.export_svg(title="ocs", code_format=FRAME)
    )
