"""The one boundary: whatever happens ends in a message and a status that mean what the help says."""

from __future__ import annotations

import json
import os
import pty
import re
import select
import shlex
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from ocs import __version__, cli
from ocs.cli import app
from ocs.commands.declared import help_of
from ocs.commands.table import COMMANDS, GROUPS, command_named
from ocs.errors import OcsError
from tests.conftest import CERTIFICATES, EXAMPLE_REGISTRY
from tests.remembering import remember

OCS = [sys.executable, "-m", "ocs"]


def invoke(*arguments: str, input: str | None = None) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, list(arguments), input=input)
    return result.exit_code, result.stdout, result.stderr


def run(*arguments: str, **options: object) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [*OCS, *arguments], capture_output=True, cwd=EXAMPLE_REGISTRY, check=False, **options
    )  # type: ignore[call-overload]


@pytest.fixture(autouse=True)
def in_the_example_registry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(EXAMPLE_REGISTRY)


def test_tracebacks_never_show_local_variables() -> None:
    assert app.pretty_exceptions_enable is False
    assert app.pretty_exceptions_show_locals is False


def test_a_bug_report_needs_one_command_for_all_versions() -> None:
    for arguments in (["--version", "--json"], ["--json", "--version"]):
        status, out, err = invoke(*arguments)
        assert (status, err) == (0, "")
        versions = json.loads(out)
        assert list(versions) == ["ocs", "python", "gpg", "git", "sqlite"]
        assert versions["ocs"] == __version__
        assert versions["python"] == sys.version.split()[0]
        assert versions["sqlite"] == sqlite3.sqlite_version
        for program in ("git", "gpg"):
            said = subprocess.run([program, "--version"], capture_output=True, check=True)
            assert versions[program] in said.stdout.decode().splitlines()[0]
    assert invoke("--version") == (0, f"ocs {__version__}\n", "")


def test_the_version_of_a_program_that_is_missing_or_odd_is_null(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    for script in ("", "#!/bin/sh\nexit 1\n", "#!/bin/sh\necho hello\n", "no program"):
        for program in ("git", "gpg") if script else ():
            (tmp_path / program).write_text(script)
            (tmp_path / program).chmod(0o755)
        status, out, _ = invoke("--version", "--json")
        assert (status, json.loads(out)["git"], json.loads(out)["gpg"]) == (0, None, None), (
            script
        )


def test_json_before_a_command_is_no_option_of_it() -> None:
    assert invoke("--json", "list", "people")[::2] == (
        2,
        "error: --json without --version follows the command\n"
        "hint: options follow the command, as in `ocs show --registry DIR RECORD`\n",
    )
    assert invoke("--")[::2] == (2, "error: missing command\nhint: see `ocs --help`\n")


@pytest.mark.parametrize(
    ("error", "status", "message"),
    [
        (OcsError("no key", "make one"), 2, "error: no key\nhint: make one\n"),
        (typer.Exit(1), 1, ""),
        (typer.Abort(), 130, "error: interrupted\n"),
        (KeyboardInterrupt(), 130, "error: interrupted\n"),
        (typer.BadParameter("'x' is no date"), 2, "error: invalid value: 'x' is no date\n"),
        (
            OSError(28, "No space left on device"),
            2,
            "error: writing the output: No space left on device\n",
        ),
        (FileNotFoundError(2, "No such file", "x.yaml"), 2, "error: x.yaml: No such file\n"),
        (OSError(21, "Is a directory", 3), 2, "error: writing the output: Is a directory\n"),
        (SystemExit(1), 1, ""),
        (SystemExit("text"), 2, ""),
    ],
)
def test_every_failure_has_its_status(
    error: BaseException, status: int, message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail() -> None:
        raise error

    assert cli.status_of(fail) == status
    assert capsys.readouterr().err == message


@pytest.mark.parametrize(
    "error", [ZeroDivisionError("x"), MemoryError(), RecursionError(), AssertionError()]
)
def test_a_bug_is_told_as_one_and_its_traceback_kept(
    error: BaseException,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))

    def fail() -> None:
        password = "hunter2"  # noqa: F841
        raise error

    assert cli.status_of(fail) == 3
    told = capsys.readouterr().err
    assert (
        f"this is a bug in ocs {__version__} (Python {sys.version.split()[0]}): {type(error).__name__}"
        in told
    )
    (report,) = tmp_path.iterdir()
    assert str(report) in told
    assert "in fail" in report.read_text()
    assert "hunter2" not in report.read_text().replace('password = "hunter2"', "")
    assert report.stat().st_mode & 0o077 == 0


def test_an_installation_that_is_broken_is_told(tmp_path: Path) -> None:
    (tmp_path / "typer.py").write_text("import nothing_that_exists\n")
    done = run("list", "--help", env={**os.environ, "PYTHONPATH": str(tmp_path)})
    assert done.returncode == 3
    assert done.stderr.startswith(
        b"error: ocs cannot start: ModuleNotFoundError: No module named 'nothing_"
    )


def test_a_closed_pipe_ends_quietly() -> None:
    for command in (
        ["list", "problems"],
        ["--help"],
        ["validate", "--json"],
        ["search", "mail"],
    ):
        reader, writer = os.pipe()
        os.close(reader)
        done = subprocess.run(
            [*OCS, *command], stdout=writer, stderr=subprocess.PIPE, check=False
        )
        os.close(writer)
        assert (done.returncode, b"Traceback" in done.stderr, b"error" in done.stderr) == (
            141,
            False,
            False,
        )


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full here")
def test_a_full_disk_is_told() -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [*OCS, "list", "problems"], stdout=full, stderr=subprocess.PIPE, check=False
        )
    assert done.returncode == 2
    assert b"error: writing the output: No space left on device" in done.stderr


def test_closed_streams_are_no_failure() -> None:
    done = subprocess.run(
        ["sh", "-c", '"$@" >&- 2>&-', "sh", *OCS, "list", "problems"], check=False
    )
    assert done.returncode == 0


def test_a_closed_input_is_an_empty_one() -> None:
    for arguments in (
        ["search"],
        ["search", "mail"],
        ["key", "import", "sam", "-"],
        ["init", "folder"],
        ["vet", "lena", "--suspend", "--because", "x"],
    ):
        done = subprocess.run(
            ["sh", "-c", '"$@" <&-', "sh", *OCS, *arguments], capture_output=True, check=False
        )
        assert done.returncode in (0, 1, 2), (arguments, done.stderr)
        assert b"bug in ocs" not in done.stderr, (arguments, done.stderr)


def test_an_interrupt_ends_with_130() -> None:
    code = (
        "import os, signal, time\nfrom ocs.cli import status_of\nprint('ready', flush=True)\n"
    )
    code += "raise SystemExit(status_of(lambda: time.sleep(30)))"
    with subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(0.2)
        process.send_signal(signal.SIGINT)
        _, told = process.communicate(timeout=20)
    assert process.returncode == 130
    assert told == b"error: interrupted\n"


def test_arguments_that_are_no_text_are_no_bug() -> None:
    for command in ("search", "show", "list", "explain", "validate"):
        done = subprocess.run(
            [*map(os.fsencode, OCS), command.encode(), b"a\xff"],
            capture_output=True,
            check=False,
        )
        assert done.returncode in (0, 1, 2), (command, done.stderr)
        assert b"bug in ocs" not in done.stderr


def test_a_failure_is_told_as_json_where_json_is_asked_for() -> None:
    done = run("show", "nobody", "--json")
    assert json.loads(done.stdout) == {
        "error": "no record has the id 'nobody'",
        "hint": "find it with `ocs search WORDS` or `ocs list KIND`",
    }
    assert done.stderr.startswith(b"error: ")
    for format in ("github", "text"):
        for command in (("validate",), ("review", "HEAD..HEAD")):
            done = run(*command, "--json", "--format", format)
            assert done.returncode == 2
            message = f"error: cannot combine --json and --format {format}"
            assert done.stderr.startswith(message.encode())


@pytest.mark.parametrize(
    "command",
    [
        "vet sam --level known --check met --by amara",
        "community confirm open-map-hispano --by luis-gomez",
        "problem confirm mailbox-over-quota --by lena",
        "problem withdraw mailbox-over-quota --because wrong",
        "secret add river/login",
        "secret edit riverside-food-bank/server1-ssh",
        "secret rotate riverside-food-bank/server1-ssh",
    ],
)
def test_nothing_was_done_on_a_day_to_come(command: str) -> None:
    done = run(*command.split(), "--on", "9999-01-01")
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr.startswith(b"error: 9999-01-01 is in the future")


def test_a_format_is_what_was_asked_for() -> None:
    assert (
        json.loads(run("validate", "--format", "json", "--on", "2026-11-20").stdout)["records"]
        == 86
    )
    assert run("validate", "--format", "github", "--on", "2026-11-20").stdout.startswith(
        b"::warning file=example-"
    )


def test_a_path_from_the_current_folder_names_a_record() -> None:
    for folder, path in (
        ("people", "lena.yaml"),
        ("orgs", "../people/lena.yaml"),
        ("..", "example-registry/people/lena.yaml"),
    ):
        done = subprocess.run(
            [*OCS, "show", path, "-C", str(EXAMPLE_REGISTRY)],
            cwd=EXAMPLE_REGISTRY / folder,
            capture_output=True,
            check=False,
        )
        assert done.stdout.startswith(b"Lena Brandt"), path


def test_an_id_that_a_record_had_before_shows_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(EXAMPLE_REGISTRY, tmp_path / "registry")
    monkeypatch.chdir(tmp_path / "registry")
    Path("people/lena.yaml").write_text("name: Lena\nformerly: [lene]\n")
    assert invoke("show", "lene")[1].startswith("Lena\npeople/lena\n")
    assert "access/riverside-food-bank/cloud-admin" in invoke("show", "lene")[1]


@pytest.mark.parametrize("command", ["show lena", "secret exec a/b --dry-run"])
def test_two_registries_are_one_too_many(command: str) -> None:
    status, _, err = invoke(*command.split(), "-C", ".", "--registry", "..")
    assert status == 2
    assert "works on one registry, and more than one is named" in err


def test_the_index_is_kept_in_the_repository(tmp_path: Path) -> None:
    shutil.copytree(EXAMPLE_REGISTRY, tmp_path / "registry")
    subprocess.run(["git", "init", "-q", str(tmp_path / "registry")], check=True)
    subprocess.run(
        [*OCS, "list", "people"], cwd=tmp_path / "registry", capture_output=True, check=True
    )
    assert list((tmp_path / "registry" / ".git" / "ocs").glob("index-*.sqlite"))


@pytest.mark.parametrize("command", [*COMMANDS, ""], ids=str)
def test_every_help_has_panels_and_an_example(command: str) -> None:
    status, out, _ = invoke(*command.split(), "--help")
    assert status == 0
    assert "╭─ " in out
    assert "Traceback" not in out
    assert "Example:" in out
    assert f"ocs {command}" in out.split("Example:")[1]
    if not command:
        assert all(f"─ {panel} ─" in out for panel, _ in COMMANDS.values())


def test_a_group_lists_its_commands_and_is_one_line_of_the_help() -> None:
    for group, summary in GROUPS.items():
        inside = [
            command.split()[-1] for command in COMMANDS if command.startswith(f"{group} ")
        ]
        assert inside
        status, out, _ = invoke(group, "--help")
        assert status == 0
        assert all(re.search(rf"│ {command} ", out) for command in inside)
        _, out, _ = invoke("--help")
        assert len(re.findall(rf"│ {group} ", out)) == 1
        assert summary.split(":")[0] in out
    assert {command.split()[0] for command in COMMANDS if " " in command} == set(GROUPS)


def test_a_command_that_a_group_has_not_is_named() -> None:
    status, _, err = invoke("problem", "confrim", "x")
    assert status == 2
    assert err == "error: no such command 'confrim'\nhint: see `ocs problem --help`\n"
    status, _, err = invoke("problem", "--registry", "x", "confirm")
    assert status == 2
    assert "options follow the command" in err


def _lay_out_certificates(*, is_there: bool) -> None:
    """What the examples of `ocs key` name: files that people sent, and one that was taken in before."""
    Path("keys").mkdir(exist_ok=True)
    for name in ("sam.asc", "sam-new.asc", *(["keys/sam.asc"] if is_there else [])):
        shutil.copy(CERTIFICATES / "endless.asc", name)


def _run_example(example: str) -> tuple[int, str, str]:
    """In this process where it needs no shell, and does not become another program."""
    is_ours = example.startswith("ocs ") and not any(sign in example for sign in "|<>$;")
    if is_ours and " exec " not in example:
        return invoke(*shlex.split(example)[1:], input="a secret\n")
    pwgen = "pwgen() { cut -c1-24 /proc/sys/kernel/random/uuid; }"  # it need not be installed
    command = ["sh", "-c", f'{pwgen}; ocs() {{ "{sys.executable}" -m ocs "$@"; }}; {example}']
    done = subprocess.run(
        command, capture_output=True, check=False, input="a secret\n", text=True
    )
    return done.returncode, done.stdout, done.stderr


# Commands of which the examples need keys.
OF_KEYS = ("key ", "secret ", "vet", "access ")


@pytest.fixture(scope="module")
def example_in_git(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example registry in a repository of which nobody's settings were asked."""
    root = tmp_path_factory.mktemp("example") / "registry"
    shutil.copytree(EXAMPLE_REGISTRY, root)
    identity = "-c user.name=Ana -c user.email=ana@example.org"
    begin = f"git init -q -b main . && git add . && git {identity} commit -q -m begin && git branch proposed"
    own = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    nobody = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    subprocess.run(["sh", "-c", begin], check=True, cwd=root, env=own | nobody)
    return root


@pytest.mark.parametrize("command", COMMANDS)
def test_examples_in_the_help_are_real(
    command: str,
    example_in_git: Path,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    request: pytest.FixtureRequest,
) -> None:
    if command.startswith((*OF_KEYS, "doctor")) and not shutil.which("gpg"):
        pytest.skip("gpg is not installed")
    monkeypatch.setenv(
        "OCS_EDITOR", "sed -i 's/^name: $/name: River House/; s/: $/: It comes hours late/'"
    )
    shutil.copytree(example_in_git, tmp_path / "registry", symlinks=True)
    monkeypatch.chdir(tmp_path / "registry")
    if command == "import":  # it takes what `ocs export` writes
        run_examples("export")
    if command.startswith("key "):
        _lay_out_certificates(is_there=command != "key import")
    elif command.startswith(OF_KEYS):
        crew = request.getfixturevalue("crew")
        crew.move_into(Path())
        if command != "secret add":
            crew.secret_of_the_example(
                Path(), "riverside-food-bank/server1-ssh", b"before\nurl: x\n", "lena"
            )
        monkeypatch.setenv("GNUPGHOME", crew.homes["amara"].path)
        Path("deploy.sh").write_text("#!/bin/sh\n")
        Path("deploy.sh").chmod(0o755)
    remember(Path().resolve())
    run_examples(command)


def run_examples(command: str) -> None:
    """Run every example of a command's help, one after the other."""
    for example in help_of(command_named(command)).examples:
        # One takes a desktop, the other a terminal: test_clipboard.py, scripts/changes.txt.
        if "--clip" in example or "--confirm" in example:
            continue
        status, _, err = _run_example(example)
        assert status == 0, (example, err)


@pytest.mark.parametrize(
    "arguments",
    [["search", "xyzzy"], ["search", "mail"], ["list", "orgs", "--where", "name=x"]],
)
def test_json_is_one_document_even_when_there_is_nothing_to_tell(arguments: list[str]) -> None:
    _, out, _ = invoke(*arguments, "--json")
    assert isinstance(json.loads(out), dict)


def test_what_is_asked_for_as_json_is_on_stdout_and_the_rest_is_not() -> None:
    done = run("search", "mail", "--json")
    assert json.loads(done.stdout)["total"] > 0
    assert done.stderr == b""


def complete(line: str, folder: Path = EXAMPLE_REGISTRY) -> list[str]:
    words = line.split(" ")
    environment = {
        **os.environ,
        "_OCS_COMPLETE": "complete_bash",
        "COMP_WORDS": line,
        "COMP_CWORD": str(len(words) - 1),
    }
    done = subprocess.run(
        OCS, env=environment, cwd=folder, capture_output=True, text=True, check=False
    )
    assert done.stderr == ""
    return done.stdout.split()


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("ocs se", ["search", "secret"]),
        ("ocs list prob", ["problems"]),
        ("ocs show nextcloud-occ", ["nextcloud-occ-wrong-user"]),
        ("ocs show people/le", ["people/lena"]),
        ("ocs search x --kind or", ["orgs"]),
    ],
)
def test_the_shell_completes_commands_kinds_and_records(
    line: str, expected: list[str]
) -> None:
    assert complete(line) == expected


def test_a_completion_that_fails_prints_nothing(tmp_path: Path) -> None:
    assert complete("ocs show le", tmp_path) == []
    (tmp_path / "ocs.yaml").write_text("\0")
    assert complete("ocs show le", tmp_path) == []


def on_a_terminal(*arguments: str) -> bytes:
    """What is shown on a terminal of 80 columns."""
    controller, terminal = pty.openpty()
    process = subprocess.Popen([*OCS, *arguments], stdout=terminal, stderr=terminal)
    os.close(terminal)
    shown = b""
    while select.select([controller], [], [], 20)[0]:
        try:
            part = os.read(controller, 4096)
        except OSError:
            break
        if not part:
            break
        shown += part
    process.wait()
    return shown


def test_a_terminal_gets_colour_and_a_pipe_does_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR")
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    for command in (
        ["search", "calendar"],
        ["show", "nobody"],
        ["list", "nothing"],
        ["--help"],
    ):
        assert b"\x1b[" in on_a_terminal(*command), command
        if command != ["--help"]:  # the option stands behind a command
            assert b"\x1b[" not in on_a_terminal(*command, "--no-color"), command
        done = run(*command)
        assert b"\x1b[" not in done.stdout + done.stderr, command
    assert b"\x1b[" not in run("--help").stdout


def test_on_a_terminal_a_passage_is_wrapped() -> None:
    lines = on_a_terminal("search", "calendar", "reminders", "late").decode().splitlines()
    assert all(len(line) <= 80 for line in lines), lines


HOSTILE = "\x1b]0;owned\x07\x1b[31m[red]x[/red] [/x] :smile: \u202e%s \u009b2J"


def test_nothing_from_a_record_steers_the_terminal(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    quoted = json.dumps(HOSTILE)
    (tmp_path / "ocs.yaml").write_text(f"name: {quoted}\n")
    (tmp_path / "problems").mkdir()
    (tmp_path / "problems" / "evil.yaml").write_text(
        f"title: {quoted}\nsymptoms: [{{says: {quoted}}}]\nstate: {quoted}\nversions: {quoted}\n{quoted}: x\n"
    )
    (tmp_path / "problems" / "\x1b[31mevil.yaml").write_text("title: x\n")
    monkeypatch.chdir(tmp_path)
    for arguments in (
        ["search", "owned"],
        ["show", "evil"],
        ["show", "\x1b[31m"],
        ["list", "problems"],
        ["validate"],
        ["validate", "--format", "github"],
        ["validate", "--json"],
        ["search", "--json", "owned"],
        ["show", "ocs"],
    ):
        status, out, err = invoke(*arguments)
        assert status in (0, 1, 2), (arguments, err)
        assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]", out + err), arguments
        if arguments[0] != "validate" and status == 0:
            assert "[red]x[/red] [/x] :smile:" in out.replace("\\u202e", "").replace(
                "\\n", ""
            ), arguments


@pytest.mark.parametrize(
    "environment",
    [
        {"LC_ALL": "de_DE.UTF-8", "LANG": "de_DE.UTF-8"},
        {
            "LC_ALL": "C",
            "PYTHONIOENCODING": "ascii",
            "PYTHONCOERCECLOCALE": "0",
            "PYTHONUTF8": "0",
        },
        {"HOME": "/nonexistent", "XDG_CACHE_HOME": "/proc/nothing"},
        {"HOME": "", "XDG_CACHE_HOME": ""},
        {"TERM": "dumb", "COLUMNS": "1"},
        {"COLUMNS": "wide"},
        {"PYTHONWARNINGS": "error"},
        {
            "GNUPGHOME": "/nonexistent",
            "GPG_TTY": "/nonexistent",
            "LANGUAGE": "de",
            "TMPDIR": "/nonexistent",
        },
        {"GIT_DIR": "/nonexistent", "GIT_WORK_TREE": "/", "GIT_CONFIG_GLOBAL": "/nonexistent"},
    ],
    ids=str,
)
def test_a_hostile_environment_changes_nothing(
    environment: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    for arguments, status in (
        (["search", "calendar"], 0),
        (["show", "hana-novak"], 0),
        (["list", "people"], 0),
        (["validate", "--on", "2026-11-20"], 0),
        (["show", "nobody"], 2),
        *(
            [(["key", "check", str(CERTIFICATES / "endless.asc")], 0)]
            if shutil.which("gpg")
            else []
        ),
    ):
        done = run(*arguments)
        assert (done.returncode, b"Traceback" in done.stderr) == (status, False), (
            arguments,
            done.stderr,
        )


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full here")
@pytest.mark.parametrize(
    "command",
    ["list people", "show nobody", "--version", "--help", "validate --on 2026-11-20"],
)
def test_what_cannot_be_said_never_ends_as_a_verdict(command: str) -> None:
    for streams in ("2>/dev/full", ">/dev/full 2>/dev/full", ">/dev/full"):
        done = subprocess.run(
            ["sh", "-c", f'"$0" -m ocs {command} {streams}', sys.executable],
            capture_output=True,
            check=False,
        )
        assert done.returncode in (0, 2), (command, streams)


@pytest.mark.parametrize(
    "environment",
    [
        {"COLUMNS": "²", "LINES": "²", "FORCE_COLOR": "1"},
        {"TERMINAL_WIDTH": "abc"},
        {"COLUMNS": "-5"},
    ],
    ids=str,
)
def test_a_terminal_of_odd_size_is_no_failure(
    environment: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    for command in (["--help"], ["list", "people"], ["show", "lena"]):
        assert run(*command).returncode == 0
        assert b"error: " not in on_a_terminal(*command)


@pytest.mark.parametrize(
    "environment", [{}, {"COMP_WORDS": "ocs", "COMP_CWORD": "x"}], ids=str
)
def test_a_shell_that_asks_oddly_for_completion_gets_nothing(
    environment: dict[str, str],
) -> None:
    done = run(env={**os.environ, "_OCS_COMPLETE": "complete_bash", **environment})
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")


def test_absurd_numbers_and_paths_are_wrong_calls(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run("search", "mail", "-n", "99999999999999999999").returncode == 2
    shutil.copytree(EXAMPLE_REGISTRY, tmp_path / "registry")
    monkeypatch.chdir(tmp_path / "registry")
    Path("people/loop").symlink_to("loop")
    Path(".people").mkdir()
    deep = Path("people", *["a"] * 300)
    deep.mkdir(parents=True)
    for arguments in (["validate", "people/loop/x"], ["validate", "people/nothing"]):
        assert invoke(*arguments)[0] == 2, arguments
    assert "0 records" in invoke("validate", ".people")[2]
    assert invoke("validate")[0] == 1
    assert invoke("list", "people")[0] == 0


def test_a_line_break_in_a_name_begins_no_line_of_its_own() -> None:
    for arguments in (
        ["validate", "people/x\n::error file=a::pwned"],
        ["show", "x\n::error::y"],
    ):
        status, out, err = invoke(*arguments)
        assert status == 2
        assert not any(line.startswith("::") for line in (out + err).splitlines())


@pytest.mark.parametrize(
    "text",
    [
        "title: x\nsymptoms: [{says: '" + "foo " * 20_000 + "'}]\n",
        "title: x\nsymptoms: [{says: x}]\nsolved_by: [" + "lena, " * 100_000 + "]\n",
        "title: x\nsymptoms: [" + "a, " * 200_000 + "]\n",
        "title: x\nsymptoms: [{says: x}]\n"
        + "".join(f"f{number}: x\n" for number in range(50_000)),
        "title: x\nsymptoms: [{says: x}]\nrelated: ["
        + "".join(f"no-{n}, " for n in range(50_000))
        + "]\n",
        "title: x\nsymptoms: [{says: x}]\nresolution: '"
        + " " * 100_000
        + "word " * 50_000
        + "'\n",
    ],
    ids=["words", "mentions", "types", "fields", "references", "spaces"],
)
def test_a_hostile_file_holds_nobody_up(
    text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "problems").mkdir()
    (tmp_path / "people").mkdir()
    (tmp_path / "ocs.yaml").write_text("name: X\n")
    (tmp_path / "people" / "lena.yaml").write_text("name: Lena\n")
    (tmp_path / "problems" / "evil.yaml").write_text(text)
    for arguments in (
        ["validate"],
        ["search", "foo"],
        ["show", "lena"],
        ["show", "evil"],
        ["list", "problems"],
    ):
        done = subprocess.run(
            [*OCS, *arguments], cwd=tmp_path, capture_output=True, timeout=40, check=False
        )
        assert done.returncode in (0, 1), (arguments, done.stderr)
