"""How a command declares its arguments, options and help.

A command is a function. Its parameters are annotated with an `Option` or an `Argument`, or
with `Shared`; its docstring is its help. It returns its status, or None for 0. The readers are
`ocs/plain.py`, `ocs/cli.py`, and the generators in `docs/`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from enum import EnumMeta
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple, get_args, get_type_hints

# Not -n5 and -C/dir. An unknown option is a mistake; a sentence, a number and a sign are words.
_IS_WORD = re.compile(r"-(?!-|n\d+$|C[/.~]).{2,}|-[^A-Za-z0-]|--.*\s.*", re.DOTALL)

Command = Callable[..., int | None]
# The default of a parameter that must be given.
REQUIRED: Any = object()
# The types of parameters that take several values.
SEVERAL = (list[str], list[str] | None, list[Path] | None, list[Any] | None)


class Option:
    """An option with these names.

    *settings* are `help`, `metavar`, `panel` of the help, `parser` (ValueError is a wrong value),
    `complete` for the shell, `min` and `max`.
    """

    def __init__(self, *names: str, **settings: Any) -> None:
        self.names = names
        self.settings = settings


class Argument:
    """A value without a name; *settings* as those of an option, and `show_default`."""

    def __init__(self, **settings: Any) -> None:
        self.settings = settings


class Words(Argument):
    """Any words, `-word` and `-1` among them; short options cannot be run together then."""


class Program(Argument):
    """Another program's command: all that follows `--`."""


class Shared:
    """The parameter is a NamedTuple, and these of its fields are options of the command."""

    def __init__(self, *fields: str) -> None:
        self.fields = fields


class Parameter(NamedTuple):
    """An argument or an option of a command."""

    name: str
    type: Any
    declared: Option | Argument
    default: Any

    @property
    def option_names(self) -> tuple[str, ...]:
        """The names of an option; an argument has none."""
        if isinstance(self.declared, Argument):
            return ()
        return self.declared.names or (f"--{self.name.rstrip('_').replace('_', '-')}",)

    @property
    def metavar(self) -> str:
        """What stands for the value in the help; empty for a switch."""
        if isinstance(self.type, EnumMeta):
            return "|".join(choice.value for choice in self.type)  # type: ignore[var-annotated]
        return "" if self.type is bool else str(self.declared.settings["metavar"])

    @property
    def spellings(self) -> tuple[str, ...]:
        """How it is written: `--registry DIR` and `-C DIR`, or `RECORD`."""
        names = self.option_names or ("",)
        return tuple(f"{name} {self.metavar}".strip() for name in names)

    @property
    def help(self) -> str:
        """What it means, and whether it can be given again."""
        text = str(self.declared.settings["help"])
        return (
            f"{text} Can be repeated." if self.option_names and self.type in SEVERAL else text
        )


class Help(NamedTuple):
    """The help of a command: a sentence, paragraphs, and calls as a shell reads them."""

    summary: str
    paragraphs: tuple[str, ...]
    examples: tuple[str, ...]


def help_of(command: Callable[..., object]) -> Help:
    """The help that a docstring is: its last paragraph, `Example:`, holds a call on each line."""
    text, _, examples = (command.__doc__ or "").partition("Example:\n")
    summary, *paragraphs = (" ".join(part.split()) for part in re.split(r"\n\s*\n", text))
    calls = (line.strip() for line in examples.splitlines())
    return Help(summary, tuple(filter(None, paragraphs)), tuple(filter(None, calls)))


@cache
def parameters(command: Command) -> tuple[Parameter, ...]:
    """What a command takes, in the order of its help: the shared options come last."""
    own, shared = [], []
    defaults = _defaults(command)
    for name, (type, declared) in _hints(command).items():
        if isinstance(declared, Shared):
            hints = _hints(type)
            shared += [
                Parameter(field, *hints[field], type._field_defaults[field])
                for field in declared.fields
            ]
        elif not isinstance(declared, Program):
            own.append(Parameter(name, type, declared, defaults.get(name, REQUIRED)))
    return (*own, *shared)


def program(command: Command) -> tuple[str, Program] | None:
    """The parameter that another program's command is for, if there is one."""
    hints = _hints(command).items()
    return next(((name, what) for name, (_, what) in hints if isinstance(what, Program)), None)


def prepared(command: Command, args: Sequence[str]) -> tuple[list[str], dict[str, list[str]]]:
    """The arguments to read, and the value that is ready: another program's command.

    A word that begins with `-` gets a space before it, so that it is not read as an option.
    """
    if any(isinstance(parameter.declared, Words) for parameter in parameters(command)):
        return [f" {word}" if _IS_WORD.fullmatch(word) else word for word in args], {}
    if found := program(command):
        at = args.index("--") if "--" in args else len(args)
        return list(args[:at]), {found[0]: list(args[at + 1 :])}
    return list(args), {}


def run(command: Command, values: Mapping[str, Any]) -> int | None:
    """Call a command with the values of its parameters, by name; the shared ones become one."""
    given = dict(values)
    for name, (type, declared) in _hints(command).items():
        if isinstance(declared, Shared):
            fields = [field for field in declared.fields if field in given]
            given[name] = type(**{field: given.pop(field) for field in fields})
    return command(**given)


@cache
def _hints(declaring: Any) -> dict[str, tuple[Any, Any]]:
    """The type and the declaration of each parameter of a function, or field of a class."""
    hints = get_type_hints(declaring, include_extras=True)
    hints.pop("return", None)
    return {
        name: (_without_none(hint.__origin__), hint.__metadata__[0])
        for name, hint in hints.items()
    }


def _without_none(type: Any) -> Any:
    """The choices of an option that has no default; any other type as it is."""
    return next((one for one in get_args(type) if isinstance(one, EnumMeta)), type)


def _defaults(command: Any) -> dict[str, Any]:
    defaults = command.__defaults__ or ()
    names = command.__code__.co_varnames[: command.__code__.co_argcount]
    return dict(zip(names[len(names) - len(defaults) :], defaults, strict=True))
