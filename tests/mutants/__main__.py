"""Which broken rules and adapters do the tests of their room notice?

    python -m tests.mutants                   300 places, drawn by the seed 1
    python -m tests.mutants --seed 7 --count 100 --room rules/secrets
    python -m tests.mutants --only rules/people/keys.py

First the tests of the rooms that are drawn run once with nothing broken, and must pass. Then
each mutant is tried in a copy of the project with the tests of its room, which end at the
first failure. One that survives is named, unless `survivors.txt` says why it may. The status
is 1 where more than 5 % survive.
"""

from __future__ import annotations

import argparse
import os
import queue
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.mutants.breaking import Mutant, mutants
from tests.mutants.rooms import room_of, tests_of

ROOT = Path(__file__).parents[2]
SURVIVORS = Path(__file__).parent / "survivors.txt"
BROKEN = ("ocs/rules", "ocs/adapters")
MOST_SURVIVORS = 0.05
# A mutant may loop for ever. Tests that pass take some of this longer on a busy machine.
MOST_SECONDS = 600.0
SPARE_SECONDS = 60.0
SLOWER = 4

SURVIVES = "SURVIVES"

Tests = tuple[str, ...]
Limits = Mapping[Tests, float]


class Bench:
    """A copy of the project, in which one mutant after the other is tried."""

    def __init__(self, folder: Path) -> None:
        self._root = folder
        ignored = shutil.ignore_patterns(
            ".*venv*", ".git", "__pycache__", ".*_cache", ".hypothesis"
        )
        shutil.copytree(ROOT, folder, ignore=ignored, symlinks=True)

    def outcome(self, mutant: Mutant, limits: Limits) -> str:
        """What the tests of its room make of this mutant."""
        tests = tuple(tests_of(mutant.path))
        path = self._root / mutant.path
        text = path.read_text(encoding="utf-8")
        path.write_text(mutant.of(text), encoding="utf-8")
        try:
            return SURVIVES if self.passes(tests, limits[tests]) else "killed"
        except subprocess.TimeoutExpired:
            return "killed by time"
        finally:
            path.write_text(text, encoding="utf-8")

    def passes(self, tests: Tests, limit_seconds: float) -> bool:
        """Do these tests pass? Raises TimeoutExpired where they take longer than this."""
        environment = {
            **os.environ,
            # What hypothesis tries is the same each time.
            "CI": "1",
            "PYTHONPATH": str(self._root),
            "PYTHONDONTWRITEBYTECODE": "1",
        }
        pytest = [sys.executable, "-m", "pytest", "-x", "-q", "--no-header", "--tb=no", *tests]
        with subprocess.Popen(
            pytest,
            cwd=self._root,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        ) as process:
            try:
                return process.wait(limit_seconds) == 0
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                raise


def main() -> int:
    """Try the mutants that are asked for, name the survivors, and give the status."""
    options = _options()
    drawn = _drawn(options)
    known = _known_survivors()
    survivors = _survivors(drawn, options.workers)
    unknown = [mutant for mutant in survivors if _signature(mutant) not in known]
    for mutant in unknown:
        print(f"survives: {mutant}")
    share = len(survivors) / max(1, len(drawn))
    print(
        f"{len(drawn)} mutants, {len(survivors)} survive ({share:.1%}), "
        f"{len(unknown)} of them without a reason in {SURVIVORS.name}"
    )
    return 1 if share > MOST_SURVIVORS else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.mutants")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=300)
    parser.add_argument(
        "--room", help="only of this room or layer, such as rules/secrets or adapters"
    )
    parser.add_argument(
        "--only", help="every mutant of this file, such as rules/people/keys.py"
    )
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--list", action="store_true", help="only print the mutants")
    options = parser.parse_args()
    if options.list:
        print(*_drawn(options), sep="\n")
        sys.exit(0)
    return options


def _drawn(options: argparse.Namespace) -> list[Mutant]:
    paths = sorted(
        path.relative_to(ROOT).as_posix()
        for folder in BROKEN
        for path in (ROOT / folder).rglob("*.py")
    )
    if options.only:
        paths = [path for path in paths if path == f"ocs/{options.only}"]
    if options.room:
        paths = [path for path in paths if f"{room_of(path)}/".startswith(f"{options.room}/")]
    every = [
        mutant
        for path in paths
        for mutant in mutants(path, (ROOT / path).read_text(encoding="utf-8"))
    ]
    if options.only:
        return every
    return random.Random(options.seed).sample(every, min(options.count, len(every)))


def _survivors(drawn: Sequence[Mutant], workers: int) -> list[Mutant]:
    waiting: queue.SimpleQueue[Mutant] = queue.SimpleQueue()
    for mutant in drawn:
        waiting.put(mutant)
    survivors: list[Mutant] = []

    def work(bench: Bench) -> None:
        while True:
            try:
                mutant = waiting.get_nowait()
            except queue.Empty:
                return
            began = time.monotonic()
            outcome = bench.outcome(mutant, limits)
            print(f"{outcome} {time.monotonic() - began:5.1f} s  {mutant}", flush=True)
            if outcome == SURVIVES:
                survivors.append(mutant)

    with tempfile.TemporaryDirectory(prefix="mutants-") as scratch:
        first = Bench(Path(scratch) / "0")
        limits = _limits(first, sorted({tuple(tests_of(mutant.path)) for mutant in drawn}))
        others = [Bench(Path(scratch) / str(number)) for number in range(1, workers)]
        threads = [threading.Thread(target=work, args=(bench,)) for bench in (first, *others)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    return sorted(survivors, key=str)


def _limits(bench: Bench, wanted: Sequence[Tests]) -> Limits:
    """How long each of these lists of tests may take. They pass with nothing broken."""
    limits: dict[Tests, float] = {}
    for tests in wanted:
        print(f"with nothing broken: {' '.join(tests)}", flush=True)
        began = time.monotonic()
        try:
            passes = bench.passes(tests, MOST_SECONDS)
        except subprocess.TimeoutExpired:
            passes = False
        if not passes:
            sys.exit(f"these fail with nothing broken: {' '.join(tests)}")
        took = time.monotonic() - began
        limits[tests] = min(MOST_SECONDS, SPARE_SECONDS + SLOWER * took)
    return limits


def _signature(mutant: Mutant) -> str:
    """What names a mutant for longer than the number of its line."""
    return f"{mutant.path}: {str(mutant).partition(': ')[2]}"


def _known_survivors() -> frozenset[str]:
    lines = SURVIVORS.read_text(encoding="utf-8").splitlines() if SURVIVORS.exists() else []
    return frozenset(line.strip() for line in lines if line.startswith("ocs/"))


if __name__ == "__main__":
    sys.exit(main())
