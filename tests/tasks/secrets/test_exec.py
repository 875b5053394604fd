"""A program that is run with secrets has ocs's place: its status, its signals, and nothing of ocs."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from ocs.adapters.files import Files
from tests.crew import Crew, put
from tests.gpg import needs_gpg

pytestmark = needs_gpg
CONTENT = b" kelp forest \xff=29\r\nuser: root\nnote: \xc3\xa9\xff\nempty:\n"
Exec = Callable[..., "subprocess.CompletedProcess[bytes]"]


@pytest.fixture
def files(crew: Crew, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Files:
    monkeypatch.setenv("GNUPGHOME", crew.homes["lena"].path)
    found = crew.write(tmp_path / "registry")
    crew.secret(found, "river/login", CONTENT, "lena")
    crew.secret(found, "river/other", b"x\n")
    return found


@pytest.fixture
def call(files: Files) -> list[str]:
    return [
        sys.executable,
        "-m",
        "ocs",
        "secret",
        "exec",
        "-C",
        str(files.root),
        "river/login",
    ]


@pytest.fixture
def run(call: list[str]) -> Exec:
    def as_process(*arguments: str) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run([*call, *arguments], capture_output=True, check=False)

    return as_process


def environment(shown: bytes) -> dict[bytes, bytes]:
    return {
        name: value for name, _, value in (each.partition(b"=") for each in shown.split(b"\0"))
    }


def test_values_come_byte_for_byte_and_nothing_else_is_other_than_it_was(run: Exec) -> None:
    own = environment(run("--", "env", "-0").stdout)
    bare = environment(subprocess.run(["env", "-0"], capture_output=True, check=True).stdout)
    assert {name: value for name, value in own.items() if name not in bare} == {
        b"SECRET_PASSWORD": b" kelp forest \xff=29",
        b"SECRET_USER": b"root",
        b"SECRET_NOTE": b"\xc3\xa9\xff",
        b"SECRET_EMPTY": b"",
    }
    assert {
        name: value for name, value in own.items() if not name.startswith(b"SECRET_")
    } == bare


def test_what_stands_behind_the_dashes_is_the_commands_own(
    run: Exec, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("NO_COLOR")
    done = run(
        "--",
        "sh",
        "-c",
        'printf "%s|" "$NO_COLOR" "$@"',
        "x",
        "--no-color",
        "--json",
        "--",
        "-q",
        "",
    )
    assert done.stdout == b"|--no-color|--json|--|-q||"
    failed = run("--", "no-such-program", "--json")
    assert (failed.returncode, failed.stdout) == (2, b"")


@pytest.mark.parametrize("status", [0, 1, 3, 130, 255])
def test_the_status_is_the_commands(status: int, run: Exec) -> None:
    assert run("--", "sh", "-c", f"exit {status}").returncode == status


@pytest.mark.parametrize(
    "number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGKILL]
)
def test_a_signal_reaches_the_command(number: signal.Signals, call: list[str]) -> None:
    command = [*call, "--", "sh", "-c", "echo ready; exec sleep 60"]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout
        assert process.stdout.readline() == b"ready\n"
        process.send_signal(number)
        assert process.wait(20) == -number


def test_no_signal_is_ignored_no_file_is_open_and_no_argument_tells(run: Exec) -> None:
    look = "grep -E '^Sig(Ign|Blk)' /proc/self/status; ls /proc/self/fd; tr '\\0' ' ' < /proc/$$/cmdline"
    bare = subprocess.run(["sh", "-c", look], capture_output=True, check=True).stdout
    assert run("--", "sh", "-c", look).stdout == bare


def test_input_goes_to_the_command(call: list[str]) -> None:
    done = subprocess.run([*call, "--", "cat"], input=b"a\0b", capture_output=True, check=True)
    assert done.stdout == b"a\0b"


def test_nothing_runs_where_anything_is_wrong(run: Exec, files: Files, tmp_path: Path) -> None:
    ran = tmp_path / "ran"
    put(files.root, "secrets/river/binary.gpg", b"")
    for more, why in (
        (["river/other"], b"none of your keys is among its 2 readers"),
        (["river/none"], b"there is no secret river/none"),
        (["river/binary"], b"cannot decrypt river/binary"),
        (["--as", "password=PATH"], b"changes how programs run"),
        (["../x"], b"is not the name of a secret"),
    ):
        done = run(*more, "--", "touch", str(ran))
        assert done.returncode == 2
        assert why in done.stderr
        assert CONTENT.split()[0] not in done.stderr
    assert not ran.exists()


@pytest.mark.parametrize("content", [b"a\0b\n", b"-----BEGIN OPENSSH PRIVATE KEY-----\nx\n"])
def test_what_no_variable_can_hold_is_handed_on_by_a_pipe(
    content: bytes, crew: Crew, files: Files, run: Exec
) -> None:
    crew.secret(files, "river/file", content, "lena")
    done = run("river/file", "--", "true")
    assert done.returncode == 2
    assert b"`ocs secret show river/file | COMMAND`" in done.stderr


def test_a_value_that_is_too_long_is_told(crew: Crew, files: Files, run: Exec) -> None:
    crew.secret(files, "river/login", b"x" * 200_000, "lena")
    done = run("--", "true")
    assert done.returncode == 2
    assert b"error: cannot run 'true': Argument list too long" in done.stderr
