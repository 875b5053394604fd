"""The command `ocs`: its groups joined, read and explained by typer."""

from __future__ import annotations

import functools
import inspect
import sys
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from typing import Annotated, Any, get_type_hints

import typer
from typer.core import TyperCommand, TyperGroup

from ocs import boundary
from ocs.boundary import FAILED
from ocs.commands.declared import Argument, Option, as_words, takes_words
from ocs.errors import OcsError

# What the parser raises for a wrong call. Typer does not export it under a name of its own.
_UsageError: Any = typer.BadParameter.__mro__[1]

# Every command: its panel in the help, and the function that is it. The first of two words is
# a group.
COMMANDS = {
    "search": ("Find", "search.search:search"),
    "show": ("Find", "records.show:show"),
    "list": ("Find", "records.show:list_records"),
    "may": ("Find", "communities.may:may"),
    "due": ("Find", "due:due"),
    "init": ("Keep", "setup.init:init"),
    "new": ("Keep", "records.edit:new"),
    "edit": ("Keep", "records.edit:edit"),
    "validate": ("Keep", "registry.validate:validate"),
    "explain": ("Keep", "registry.validate:explain"),
    "problem confirm": ("Keep", "records.problem:confirm"),
    "problem withdraw": ("Keep", "records.problem:withdraw"),
    "problem rename": ("Keep", "records.problem:rename"),
    "community history": ("Communities", "communities.community:history"),
    "community handover": ("Communities", "communities.community:handover"),
    "community step-down": ("Communities", "communities.community:step_down"),
    "community add-peer": ("Communities", "communities.community:add_peer"),
    "community confirm": ("Communities", "communities.community:confirm"),
    "community stale": ("Communities", "communities.community:stale"),
    "review": ("Communities", "review.review:review"),
    "export": ("Keep", "exchange.transfer:export_records"),
    "import": ("Keep", "exchange.transfer:import_records"),
    "key check": ("Gatekeep", "people.key:check"),
    "key import": ("Gatekeep", "people.key:import_certificate"),
    "key refresh": ("Gatekeep", "people.key:refresh"),
    "secret list": ("Gatekeep", "secrets.list:list_secrets"),
    "secret show": ("Gatekeep", "secrets.list:show_secret"),
    "secret exec": ("Gatekeep", "secrets.exec:exec_with"),
    "secret add": ("Gatekeep", "secrets.content:add"),
    "secret edit": ("Gatekeep", "secrets.content:edit"),
    "secret grant": ("Gatekeep", "secrets.readers:grant"),
    "secret revoke": ("Gatekeep", "secrets.readers:revoke"),
    "secret rotate": ("Gatekeep", "secrets.content:rotate"),
    "secret sync": ("Gatekeep", "secrets.readers:sync"),
    "secret audit": ("Gatekeep", "secrets.list:audit"),
    "secret textconv": ("Gatekeep", "secrets.textconv:textconv"),
    "vet": ("Gatekeep", "people.vet:vet"),
    "access show": ("Gatekeep", "secrets.access:show_access"),
    "access end": ("Gatekeep", "secrets.access:end"),
    "doctor": ("Machine", "setup.doctor:doctor"),
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


class Command(TyperCommand):
    """A command. Where it is for one registry and several are named, nobody could say which
    one is meant.
    """

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        _, _, given = self.make_parser(ctx).parse_args(args=list(args))
        named = [param for param in given if param.name == "registry" and not param.multiple]
        if len(named) > 1 and not ctx.resilient_parsing:
            raise OcsError(
                f"`{ctx.command_path}` works on one registry, and more than one is named",
                "call it for each of them; only `ocs search` asks several at once",
            )
        return super().parse_args(ctx, args)


class WordsCommand(Command):
    """A command that takes words, of which some begin with `-`."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        return super().parse_args(ctx, as_words(args))


class Group(TyperGroup):
    """Commands of which each is loaded when it is asked for. *within* is what stands before
    their names.
    """

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
        below = (
            name.removeprefix(self._within)
            for name in COMMANDS
            if name.startswith(self._within)
        )
        return dict.fromkeys(name.partition(" ")[0] for name in below)


class Boundary(Group):
    """The group of all commands. What any of them raises ends here."""

    def main(self, args: Sequence[str] | None = None, *more: Any, **options: Any) -> Any:
        given = list(sys.argv[1:] if args is None else args)
        alone = {"prog_name": "ocs", **options, "standalone_mode": False}
        with boundary.environment(given):
            sys.exit(
                status_of(lambda: super(Boundary, self).main(given, *more, **alone), given)
            )


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
    kind = (
        WordsCommand if takes_words(function) else getattr(function, "command_class", Command)
    )
    alone.command(name.rpartition(" ")[2], cls=kind)(_in_typers_words(function))
    return typer.main.get_command(alone)


def _in_typers_words(function: Callable[..., object]) -> Callable[..., object]:
    """The function, with what we declared of its parameters declared to typer."""
    hints = get_type_hints(function, include_extras=True)

    @functools.wraps(function)
    def told(**values: Any) -> object:
        return function(**values)

    told.__annotations__ = {name: _in_typers_word(hint) for name, hint in hints.items()}
    signature = inspect.signature(function)
    parameters = [
        each.replace(annotation=told.__annotations__[name])
        for name, each in signature.parameters.items()
    ]
    told.__signature__ = signature.replace(parameters=parameters)  # type: ignore[attr-defined]
    return told


def _in_typers_word(hint: Any) -> Any:
    match getattr(hint, "__metadata__", ()):
        case [Option(names, more)]:
            return Annotated[
                hint.__origin__, typer.Option(*names, **_with_typers_parser(more))
            ]
        case [Argument(more)]:
            return Annotated[hint.__origin__, typer.Argument(**_with_typers_parser(more))]
    return hint


def _with_typers_parser(more: Mapping[str, Any]) -> dict[str, Any]:
    """What was declared; what its parser says of a wrong value is told as it stands."""
    parser = more.get("parser")
    if parser is None:
        return dict(more)

    @functools.wraps(parser)
    def parsed(text: str) -> Any:
        try:
            return parser(text)
        except ValueError as error:
            raise typer.BadParameter(str(error)) from None

    return {**more, "parser": parsed}


def _outline(name: str) -> TyperCommand:
    last = name.rpartition(" ")[2]
    if name in GROUPS:
        panel = next(
            panel for command, (panel, _) in COMMANDS.items() if command.startswith(f"{name} ")
        )
        return TyperCommand(last, help=GROUPS[name], rich_help_panel=panel)
    return TyperCommand(
        last, help=summary_of(_function(name)), rich_help_panel=COMMANDS[name][0]
    )


def summary_of(function: Callable[..., object]) -> str:
    """What a command does, in a sentence: the first paragraph of its function's docstring."""
    return inspect.cleandoc(function.__doc__ or "").partition("\n\n")[0].replace("\n", " ")


def status_of(run: Callable[[], object], args: Sequence[str] = ()) -> int:
    """Run the program, tell what went wrong, and give its status; also what typer makes of a
    call.
    """
    return boundary.status_of(lambda: _run(run), args)


def _run(run: Callable[[], object]) -> object:
    try:
        return run()
    except typer.Exit as end:
        return end.exit_code
    except typer.Abort:
        raise KeyboardInterrupt from None
    except _UsageError as error:
        return _correct(error)


def _correct(error: Any) -> int:
    """Say what was wrong with the call. A call without arguments was answered by the help
    already.
    """
    message = error.format_message().removesuffix(".")
    if not message:
        return FAILED
    hint = None
    if error.ctx is not None:
        hint = f"see `{error.ctx.command_path} --help`"
        if isinstance(error.ctx.command, Group) and message.startswith("No such option"):
            hint = "options stand behind the command, as in `ocs show --registry DIR RECORD`"
    raise OcsError(message[0].lower() + message[1:], hint) from error


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
        bool,
        typer.Option("--version", help="Print the version.", callback=_version, is_eager=True),
    ] = False,
) -> None:
    """Open community support: solved problems, shared logins, and who speaks for whom.

    \b
    Example:
      ocs search calendar reminders late
    """
