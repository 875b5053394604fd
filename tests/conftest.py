"""The surroundings of every test: pinned, and nothing of the machine's own."""

from __future__ import annotations

import os
import shutil
import signal
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from ocs.adapters.files import Files, read_schema
from ocs.rules.records.schema import Schemas
from ocs.workspace import Workspace
from tests import crew as crews
from tests import gpg
from tests.crew import Crew

ROOT = Path(__file__).parent.parent
EXAMPLE_REGISTRY = ROOT / "example-registry"
# Certificates that were made once, so that a story about them is the same on every day.
CERTIFICATES = ROOT / "tests" / "data" / "certificates"
# Real data of other projects lies beside a checkout, where it is there at all.
SHARED_DATA = Path(os.environ.get("OCS_SHARED_DATA", ROOT.parent / "shared" / "data"))

# Where tests are begun in the background these may be ignored, and whatever they start would ignore them.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)
if signal.getsignal(signal.SIGHUP) is signal.SIG_IGN:
    signal.signal(signal.SIGHUP, signal.SIG_DFL)

# Where writing through to the disk costs nothing, for what is only a cache.
MEMORY = Path("/dev/shm")
_MEMORY_BYTES_NEEDED = 1 << 30

settings.register_profile("ocs", deadline=None, derandomize=bool(os.environ.get("CI")))
settings.load_profile("ocs")


def has_memory() -> bool:
    """Is there a file system in memory that we may write to, with room?"""
    return (
        os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free >= _MEMORY_BYTES_NEEDED
    )


@pytest.fixture
def in_memory(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder of which the file system is in memory, where there is one with room."""
    if has_memory():
        folder = Path(tempfile.mkdtemp(prefix="test-", dir=MEMORY))
    else:
        folder = tmp_path_factory.mktemp("memory")
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(autouse=True)
def surroundings(
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
    schemas: Schemas,
    in_memory: Path,
) -> None:
    """An empty home, no colour, UTF-8, and a git that knows nobody.

    What is called in this process has the schemas resolved already, which takes a tenth of a
    small call; what is called as a process of its own resolves them itself.
    """
    monkeypatch.setattr(Workspace, "schemas", schemas)
    home = tmp_path_factory.mktemp("home")
    strangers = (
        "GIT_",
        "OCS_",
        "XDG_",
        "_OCS",
        "GITHUB_",
        "FORCE_COLOR",
        "PY_COLORS",
        "CLICOLOR",
    )
    for name in [name for name in os.environ if name.startswith(strangers)]:
        monkeypatch.delenv(name)
    for name, value in {
        "HOME": str(home),
        "XDG_CACHE_HOME": str(in_memory / "cache"),
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_SYSTEM": os.devnull,
        "GIT_CEILING_DIRECTORIES": f"{home.parent}:{in_memory.parent}",
        "NO_COLOR": "1",
        "TERM": "xterm",
        "COLUMNS": "80",
        "LC_ALL": "C.UTF-8",
    }.items():
        monkeypatch.setenv(name, value)


@pytest.fixture(scope="session")
def schemas() -> Schemas:
    return Schemas(read_schema)


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str], Files]:
    """Writes a registry that stands as text in the test: `== path`, then what is in the file."""

    def write_registry(text: str) -> Files:
        root = tmp_path / "registry"
        root.mkdir(exist_ok=True)
        if "== ocs.yaml" not in text:
            text = "== ocs.yaml\nname: Helping Hands\n" + text
        for part in ("\n" + text.strip() + "\n").split("\n== ")[1:]:
            path, _, content = part.partition("\n")
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text(content, encoding="utf-8")
        return Files(root)

    return write_registry


@pytest.fixture(scope="session")
def lena_home() -> Iterator[gpg.Home]:
    """A home with Lena's key, which lasts for a year. Tests do not change it."""
    with gpg.home() as home:
        home.make("Lena")
        yield home


@pytest.fixture(scope="session")
def joost_home() -> Iterator[gpg.Home]:
    """A home with Joost's key, an RSA key for everything. Tests do not change it."""
    with gpg.home() as home:
        home.make("Joost", primary="rsa2048", subkey="rsa2048")
        yield home


@pytest.fixture(scope="session")
def crew() -> Iterator[Crew]:
    """People with real keys. Tests do not change their homes."""
    with crews.crew() as made:
        yield made


@pytest.fixture
def empty_home() -> Iterator[gpg.Home]:
    """A home of gpg without any key."""
    with gpg.home() as home:
        yield home
