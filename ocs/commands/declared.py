"""How a command declares its arguments and options, for whoever reads a call of it.

A command is a function. Its parameters are annotated with an `Option` or an `Argument`, or
with `Shared`. It returns its status, or None for 0. The readers are `ocs/plain.py` and
`ocs/cli.py`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple, get_type_hints

# Not -n5 and -C/dir. An option that does not exist is a mistake; a sentence, a number and a
# sign are none.
_IS_WORD = re.compile(r"-(?!-|n\d+$|C[/.~]).{2,}|-[^A-Za-z0-]|--.*\s.*", re.DOTALL)

Command = Callable[..., int | None]
# The default of a parameter that must be given.
REQUIRED: Any = object()


class Option:
    """An option with these names; *settings* are those of `typer.Option`."""

    def __init__(self, *names: str, **settings: Any) -> None:
        self.names = names
        self.settings = settings


class Argument:
    """What stands without a name; *settings* are those of `typer.Argument`."""

    def __init__(self, **settings: Any) -> None:
        self.settings = settings


class Words(Argument):
    """Any number of words, `-word` and `-1` among them: no options run together beside them."""


class Program(Argument):
    """Another program's command: all that stands behind `--`, which is no option of ours."""


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
        return self.declared.names or (f"--{self.name.replace('_', '-')}",)


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
    found = ((name, what) for name, (_, what) in _hints(command).items())
    return next(((name, what) for name, what in found if isinstance(what, Program)), None)


def prepared(command: Command, args: Sequence[str]) -> tuple[list[str], dict[str, list[str]]]:
    """The arguments to read, and the value that needs no reading: another program's command.

    What begins with `-` and is a word has a space before it, so that it is read as one.
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
    """Of everything that is declared by a function or a class the type, and how."""
    hints = get_type_hints(declaring, include_extras=True)
    hints.pop("return", None)
    return {name: (hint.__origin__, hint.__metadata__[0]) for name, hint in hints.items()}


def _defaults(command: Any) -> dict[str, Any]:
    defaults = command.__defaults__ or ()
    names = command.__code__.co_varnames[: command.__code__.co_argcount]
    return dict(zip(names[len(names) - len(defaults) :], defaults, strict=True))
