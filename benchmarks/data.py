"""The registry that is measured: real articles where they lie beside the checkout."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

ROOT = Path(__file__).parent.parent
SHARED = Path(os.environ.get("OCS_SHARED_DATA", ROOT.parent / "shared" / "data"))


def office_registry(folder: Path) -> Path | None:
    """A registry of the 2,448 articles, made below *folder*; None where they are not there."""
    problems = SHARED / "office-problems" / "problems"
    if not problems.is_dir():
        return None
    registry = folder / "office"
    shutil.copytree(problems, registry / "problems")
    (registry / "ocs.yaml").write_text("name: Office problems\n")
    return registry
