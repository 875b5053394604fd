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


# What a change of a field can do, by the kind of change that the schema names for it.
_EFFECTS = {
    "nobody": "decides nothing",
    "about a person": "says who somebody is, and whether ocs asks them",
    "access": "decides who reads a secret, and when it is rotated",
    "anything else": "misleads about whom and what the group helps",
    "attempt to reach a lead": "shortens the notice before a removal",
    "confirmed by a lead": "makes ocs rely on the leads",
    "custody": "gives somebody a resource, or takes it",
    "details": "misleads about the community and how to reach it",
    "former ids": "takes over what belongs to an old id",
    "gatekeepers of an owner": "decides who answers for secrets",
    "key or account": "decides who somebody is, how they are reached and what they may read",
    "parents": "decides who acts for a community",
    "policy": "decides who must agree, and what ocs looks at",
    "resource added": "gives a community a resource, or takes it",
    "rules of the community": "decides how leadership passes on, and if ocs relies on the leads",
    "seen working": "says that somebody confirmed the solution",
    "verified solution": "tells readers what to do",
    "vetting": "decides whom others trust",
    "what it gives or takes": "gives somebody power, or takes it, on some day",
}
_WHO = {
    "nobody": "nobody",
    "about a person": "the person, or 1 gatekeeper",
    "access": "1 gatekeeper of the owner",
    "anything else": "1 gatekeeper",
    "attempt to reach a lead": "1 gatekeeper, and the person who tried",
    "confirmed by a lead": "a lead; to take it back every owner and 1 gatekeeper",
    "details": "a lead, or 1 gatekeeper",
    "former ids": "the threshold, at least 2; an owner too",
    "gatekeepers of an owner": "1 gatekeeper of the owner and those who lose by it, or the "
    "threshold; an owner too",
    "seen working": "the person, or 1 gatekeeper",
    "verified solution": "see below",
}


def fields() -> Iterator[str]:
    """By whose agreement each field changes."""
    yield "| record | fields | what a change can do | who must agree |\n|---|---|---|---|"
    schemas = Schemas(read_schema)
    for kind in KINDS:
        marked: dict[str, list[str]] = {}
        for name, mark in _marks(schemas.of(kind).schema, "", ""):
            marked.setdefault(mark, []).append(f"`{name}`")
        for mark, names in sorted(marked.items()):
            who = _WHO.get(mark, "as the table above says")
            yield f"| {kind.name} | {', '.join(names)} | {_EFFECTS[mark]} | {who} |"


def _marks(schema: Any, way: str, outer: str) -> Iterator[tuple[str, str]]:
    """Each field with a mark that differs from that of the field around it."""
    for name, node in schema.get("properties", {}).items():
        mark = node.get("x-agree", outer)
        if mark != outer:
            yield f"{way}{name}", mark
        yield from _marks(node.get("items", {}), f"{way}{name} › ", mark)
        yield from _marks(node, f"{way}{name} › ", mark)


def reviewing() -> str:
    """The page on reviews, with the table of fields in its place."""
    page = (ROOT / "docs/reference/reviewing.md").read_text(encoding="utf-8")
    before, mark, rest = page.partition("<!-- fields, written by docs/generate.py -->\n")
    end = "<!-- end of fields -->"
    return before + mark + "\n".join(fields()) + "\n" + end + rest.partition(end)[2]


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
    } | {ROOT / "docs/reference/reviewing.md": reviewing()}


if __name__ == "__main__":
    for path, text in files().items():
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
