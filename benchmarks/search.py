"""Searching large registries: the first index, a whole process warm and cold, and with ten
files changed.

Beside `rg -l` and `git grep -l` of one word, which neither rank nor show anything. Warm is a
search like the last one; cold is one whose index is not in memory any more, while the
registry's files may be. With `--million` a registry of a million problems is looked at, and no
other.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.generate import Size, commit, generate
from benchmarks.measure import OCS, Measured, found, processes, table
from benchmarks.scale import peak_memory

_SEARCH = [OCS, "search", "calendar", "reminders", "late"]
_COMMON = [OCS, "search", "outlook", "error", "sending", "mail"]
_MISTYPED = [OCS, "search", "calendar", "remindres", "lqte"]
_RUNS = 20
# How often rg's time a search may take.
_BOUNDS = {10_000: "1.2 x rg", 100_000: "0.6 x rg"}


def run(registry: Path) -> None:
    """Make the registries and measure; the one that is given is not looked at."""
    for problems in (1_000_000,) if "--million" in sys.argv else (10_000, 100_000):
        with tempfile.TemporaryDirectory(prefix="ocs-bench-") as folder:
            large = generate(
                Path(folder) / "large", Size(problems, orgs=50, communities=20, people=100)
            )
            commit(large)
            print(f"\nA registry of {problems:,} problems\n")
            _first_index(large)
            _searches(large, _BOUNDS.get(problems, ""))


def _first_index(registry: Path) -> None:
    with peak_memory() as peak:
        start, used = time.perf_counter(), os.times()
        done = subprocess.Popen(
            _SEARCH, cwd=registry, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        peak.of(done.pid)
        done.wait()
        took, now = time.perf_counter() - start, os.times()
    processor = (
        now.children_user + now.children_system - used.children_user - used.children_system
    )
    texts = sum(path.stat().st_size for path in registry.rglob("*.yaml"))
    print(
        f"first index: {took:.2f} s, {processor:.2f} s of processor time, at most "
        f"{peak.mebibytes:,.0f} MiB "
        f"of memory; {_index(registry).stat().st_size / 1e6:,.0f} MB for "
        f"{texts / 1e6:,.0f} MB of records"
    )


def _searches(registry: Path, bound: str) -> None:
    programs = found("rg", "git")
    beside = {
        **({"rg -l WORD": [programs["rg"], "-l", "calendar"]} if "rg" in programs else {}),
        **(
            {"git grep -l WORD": [programs["git"], "grep", "-l", "calendar"]}
            if "git" in programs
            else {}
        ),
    }
    ours = {"ocs search": _SEARCH, "common words": _COMMON, "two mistyped": _MISTYPED}
    measured = processes({**beside, **ours}, cwd=registry, runs=_RUNS)
    index = _index(registry)
    measured += _named(
        "cold", processes({"": _SEARCH}, cwd=registry, runs=5, before=lambda: _forget(index))
    )
    changed = processes(
        {"": _SEARCH}, cwd=registry, runs=5, before=lambda: _change_ten(registry)
    )
    measured += _named("ten files changed", changed)
    table("Whole processes", measured, measured[0].name, {"ocs search": bound})


def _named(name: str, measured: list[Measured]) -> list[Measured]:
    return [Measured(name, each.runs, each.processor) for each in measured]


def _index(registry: Path) -> Path:
    (file,) = (registry / ".git" / "ocs").glob("index-*.sqlite")
    return file


def _forget(file: Path) -> None:
    """See that what is in a file is read from the disk the next time."""
    descriptor = os.open(file, os.O_RDONLY)
    os.fsync(descriptor)
    os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
    os.close(descriptor)


def _change_ten(registry: Path) -> None:
    problems = registry / "problems"
    step = sum(1 for _ in problems.iterdir()) // 10
    for number in range(0, 10 * step, step):
        with (problems / f"problem-{number:06d}.yaml").open("a") as file:
            file.write("# changed\n")
