"""Timing whole processes, and a table of them with ratios."""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

BIN = Path(sys.executable).parent
PYTHON = sys.executable
OCS = str(BIN / "ocs")


@dataclass(frozen=True)
class Measured:
    """How long a process took, in milliseconds, over several runs, and on all cores together."""

    name: str
    runs: tuple[float, ...]
    processor: tuple[float, ...]

    @property
    def median(self) -> float:
        return median(self.runs)

    @property
    def p95(self) -> float:
        return sorted(self.runs)[round(0.95 * (len(self.runs) - 1))]


def processes(
    commands: Mapping[str, Sequence[str]],
    *,
    cwd: Path,
    runs: int,
    before: Callable[[], None] = lambda: None,
) -> list[Measured]:
    """Each command as a whole process, in turns, so that a noisy moment meets all of them.

    *before* is done, untimed, before each. Raises CalledProcessError where a command fails.
    """
    environment = {**os.environ, "NO_COLOR": "1"}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    times: dict[str, list[tuple[float, float]]] = {name: [] for name in commands}
    for run in range(runs + 1):
        for name, command in commands.items():
            before()
            start, used = time.perf_counter(), _processor_seconds()
            done = subprocess.run(
                command,
                cwd=cwd,
                env=environment,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                check=False,
            )
            took, used = time.perf_counter() - start, _processor_seconds() - used
            if done.returncode:
                raise subprocess.CalledProcessError(
                    done.returncode, command, stderr=done.stderr
                )
            if run:  # the first warms the caches
                times[name].append((took * 1000, used * 1000))
    return [Measured(name, *zip(*taken, strict=True)) for name, taken in times.items()]


def _processor_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def table(
    title: str, measured: Sequence[Measured], beside: str, bounds: dict[str, str]
) -> None:
    """Print what was measured, with the difference and the ratio to the one called *beside*."""
    base = next(each for each in measured if each.name == beside)
    width = max(len(each.name) for each in measured) + 2
    print(f"\n{title}\n")
    print(
        f"{'':{width}}{'median':>10}{'p95':>10}{'processor':>11}{'more':>10}{'ratio':>8}  to reach"
    )
    for each in measured:
        more = each.median - base.median
        print(
            f"{each.name:{width}}{each.median:8.1f}ms{each.p95:8.1f}ms{median(each.processor):9.1f}ms{more:8.1f}ms"
            f"{each.median / base.median:8.2f}  {bounds.get(each.name, '')}"
        )


def found(*programs: str) -> dict[str, str]:
    """Where these programs are, beside this Python or on the path; those that are missing are
    told.
    """
    places = {
        name: shutil.which(name, path=f"{BIN}{os.pathsep}{os.environ['PATH']}")
        for name in programs
    }
    for name, place in places.items():
        if place is None:
            print(f"({name} is not installed and is left out)")
    return {name: place for name, place in places.items() if place}
