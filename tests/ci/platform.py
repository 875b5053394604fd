"""A platform as the action meets it: a repository, what is said of a pull request, and the runner of its steps."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import yaml

from tests.conftest import ROOT
from tests.proposing import ACCOUNTS, git

TOKEN = "ghs_a-token-of-the-job"
# The platform gives at most so many at once, so that there are pages.
PAGE = 2
BOT = {"login": "github-actions[bot]", "id": 41898282, "type": "Bot"}
NOW = "2026-11-20T08:00:00Z"


@dataclass
class Platform:
    """What the platform knows of one pull request, which is told under its real addresses."""

    number: int = 7
    head: str = ""
    commits: list[str] = field(default_factory=list)
    opener: int = 0
    base: str = "main"
    default: str = "main"
    draft: bool = False
    state: str = "open"
    title: str = "Hand over"
    branch: str = "pr"
    reviews: list[dict[str, Any]] = field(default_factory=list)
    events: list[dict[str, Any]] = field(default_factory=list)
    comments: list[dict[str, Any]] = field(default_factory=list)
    statuses: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    address: str = ""
    speaker: dict[str, Any] = field(default_factory=lambda: BOT)

    @property
    def pull(self) -> dict[str, Any]:
        return {
            "number": self.number,
            "state": self.state,
            "draft": self.draft,
            "title": self.title,
            "user": {"login": "somebody", "id": self.opener, "type": "User"},
            "created_at": "2026-10-01T08:00:00Z",
            "base": {
                "ref": self.base,
                "sha": "0" * 40,
                "repo": {"full_name": "hands/registry", "default_branch": self.default},
            },
            "head": {"ref": self.branch, "sha": self.head, "repo": None},
        }

    def event(self, action: str, sender: int = 0, **more: object) -> dict[str, Any]:
        """What starts a job, in the form of GitHub's `pull_request_target`."""
        return {
            "action": action,
            "number": self.number,
            "pull_request": self.pull,
            "repository": {"full_name": "hands/registry", "default_branch": self.default},
            "sender": {"login": "somebody", "id": sender or self.opener, "type": "User"},
            **more,
        }

    def happened(self, what: str, time: str) -> None:
        """Something in the list of what happened to the pull request, as GitHub tells it."""
        id = len(self.events) + 1
        self.events.append({"id": id, "event": what, "created_at": time, "actor": BOT})

    def approve(
        self, who: str, commit: str = "", state: str = "APPROVED", body: str = ""
    ) -> None:
        user = {"login": who, "id": int(ACCOUNTS[who]), "type": "User"}
        review = {
            "id": len(self.reviews) + 1,
            "user": user,
            "state": state,
            "body": body,
            "commit_id": commit or self.head,
        }
        self.reviews.append(review)

    def proposed(self, commit: str, time: str, account: object) -> None:
        """That the action saw this commit as the head from a time on."""
        self._write(
            commit,
            {
                "state": "success",
                "context": f"ocs: proposed #{self.number}",
                "description": f"by account {account}",
            },
            time,
        )

    def said_of(self, commit: str) -> list[str]:
        """By whom a commit became the head of the pull request, the first one first."""
        context = f"ocs: proposed #{self.number}"
        given = [each for each in self.statuses[commit] if each["context"] == context]
        return [each["description"] for each in reversed(given)]

    def verdict(self, context: str = "ocs") -> dict[str, Any]:
        """The newest status of the head that is the verdict."""
        return next(each for each in self.statuses[self.head] if each["context"] == context)

    def _write(self, commit: str, status: dict[str, Any], time: str = NOW) -> dict[str, Any]:
        made = {**status, "created_at": time, "creator": self.speaker}
        self.statuses.setdefault(commit, []).insert(0, made)
        return made

    def answer(self, method: str, path: str, page: int, body: dict[str, Any]) -> Any:
        """What the platform answers; None where there is nothing of the kind."""
        self.asked.append(f"{method} {path}")
        what = path.removeprefix("/repos/hands/registry/")
        if method == "GET":
            lists: dict[str, list[Any]] = {
                f"pulls/{self.number}/commits": [{"sha": each} for each in self.commits],
                f"pulls/{self.number}/reviews": self.reviews,
                f"issues/{self.number}/events": self.events,
                f"issues/{self.number}/timeline": self.events,
                f"issues/{self.number}/comments": self.comments,
            }
            if found := re.fullmatch("commits/([0-9a-f]{40})/statuses", what):
                lists[what] = self.statuses.get(found[1], [])
            if what in lists:
                return lists[what][(page - 1) * PAGE : page * PAGE]
            return self.pull if what == f"pulls/{self.number}" else None
        if method == "POST" and what == f"issues/{self.number}/comments":
            self.comments.append(
                {"id": 500 + len(self.comments), "user": self.speaker, **body}
            )
            return self.comments[-1]
        if method == "POST" and (found := re.fullmatch("statuses/([0-9a-f]{40})", what)):
            return self._write(found[1], body)
        if method == "PATCH" and (found := re.fullmatch("issues/comments/([0-9]+)", what)):
            (comment,) = [each for each in self.comments if each["id"] == int(found[1])]
            comment.update(body)
            return comment
        return None


@contextmanager
def served(platform: Platform) -> Iterator[Platform]:
    """The platform, answering on this machine."""

    class Handler(BaseHTTPRequestHandler):
        def _answer(self) -> None:
            parts = urlsplit(self.path)
            length = int(self.headers.get("Content-Length") or 0)
            body = json.loads(self.rfile.read(length)) if length else {}
            page = int(parse_qs(parts.query).get("page", ["1"])[0])
            may = self.headers.get("Authorization") == f"Bearer {TOKEN}"
            found = platform.answer(self.command, parts.path, page, body) if may else None
            self.send_response(200 if found is not None else 404 if may else 401)
            self.end_headers()
            self.wfile.write(json.dumps(found).encode())

        do_GET = do_POST = do_PATCH = _answer  # noqa: N815

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    platform.address = f"http://127.0.0.1:{server.server_port}"
    try:
        yield platform
    finally:
        server.shutdown()
        server.server_close()


@dataclass
class Ended:
    """How a job ended, and what it left behind."""

    passed: bool
    log: str
    summary: str
    answer: str


@dataclass
class Runner:
    """Runs the steps of action.yml one after the other as a runner does."""

    folder: Path
    platform: Platform
    action: str = "opened"
    sender: int = 0
    inputs: dict[str, str] = field(default_factory=dict)
    event: dict[str, Any] | None = None

    def run(self) -> Ended:
        """Run all steps but the first one, in place of which there is the ocs that is tested."""
        temp = self.folder / "temp"
        work = temp / "ocs"
        if work.exists():
            subprocess.run(["rm", "-rf", str(work)], check=True)
        work.mkdir(parents=True)
        (work / "venv").symlink_to(sys.prefix)
        event = self.event or self.platform.event(self.action, self.sender)
        (self.folder / "event.json").write_text(json.dumps(event))
        for name in ("summary", "output"):
            (self.folder / name).write_text("")
        log, passed = "", True
        for step in steps()[1:]:
            if passed or step.get("if") == "always()":
                done = self.step(step, temp)
                log += done.stdout + done.stderr
                passed = passed and done.returncode == 0
        output = (self.folder / "output").read_text()
        return Ended(
            passed,
            log,
            (self.folder / "summary").read_text(),
            output.strip().removeprefix("answer="),
        )

    def step(self, step: dict[str, Any], temp: Path) -> subprocess.CompletedProcess[str]:
        """Run a step's script as the runner does, with the variables that it says."""
        script = self.folder / "step.sh"
        script.write_text(step["run"])
        own = {name: self._evaluated(value) for name, value in step.get("env", {}).items()}
        environment = {
            **{name: os.environ[name] for name in ("HOME", "LC_ALL") if name in os.environ},
            **{name: value for name, value in os.environ.items() if name.startswith("PIP_")},
            "PATH": f"{self._bounded_by_work()}:{os.environ['PATH']}",
            "GITHUB_ACTION_PATH": str(ROOT),
            "GITHUB_API_URL": self.platform.address,
            "GITHUB_SERVER_URL": f"file://{self.folder}",
            "GITHUB_REPOSITORY": "hands/registry",
            "GITHUB_EVENT_PATH": str(self.folder / "event.json"),
            "GITHUB_STEP_SUMMARY": str(self.folder / "summary"),
            "GITHUB_OUTPUT": str(self.folder / "output"),
            "RUNNER_TEMP": str(temp),
            **own,
        }
        return subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", str(script)],
            cwd=self.folder,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=3600,
        )

    def _bounded_by_work(self) -> Path:
        """A folder with a `timeout` that counts processor time, of which a machine that is busy
        with other things takes none."""
        folder = self.folder / "programs"
        folder.mkdir(exist_ok=True)
        program = folder / "timeout"
        program.write_text(
            '#!/bin/sh\n[ "$1" = --kill-after=10 ] || exit 125\nulimit -t "$2"; shift 2; exec "$@"\n'
        )
        program.chmod(0o755)
        return folder

    def _evaluated(self, value: str) -> str:
        """The value of an expression as it stands in action.yml."""
        found = re.fullmatch(r"\$\{\{ (inputs|github)\.([a-z-]+) \}\}", value)
        assert found, value
        if found[1] == "github":
            assert found[2] == "token"
            return TOKEN
        return self.inputs.get(
            found[2], self._default(action()["inputs"][found[2]]["default"])
        )

    def _default(self, value: str) -> str:
        return self._evaluated(value) if value.startswith("${{") else value


def action() -> dict[str, Any]:
    """What is in action.yml."""
    found: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
    return found


def steps() -> list[dict[str, Any]]:
    """The steps of the action."""
    found: list[dict[str, Any]] = action()["runs"]["steps"]
    return found


def published(registry: Path, folder: Path) -> None:
    """Put a repository where the platform has it, with what any pull request has in it."""
    folder.mkdir(parents=True, exist_ok=True)
    git(folder, "clone", "-q", "--bare", str(registry), str(folder / "hands" / "registry"))
