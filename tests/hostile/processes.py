"""Runs ocs as its users do: each call a process of its own, which is ended when it works too long.

A server that has loaded everything before forks for each call, so that a call costs milliseconds.
"""

from __future__ import annotations

import codecs
import contextlib
import gc
import importlib
import json
import os
import pkgutil
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.hostile import killing

ROOT = Path(__file__).parent.parent.parent
# Whatever computes for so long has no end. It is processor time, which other programs take none of.
MOST_WORK_SECONDS = 60
# Whatever waits for so long waits for nothing that will come.
LONGEST_SECONDS = 1200.0
# A bomb that unfolds ends here, and not the machine.
MOST_MEMORY = 2 << 30


@dataclass(frozen=True)
class Ended:
    """How a call ended: `status` is None where it had to be ended, negative where a signal ended it."""

    arguments: tuple[str, ...]
    status: int | None
    out: str
    err: str

    def __str__(self) -> str:
        return f"ocs {' '.join(self.arguments)!r} ended with {self.status}\n{self.err[-3000:]}{self.out[-2000:]}"


class Server:
    """Use as a context manager; `run` calls ocs. Calls write what they say into *folder*."""

    def __init__(self, folder: Path) -> None:
        self._streams = [folder / "stdout", folder / "stderr"]

    def __enter__(self) -> Server:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.hostile.processes"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        return self

    def __exit__(self, *_: object) -> None:
        with self._process as process:
            process.terminate()

    def run(
        self, arguments: Sequence[str], folder: Path, environment: dict[str, str], **more: Any
    ) -> Ended:
        """Call ocs in *folder*. *more*: `seconds`, `most_file_bytes`, `user`, `given` (on stdin), `moments`, and
        `killed_at`: see `killing.watch`."""
        call = {
            "arguments": arguments,
            "folder": str(folder),
            "environment": environment,
            **more,
        }
        call["streams"] = [str(path) for path in self._streams]
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(call) + "\n")
        self._process.stdin.flush()
        status = json.loads(self._process.stdout.readline())
        # Strictly: what is printed is text, whatever was in the registry.
        out, err = (path.read_bytes().decode() for path in self._streams)
        return Ended(tuple(arguments), status, out, err)


def serve() -> None:
    """Answer each line, a call, with a line, its status."""
    _load_everything()
    gc.freeze()  # what is shared with the calls stays shared
    for line in sys.stdin:
        call = json.loads(line)
        child = os.fork()
        if not child:
            _call(**call)
        print(json.dumps(_status(child, call.get("seconds", LONGEST_SECONDS))), flush=True)


def _load_everything() -> None:
    """Whatever a call loads is loaded before; another user may not be permitted to read it."""
    import git  # noqa: F401
    import gnupg  # type: ignore[import-untyped]  # noqa: F401
    import rich.console
    import rich.text  # noqa: F401
    from typer.testing import CliRunner

    import ocs
    from ocs.cli import app

    for encoding in ("latin-1", "cp437"):  # in which gpg is heard
        codecs.lookup(encoding)
    for module in pkgutil.walk_packages(ocs.__path__, "ocs."):
        importlib.import_module(module.name)
    with tempfile.TemporaryDirectory() as folder:
        registry = Path(folder) / "registry"
        shutil.copytree(ROOT / "example-registry", registry)
        for call in (
            "validate",
            "validate --json",
            "search mail",
            "show lena",
            f"due --ics {folder}/x.ics",
            "--help",
        ):
            CliRunner().invoke(
                app, [*call.split(), *(["-C", str(registry)] if call != "--help" else [])]
            )


def _call(
    arguments: list[str],
    folder: str,
    environment: dict[str, str],
    streams: list[str],
    most_file_bytes: int | None = None,
    user: int | None = None,
    seconds: float = 0,
    given: str = "",
    moments: str = "",
    killed_at: int = 0,
) -> None:
    """Become the call."""
    try:
        os.setsid()
        os.dup2(_containing(given), 0)
        for number, path in enumerate(streams, 1):
            os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), number)
        os.chdir(folder)
        os.environ.clear()
        os.environ.update(environment)
        resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_CPU, (MOST_WORK_SECONDS, MOST_WORK_SECONDS + 1))
        if most_file_bytes is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (most_file_bytes, most_file_bytes))
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        if user is not None:
            os.setgroups([])
            os.setgid(user)
            os.setuid(user)
        if moments:
            killing.watch(moments, killed_at)
        sys.argv = ["ocs", *arguments]
        from ocs.__main__ import main

        main()
    finally:
        os._exit(70)


def _containing(text: str) -> int:
    """A pipe from which this can be read."""
    reading, writing = os.pipe()
    os.write(writing, text.encode())
    os.close(writing)
    return reading


def _status(child: int, seconds: float) -> int | None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            code = os.waitstatus_to_exitcode(status)
            return None if code == -signal.SIGXCPU else code
        time.sleep(0.001)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return None


if __name__ == "__main__":
    serve()
