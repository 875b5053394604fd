"""The command `ocs`: its commands joined; Typer reads and explains them."""

from __future__ import annotations

import copy
import functools
import inspect
import sys
from collections.abc import Callable, Sequence
from typing import Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup

from ocs import boundary
from ocs.boundary import FAILED
from ocs.commands import declared
from ocs.commands.table import COMMANDS, GROUPS, command_named
from ocs.errors import OcsError

# The parser's exception for a wrong call. Typer does not export it by name.
_UsageError: Any = typer.BadParameter.__mro__[1]

_SETTINGS_OF_TYPER = {"complete": "autocompletion", "panel": "rich_help_panel"}
_SETTINGS = {"help_option_names": ["--help", "-h"]}
_BEHIND = "options follow the command, as in `ocs show --registry DIR RECORD`"


class Command(TyperCommand):
    """A command as it is declared."""

    function: declared.Command

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        args, values = declared.prepared(self.function, args)
        self._check_registry(ctx, args)
        rest = super().parse_args(ctx, args)
        ctx.params.update(values)
        return rest

    def _check_registry(self, ctx: Any, args: list[str]) -> None:
        """Refuse several registries: only one can be meant."""
        _, _, given = self.make_parser(ctx).parse_args(args=list(args))
        named = [param for param in given if param.name == "registry" and not param.multiple]
        if len(named) > 1 and not ctx.resilient_parsing:
            raise OcsError(
                f"`{ctx.command_path}` works on one registry, and more than one is named",
                "run it for each of them; only `ocs search` takes several",
            )

    def collect_usage_pieces(self, ctx: Any) -> list[str]:
        pieces = [piece.strip("{}") for piece in super().collect_usage_pieces(ctx)]
        if program := declared.program(self.function):
            pieces.append(f"-- {program[1].settings['metavar']}")
        return pieces

    def format_help(self, ctx: Any, formatter: Any) -> None:
        shown = copy.copy(self)
        shown.params = [_without_type(param) for param in self.params]
        super(Command, shown).format_help(ctx, formatter)


def _without_type(param: Any) -> Any:
    """A copy for the help, where Typer prints the Python type of an argument, such as <path>."""
    if param.param_type_name != "argument":
        return param
    param, type = copy.copy(param), copy.copy(param.type)
    type.get_metavar = lambda *_, **__: ""
    # Older versions print the name, and every type but that of a switch.
    param.name, param.opts, type.name = param.metavar.lower(), [param.metavar], "boolean"
    param.type = type
    return param


class Group(TyperGroup):
    """Commands that are loaded when they are called. *within* stands before their names."""

    def __init__(self, *, within: str = "", **more: Any) -> None:
        super().__init__(**more)
        self._within = within

    def list_commands(self, ctx: Any) -> list[str]:
        return list(self._names())

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        if cmd_name not in self.commands and cmd_name in self._names():
            self.commands[cmd_name] = command_of(self._within + cmd_name)
        return super().get_command(ctx, cmd_name)

    def format_help(self, ctx: Any, formatter: Any) -> None:
        # The list of commands shows their summaries, and needs no options.
        self.commands = {name: _outline(self._within + name) for name in self._names()}
        super().format_help(ctx, formatter)

    def _names(self) -> dict[str, None]:
        """The next word of every command that begins with the words of this group."""
        at = len(self._within)
        names = (name[at:] for name in COMMANDS if name.startswith(self._within))
        return dict.fromkeys(name.partition(" ")[0] for name in names)


class Boundary(Group):
    """All commands. What any of them raises ends here."""

    def main(self, args: Sequence[str] | None = None, *more: Any, **options: Any) -> Any:
        given = list(sys.argv[1:] if args is None else args)
        options = {"prog_name": "ocs", **options, "standalone_mode": False}
        run = functools.partial(super().main, given, *more, **options)
        with boundary.environment(given):
            sys.exit(status_of(run, given))


def command_of(name: str) -> Any:
    """A command or a group of commands, as Typer wants it."""
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
    function = command_named(name)
    last = name.rpartition(" ")[2]
    alone.command(last, cls=Command, help=_help_text(function))(_callback(function))
    command: Any = typer.main.get_command(alone)
    command.function = function
    return command


def _help_text(function: Callable[..., object]) -> str:
    """The help for Typer. It drops the indentation that all lines share; the tags keep it."""
    summary, paragraphs, examples = declared.help_of(function)
    lines = (f"\n[none]  [/none]{example}" for example in examples)
    return "\n\n".join([summary, *paragraphs, f"Example:{''.join(lines)}"])


def _callback(function: declared.Command) -> Callable[..., object]:
    """A function whose signature declares the command's parameters to Typer."""

    @functools.wraps(function)
    def callback(**values: Any) -> object:
        return declared.run(function, values)

    parameters = [
        inspect.Parameter(
            parameter.name,
            inspect.Parameter.KEYWORD_ONLY,
            default=inspect.Parameter.empty
            if parameter.default is declared.REQUIRED
            else parameter.default,
            annotation=Annotated[parameter.type, _typer_declaration(parameter)],
        )
        for parameter in declared.parameters(function)
    ]
    # Some versions of Typer read the signature, others the annotations.
    callback.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    callback.__annotations__ = {
        parameter.name: parameter.annotation for parameter in parameters
    }
    return callback


def _typer_declaration(parameter: declared.Parameter) -> Any:
    """The option or argument in Typer's words."""
    settings = {
        _SETTINGS_OF_TYPER.get(name, name): value
        for name, value in parameter.declared.settings.items()
    }
    settings["help"] = parameter.help
    if "parser" in settings:
        settings["parser"] = _typer_parser(settings["parser"])
    if isinstance(parameter.declared, declared.Option):
        return typer.Option(*parameter.option_names, **settings)
    return typer.Argument(**settings)


def _typer_parser(parser: Callable[[str], Any]) -> Callable[[str], Any]:
    """The parser, whose message about a wrong value Typer prints as it is."""

    @functools.wraps(parser)
    def parsed(text: str) -> Any:
        try:
            return parser(text)
        except ValueError as error:
            raise typer.BadParameter(str(error)) from None

    return parsed


def _outline(name: str) -> TyperCommand:
    last = name.rpartition(" ")[2]
    if name in GROUPS:
        panels = (COMMANDS[inner][0] for inner in COMMANDS if inner.startswith(f"{name} "))
        return TyperCommand(last, help=GROUPS[name], rich_help_panel=next(panels))
    summary = declared.help_of(command_named(name)).summary
    return TyperCommand(last, help=summary, rich_help_panel=COMMANDS[name][0])


def status_of(run: Callable[[], object], args: Sequence[str] = ()) -> int:
    """The status of a run, as `boundary.status_of` gives it; Typer's exceptions are known too."""
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
    """Report what is wrong with the call."""
    message = error.format_message().removesuffix(".")
    if not message:  # no arguments at all: Typer printed the help already
        return FAILED
    hint = None
    if error.ctx is not None:
        hint = f"see `{error.ctx.command_path} --help`"
        if isinstance(error.ctx.command, Group) and message.startswith("No such option"):
            hint = _BEHIND
    raise OcsError(message[0].lower() + message[1:], hint) from error


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


def ocs(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
    json: Annotated[
        bool,
        typer.Option(
            "--json", help="With --version, print all versions that a bug report needs."
        ),
    ] = False,
) -> None:
    """Find solved problems, share logins, and record who may act for each community.

    Example:
      ocs search calendar reminders late
    """
    if version:
        from ocs.commands.setup.version import version as print_version

        print_version(json=json)
        raise typer.Exit
    if json:
        raise OcsError("--json without --version follows the command", _BEHIND)
    if context.invoked_subcommand is None:
        raise OcsError("missing command", "see `ocs --help`")


app.callback(invoke_without_command=True, help=_help_text(ocs))(ocs)
