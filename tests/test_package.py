"""What is installed from a wheel works as the checkout does."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.conftest import EXAMPLE_REGISTRY, ROOT


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    pytest.importorskip(
        "hatchling", reason="hatchling, which builds the wheel, is not installed"
    )
    folder = tmp_path_factory.mktemp("wheel")
    code = f"from hatchling.build import build_wheel; print(build_wheel({str(folder)!r}))"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return folder / done.stdout.split()[-1]


def test_the_schemas_are_in_the_wheel(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    schemas = {path.name for path in (ROOT / "schemas").iterdir()}
    assert {f"ocs/schemas/{name}" for name in schemas} <= set(names)
    assert "ocs/py.typed" in names


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
