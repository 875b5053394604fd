"""`make bench`, or `python -m benchmarks [NAME]...` for some of them."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

from benchmarks import (
    duplicates,
    judge,
    likeness,
    load,
    review,
    scale,
    search,
    secrets,
    start,
    trust,
)
from benchmarks.data import ROOT, office_registry

ALL = {
    "start": start.run,
    "load": load.run,
    "scale": scale.run,
    "search": search.run,
    "review": review.run,
    "judge": judge.run,
    "likeness": likeness.run,
    "duplicates": duplicates.run,
    "secrets": secrets.run,
    "trust": trust.run,
}


def main(names: list[str]) -> None:
    with tempfile.TemporaryDirectory(prefix="ocs-bench-") as folder:
        os.environ["XDG_CACHE_HOME"] = f"{folder}/cache"  # what is kept is kept for this run
        registry = office_registry(Path(folder))
        if registry is None:
            print(
                "(the 2,448 articles are not beside this checkout; the example "
                "registry is measured)"
            )
        for name in [name for name in names if name in ALL] or ALL:
            ALL[name](registry or ROOT / "example-registry")


if __name__ == "__main__":
    main(sys.argv[1:])
