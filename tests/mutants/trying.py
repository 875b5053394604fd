"""Try mutants with the tests of their room, which are imported and collected once.

`python -m tests.mutants` starts this in a copy of the project. Standard input is JSON: the tests and the mutants.
Standard output is one line for each mutant: its number, the seconds it took, the outcome.
The broken module is written to disk, for programs that a test starts. Each mutant is tried in
a child process, in which the loaded functions get the broken code; one that survives is tried
again by a process that loads everything anew.
"""

from __future__ import annotations

import gc
import io
import json
import os
import signal
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import redirect_stdout
from functools import partial
from pathlib import Path
from types import CodeType, FunctionType

import pytest

from tests.mutants.breaking import Mutant

SURVIVES = "SURVIVES"
KILLED = "killed"
KILLED_BY_TIME = "killed by time"
FAILS_UNBROKEN = "fails with nothing broken"

OPTIONS = ("-x", "-q", "--no-header", "--tb=no", "-p", "no:cacheprovider")
_SPARE_SECONDS = 60.0
_SLOWER = 4


class Trials:
    """A plugin of pytest: the tests that were collected run once for each mutant."""

    def __init__(self, broken: Sequence[Mutant], report: io.TextIOBase) -> None:
        self._broken = broken
        self._report = report

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Run the tests with nothing broken, then with each mutant."""
        began = time.monotonic()
        if _in_a_child(session.items, lambda: None, limit_seconds=None) != SURVIVES:
            self._say(-1, time.monotonic() - began, FAILS_UNBROKEN)
            return True
        limit_seconds = _SPARE_SECONDS + _SLOWER * (time.monotonic() - began)
        for number, mutant in enumerate(self._broken):
            path = Path(mutant.path).resolve()
            whole = path.read_text(encoding="utf-8")
            broken = mutant.of(whole)
            path.write_text(broken, encoding="utf-8")
            began = time.monotonic()
            try:
                breaking = partial(break_loaded, path, whole, broken)
                nearest_first = sorted(
                    session.items, key=lambda item: item.path.stem != f"test_{path.stem}"
                )
                outcome = _in_a_child(nearest_first, breaking, limit_seconds)
                if outcome == SURVIVES:  # what is made while a module is loaded is whole yet
                    outcome = _in_a_new_process(session.config.args, limit_seconds)
            finally:
                path.write_text(whole, encoding="utf-8")
            self._say(number, time.monotonic() - began, outcome)
        return True

    def _say(self, number: int, seconds: float, outcome: str) -> None:
        print(number, f"{seconds:.1f}", outcome, sep="\t", file=self._report, flush=True)


def _in_a_child(
    tests: Sequence[pytest.Item], prepare: Callable[[], None], limit_seconds: float | None
) -> str:
    """Run the tests in a child process, up to the first failure."""
    child = os.fork()
    if not child:
        status = 1
        try:
            os.setsid()
            prepare()
            status = 0 if _passes(tests) else 1
        finally:
            os._exit(status)
    end = None if limit_seconds is None else time.monotonic() + limit_seconds
    while True:
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            return KILLED if status else SURVIVES
        if end is not None and time.monotonic() > end:
            os.killpg(child, signal.SIGKILL)
            os.waitpid(child, 0)
            return KILLED_BY_TIME
        time.sleep(0.02)


def _in_a_new_process(tests: Sequence[str], limit_seconds: float) -> str:
    """Run the tests in a process that loads every module anew."""
    with subprocess.Popen(
        [sys.executable, "-m", "pytest", *OPTIONS, *tests], start_new_session=True
    ) as process:
        try:
            return KILLED if process.wait(limit_seconds) else SURVIVES
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            return KILLED_BY_TIME


def _passes(tests: Sequence[pytest.Item]) -> bool:
    for test, following in zip(tests, [*tests[1:], None], strict=True):
        test.config.hook.pytest_runtest_protocol(item=test, nextitem=following)
        if test.session.shouldfail:
            return False
    return True


def break_loaded(path: Path, whole: str, broken: str) -> None:
    """Give each function that is loaded from a module its code in another text of the module."""
    codes = _paired(_codes(path, whole), _codes(path, broken))
    for function in gc.get_objects():
        if isinstance(function, FunctionType) and function.__code__.co_filename == str(path):
            code = function.__code__
            new = codes.get((code.co_qualname, code.co_firstlineno))
            if new is not None and new.co_freevars == code.co_freevars:
                function.__code__ = new


def _codes(path: Path, text: str) -> Mapping[str, Sequence[CodeType]]:
    """The code of each function of a text, by qualified name, in the text's order."""
    found: dict[str, list[CodeType]] = defaultdict(list)
    for code in _within(compile(text, str(path), "exec", dont_inherit=True)):
        found[code.co_qualname].append(code)
    return found


def _within(code: CodeType) -> Iterator[CodeType]:
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield constant
            yield from _within(constant)


def _paired(
    old: Mapping[str, Sequence[CodeType]], new: Mapping[str, Sequence[CodeType]]
) -> Mapping[tuple[str, int], CodeType]:
    """The new code for each old one, by its qualified name and first line."""
    return {
        (name, code.co_firstlineno): other
        for name, codes in old.items()
        if len(codes) == len(new.get(name, ()))
        for code, other in zip(codes, new[name], strict=True)
    }


def main() -> int:
    """Try what standard input asks for."""
    asked = json.load(sys.stdin)
    broken = [Mutant(**fields) for fields in asked["mutants"]]
    # Tests, and what they start, write to nowhere. The report goes where standard output went.
    report = os.fdopen(os.dup(1), "w", encoding="utf-8")
    nowhere = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nowhere, descriptor)
    with redirect_stdout(io.StringIO()):
        pytest.main([*OPTIONS, *asked["tests"]], plugins=[Trials(broken, report)])
    return 0


if __name__ == "__main__":
    sys.exit(main())
