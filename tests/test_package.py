"""What is installed from a wheel works as the checkout does."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tarfile
import venv
import zipfile
from pathlib import Path

import pytest

from ocs import __version__
from tests.conftest import EXAMPLE_REGISTRY, ROOT


def built(source: Path, folder: Path, umask: int) -> tuple[Path, Path]:
    """The wheel and the sdist of a source tree."""
    pytest.importorskip(
        "hatchling", reason="hatchling, which builds the wheel, is not installed"
    )
    code = (
        "from hatchling.build import build_sdist, build_wheel; "
        f"print(build_wheel({str(folder)!r})); print(build_sdist({str(folder)!r}))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=source,
        capture_output=True,
        text=True,
        check=True,
        umask=umask,
    )
    wheel, sdist = done.stdout.split()
    return folder / wheel, folder / sdist


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    return built(ROOT, tmp_path_factory.mktemp("packages"), 0o022)


@pytest.fixture
def wheel(packages: tuple[Path, Path]) -> Path:
    return packages[0]


def test_another_folder_and_umask_give_the_same_bytes(
    packages: tuple[Path, Path], tmp_path: Path
) -> None:
    copy = tmp_path / "elsewhere"
    ignored = shutil.ignore_patterns(
        ".git", ".venv*", ".*_cache", ".hypothesis", "__pycache__"
    )
    shutil.copytree(ROOT, copy, ignore=ignored, symlinks=True)
    for path in copy.rglob("*"):
        if not path.is_symlink():
            path.chmod(path.stat().st_mode & 0o700)
    again = built(copy, tmp_path, 0o077)
    assert [path.name for path in again] == [path.name for path in packages]
    assert [path.read_bytes() for path in again] == [path.read_bytes() for path in packages]


def test_the_sdist_holds_what_the_tests_need(packages: tuple[Path, Path]) -> None:
    with tarfile.open(packages[1]) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert {"Makefile", "tests/conftest.py", "schemas/problem.schema.json", "LICENSE"} <= names
    assert not [name for name in names if ".venv" in name or "__pycache__" in name]


def test_the_distribution_has_a_name_of_its_own(packages: tuple[Path, Path]) -> None:
    with zipfile.ZipFile(packages[0]) as archive:
        (metadata,) = [name for name in archive.namelist() if name.endswith("/METADATA")]
        lines = archive.read(metadata).decode().splitlines()
    assert "Name: open-community-support" in lines
    assert f"Version: {__version__}" in lines


def test_the_schemas_are_in_the_wheel(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    schemas = {path.name for path in (ROOT / "schemas").iterdir()}
    assert {f"ocs/schemas/{name}" for name in schemas} <= set(names)
    assert "ocs/py.typed" in names


def test_man_pages_and_completions_are_where_a_system_looks(
    packages: tuple[Path, Path],
) -> None:
    with zipfile.ZipFile(packages[0]) as archive:
        shared = {
            name.partition(".data/data/share/")[2]: archive.read(name)
            for name in archive.namelist()
            if ".data/" in name
        }
    expected = {f"man/man1/{path.name}": path for path in (ROOT / "man").iterdir()} | {
        "bash-completion/completions/ocs": ROOT / "completions" / "ocs.bash",
        "fish/vendor_completions.d/ocs.fish": ROOT / "completions" / "ocs.fish",
        "zsh/site-functions/_ocs": ROOT / "completions" / "ocs.zsh",
    }
    assert shared == {name: path.read_bytes() for name, path in expected.items()}
    with tarfile.open(packages[1]) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert {path.relative_to(ROOT).as_posix() for path in expected.values()} <= names


def test_twine_has_no_complaint(packages: tuple[Path, Path]) -> None:
    pytest.importorskip("twine", reason="twine, of the extra `release`, is not installed")
    done = subprocess.run(
        [sys.executable, "-m", "twine", "check", "--strict", *map(str, packages)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count("PASSED") == len(packages)


@pytest.mark.peers
def test_the_wheel_installs_without_a_network(wheel: Path, tmp_path: Path) -> None:
    """From a folder of wheels, into an empty environment, with man page and completions."""
    wheels = tmp_path / "wheels"
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet"]
    fetched = subprocess.run(
        [*pip, "download", "--dest", str(wheels), "--only-binary", ":all:", str(wheel)],
        env={**os.environ, "PIP_CONSTRAINT": str(ROOT / "constraints.txt")},
        capture_output=True,
        text=True,
        check=False,
    )
    if fetched.returncode:
        pytest.skip(f"pip cannot fetch the dependencies: {fetched.stderr.strip()[-200:]}")
    venv.create(tmp_path / "venv", with_pip=False)
    python = tmp_path / "venv" / "bin" / "python"
    install = ["install", "--no-index", "--find-links", str(wheels), "open-community-support"]
    subprocess.run(
        [*pip, "--python", str(python), *install],
        check=True,
        # No name can be looked up through this proxy, whatever pip's settings say.
        env={
            **os.environ,
            "HTTPS_PROXY": "http://127.0.0.1:9",
            "HTTP_PROXY": "http://127.0.0.1:9",
        },
    )
    done = subprocess.run(
        [str(python.parent / "ocs"), "validate", "--on", "2026-11-20"],
        cwd=EXAMPLE_REGISTRY,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, "in 86 records" in done.stderr) == (0, True), done.stderr
    share = tmp_path / "venv" / "share"
    assert (share / "man" / "man1" / "ocs.1").is_file()
    assert (share / "bash-completion" / "completions" / "ocs").is_file()


def test_a_registry_is_judged_from_the_wheel_alone(wheel: Path, tmp_path: Path) -> None:
    zipfile.ZipFile(wheel).extractall(tmp_path)
    code = "import ocs, sys; sys.stderr.write(ocs.__file__ + chr(10)); from ocs.__main__ import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", code, "validate", "--on", "2026-11-20"],
        cwd=EXAMPLE_REGISTRY,
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr.startswith(str(tmp_path))
    assert done.returncode == 0
    assert "in 86 records" in done.stderr
