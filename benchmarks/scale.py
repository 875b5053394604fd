"""A very large registry: validating it cold, again, and after ten files changed; showing one
record of it.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.generate import Size, commit, generate
from benchmarks.measure import OCS, PYTHON, processes, table


def run(registry: Path) -> None:
    """Make the registry and measure; the one that is given is not looked at."""
    size = Size()
    with tempfile.TemporaryDirectory(prefix="ocs-bench-") as folder:
        large = generate(Path(folder) / "large", size)
        commit(large)
        count = sum(1 for _ in large.rglob("*.yaml"))
        print(f"\nA registry of {count:,} files: {size}\n")
        _validate("cold, all cores", large)
        _validate("again", large)
        for number in range(3):
            _change_ten(large, number)
            _validate("with ten files changed", large)
        _name_somebody_new(large)
        _validate("with a new person, whose name no problem may tell", large)
        subprocess.run(
            [OCS, "show", "problem-000777"], cwd=large, check=True, stdout=subprocess.DEVNULL
        )
        show = [OCS, "show", "problem-000777"]
        measured = processes(
            {"python -c pass": [PYTHON, "-c", "pass"], "ocs show": show}, cwd=large, runs=15
        )
        table(
            "Showing one record of it", measured, "python -c pass", {"ocs show": "300 ms more"}
        )


def _validate(what: str, registry: Path) -> None:
    with peak_memory() as peak:
        start = time.perf_counter()
        done = subprocess.Popen(
            [OCS, "validate", "--quiet"], cwd=registry, stdout=subprocess.DEVNULL
        )
        peak.of(done.pid)
        status = done.wait()
        took = time.perf_counter() - start
    if status > 1:
        sys.exit(f"ocs validate ended with {status}")
    print(f"ocs validate, {what}: {took:.2f} s, at most {peak.mebibytes:,.0f} MiB of memory")


class _Peak:
    """The most memory that a process and its workers have had at once, seen every 50 ms."""

    def __init__(self) -> None:
        self.mebibytes = 0.0
        self.is_over = False
        self._process = 0

    def of(self, process: int) -> None:
        self._process = process

    def watch(self) -> None:
        while not self.is_over:
            self.mebibytes = max(
                self.mebibytes, sum(map(_own_mebibytes, _family(self._process)))
            )
            time.sleep(0.05)


@contextmanager
def peak_memory() -> Iterator[_Peak]:
    peak = _Peak()
    thread = threading.Thread(target=peak.watch)
    thread.start()
    try:
        yield peak
    finally:
        peak.is_over = True
        thread.join()


def _family(process: int) -> list[int]:
    try:
        children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    except OSError:
        return []
    return [process, *(member for child in children for member in _family(int(child)))]


def _own_mebibytes(process: int) -> float:
    """The memory that a process shares with no other, and its part of what it shares."""
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024
    except (OSError, StopIteration, IndexError):
        return 0.0


def _change_ten(registry: Path, number: int) -> None:
    """Change seven problems, an organisation, a community and a person, in what names nobody."""
    problems = sorted((registry / "problems").iterdir())
    changed = [problems[each * 1000 + number] for each in range(7)]
    for kind in ("orgs", "communities", "people"):
        changed.append(sorted((registry / kind).iterdir())[number])
    for path in changed:
        path.write_text(f"{path.read_text()}# changed {number}\n")


def _name_somebody_new(registry: Path) -> None:
    (registry / "people" / "somebody-new.yaml").write_text(
        "name: Maximiliane Unvergleichlich\n"
    )
