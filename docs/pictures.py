"""Draws docs/pictures/: a pull request as its reviewers see it, from what `ocs review` really
says.

The changes are those of stories in tests/scripts/. Run `make pictures`, which takes chromium,
when the look of a report changes.
"""

from __future__ import annotations

import html
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from markdown_it import MarkdownIt

ROOT = Path(__file__).parent.parent
WIDTH = 860
PAGE = """\
<!doctype html><meta charset="utf-8"><style>
body {{ margin: 0; padding: 16px; background: #fff; color: #1f2328;
  font: 15px/1.5 "DejaVu Sans", sans-serif; }}
article {{ border: 1px solid #c8d1da; border-radius: 8px; overflow: hidden; }}
header {{ background: #f0f3f6; border-bottom: 1px solid #c8d1da; }}
header {{ padding: 8px 16px; font-size: 14px; }}
main {{ padding: 4px 16px 8px; }}
h3 {{ font-size: 18px; margin: 14px 0 8px; }}
code {{ background: #eff1f3; border-radius: 4px; padding: 1px 5px;
  font: 13px "DejaVu Sans Mono", monospace; }}
h3 code {{ font-size: 16px; }}
ul {{ padding-left: 22px; margin: 8px 0; }}
table {{ border-collapse: collapse; margin: 8px 0; }}
th, td {{ border: 1px solid #d1d9e0; padding: 5px 10px; text-align: left; }}
</style><article><header><b>{title}</b> · {who}</header><main>{body}</main></article>
"""


@dataclass(frozen=True)
class Picture:
    """What is shown: whose pull request of which story, and what the platform says of it."""

    name: str
    story: str
    branch: str
    title: str
    height: int
    on: str
    reviewed_by: tuple[str, ...] = ()


PICTURES = [
    Picture(
        "proposed", "leads-handover", "handover", "Hana is our new chair", 540, "2026-11-20"
    ),
    Picture(
        "agreed",
        "leads-handover",
        "handover",
        "Hana is our new chair",
        500,
        "2026-11-30",
        ("990000105",),
    ),
    Picture("refused", "leads-archived", "archive", "Carpathia has ended", 440, "2026-11-20"),
]
OPENED_BY = {"leads-handover": "990000207", "leads-archived": "990000205"}


def main() -> None:
    for picture in PICTURES:
        with tempfile.TemporaryDirectory() as folder:
            registry = Path(folder) / "registry"
            shutil.copytree(ROOT / "example-registry", registry)
            told = MarkdownIt().enable("table").render(report(picture, registry))
            page = Path(folder) / "page.html"
            page.write_text(
                PAGE.format(
                    title=html.escape(picture.title), who="what ocs says of it", body=told
                )
            )
            draw(page, picture)


def report(picture: Picture, registry: Path) -> str:
    """What ocs says of the pull request, in Markdown."""
    for command in until_proposed(ROOT / "tests" / "scripts" / f"{picture.story}.txt"):
        subprocess.run(["bash", "-c", command], cwd=registry, check=True)
    ask = ["git", "rev-parse", picture.branch]
    head = subprocess.run(
        ask, cwd=registry, check=True, capture_output=True, text=True
    ).stdout.strip()
    review = [
        sys.executable,
        "-m",
        "ocs",
        "review",
        f"main..{picture.branch}",
        "--format",
        "markdown",
    ]
    review += [
        "--opened-by",
        OPENED_BY[picture.story],
        "--opened-at",
        "2026-11-20T09:00:00Z",
        "--on",
        picture.on,
    ]
    for account in picture.reviewed_by:
        review += ["--reviewed-by", f"{account}@{head}"]
    return subprocess.run(
        review, cwd=registry, check=False, capture_output=True, text=True
    ).stdout


def until_proposed(story: Path) -> list[str]:
    """The commands of a story, up to its first review."""
    commands: list[str] = []
    for line in story.read_text().splitlines():
        if line.startswith("    $ ocs review"):
            break
        if line.startswith("    $ "):
            commands.append(line[6:])
        elif line.startswith("    > "):
            commands[-1] += f"\n{line[6:]}"
    return commands


def draw(page: Path, picture: Picture) -> None:
    to = ROOT / "docs" / "pictures" / f"{picture.name}.png"
    look = [
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--hide-scrollbars",
        f"--screenshot={to}",
    ]
    size = f"--window-size={WIDTH},{picture.height}"
    environment = {**os.environ, "HOME": str(page.parent)}
    subprocess.run(
        ["chromium", *look, size, page.as_uri()],
        check=True,
        env=environment,
        capture_output=True,
    )


if __name__ == "__main__":
    main()
