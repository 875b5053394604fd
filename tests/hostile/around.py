"""What lies around a hostile registry, and the calls that are made in it."""

from __future__ import annotations

import json
import os
import re
import stat
from dataclasses import dataclass
from pathlib import Path

from tests.hostile.processes import Ended, Server

# Stands in files outside of the registry; nothing that ocs prints may have it.
OUTSIDE = "stands-outside-of-the-registry"
# What would steer a terminal, or show text in another order than it has.
STEERING = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]"
)
ANNOTATION = re.compile(r"::(error|warning|notice) file=[^:\n]*::|and \d+ more of level ")
_LARGEST_TO_COMPARE = 1 << 20
_INDEX = re.compile(
    r"(registry/\.git|main/\.git/worktrees/registry|\.git/modules/registry|home/cache)"
    r"/ocs(/(index|judged)-[0-9a-f-]+\.sqlite(-wal|-shm|-journal|-lock)?)?$|home/cache$"
    r"|home/cache/ocs/keyrings(/|$)|[^/]+(/[^/]+)*/ocs/drafts(/|$)|home/\.local(/state(/ocs(/draft-key|/caches(/[0-9a-f]{16})?|/trust(/.*)?)?)?)?$"
)

SAMPLE = """\
modules:
  - name: Mail
    machine_name: mail
    meta: {owners_emeritus: [], peers_emeritus: []}
    owners: [{nick: lena, name: Lena Brandt}]
    peers: []
"""


@dataclass
class Around:
    """A folder with a registry in it, and beside it what nobody may touch."""

    folder: Path
    server: Server

    @property
    def registry(self) -> Path:
        return self.folder / "registry"

    def prepare(self) -> None:
        """The registry's folder, still empty, and what lies around it."""
        for name in ("registry", "home", "out", "tmp", "canary/inner"):
            (self.folder / name).mkdir(parents=True)
        (self.folder / "sample.yaml").write_text(SAMPLE)
        for name in (
            "secret.yaml",
            "secret",
            "inner/lena.yaml",
            "inner/ocs.yaml",
            "inner/x.yaml",
        ):
            (self.folder / "canary" / name).write_text(f"name: {OUTSIDE}\ntitle: {OUTSIDE}\n")
        (self.folder / "canary" / "empty").write_text("")

    def run(
        self,
        *arguments: str,
        environment: dict[str, str] | None = None,
        folder: Path | None = None,
        **more: object,
    ) -> Ended:
        """Call ocs in the registry, or in *folder*."""
        pinned = {
            name: os.environ[name]
            for name in ("PATH", "LC_ALL", "GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM")
        }
        home = self.folder / "home"
        pinned |= {
            "HOME": str(home),
            "XDG_CACHE_HOME": str(home / "cache"),
            "TMPDIR": str(self.folder / "tmp"),
            "NO_COLOR": "1",
            "GIT_CEILING_DIRECTORIES": str(self.folder.parent),
        }
        return self.server.run(
            arguments, folder or self.registry, pinned | (environment or {}), **more
        )

    def seen_outside(self) -> dict[str, tuple[object, ...]]:
        """The same, without what lies in the registry."""
        return {
            way: looks for way, looks in self.seen().items() if not way.startswith("registry")
        }

    def seen(self) -> dict[str, tuple[object, ...]]:
        """Everything that lies there, but for indexes and what was asked for: name, kind, and what is in it."""
        found = {}
        for folder, folders, files in os.walk(self.folder):
            for name in (*folders, *files):
                path = Path(folder, name)
                way = path.relative_to(self.folder).as_posix()
                if not _INDEX.match(way) and not way.startswith("out/"):
                    found[way] = _look(path)
        return found


def _look(path: Path) -> tuple[object, ...]:
    status = path.lstat()
    looks: tuple[object, ...] = (status.st_mode, status.st_uid, status.st_ino)
    if stat.S_ISDIR(status.st_mode):
        return looks
    looks += (status.st_size, status.st_mtime_ns)
    if stat.S_ISLNK(status.st_mode):
        return (*looks, path.readlink())
    if stat.S_ISREG(status.st_mode) and status.st_size <= _LARGEST_TO_COMPARE:
        return (*looks, path.read_bytes())
    return looks


def check(ended: Ended) -> None:
    """The call ended as the help says, and what it printed only shows itself."""
    assert ended.status is not None, f"it hangs: {ended}"
    assert ended.status in (0, 1, 2), str(ended)
    assert "Traceback" not in ended.err, str(ended)
    steering = STEERING.search(ended.out + ended.err)
    assert not steering, f"{steering and steering[0]!r} is printed: {ended}"
    assert OUTSIDE not in ended.out + ended.err, f"what lies outside is told: {ended}"
    if ended.status == 2:
        assert re.search("^(error: |Usage: )", ended.err), str(ended)
    if "--json" in ended.arguments:
        assert ended.out.isascii(), str(ended)
        assert isinstance(json.loads(ended.out), dict), str(ended)
    if "github" in ended.arguments:
        strange = [line for line in ended.out.splitlines() if not ANNOTATION.match(line)]
        assert not strange, f"no annotation: {strange[:3]} {ended}"
