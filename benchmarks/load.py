"""Reading and checking: every file read, held against its schema and against the others, with
all checks.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from benchmarks.data import ROOT
from benchmarks.measure import OCS, PYTHON, found, processes, table

# What a script with PyYAML's fast loader would do, without looking at positions, traps or
# references.
SAFE_LOAD = """
import glob, yaml
for path in glob.glob("problems/*.yaml"):
    with open(path, "rb") as file:
        yaml.load(file, Loader=yaml.CSafeLoader)
"""


def run(registry: Path) -> None:
    """Measure in *registry*."""
    files = [str(path) for path in sorted((registry / "problems").glob("*.yaml"))]
    schema = str(ROOT / "schemas" / "problem.schema.json")
    programs = found("check-jsonschema", "yamllint")
    commands = {
        "ocs validate, schemas only": [OCS, "validate", "--quiet", "--only", "bad-value"],
        "ocs validate, all checks": [OCS, "validate", "--quiet"],
        "PyYAML's CSafeLoader": [PYTHON, "-c", SAFE_LOAD],
    }
    measured = processes(commands, cwd=registry, runs=10, before=_forget)
    again = {"ocs validate, again": commands["ocs validate, all checks"]}
    measured += processes(again, cwd=registry, runs=10)
    slow = {}
    if "check-jsonschema" in programs:
        slow["check-jsonschema"] = [
            programs["check-jsonschema"],
            "--schemafile",
            schema,
            *files,
        ]
    if "yamllint" in programs:
        slow["yamllint -d relaxed"] = [programs["yamllint"], "-d", "relaxed", "problems"]
    if slow:
        measured += processes(slow, cwd=registry, runs=2)
    title = (
        f"Reading and checking {len(files)} files, Python's start included; "
        "nothing kept but for 'again'"
    )
    bounds = {
        "ocs validate, schemas only": "600 ms",
        "ocs validate, all checks": "1500 ms",
        "ocs validate, again": "400 ms",
    }
    table(title, measured, "PyYAML's CSafeLoader", bounds)


def _forget() -> None:
    """Take away what was kept from the run before."""
    shutil.rmtree(os.environ["XDG_CACHE_HOME"], ignore_errors=True)
