"""Which broken rules and adapters do the tests of their room notice?

    python -m tests.mutants                   300 places, drawn by the seed 1
    python -m tests.mutants --seed 7 --count 100 --room rules/secrets
    python -m tests.mutants --only rules/people/keys.py

For each room its tests run once with nothing broken, and must pass. Then each mutant is
tried in a copy of the project, and the tests end at the first failure. One that survives is
named, unless `survivors.txt` says why it may. The status is 1 where more than 5 % survive.
"""

from __future__ import annotations

import argparse
import json
import os
import queue
import random
import shutil
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from tests.mutants.breaking import Mutant, mutants
from tests.mutants.rooms import room_of, tests_of
from tests.mutants.trying import FAILS_UNBROKEN, SURVIVES

ROOT = Path(__file__).parents[2]
SURVIVORS = Path(__file__).parent / "survivors.txt"
BROKEN = ("ocs/rules", "ocs/adapters")
MOST_SURVIVORS = 0.05

Tests = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the tests of its room make of a mutant."""

    mutant: Mutant
    seconds: float
    verdict: str

    def __str__(self) -> str:
        return f"{self.verdict} {self.seconds:5.1f} s  {self.mutant}"


class Bench:
    """A copy of the project, in which mutants are tried one after the other."""

    def __init__(self, folder: Path) -> None:
        self._root = folder
        ignored = shutil.ignore_patterns(
            ".*venv*", ".git", "__pycache__", ".*_cache", ".hypothesis"
        )
        shutil.copytree(ROOT, folder, ignore=ignored, symlinks=True)

    def outcomes(self, tests: Tests, broken: Sequence[Mutant]) -> Iterator[Outcome]:
        """What these tests make of each mutant. Exits where they fail with nothing broken."""
        environment = {
            **os.environ,
            # What hypothesis tries is the same each time.
            "CI": "1",
            "PYTHONPATH": str(self._root),
            "PYTHONDONTWRITEBYTECODE": "1",
        }
        with subprocess.Popen(
            [sys.executable, "-m", "tests.mutants.trying"],
            cwd=self._root,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        ) as process:
            assert process.stdin is not None
            assert process.stdout is not None
            json.dump(
                {"tests": tests, "mutants": [asdict(mutant) for mutant in broken]},
                process.stdin,
            )
            process.stdin.close()
            tried = 0
            for line in process.stdout:
                number, seconds, verdict = line.rstrip("\n").split("\t")
                if verdict == FAILS_UNBROKEN:
                    break
                tried += 1
                yield Outcome(broken[int(number)], float(seconds), verdict)
        if tried < len(broken):
            raise SystemExit(f"these fail with nothing broken: {' '.join(tests)}")


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
    near: dict[Tests, list[Mutant]] = defaultdict(list)
    for mutant in drawn:
        near[tests_of(mutant.path)].append(mutant)
    waiting: queue.SimpleQueue[Tests] = queue.SimpleQueue()
    for tests in sorted(near, key=lambda tests: -len(near[tests])):
        waiting.put(tests)
    survivors: list[Mutant] = []

    def work(bench: Bench) -> None:
        while not waiting.empty():
            with suppress(queue.Empty):
                tests = waiting.get_nowait()
                for outcome in bench.outcomes(tests, near[tests]):
                    print(outcome, flush=True)
                    if outcome.verdict == SURVIVES:
                        survivors.append(outcome.mutant)

    with (
        tempfile.TemporaryDirectory(prefix="mutants-") as scratch,
        ThreadPoolExecutor(workers) as pool,
    ):
        benches = [Bench(Path(scratch) / str(number)) for number in range(workers)]
        list(pool.map(work, benches))
    return sorted(survivors, key=str)


def _signature(mutant: Mutant) -> str:
    """What names a mutant for longer than the number of its line."""
    return f"{mutant.path}: {str(mutant).partition(': ')[2]}"


def _known_survivors() -> frozenset[str]:
    lines = SURVIVORS.read_text(encoding="utf-8").splitlines() if SURVIVORS.exists() else []
    return frozenset(line.strip() for line in lines if line.startswith("ocs/"))


if __name__ == "__main__":
    sys.exit(main())
