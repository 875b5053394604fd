"""What `ocs init` writes for platforms, and the hook for pre-commit: run as far as that can be done here."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import yaml

from ocs.rules.records.schema import Schemas
from ocs.tasks.setup.initfiles import NOWHERE, PULL_REQUEST, OcsAddress, workflows
from tests.conftest import ROOT
from tests.proposing import Proposal, git, proposal

PLACE = OcsAddress("https://code.example/hands/ocs", "1f" * 20)
PATHS = sorted(workflows(PLACE))


def read(path: str) -> dict[str, Any]:
    found: dict[str, Any] = yaml.load(workflows(PLACE)[path], yaml.BaseLoader)
    return found


def test_the_page_shows_what_is_written() -> None:
    page = (ROOT / "docs" / "howto" / "ci.md").read_text(encoding="utf-8")
    for path, text in [
        *workflows(NOWHERE).items(),
        (".github/pull_request_template.md", PULL_REQUEST),
    ]:
        assert f"```{'markdown' if path.endswith('.md') else 'yaml'}\n{text}```" in page, path


def test_ocs_is_named_by_a_whole_commit_and_nothing_else_is_used() -> None:
    for path, text in workflows(PLACE).items():
        assert "OWNER" not in text
        assert re.findall(r"<\w+>", text) == []
        assert not re.search(
            "pip install(?!.*git[+]https://code.example/hands/ocs@1f1f)", text
        ), path
        used = re.findall("- uses: (.*)", text)
        assert all(each.endswith("hands/ocs@" + "1f" * 20) for each in used), used


def test_a_workflow_has_no_more_rights_than_it_needs_and_no_expression_in_a_script() -> None:
    github = read(".github/workflows/ocs.yml")
    assert set(github["on"]) == {"pull_request_target", "schedule"}
    assert github["permissions"] == {}
    needed = {
        "contents": "read",
        "issues": "read",
        "pull-requests": "write",
        "statuses": "write",
    }
    rights = {name: job["permissions"] for name, job in github["jobs"].items()}
    assert rights == {"review": needed, "open": {"pull-requests": "read"}, "again": needed}
    for path in PATHS[:2]:
        jobs = read(path)["jobs"].values()
        assert not [
            step for job in jobs for step in job["steps"] if "${{" in step.get("run", "")
        ]


@pytest.mark.parametrize("number", [0, 2, 250, 251, 1100])
def test_a20_all_open_pull_requests_are_judged_again_however_many_there_are(
    tmp_path: Path, number: int
) -> None:
    """`gh` is not here: a program in its place answers as it does, and `date` moves on."""
    (tmp_path / "gh").write_text(
        f'#!/bin/sh\n[ "$1 $2" = "api --paginate" ] && seq 7 {number + 6}\n'
    )
    (tmp_path / "date").write_text(
        '#!/bin/sh\n[ "$1" = +%s ] && echo $((DAY * 86400 + 86399))\n'
    )
    (tmp_path / "date").chmod(0o755)
    (tmp_path / "gh").chmod(0o755)
    (step,) = read(".github/workflows/ocs.yml")["jobs"]["open"]["steps"]
    judged: list[int] = []
    for day in range(-(-number // 250)):
        output = tmp_path / f"output-{day}"
        environment = {
            "PATH": f"{tmp_path}:{os.environ['PATH']}",
            "GITHUB_OUTPUT": str(output),
            "DAY": str(20_000 + day),
        }
        subprocess.run(
            ["bash", "-e", "-c", step["run"]], cwd=tmp_path, env=environment, check=True
        )
        name, _, value = output.read_text().partition("=")
        assert name == "numbers"
        assert len(json.loads(value)) <= 256
        judged += json.loads(value)
    assert sorted(judged) == list(range(7, number + 7))


def test_the_job_on_gitlab_judges_every_open_merge_request(
    tmp_path: Path, schemas: Schemas
) -> None:
    pr = proposal(tmp_path / "registry", schemas)
    base = "main"
    for number, (old, new) in {
        3: ("title: Chair", "title: Head"),
        4: ("role: owner", "role: onwer"),
    }.items():
        git(pr.root, "checkout", "-q", "-B", "pr", base)
        pr.change(("communities/river.yaml", old, new))
        git(pr.root, "update-ref", f"refs/merge-requests/{number}/head", "pr")
    git(pr.root, "checkout", "-q", base)
    clone = tmp_path / "clone"
    git(tmp_path, "clone", "-q", "--branch", base, f"file://{pr.root}", str(clone))
    ended = scheduled(clone, base, [{"iid": 3}, {"iid": 4}])
    assert "merge request 3\ncommunities/river" in ended.stdout
    assert "title of ana: Chair → Head" in ended.stdout
    assert "must be owner, peer or emeritus, not 'onwer'" in ended.stdout
    assert ended.returncode == 1
    assert scheduled(clone, base, [{"iid": 3}]).returncode == 0
    assert scheduled(clone, base, [{"iid": 5}]).returncode == 1
    assert git(clone, "status", "--short") == "?? open\n?? some"


def scheduled(
    clone: Path, branch: str, answer: list[object]
) -> subprocess.CompletedProcess[str]:
    """The scheduled job, run as GitLab runs it, with ocs installed already."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked = "/api/v4/projects/5/merge_requests?state=opened&per_page=100&target_branch=main"
            path, _, page = self.path.partition("&page=")
            may = self.headers["PRIVATE-TOKEN"] == "glpat-x" and path == asked
            self.send_response(200 if may else 403)
            self.end_headers()
            # One on each page.
            on_page = answer[int(page) - 1 : int(page)]
            self.wfile.write(json.dumps(on_page).encode())

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    install, script = read(".gitlab-ci.yml")["review"]["script"]
    assert install.startswith("pip install ")
    environment = {
        **os.environ,
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "CI_API_V4_URL": f"http://127.0.0.1:{server.server_port}/api/v4",
        "CI_PROJECT_ID": "5",
        "CI_COMMIT_BRANCH": branch,
        "OCS_TOKEN": "glpat-x",
    }
    done = subprocess.run(
        ["bash", "-e", "-o", "pipefail", "-c", script],
        cwd=clone,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    server.shutdown()
    server.server_close()
    return done


@pytest.mark.peers
def test_the_hook_for_pre_commit_stops_a_commit(tmp_path: Path, schemas: Schemas) -> None:
    program = shutil.which(
        "pre-commit", path=f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    )
    if program is None:
        pytest.skip("pre-commit is not installed")
    if not (ROOT / ".git").exists() or git(
        ROOT, "status", "--porcelain", ".pre-commit-hooks.yaml"
    ):
        pytest.skip("the hook's definition is not committed")
    pr: Proposal = proposal(tmp_path / "registry", schemas)
    hooks = {
        "repo": f"file://{ROOT}",
        "rev": git(ROOT, "rev-parse", "HEAD"),
        "hooks": [{"id": "ocs-validate"}],
    }
    (pr.root / ".pre-commit-config.yaml").write_text(yaml.safe_dump({"repos": [hooks]}))
    git(pr.root, "add", ".")
    done = subprocess.run(
        [program, "run"], cwd=pr.root, capture_output=True, text=True, check=False
    )
    if "No matching distribution" in done.stdout or "Connection" in done.stdout:
        pytest.skip("packages cannot be fetched here")
    assert (done.returncode, "Passed" in done.stdout) == (0, True), done.stdout
    river = pr.root / "communities" / "river.yaml"
    river.write_text(river.read_text().replace("role: owner", "role: onwer"))
    git(pr.root, "add", ".")
    done = subprocess.run(
        [program, "run"], cwd=pr.root, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert (
        "communities/river.yaml:7:11: error: must be owner, peer or emeritus, not 'onwer'"
        in done.stdout
    )
