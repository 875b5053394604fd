"""The command `ocs`: its groups joined, and the one boundary where a failure becomes a message and a status.

Statuses: 0 done, or the answer is yes; 1 the answer is no; 2 no answer, for wrong usage or a foreseen
failure; 3 a bug in ocs; 130 interrupted or declined; 141 nobody reads the output any more.
"""

from __future__ import annotations

import contextlib
import os
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup

# What the parser raises for a wrong call. Typer does not export it under a name of its own.
_UsageError: Any = typer.BadParameter.__mro__[1]

FAILED, BUG, INTERRUPTED, CLOSED_PIPE = 2, 3, 130, 141

# Every command: its panel in the help, and the function that is it. The first of two words is a group.
COMMANDS = {
    "search": ("Find", "search:search"),
    "show": ("Find", "show:show"),
    "list": ("Find", "show:list_records"),
    "may": ("Find", "may:may"),
    "due": ("Find", "due:due"),
    "init": ("Keep", "init:init"),
    "new": ("Keep", "edit:new"),
    "edit": ("Keep", "edit:edit"),
    "validate": ("Keep", "validate:validate"),
    "explain": ("Keep", "validate:explain"),
    "problem confirm": ("Keep", "problem:confirm"),
    "problem withdraw": ("Keep", "problem:withdraw"),
    "problem rename": ("Keep", "problem:rename"),
    "community history": ("Communities", "community:history"),
    "community handover": ("Communities", "community:handover"),
    "community step-down": ("Communities", "community:step_down"),
    "community add-peer": ("Communities", "community:add_peer"),
    "community confirm": ("Communities", "community:confirm"),
    "community stale": ("Communities", "community:stale"),
    "review": ("Communities", "review:review"),
    "export": ("Keep", "transfer:export_records"),
    "import": ("Keep", "transfer:import_records"),
    "key check": ("Gatekeep", "key:check"),
    "key import": ("Gatekeep", "key:import_certificate"),
    "key refresh": ("Gatekeep", "key:refresh"),
    "secret list": ("Gatekeep", "secret:list_secrets"),
    "secret show": ("Gatekeep", "secret:show_secret"),
    "secret exec": ("Gatekeep", "secretrun:exec_with"),
    "secret add": ("Gatekeep", "secretcontent:add"),
    "secret edit": ("Gatekeep", "secretcontent:edit"),
    "secret grant": ("Gatekeep", "secretreaders:grant"),
    "secret revoke": ("Gatekeep", "secretreaders:revoke"),
    "secret rotate": ("Gatekeep", "secretcontent:rotate"),
    "secret sync": ("Gatekeep", "secretreaders:sync"),
    "secret audit": ("Gatekeep", "secret:audit"),
    "secret textconv": ("Gatekeep", "secretgit:textconv"),
    "vet": ("Gatekeep", "vet:vet"),
    "access show": ("Gatekeep", "access:show_access"),
    "access end": ("Gatekeep", "access:end"),
    "doctor": ("Machine", "doctor:doctor"),
}
# Every group of commands, and what it says of itself.
GROUPS = {
    "problem": "Keep a solved problem: seen working, no longer true, or better named.",
    "community": "See who leads a community, and change it without editing YAML.",
    "secret": "Logins and other secrets, and who can read them.",
    "access": "Who can read what, and why: show it, or end it for somebody.",
    "key": "People's OpenPGP certificates: check, import and refresh them.",
}
_SETTINGS = {"help_option_names": ["--help", "-h"]}


class Group(TyperGroup):
    """Commands of which each is loaded when it is asked for. *within* is what stands before their names."""

    def __init__(self, *, within: str = "", **more: Any) -> None:
        super().__init__(**more)
        self._within = within

    def list_commands(self, ctx: Any) -> list[str]:
        return list(self._names())

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        if cmd_name not in self.commands and cmd_name in self._names():
            self.commands[cmd_name] = _command(self._within + cmd_name)
        return super().get_command(ctx, cmd_name)

    def format_help(self, ctx: Any, formatter: Any) -> None:
        # The list of commands needs what each says of itself, not its options.
        self.commands = {name: _outline(self._within + name) for name in self._names()}
        super().format_help(ctx, formatter)

    def _names(self) -> dict[str, None]:
        """The next word of every command that begins with the words of this group."""
        below = (name.removeprefix(self._within) for name in COMMANDS if name.startswith(self._within))
        return dict.fromkeys(name.partition(" ")[0] for name in below)


class Boundary(Group):
    """The group of all commands. What any of them raises ends here."""

    def main(self, args: Sequence[str] | None = None, *more: Any, **options: Any) -> Any:
        given = list(sys.argv[1:] if args is None else args)
        # What stands behind `--` is no option of ours.
        own = given[: given.index("--")] if "--" in given else given
        alone = {"prog_name": "ocs", **options, "standalone_mode": False}
        with _environment(own):
            sys.exit(status_of(lambda: super(Boundary, self).main(given, *more, **alone), own))


def _function(name: str) -> Callable[..., object]:
    module, _, function = COMMANDS[name][1].partition(":")
    found: Callable[..., object] = getattr(import_module(f"ocs.commands.{module}"), function)
    return found


def _command(name: str) -> Any:
    if name in GROUPS:
        return Group(
            within=f"{name} ",
            name=name,
            help=GROUPS[name],
            no_args_is_help=True,
            context_settings=_SETTINGS,
            rich_markup_mode="rich",
        )
    alone = typer.Typer(add_completion=False, context_settings=_SETTINGS)
    function = _function(name)
    alone.command(name.rpartition(" ")[2], cls=getattr(function, "command_class", None))(function)
    return typer.main.get_command(alone)


def _outline(name: str) -> TyperCommand:
    last = name.rpartition(" ")[2]
    if name in GROUPS:
        panel = next(panel for command, (panel, _) in COMMANDS.items() if command.startswith(f"{name} "))
        return TyperCommand(last, help=GROUPS[name], rich_help_panel=panel)
    summary = (_function(name).__doc__ or "").partition("\n")[0]
    return TyperCommand(last, help=summary, rich_help_panel=COMMANDS[name][0])


@contextlib.contextmanager
def _environment(args: Sequence[str]) -> Iterator[None]:
    """What the help and the messages of failures go by, too: no colour where none is wanted.

    And programs are looked for where programs are, never in the current folder, which may be a stranger's.
    """
    before = os.environ.copy()
    if "PATH" in os.environ:
        folders = os.environ["PATH"].split(os.pathsep)
        os.environ["PATH"] = os.pathsep.join(folder for folder in folders if folder.startswith(os.sep))
    if not (sys.stdout and sys.stdout.isatty()):
        # In some CI typer writes colour where nobody asked for it.
        os.environ["_TYPER_FORCE_DISABLE_TERMINAL"] = "1"
    if "--no-color" in args:
        os.environ["NO_COLOR"] = "1"
    for name in ("COLUMNS", "LINES", "TERMINAL_WIDTH"):
        if not re.fullmatch("[0-9]{1,5}", os.environ.get(name, "")):
            os.environ.pop(name, None)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def status_of(run: Callable[[], object], args: Sequence[str] = ()) -> int:
    """Run the program, tell what went wrong, and give its status.

    Where *args* ask for JSON, a failure is told as JSON, too.
    """
    _prepare_streams()
    try:
        status = run()
        sys.stdout.flush()
    except SystemExit as end:
        if isinstance(end.__context__, BrokenPipeError):  # typer ends with 1, which would be a verdict
            return _told(end.__context__, args)
        return end.code if isinstance(end.code, int) else FAILED
    except BaseException as error:  # noqa: BLE001  the one place where everything ends
        if _completing():
            return 0  # a completion that fails completes nothing, and says nothing
        return _told(error, args)
    return status if isinstance(status, int) else 0


def _prepare_streams() -> None:
    """See that whatever is written neither fails on a closed stream nor on a character."""
    sys.stdout = sys.stdout or Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115  till the end
    sys.stderr = sys.stderr or Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(AttributeError):
            stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]


def _completing() -> bool:
    return "_OCS_COMPLETE" in os.environ


def _told(error: BaseException, args: Sequence[str]) -> int:
    """Say what went wrong, if anybody can still be told, and give the status."""
    try:
        return _tell(error, args)
    except OSError:  # stderr cannot be written either
        return CLOSED_PIPE if isinstance(error, BrokenPipeError) else FAILED


def _tell(error: BaseException, args: Sequence[str]) -> int:
    from ocs.errors import OcsError
    from ocs.output.console import Screen

    screen = Screen(json="--json" in args)
    match error:
        case BrokenPipeError():
            # Python flushes stdout once more when it ends, and would complain.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return CLOSED_PIPE
        case KeyboardInterrupt() | typer.Abort():
            screen.fail("interrupted")
            return INTERRUPTED
        case typer.Exit():
            return error.exit_code
        case OcsError():
            screen.fail(error.message, error.hint)
            return FAILED
        case _UsageError():
            _correct(error, screen)
            return FAILED
        case OSError():
            what = error.filename if isinstance(error.filename, str) else "writing the output"
            screen.fail(f"{what}: {error.strerror or error}")
            return FAILED
        case _:
            _apologise(error, screen)
            return BUG


def _correct(error: Any, screen: Any) -> None:
    """Say what was wrong with the call. A call without arguments was answered by the help already."""
    message = error.format_message().removesuffix(".")
    if not message:
        return
    hint = None
    if error.ctx is not None:
        hint = f"see `{error.ctx.command_path} --help`"
        if isinstance(error.ctx.command, Group) and message.startswith("No such option"):
            hint = "options stand behind the command, as in `ocs show --registry DIR RECORD`"
    screen.fail(message[0].lower() + message[1:], hint)


def _apologise(error: BaseException, screen: Any) -> None:
    """Say that ocs is at fault, and where the traceback was written."""
    import platform
    import tempfile
    import traceback

    from ocs import __version__

    report = "".join(traceback.format_exception(error))
    screen.fail(
        f"this is a bug in ocs {__version__} (Python {platform.python_version()}): {type(error).__name__}",
    )
    try:
        with tempfile.NamedTemporaryFile(
            "w", prefix="ocs-bug-", suffix=".txt", delete=False, encoding="utf-8", errors="backslashreplace"
        ) as file:
            file.write(report)
        screen.fail(f"the details are in {file.name}", "please send them to the authors of ocs")
    except OSError:
        sys.stderr.write(report)


def _version(wanted: bool) -> None:
    if wanted:
        from ocs import __version__

        typer.echo(f"ocs {__version__}")
        raise typer.Exit


app = typer.Typer(
    name="ocs",
    cls=Boundary,
    no_args_is_help=True,
    context_settings=_SETTINGS,
    rich_markup_mode="rich",
    # A traceback that shows local variables could show secrets.
    pretty_exceptions_enable=False,
    pretty_exceptions_show_locals=False,
)


@app.callback()
def ocs(
    version: Annotated[
        bool, typer.Option("--version", help="Print the version.", callback=_version, is_eager=True)
    ] = False,
) -> None:
    """Open community support: solved problems, shared logins, and who speaks for whom.

    \b
    Example:
      ocs search calendar reminders late
    """
