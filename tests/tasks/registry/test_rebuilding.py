"""The index is made and remade while processes are killed, stopped and interrupted, and disks are full."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from ocs.adapters.files import Files
from ocs.adapters.store.database import StoreUnusableError
from ocs.adapters.store.index import Index
from ocs.adapters.workers import FEWEST
from tests.tasks.registry.test_index import answer, fresh, index_file

Write = Callable[[str], Files]

RECORDS = 120
# More than SQLite keeps in memory: what is not committed yet is on the disk as well.
LONG = "The queue grows and nobody knows why. " * 500

# Brings an index up to date, and does something to itself at the given moment: when so many records are
# read, or when it comes to a statement.
CHILD = """
import os, signal, sys, time
from pathlib import Path
from ocs.adapters.files import Files, read_schema
from ocs.adapters.store.index import Index
from ocs.rules.records.schema import Schemas
from ocs.tasks.registry.index import refresh
from ocs.tasks.registry.indexing import Indexer

root, folder, moment, deed = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3], int(sys.argv[4])
files = Files(root)
index = Index.on_disk(folder, root, folder.parent / "notes")

def do():
    os.kill(os.getpid(), deed)

def rows(changed):
    for number, entry in enumerate(changed):
        if str(number) == moment:
            do()
        yield Indexer(files, Schemas(read_schema), time.time_ns())(entry)

index._sql.set_trace_callback(lambda statement: do() if statement == moment else None)
refresh(index, files, rows)
if moment == "done":
    do()
"""


def child(files: Files, folder: Path, moment: str, deed: int) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-c", CHILD, files.root, folder, moment, str(deed)]
    )


def long_records(write: Write) -> Files:
    return write(
        "".join(
            f"== problems/p{n:03}.yaml\ntitle: P{n}\ncause: {LONG}\n" for n in range(RECORDS)
        )
    )


@pytest.mark.parametrize(
    "moment", ["0", "1", str(RECORDS // 2), str(RECORDS - 1), "COMMIT", "done"]
)
def test_a_process_that_is_killed_leaves_the_old_index_or_the_new(
    moment: str, write: Write, tmp_path: Path
) -> None:
    files = long_records(write)
    for attempt in ("first", "again"):
        known = stamps(files, tmp_path / "index")
        for path in files.root.glob("problems/*.yaml"):
            path.write_text(f"title: {attempt} {path.stem}\ncause: {LONG}\n")
        assert (
            child(files, tmp_path / "index", moment, signal.SIGKILL).wait() == -signal.SIGKILL
        )
        # Of what was killed while it wrote nobody knows what it is.
        left_over = stamps(files, tmp_path / "index")
        if moment == "done":
            assert left_over not in (known, {})
        else:
            assert left_over in (known, {})
        with sqlite3.connect(index_file(tmp_path / "index")) as left:
            assert left.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        left.close()
        assert answer(files, tmp_path / "index") == fresh(files)


def stamps(files: Files, folder: Path) -> dict[str, int]:
    index = Index.on_disk(folder, files.root, folder.parent / "notes")
    try:
        return index.stamps()
    finally:
        index.close()


def test_who_asks_while_another_process_stands_still_in_the_middle_is_answered(
    write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = long_records(write)
    monkeypatch.setattr("ocs.adapters.store.database.PATIENCE_SECONDS", 0.1)
    stopped = child(files, tmp_path / "index", str(RECORDS // 2), signal.SIGSTOP)
    try:
        os.waitid(os.P_PID, stopped.pid, os.WSTOPPED | os.WNOWAIT)
        assert answer(files, tmp_path / "index") == fresh(files)
        with pytest.raises(StoreUnusableError, match="in use"):
            stamps(files, tmp_path / "index")
        (files.root / "problems/p000.yaml").write_text("title: Changed meanwhile\n")
        assert answer(files, tmp_path / "index") == fresh(files)
    finally:
        stopped.send_signal(signal.SIGCONT)
    assert stopped.wait() == 0
    assert len(stamps(files, tmp_path / "index")) == RECORDS + 1
    assert answer(files, tmp_path / "index") == fresh(files)


def test_searches_at_once_while_the_index_is_made_find_the_same(write: Write) -> None:
    files = long_records(write)
    command = [sys.executable, "-m", "ocs", "search", "queue", "--paths", "-n", "1000"]
    running = [
        subprocess.Popen(
            command, cwd=files.root, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        for _ in range(4)
    ]
    answers = [process.communicate() for process in running]
    assert {errors for _, errors in answers} == {b""}
    assert len({out for out, _ in answers}) == 1
    assert len(answers[0][0].splitlines()) == RECORDS


@pytest.mark.skipif(
    not Path("/proc/self/task").is_dir(), reason="there is no /proc to see processes in"
)
@pytest.mark.skipif(
    len(os.sched_getaffinity(0)) < 2, reason="with one core there are no workers"
)
@pytest.mark.parametrize("deed", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_workers_end_with_the_process_that_makes_the_index(
    deed: signal.Signals, write: Write
) -> None:
    files = write(
        "".join(
            f"== problems/p{n:04}.yaml\ntitle: P{n}\ncause: {LONG[:2000]}\n"
            for n in range(4 * FEWEST)
        )
    )
    (files.root / ".git" / "objects").mkdir(parents=True)
    (files.root / ".git" / "HEAD").write_text("ref: refs/heads/main\n")
    process = subprocess.Popen(
        [sys.executable, "-m", "ocs", "search", "queue"],
        cwd=files.root,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    workers: list[str] = []
    while len(workers) < 2:
        assert process.poll() is None, "it ended before it was seen at work"
        workers = children.read_text().split()
    process.send_signal(deed)
    _, errors = process.communicate()
    assert (process.returncode, errors) == (
        (130, b"error: interrupted\n") if deed == signal.SIGINT else (-deed, b"")
    )
    for _ in range(200):
        if not any(Path("/proc", worker).exists() for worker in workers):
            break
        time.sleep(0.05)
    else:
        raise AssertionError("a worker is still there")
    assert stamps(files, files.root / ".git" / "ocs") == {}


@contextmanager
def small_disk(folder: Path, size: str) -> Iterator[Path]:
    if os.geteuid() != 0:
        pytest.skip("only root can mount a small disk")
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", folder]
    mounted = subprocess.run(mount, capture_output=True, check=False)
    if mounted.returncode:
        pytest.skip(f"nothing can be mounted here: {mounted.stderr.decode()}")
    try:
        yield folder
    finally:
        subprocess.run(["umount", folder], check=True)


@pytest.mark.parametrize("size", ["4k", "64k", "512k", "2m"])
def test_an_index_that_does_not_fit_onto_the_disk_is_done_without(
    size: str, write: Write, tmp_path: Path
) -> None:
    files = long_records(write)
    with small_disk(tmp_path / "disk", size) as disk:
        for _ in range(2):
            assert answer(files, disk / "index") == fresh(files)


def test_a_disk_that_fills_up_leaves_the_answers_right(write: Write, tmp_path: Path) -> None:
    files = long_records(write)
    with small_disk(tmp_path / "disk", "64m") as disk:
        answer(files, disk / "index")
        (disk / "full").write_bytes(b"x" * shutil.disk_usage(disk).free)
        for name in ("p000", "p001", "new"):
            (files.root / f"problems/{name}.yaml").write_text(
                f"title: Changed\ncause: {LONG}\n"
            )
            assert answer(files, disk / "index") == fresh(files)
        (disk / "full").unlink()
        assert answer(files, disk / "index") == fresh(files)
        assert len(stamps(files, disk / "index")) == RECORDS + 2
