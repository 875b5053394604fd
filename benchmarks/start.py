"""Starting: what showing, searching and helping cost over Python's own start."""

from __future__ import annotations

from pathlib import Path

from benchmarks.measure import OCS, PYTHON, processes, table


def run(registry: Path) -> None:
    """Measure in *registry*, with an index that is up to date."""
    record = next((registry / "problems").glob("*.yaml")).stem
    measured = processes(
        {
            "python -c pass": [PYTHON, "-c", "pass"],
            "ocs show RECORD": [OCS, "show", record],
            "ocs search WORDS": [OCS, "search", "calendar", "reminders", "late"],
            "ocs --help": [OCS, "--help"],
        },
        cwd=registry,
        runs=30,
    )
    count = len(list(registry.rglob("*.yaml")))
    bounds = {"ocs show RECORD": "80 ms more", "ocs --help": "120 ms more"}
    table(f"Starting, in a registry of {count} files", measured, "python -c pass", bounds)
