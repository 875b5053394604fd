"""Many things are done in several processes as they would be in one, whatever becomes of a worker."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from ocs.adapters.workers import FEWEST, Spread

ITEMS = range(FEWEST * 3 + 7)
US = os.getpid()


@pytest.fixture(autouse=True)
def two_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ocs.adapters.workers._processes", lambda: 2)


def children() -> list[str]:
    return [
        child
        for task in Path("/proc/self/task").iterdir()
        for child in (task / "children").read_text().split()
    ]


def test_results_come_in_the_order_of_the_things() -> None:
    answers = Spread(lambda item: (item, os.getpid()), ITEMS)
    assert [item for item, _ in answers] == list(ITEMS)
    assert len({pid for _, pid in answers}) == 2
    assert US not in {pid for _, pid in answers}
    assert len(answers) == len(ITEMS)


def test_few_things_are_done_here() -> None:
    assert set(Spread(lambda _: os.getpid(), range(10))) == {US}


def test_what_a_killed_worker_left_is_done_here() -> None:
    def work(item: int) -> int:
        if item == 400 and os.getpid() != US:
            os.kill(os.getpid(), signal.SIGKILL)
        return item * 2

    assert list(Spread(work, ITEMS)) == [item * 2 for item in ITEMS]


def test_what_a_worker_fails_with_is_raised_here() -> None:
    def work(item: int) -> int:
        return 1 // (item - 300)

    with pytest.raises(ZeroDivisionError):
        list(Spread(work, ITEMS))


@pytest.mark.skipif(
    not Path("/proc/self/task").is_dir(), reason="there is no /proc to see processes in"
)
def test_no_worker_stays_when_nobody_wants_the_rest() -> None:
    before = children()
    answers = iter(Spread(lambda item: "x" * 5000, range(100_000)))
    next(answers)
    assert len(children()) == len(before) + 2
    answers.close()  # type: ignore[attr-defined]
    assert children() == before


def test_a_process_with_threads_is_not_copied(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    waiting = threading.Event()
    thread = threading.Thread(target=waiting.wait)
    thread.start()
    try:
        assert set(Spread(lambda _: os.getpid(), ITEMS)) == {US}
    finally:
        waiting.set()
        thread.join()


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="there is no /proc to see processes in")
def test_no_worker_outlives_a_process_that_is_killed(tmp_path: Path) -> None:
    script = (
        "import os, sys\n"
        "import ocs.adapters.workers as workers\n"
        "workers._processes = lambda: 3\n"
        "def work(item):\n"
        f"    open(os.path.join({str(tmp_path)!r}, str(os.getpid())), 'a').close()\n"
        "    return 'x' * 2000\n"
        "answers = iter(workers.Spread(work, range(1_000_000)))\n"
        "next(answers); print('begun', flush=True); sys.stdin.read()\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", script],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "begun\n"
    process.kill()
    process.communicate()
    workers = [path.name for path in tmp_path.iterdir()]
    assert workers
    for _ in range(200):
        if not any(is_running(worker) for worker in workers):
            return
        time.sleep(0.05)
    raise AssertionError("a worker is still there")


def is_running(process: str) -> bool:
    try:
        return " Z " not in Path("/proc", process, "stat").read_text()
    except OSError:
        return False
