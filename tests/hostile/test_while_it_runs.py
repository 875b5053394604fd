"""What happens to a registry while it is read, and what the machine refuses: still no bug, no hang."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.hostile.around import Around, check
from tests.hostile.plain import plain, write
from tests.hostile.processes import Server
from tests.hostile.test_hostile import CALLS

READING = [
    call
    for command, calls in CALLS.items()
    for call in calls
    if command not in ("init", "explain")
]

# Does to the registry what somebody else, or a program that syncs files, may do at any moment.
DISTURBER = """
import os, random, shutil, sys
from pathlib import Path

root, canary = Path(sys.argv[1]), Path(sys.argv[2])
record = root / "problems/mail-late.yaml"
text = "title: Mail is late\\nsymptoms: [{seen: The queue grows}]\\n"

def replaced():
    (root / ".new").write_text(text * random.randint(0, 3))
    (root / ".new").rename(record)

def opened():
    return os.fdopen(os.open(record, os.O_WRONLY | os.O_APPEND | os.O_NOFOLLOW | os.O_NONBLOCK), "w")

def grown():
    with opened() as file:
        file.write("# more\\n" * random.randint(1, 5000))

def truncated():
    with opened() as file:
        file.truncate(random.randint(0, 20))

def deleted():
    record.unlink()

def a_link():
    (root / ".new").symlink_to(canary / "secret.yaml")
    (root / ".new").rename(record)

def a_pipe():
    os.mkfifo(root / ".new")
    (root / ".new").rename(record)

def folder_by_a_link():
    (root / "people").rename(root / ".people")
    (root / "people").symlink_to(canary / "inner")
    (root / "people").unlink()
    (root / ".people").rename(root / "people")

def folder_gone():
    shutil.copytree(root / "orgs", root / ".orgs")
    shutil.rmtree(root / "orgs")
    (root / ".orgs").rename(root / "orgs")

def root_record():
    (root / "ocs.yaml").rename(root / ".ocs.yaml")
    (root / ".ocs.yaml").rename(root / "ocs.yaml")

steps = [replaced, grown, truncated, deleted, a_link, a_pipe, folder_by_a_link, folder_gone, root_record]
print("ready", flush=True)
while True:
    try:
        random.choice(steps)()
    except OSError:
        pass
"""


@contextmanager
def disturbed(around: Around) -> Iterator[None]:
    command = [
        sys.executable,
        "-c",
        DISTURBER,
        str(around.registry),
        str(around.folder / "canary"),
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        try:
            yield
        finally:
            process.kill()


def test_a_registry_that_changes_while_it_is_read(around: Around) -> None:
    plain(around.registry)
    before = around.seen_outside()
    answered = 0
    with disturbed(around):
        end = time.monotonic() + 4
        while time.monotonic() < end or answered < len(READING):
            check(around.run(*READING[answered % len(READING)]))
            answered += 1
    assert around.seen_outside() == before


def test_a_registry_that_is_moved_away_meanwhile(around: Around) -> None:
    plain(around.registry)
    code = "import os, sys\nwhile True:\n    os.rename(sys.argv[1], sys.argv[2])\n    os.rename(sys.argv[2], sys.argv[1])\n"
    with subprocess.Popen(
        [sys.executable, "-c", code, around.registry / "people", around.registry / ".away"]
    ) as mover:
        try:
            for call in READING * 2:
                check(around.run(*call))
        finally:
            mover.kill()


@pytest.fixture
def others(server: Server) -> Iterator[tuple[Around, int | None]]:
    """A place that every user may go to, and whom to run as: root may read everything, so then it is nobody."""
    nobody = 65534 if os.geteuid() == 0 else None
    if nobody and not all(folder.stat().st_mode & 0o001 for folder in (ROOT, *ROOT.parents)):
        pytest.skip("another user cannot go to where these tests lie")
    with tempfile.TemporaryDirectory() as place:
        Path(place).chmod(0o755)
        around = Around(Path(place) / "around", server)
        around.prepare()
        for name in ("home", "out", "tmp"):
            (around.folder / name).chmod(0o777)
        yield around, nobody


UNREADABLE = {
    "a record": (
        "problems/mail-late.yaml",
        "cannot read problems/mail-late.yaml: Permission denied",
    ),
    "a folder of records": ("people", "cannot list this folder"),
    "a folder of an owner": ("access/river-house", "cannot list this folder"),
    "the secrets": ("secrets", "cannot list this folder"),
    "ocs.yaml": ("ocs.yaml", "cannot read ocs.yaml: Permission denied"),
    "the registry": (".", "is not readable"),
}


@pytest.mark.parametrize("what", UNREADABLE)
def test_what_may_not_be_read(what: str, others: tuple[Around, int | None]) -> None:
    around, nobody = others
    path, says = UNREADABLE[what]
    plain(around.registry)
    place = around.registry / path
    mode = place.stat().st_mode
    place.chmod(0)
    try:
        for call in READING:
            if path == ".":
                call = [*call, "-C", str(around.registry)]
                ended = around.run(*call, user=nobody, folder=around.folder)
            else:
                ended = around.run(*call, user=nobody)
            check(ended)
            if call[0] == "validate" and not {"--json", "--tree"} & set(call):
                assert says in ended.out + ended.err, str(ended)
    finally:
        place.chmod(mode)


def test_a_registry_that_may_not_be_written(others: tuple[Around, int | None]) -> None:
    around, nobody = others
    plain(around.registry)
    (around.registry / ".git" / "objects").mkdir(parents=True)
    write(around.registry, ".git/HEAD", "ref: refs/heads/main\n")
    folders = [
        around.registry,
        *(path for path in around.registry.rglob("*") if path.is_dir()),
    ]
    for folder in folders:
        folder.chmod(0o555)
    before = around.seen()
    for call in (
        *READING,
        ["init", "--name", "x", "--founder", "lena"],
        ["import", "mots", "../sample.yaml"],
    ):
        check(around.run(*call, user=nobody))
    assert around.seen() == before
    for folder in folders:
        folder.chmod(0o755)


@pytest.mark.parametrize("most", [0, 100, 4096, 20_000])
def test_files_that_may_not_grow(most: int, around: Around) -> None:
    """As on a full disk, or with a quota: what is printed goes into files here, too."""
    plain(around.registry)
    before = around.seen()
    for call in (*READING, ["import", "mots", "../sample.yaml"]):
        ended = around.run(*call, most_file_bytes=most)
        assert ended.status in (0, 1, 2), str(ended)
        assert "Traceback" not in ended.err
        whole = {way: looks for way, looks in around.seen().items() if way in before}
        assert whole == before, "something that was there is not whole any more"
        for path in around.registry.rglob("*"):
            assert path.is_dir() or path.stat().st_size, f"{path} is half written"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can mount a small disk")
def test_a_full_disk(around: Around, tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", disk],
        capture_output=True,
        check=False,
    )
    if mounted.returncode:
        pytest.skip(f"nothing can be mounted here: {mounted.stderr.decode()}")
    try:
        small = disk / "registry"
        small.mkdir()
        (disk / "out").mkdir()
        plain(small)
        (small / ".git" / "objects").mkdir(parents=True)
        write(small, ".git/HEAD", "ref: refs/heads/main\n")
        (disk / "full").write_bytes(b"x" * (shutil.disk_usage(disk).free))
        before = sorted(path for path in small.rglob("*") if ".git" not in path.parts)
        for call in (*READING, ["import", "mots", str(around.folder / "sample.yaml")]):
            ended = around.run(
                *[word.replace("../sample", f"{around.folder}/sample") for word in call],
                folder=small,
            )
            check(ended)
            if call[0] in ("due", "export", "import") and "--dry-run" not in call:
                assert ended.status == 2, str(ended)
                assert "No space left on device" in ended.err
        assert before == sorted(path for path in small.rglob("*") if ".git" not in path.parts)
        assert not list((disk / "out").iterdir())
    finally:
        subprocess.run(["umount", disk], check=True)
