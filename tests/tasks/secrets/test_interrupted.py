"""Whenever ocs is killed while it changes secrets, nothing is half written, lost, or to be read by somebody else.

Each command is ended at one moment after the other, then looked at, then called again. `OCS_MOMENTS=all` tries all
of them instead of some dozens.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from ocs.adapters.packets import read_message
from ocs.adapters.replacing import UNFINISHED
from tests.crew import Crew, everything_written, git, put, remove, short_folder
from tests.gpg import needs_gpg
from tests.hostile.processes import Ended, Server
from tests.remembering import remember

pytestmark = needs_gpg
# Memory is shared with tests that run meanwhile, in which an editor may be at work.
MARKER = f"plaintext-marker-5512-{os.getpid()}"
OLD, NEW = f"{MARKER} old\n", f"{MARKER} new\n"
EVERY_MOMENT = os.environ.get("OCS_MOMENTS") == "all"
# Otherwise so many of each command, spread over all; and so many delays.
MOMENTS, DELAYS = 6, 2
COMMANDS = {
    "add": ["add", "house/wifi", "--purpose", "to be online", "--to", "sam"],
    "grant": ["grant", "river/login", "sam", "--because", "stands in"],
    "revoke": ["revoke", "river/login", "lena", "--yes"],
    "rotate": ["rotate", "river/login", "--yes"],
    "edit": ["edit", "river/login"],
    "sync": ["sync", "--yes"],
}
State = Mapping[str, object]
# What is there before and after a command, by what moments it comes there, and how long that takes.
Known = tuple[State, State, list[str], float]


@dataclass
class Place:
    """A registry in git of which copies are made, and Amara, who runs commands in them."""

    folder: Path
    crew: Crew
    server: Server
    known: dict[str, Known] = field(default_factory=dict)
    _read: dict[bytes, bytes | None] = field(default_factory=dict)

    @property
    def root(self) -> Path:
        return self.folder / "registry"

    def begin(self) -> None:
        for name in ("registry", "home", "tmp"):
            shutil.rmtree(self.folder / name, ignore_errors=True)
            (self.folder / name).mkdir()
        shutil.copytree(self.folder / "template", self.root, dirs_exist_ok=True)
        shutil.copytree(self.folder / "trust", self.folder / "home/.local/state/ocs/trust")

    def run(self, name: str, *, keys: str | None = None, **more: object) -> Ended:
        given = NEW if name in ("add", "rotate") else ""
        environment = self.surroundings(keys)
        return self.server.run(
            ["secret", *COMMANDS[name]], self.root, environment, given=given, **more
        )

    def surroundings(self, keys: str | None = None) -> dict[str, str]:
        names = [
            f"GIT_{role}_{what}"
            for role in ("AUTHOR", "COMMITTER")
            for what in ("NAME", "EMAIL")
        ]
        return {
            **dict.fromkeys(names, "amara@x.example"),
            "PATH": os.environ["PATH"],
            "HOME": str(self.folder / "home"),
            "TMPDIR": str(self.folder / "tmp"),
            "XDG_CACHE_HOME": str(self.folder / "cache"),
            "GNUPGHOME": keys or self.crew.homes["amara"].path,
            "EDITOR": "sed -i s/old/new/",
            "LC_ALL": "C.UTF-8",
            "GIT_CONFIG_NOSYSTEM": "1",
        }

    def state(self) -> State:
        """What each secret says, to whom, with its record; and the `.gpg-id` files."""
        found: dict[str, object] = {}
        for path in sorted(self.root.glob("access/*/*.yaml")):
            name = f"{path.parent.name}/{path.stem}"
            file = self.root / f"secrets/{name}.gpg"
            data = file.read_bytes() if file.exists() else None
            readers = frozenset(read_message(data).key_ids) if data is not None else None
            found[name] = (
                path.read_bytes(),
                readers,
                self.read(data),
            )
        for path in self.root.glob("secrets/**/.gpg-id"):
            found[str(path.relative_to(self.root))] = path.read_bytes()
        return found

    def read(self, data: bytes | None) -> bytes | None:
        if data is not None and data not in self._read:
            self._read[data] = self.crew.decrypt("amara", data)
        return self._read[data] if data is not None else None

    def leftovers(self) -> list[str]:
        names = (str(path.relative_to(self.root)) for path in self.root.rglob(".*"))
        return [
            name
            for name in names
            if UNFINISHED in name or re.search(r"/\.[^/]+\.[0-9a-f]{8}$", name)
        ]


@pytest.fixture(scope="module")
def place(crew: Crew, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    folder = short_folder()
    with Server(tmp_path_factory.mktemp("streams")) as server:
        made = Place(folder, crew, server)
        files = crew.write(folder / "template")
        crew.secret(files, "river/login", OLD.encode(), "lena")
        crew.secret(files, "river/other", OLD.encode(), also=("sam",))
        for name in (
            "house/door",
            "house/gate",
        ):  # sync decrypts one of them while it writes the other
            crew.secret(files, name, OLD.encode(), "lena", "sam")
            put(
                files.root,
                f"secrets/{name}.gpg",
                crew.bound(files, name, OLD.encode(), "amara", "joost", "lena"),
            )
        put(files.root, "secrets/house/.gpg-id", b"x\n")
        for arguments in (("init", "-q"), ("add", "-A"), ("commit", "-qm", "begin")):
            git(files.root, *arguments)
        remember(folder / "template", folder=folder / "trust")
        yield made
    remove(folder)


@pytest.fixture(params=COMMANDS)
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def states(place: Place, name: str) -> Known:
    if name in place.known:
        return place.known[name]
    place.begin()
    old = place.state()
    moments = place.folder / "moments"
    for _ in range(2):  # the first fills the cache
        place.begin()
        begun = time.monotonic()
        ended = place.run(name, moments=str(moments))
        took = time.monotonic() - begun
        assert ended.status == 0, str(ended)
    new = place.state()
    assert old != new
    place.known[name] = (old, new, moments.read_text().splitlines(), took)
    return place.known[name]


def spread(first: int, last: int, count: int) -> list[int]:
    """So many numbers from *first* to *last*, as far apart as they can be."""
    if EVERY_MOMENT or count > last - first:
        return list(range(first, last + 1))
    return [first + (last - first) * each // (count - 1) for each in range(count)]


def test_a_command_that_is_killed_at_any_moment_is_done_whole_or_not_at_all(
    place: Place, name: str
) -> None:
    old, new, moments, _ = states(place, name)
    # Before that nothing of the registry is touched.
    first = (
        1
        if EVERY_MOMENT
        else 1 + next(at for at, each in enumerate(moments) if "flock" in each)
    )
    tried = spread(first, len(moments), MOMENTS)
    for at in tried:
        place.begin()
        ended = place.run(name, moments=str(place.folder / "moments"), killed_at=at)
        assert ended.status == -9, str(ended)
        is_sound(place, name, old, new, f"killed before {moments[at - 1]}")
    print(f"{name}: killed at {len(tried)} of {len(moments)} moments")
    assert len(tried) >= MOMENTS


def test_a_command_that_is_killed_with_all_that_it_runs_is_done_whole_or_not_at_all(
    place: Place, name: str
) -> None:
    old, new, _, took = states(place, name)
    tried = [
        took * (each + 0.5) / count
        for count in [40 if EVERY_MOMENT else DELAYS]
        for each in range(count)
    ]
    for seconds in tried:
        place.begin()
        ended = place.run(name, seconds=seconds)
        assert ended.status in (None, 0), str(ended)
        is_sound(place, name, old, new, f"killed after {seconds:.3f} of {took:.3f} seconds")
    assert len(tried) >= DELAYS


def is_sound(place: Place, name: str, old: State, new: State, how: str) -> None:
    """All is as it was or as it is to be, or the next call says so and makes it so; and nothing lies open."""
    state = place.state()
    mixed = [
        each for each, says in state.items() if says not in (old.get(each), new.get(each))
    ]
    assert not mixed or (place.root / UNFINISHED).exists(), (how, mixed)
    nothing_lies_open(place, how)
    said = ""
    for _ in range(3):
        ended = place.run(name)
        said += ended.err
        (place.root / ".git/index.lock").unlink(missing_ok=True)
        if not mixed and "finished an interrupted write" not in ended.err:
            break
        assert "ocs has finished an interrupted write: " in said, (how, mixed, said)
        mixed = []
    assert place.state() == new, (how, said)
    is_clean = not git(place.root, "status", "--short")
    assert is_clean or "not committed" in said or "finished an interrupted write: " in said, (
        how,
        said,
    )
    assert place.leftovers() == [], how
    for path, data in everything_written(*Path("/dev/shm").glob("ocs-*")).items():
        assert MARKER.encode() not in data, (how, path)
    nothing_lies_open(place, how)


def nothing_lies_open(place: Place, how: str) -> None:
    every = ["git", "cat-file", "--batch-all-objects", "--batch", "--unordered"]
    assert (
        MARKER.encode()
        not in subprocess.run(every, cwd=place.root, capture_output=True, check=True).stdout
    ), how
    folders = [place.folder / each for each in ("registry", "home", "tmp", "cache")]
    for path, data in everything_written(
        *folders, *(each.path for each in place.crew.homes.values())
    ).items():
        assert MARKER.encode() not in data, (how, path)
    assert list((place.folder / "tmp").iterdir()) == [], how


def test_on_a_disk_that_is_full_all_is_as_it_was_or_as_it_is_to_be(
    place: Place, name: str
) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root can mount a small disk")
    old, new, _, _ = states(place, name)
    disk = place.root
    said = set()
    for free_kilobytes in (0, 4, 8, 12, 16, 24, 400):
        place.begin()
        mounted = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", disk],
            capture_output=True,
            check=False,
        )
        if mounted.returncode:
            pytest.skip(f"nothing can be mounted here: {mounted.stderr.decode()}")
        try:
            shutil.copytree(place.folder / "template", disk, dirs_exist_ok=True)
            filler = disk / ".filler"
            filler.write_bytes(
                bytes(max(0, shutil.disk_usage(disk).free - free_kilobytes * 1024))
            )
            ended = place.run(name)
            assert ended.status in (0, 2), str(ended)
            said.add((ended.status, "No space left on device" in ended.err))
            state = place.state()
            assert state in (old, new), str(ended)
            filler.unlink()
            is_sound(place, name, old, new, f"with {free_kilobytes} KiB free")
        finally:
            subprocess.run(["umount", disk], check=True)
    assert (2, True) in said
    assert (0, False) in said


def test_what_may_not_be_written_is_left_as_it_was(place: Place, name: str) -> None:
    old, new, _, _ = states(place, name)
    for file in (
        "secrets/river/login.gpg",
        "access/river/login.yaml",
        "secrets/house/.gpg-id",
    ):
        place.begin()
        made = subprocess.run(
            ["chattr", "+i", place.root / file], capture_output=True, check=False
        )
        if made.returncode:
            pytest.skip(f"no file can be made immutable here: {made.stderr.decode().strip()}")
        try:
            ended = place.run(name)
            state = place.state()
        finally:
            subprocess.run(["chattr", "-i", place.root / file], check=True)
        if ended.status == 2:
            assert f"cannot write {file}: Operation not permitted" in ended.err
        assert state == (old if ended.status == 2 else new) or name == "sync"
        is_sound(place, name, old, new, f"{file} cannot be written")


def test_without_an_agent_all_is_as_it_was(place: Place) -> None:
    lost = short_folder()
    shutil.copytree(
        place.crew.homes["amara"].path,
        lost,
        dirs_exist_ok=True,
        ignore=shutil.ignore_patterns("S.*"),
    )
    asked = ["gpgconf", "--homedir", lost, "--list-dirs", "agent-socket"]
    socket = Path(subprocess.check_output(asked, text=True).strip())
    (socket / "x").mkdir(parents=True)  # where the agent would listen
    try:
        for name in ("grant", "rotate", "edit", "sync"):
            place.begin()
            old = place.state()
            ended = place.run(name, keys=str(lost))
            assert ended.status == 2, str(ended)
            assert "cannot start gpg-agent, which keeps your keys" in ended.err
            assert (place.state(), place.leftovers()) == (old, [])
            assert git(place.root, "status", "--short") == ""
    finally:
        remove(socket)
        remove(lost)


def test_while_somebody_has_the_index_of_git_it_is_written_and_said_that_it_is_not_committed(
    place: Place, name: str
) -> None:
    _, new, _, _ = states(place, name)
    place.begin()
    lock = place.root / ".git/index.lock"
    lock.touch()
    ended = place.run(name)
    assert ended.status == 0, str(ended)
    assert "written, but not committed" in ended.err
    assert "index.lock" in ended.err
    assert (place.state(), place.leftovers()) == (new, [])
    lock.unlink()
    assert "not committed yet: " in place.run(name).err
    nothing_lies_open(place, "index.lock")


def test_two_at_once_on_the_same_secret_leave_what_one_of_them_says(place: Place) -> None:
    known = {
        each: states(place, each)[1]["river/login"] for each in ("grant", "revoke", "rotate")
    }
    for first, second in [("grant", "revoke"), ("revoke", "rotate"), ("rotate", "grant")]:
        place.begin()
        both = [_begun(place, each) for each in (first, second)]
        errors = [each.communicate(timeout=60)[1].decode() for each in both]
        statuses = {each.returncode for each in both}
        assert statuses <= {0, 1, 2}, errors
        assert 0 in statuses, errors
        if statuses != {0}:
            # The other one wrote first, or has just had ocs forget whom it took out.
            assert re.search("changed while ocs ran|has confirmed lena", "".join(errors)), (
                errors
            )
            assert place.state()["river/login"] in (known[first], known[second])
        assert place.leftovers() == []
        record = place.root / "access/river/login.yaml"
        readers = {"amara", "joost", *re.findall(r"person: (\w+)", record.read_text())}
        data = (place.root / "secrets/river/login.gpg").read_bytes()
        assert {
            each for each in place.crew.homes if place.crew.decrypt(each, data)
        } == readers, errors


def _begun(place: Place, name: str) -> subprocess.Popen[bytes]:
    pipe = subprocess.PIPE
    command = [sys.executable, "-m", "ocs", "secret", *COMMANDS[name]]
    begun = subprocess.Popen(
        command,
        cwd=place.root,
        env=place.surroundings(),
        stdin=pipe,
        stdout=subprocess.DEVNULL,
        stderr=pipe,
    )
    assert begun.stdin is not None
    begun.stdin.write(NEW.encode() if name == "rotate" else b"")
    return begun


@pytest.mark.parametrize(
    "note",
    [
        "",
        "[]",
        "{}",
        "[" * 100_000,
        '{"decided": true, "steps": [[".git/config", null, "%s", null]]}',
        '{"decided": true, "steps": [["../registry/ocs.yaml", null, "%s", null]]}',
        '{"decided": true, "steps": [["/etc/hostname", null, "%s", null]]}',
        '{"decided": true, "steps": [["ocs.yaml", "../x", "%s", "%s"]]}',
        '{"decided": false, "steps": [["ocs", ".ocs.txt", "%s", "%s"]]}',
        '{"decided": true, "steps": [["ocs.yaml", null, "%s", null]]}',
        '{"decided": true, "steps": [["people/link/x.yaml", null, "%s", null]]}',
        '{"decided": true, "steps": [[1, 2, 3, 4]]}',
        '{"decided": true, "steps": [["ocs.yaml"]]}',
        '{"decided": true, "steps": 7}',
    ],
)
def test_a_note_that_ocs_did_not_write_changes_nothing(place: Place, note: str) -> None:
    place.begin()
    (place.root / "people/link").symlink_to(place.folder / "home")
    for file in ("home/x.yaml", "registry/.ocs.txt"):
        (place.folder / file).write_text("x")
    (place.root / UNFINISHED).write_text(note.replace("%s", "0" * 64))
    before = everything_written(place.root, place.folder / "home")
    ended = place.run("grant")
    assert ended.status == 2, str(ended)
    assert "cannot finish an interrupted write" in ended.err or "people/link" in ended.err
    assert everything_written(place.root, place.folder / "home") == before
