"""Writes docs/reference/, man/ and completions/ from the code, so that they say what it does.

Run `python docs/generate.py` after a change of commands, checks or schemas. Tests compare.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from textwrap import fill
from typing import Any

import manpages
from typer._completion_shared import get_completion_script

from ocs.adapters.files import read_schema
from ocs.commands.declared import help_of, parameters
from ocs.commands.table import COMMANDS, command_named
from ocs.model.kinds import KINDS
from ocs.rules.checks import CHECKS
from ocs.rules.records.complaints import as_yaml
from ocs.rules.records.schema import Schemas

ROOT = Path(__file__).parent.parent
WIDTH = 95
HEAD = "<!-- Written by docs/generate.py; change the code instead. -->\n\n"


def pages() -> dict[str, str]:
    """The pages by file name."""
    pages = {"commands.md": commands(), "findings.md": findings(), "records.md": records()}
    return {name: HEAD + "\n".join(lines) + "\n" for name, lines in pages.items()}


def commands() -> Iterator[str]:
    """Every command with its arguments and options."""
    yield "# Commands"
    for name in COMMANDS:
        command = command_named(name)
        help = help_of(command)
        yield f"\n## ocs {name}"
        yield from (f"\n{fill(text, WIDTH)}" for text in (help.summary, *help.paragraphs))
        yield "\n```console"
        yield from (f"$ {example}" for example in help.examples)
        yield "```\n\n| | |\n|---|---|"
        for parameter in parameters(command):
            spellings = ", ".join(f"`{spelling}`" for spelling in parameter.spellings)
            yield f"| {_cell(spellings)} | {_cell(parameter.help)} |"


def findings() -> Iterator[str]:
    """Every check."""
    yield "# Findings"
    yield "\n`ocs validate` checks these rules. A finding ends with the code of the broken rule."
    for check in CHECKS:
        yield f"\n## {check.code}\n\nRule: {check.meaning}\n"
        yield f"Severity: {check.severity}. For example: `{check.example}`\n\n{check.hint}"


def records() -> Iterator[str]:
    """Every kind of record with its fields."""
    yield "# Records\n\nThe kinds of record and their fields. A field in bold is required."
    schemas = Schemas(read_schema)
    for kind in KINDS:
        schema = schemas.of(kind).schema
        name = "<owner>/<name>" if kind.owner_folders else "<id>" if kind.folder else "ocs"
        yield f"\n## `{kind.file(name)}`\n\n{schema['description']}"
        yield "\n| field | meaning | example |\n|---|---|---|"
        yield from _rows(schema, "")


def _rows(schema: Any, way: str) -> Iterator[str]:
    for name, node in schema.get("properties", {}).items():
        called = f"{way}**{name}**" if name in schema.get("required", ()) else f"{way}{name}"
        meaning = node["description"]
        if "enum" in node:
            meaning += f" One of {', '.join(node['enum'])}."
        inner = node.get("items", {}) if node["type"] == "array" else node
        example = "" if inner.get("properties") else f"`{as_yaml(node['examples'][0])}`"
        yield f"| {called} | {_cell(meaning)} | {_cell(example)} |"
        yield from _rows(inner, f"{way}{name} › ")


def _cell(text: str) -> str:
    text = " ".join(text.split()).replace("|", "\\|")
    return text if text.startswith("`") else text.replace("<", "&lt;")


def completions() -> dict[str, str]:
    """The scripts of `ocs --install-completion` for packagers, by file name."""
    return {
        f"ocs.{shell}": get_completion_script(
            prog_name="ocs", complete_var="_OCS_COMPLETE", shell=shell
        )
        + "\n"
        for shell in ("bash", "zsh", "fish")
    }


def files() -> dict[Path, str]:
    """Every file that is written from the code."""
    folders = {
        "docs/reference": pages(),
        "man": manpages.pages(),
        "completions": completions(),
    }
    return {
        ROOT / folder / name: text
        for folder, texts in folders.items()
        for name, text in texts.items()
    }


if __name__ == "__main__":
    for path, text in files().items():
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
