"""Reviewing a pull request that touches 5 records of a registry of 10,000 records and 10,000
commits.
"""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from benchmarks.generate import Size, generate
from benchmarks.measure import OCS, PYTHON, processes, table

RECORDS = Size(problems=4_000, orgs=1_000, communities=1_000, people=2_727)
COMMITS = 10_000
# So many commits came onto the main branch since the pull request left it.
BEHIND = 100
RANGE = "main..handover"
Files = Mapping[str, bytes]
# What any review has to do: read the records that change and hold them against their schemas.
_LOAD = """
import sys
from pathlib import Path
from ocs.adapters.files import read_schema
from ocs.rules.records.naming import identify
from ocs.rules.records.schema import Schemas
from ocs.tasks.registry.load import read
schemas = Schemas(read_schema)
for path in sys.argv[1:]:
    assert read(path, *identify(path), Path(path).read_bytes(), schemas)[0].record
"""


def run(registry: Path) -> None:
    """Make the registry and measure; the one that is given is not looked at."""
    with tempfile.TemporaryDirectory(prefix="ocs-bench-") as folder:
        large = generate(Path(folder) / "large", RECORDS)
        changed = history(large)
        count = sum(1 for _ in large.rglob("*.yaml"))
        print(
            f"\nA registry of {count:,} records and {COMMITS:,} commits; "
            f"{len(changed)} records change\n"
        )
        # The verdict on this change is "refused for now", which is status 1.
        review = [
            "sh",
            "-c",
            '"$@"; test $? = 1',
            "sh",
            OCS,
            "review",
            RANGE,
            "--on",
            "2026-11-20",
        ]
        diff = ["git", "--no-pager", "diff", "--stat", RANGE.replace("..", "...")]
        beside = ["sh", "-c", f'{" ".join(diff)} && "$@"', "sh", PYTHON, "-c", _LOAD, *changed]
        measured = processes(
            {
                "python -c pass": [PYTHON, "-c", "pass"],
                "git diff --stat": diff,
                "git diff --stat, and Python that loads the records": beside,
                "ocs review": review,
            },
            cwd=large,
            runs=15,
        )
        bounds = {"ocs review": "1.5 s, twice"}
        table(
            "Reviewing it",
            measured,
            "git diff --stat, and Python that loads the records",
            bounds,
        )


def history(registry: Path) -> list[str]:
    """Give the registry its commits, and a branch `handover`; the files that it changes are
    given.
    """
    git = ["git", "-c", "core.logAllRefUpdates=false"]
    files = {
        path.relative_to(registry).as_posix(): path.read_bytes()
        for path in registry.rglob("*.yaml")
    }
    proposed = _proposed(files)
    subprocess.run([*git, "init", "-q", "-b", "main"], cwd=registry, check=True)
    importing = [*git, "fast-import", "--quiet"]
    subprocess.run(
        importing, cwd=registry, input=b"".join(_stream(files, proposed)), check=True
    )
    subprocess.run([*git, "checkout", "-q", "-f", "handover"], cwd=registry, check=True)
    return list(proposed)


def _stream(files: Files, proposed: Files) -> Iterator[bytes]:
    """All records at once, then commits that change one problem each, and from before the last
    a branch.
    """
    yield _commit("main", 0, "", files)
    problems = sorted(
        path for path in files if path.startswith("problems/") and path not in proposed
    )
    for number in range(1, COMMITS):
        path = problems[number % len(problems)]
        parent = f":{number}"
        yield _commit("main", number, parent, {path: files[path] + b"# seen %d\n" % number})
    yield _commit("handover", COMMITS, f":{COMMITS - BEHIND}", proposed)


def _commit(branch: str, number: int, parent: str, files: Files) -> bytes:
    """A commit as `git fast-import` takes it; its mark is one more than its number."""
    who = f"Bench <bench@example.org> {1_600_000_000 + 3600 * number} +0000"
    head = f"commit refs/heads/{branch}\nmark :{number + 1}\ncommitter {who}\ndata 1\nx\n"
    head += f"from {parent}\n" if parent else ""
    parts = [
        b"M 100644 inline %s\ndata %d\n%s\n" % (path.encode(), len(data), data)
        for path, data in files.items()
    ]
    return head.encode() + b"".join(parts)


def _proposed(files: Files) -> Files:
    """A handover, another peer, another account, access that ends sooner, and other words of a
    problem.
    """
    paths = {
        folder: sorted(path for path in files if path.startswith(folder))
        for folder in ("c", "pe", "a")
    }
    peer = f"  - person: {Path(paths['pe'][0]).stem}\n    role: peer\nresources:\n"
    found: dict[str, bytes] = {}
    for path, old, new in (
        (paths["c"][50], "since: 2025-03-01\n", "since: 2025-03-01\n    until: 2026-11-01\n"),
        (
            paths["c"][50],
            "role: peer\n    since: 2024-06-10",
            "role: owner\n    since: 2026-11-01",
        ),
        (paths["c"][60], "resources:\n", peer),
        (paths["pe"][7], "github_id: 1", "github_id: 2"),
        (paths["a"][7], "until: 2027-12-31\n", "until: 2026-12-31\n"),
        (
            "problems/problem-000007.yaml",
            "state: draft\n",
            "state: draft\nworkaround: Wait a day.\n",
        ),
    ):
        text = found.get(path, files[path]).decode()
        assert old in text
        found[path] = text.replace(old, new).encode()
    return found
