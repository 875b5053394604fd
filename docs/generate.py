"""Writes the pages of docs/reference/ from the code, so that they say what it does.

Run `python docs/generate.py` after a change of commands, checks or schemas; a test compares
the pages.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ocs.adapters.files import read_schema
from ocs.cli import command_of, summary_of
from ocs.commands.table import COMMANDS, command_named
from ocs.model.kinds import KINDS
from ocs.rules.checks import CHECKS
from ocs.rules.records.complaints import as_yaml
from ocs.rules.records.schema import Schemas

FOLDER = Path(__file__).parent / "reference"
HEAD = "<!-- Written by docs/generate.py; change the code instead. -->\n\n"


def pages() -> dict[str, str]:
    """The pages by file name."""
    return {
        name: HEAD + "\n".join(lines) + "\n"
        for name, lines in {
            "commands.md": commands(),
            "findings.md": findings(),
            "records.md": records(),
        }.items()
    }


def commands() -> Iterator[str]:
    """Every command with its arguments and options."""
    yield "# Commands"
    for name in COMMANDS:
        function = command_named(name)
        _, _, rest = inspect.cleandoc(function.__doc__ or "").partition("\n\n")
        text, _, example = rest.partition("\b\nExample:\n")
        yield f"\n## ocs {name}\n\n{summary_of(function)}"
        if text.strip():
            yield f"\n{text.strip()}"
        yield "\n```console"
        yield from (f"$ {line.strip()}" for line in example.splitlines() if line.strip())
        yield "```\n\n| | |\n|---|---|"
        for parameter in command_of(name).params:
            yield f"| {_called(parameter)} | {_cell(parameter.help or '')} |"


def _called(parameter: Any) -> str:
    if parameter.param_type_name == "argument":
        return f"`{parameter.metavar or parameter.name}`"
    value = "" if parameter.is_flag else f" {parameter.metavar or _choices(parameter)}"
    return ", ".join(f"`{name}{value}`" for name in parameter.opts)


def _choices(parameter: Any) -> str:
    choices = getattr(parameter.type, "choices", None)
    return (
        " or ".join(str(getattr(choice, "value", choice)) for choice in choices)
        if choices
        else "VALUE"
    )


def findings() -> Iterator[str]:
    """Every check."""
    yield (
        "# Findings\n\nWhat `ocs validate` can find, by the code that stands at "
        "the end of a finding."
    )
    for check in CHECKS:
        yield f"\n## {check.code}\n\n{check.meaning} Otherwise: {check.severity}.\n"
        yield f"For example: `{check.example}`\n\n{check.hint}"


def records() -> Iterator[str]:
    """Every kind of record with its fields."""
    yield "# Records\n\nThe kinds of record and their fields. A field in bold is required."
    schemas = Schemas(read_schema)
    for kind in KINDS:
        schema = schemas.of(kind).schema
        file = kind.file(
            "<owner>/<name>" if kind.owner_folders else "<id>" if kind.folder else "ocs"
        )
        yield (
            f"\n## `{file}`\n\n{schema['description']}\n\n| field | meaning | "
            "example |\n|---|---|---|"
        )
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


if __name__ == "__main__":
    for name, text in pages().items():
        (FOLDER / name).write_text(text, encoding="utf-8")
